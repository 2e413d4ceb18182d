"""The code of an award: what is printed, scanned, read aloud and typed again.

Thirty symbols: 27 at random (128 bits) and three check symbols. The alphabet holds one symbol of each
class of look-alikes; what a person or a scanner writes instead is folded back, and no symbol is ever
folded to another.

The symbols are numbers modulo the prime 29 and fulfil three equations, with the powers 0, 1 and 2 of the
position as weights (a doubly extended Reed-Solomon code of 30 symbols, distance 4). Hence any one or two
wrong symbols are detected, every single wrong symbol has one repair, and so has every swap of neighbours,
because the sums of neighbouring positions are all different modulo 29.

Source: F. J. MacWilliams, N. J. A. Sloane, The Theory of Error-Correcting Codes (1977), chapter 11.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

ALPHABET = "0123456789ACDEFHJKMNPRTVWXY"
LENGTH = 30
_DATA = 27
_PRIME = 29
_TARGET = 1
_LONGEST = 200

_LOOK_ALIKES = {
    **dict.fromkeys("OoQ", "0"),
    **dict.fromkeys("IiLl|!", "1"),
    **dict.fromkeys("Zz", "2"),
    **dict.fromkeys("Ss", "5"),
    "G": "6",
    **dict.fromkeys("Bb", "8"),
    **dict.fromkeys("gq", "9"),
    **dict.fromkeys("Uu", "V"),
}
_FOLD = {symbol.lower(): symbol for symbol in ALPHABET} | {symbol: symbol for symbol in ALPHABET} | _LOOK_ALIKES
_VALUE = {symbol: value for value, symbol in enumerate(ALPHABET)}
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u2212\u00ad._·/]+")


@dataclass(frozen=True)
class Code:
    """A code as it is stored (no hyphens), and whether one slip was repaired to read it."""

    code: str
    repaired: bool


def new(random_below: Callable[[int], int]) -> str:
    """Return a fresh code.

    Args:
        random_below: gives a secret random whole number below its argument (`secrets.randbelow`).
    """
    while True:
        data = list(_digits(random_below(len(ALPHABET) ** _DATA)))  # one draw: asking for chance is what takes time
        symbols = data + _checks(data)
        if max(symbols) < len(ALPHABET):
            return "".join(ALPHABET[value] for value in symbols)


def display(code: str) -> str:
    """Return a stored code in six groups of five, joined by hyphens."""
    return "-".join(code[start : start + 5] for start in range(0, len(code), 5))


def parse(text: str) -> Code | None:
    """Return the code that was meant, or nothing.

    Spaces, dashes, capitals and look-alikes do not matter. One slip (a wrong symbol, two neighbours swapped,
    a symbol missing or one too many) is repaired when exactly one code is one such slip away.
    """
    if len(text) > _LONGEST:
        return None
    symbols = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    if abs(len(symbols) - LENGTH) > 1:
        return None
    written = "".join(_FOLD.get(symbol, "?") for symbol in symbols)
    if _holds(written):
        return Code(written, repaired=False)
    meant = {candidate for candidate in _one_slip_away(written) if _holds(candidate)}
    return Code(meant.pop(), repaired=True) if len(meant) == 1 else None


def _digits(number: int) -> Iterator[int]:
    """Yield the 27 digits of a number written with 27 symbols; uniform numbers have uniform digits."""
    for _ in range(_DATA):
        number, digit = divmod(number, len(ALPHABET))
        yield digit


def _checks(data: list[int]) -> list[int]:
    """Return the three symbols, each from 0 to 28, that make the three equations hold."""
    plain = (_TARGET - sum(data)) % _PRIME
    first = (_TARGET - sum(at * value for at, value in enumerate(data))) % _PRIME
    second = (_TARGET - sum(at * at * value for at, value in enumerate(data))) % _PRIME
    at_27 = -(first + plain) % _PRIME
    at_28 = (plain - at_27) % _PRIME
    return [at_27, at_28, (second - 27 * 27 * at_27 - 28 * 28 * at_28) % _PRIME]


def _holds(written: str) -> bool:
    if len(written) != LENGTH or "?" in written:
        return False
    values = [_VALUE[symbol] for symbol in written]
    return values[_DATA:] == _checks(values[:_DATA])


def _one_slip_away(written: str) -> Iterator[str]:
    length = len(written)
    for at in range(length):
        before, after = written[:at], written[at + 1 :]
        if length == LENGTH:
            yield from (before + symbol + after for symbol in ALPHABET)
            yield before + after[:1] + written[at] + after[1:]
        elif length > LENGTH:
            yield before + after
        else:
            yield from (before + symbol + written[at:] for symbol in ALPHABET)
    if length < LENGTH:
        yield from (written + symbol for symbol in ALPHABET)
