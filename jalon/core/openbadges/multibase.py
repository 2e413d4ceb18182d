"""Base 58, and base64url without padding, each with exactly one text for one value."""

import base64
import binascii

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_VALUES = {symbol: value for value, symbol in enumerate(_ALPHABET)}
_MAX_SYMBOLS = 4096


def to_base58(data: bytes) -> str:
    """Return the base 58 (Bitcoin alphabet) text of the bytes."""
    number = int.from_bytes(data, "big")
    pairs: list[str] = []
    while number:
        number, rest = divmod(number, len(_PAIRS))
        pairs.append(_PAIRS[rest])
    leading = len(data) - len(data.lstrip(b"\0"))
    return "1" * leading + "".join(reversed(pairs)).lstrip("1")


def from_base58(text: str) -> bytes:
    """Return the bytes of a base 58 text.

    Raises:
        ValueError: a symbol is not in the alphabet, or there are more than 4096.
    """
    if len(text) > _MAX_SYMBOLS or not all(symbol in _VALUES for symbol in text):
        raise ValueError("not base 58")
    number = 0
    for symbol in text:
        number = number * 58 + _VALUES[symbol]
    leading = len(text) - len(text.lstrip("1"))
    return b"\0" * leading + number.to_bytes((number.bit_length() + 7) // 8, "big")


def to_base64url(data: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def from_base64url(text: str) -> bytes:
    """Return the bytes of a base64url text without padding.

    Raises:
        ValueError: another text gives the same bytes and is the canonical one (unused bits set, padding,
            white space).
    """
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("not base64url") from error
    if to_base64url(data) != text:
        raise ValueError("not canonical base64url")
    return data
