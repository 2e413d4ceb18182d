"""Canonical JSON (RFC 8785): one value, one sequence of bytes."""

import math
import re
from typing import Any

_MAX_EXACT = 2**53
_ESCAPES = {
    **{code: f"\\u{code:04x}" for code in range(0x20)},
    0x08: "\\b",
    0x09: "\\t",
    0x0A: "\\n",
    0x0C: "\\f",
    0x0D: "\\r",
    0x22: '\\"',
    0x5C: "\\\\",
}
_TO_ESCAPE = re.compile(r'[\x00-\x1f"\\]')


class NotJson(ValueError):
    """JSON cannot hold the value, or not exactly."""


def canonical(value: Any) -> bytes:
    """Return the canonical UTF-8 bytes of a JSON value, without a final newline.

    Raises:
        NotJson: a NaN, an infinity, an integer that a double cannot hold, half of a surrogate pair, a key
            that is
            not text, or a Python value that JSON does not have.
    Source: RFC 8785, section 3.
    """
    try:
        return _text(value).encode("utf-8", "strict")
    except UnicodeEncodeError as error:
        raise NotJson("half of a surrogate pair") from error


def _text(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return _string(value)
        case int() | float():
            return _number(value)
        case list() | tuple():
            return "[" + ",".join(map(_text, value)) + "]"
        case dict():
            return "{" + ",".join(_members(value)) + "}"
    raise NotJson(f"not a JSON value: {type(value).__name__}")


def _members(value: dict[Any, Any]) -> list[str]:
    if not all(isinstance(key, str) for key in value):
        raise NotJson("a key is not text")
    # UTF-16 code units decide, not code points (section 3.2.3); for ASCII keys they agree.
    order = None if all(map(str.isascii, value)) else _utf16
    return [f"{_string(key)}:{_text(value[key])}" for key in sorted(value, key=order)]


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be")


def inside(value: str) -> str:
    """Return what stands between the quotes of a canonical string."""
    return value.translate(_ESCAPES) if _TO_ESCAPE.search(value) else value


def _string(value: str) -> str:
    return f'"{inside(value)}"'


def _number(value: int | float) -> str:
    """Write a number as ECMAScript does (section 3.2.2.3)."""
    if isinstance(value, int):
        if abs(value) > _MAX_EXACT:
            raise NotJson("an integer that a double cannot hold")
        return str(value)
    if not math.isfinite(value):
        raise NotJson("not a finite number")
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, power = f"{abs(value)!r}".partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    exponent = int(power or 0) + (len(whole) if whole != "0" else len(digits) - len(fraction))
    return sign + _ecmascript(digits.rstrip("0"), exponent)


def _ecmascript(digits: str, exponent: int) -> str:
    """Write 0.digits × 10^exponent (ECMA-262, Number::toString, with k = len(digits) and n = exponent)."""
    count = len(digits)
    if count <= exponent <= 21:
        return digits + "0" * (exponent - count)
    if 0 < exponent <= 21:
        return f"{digits[:exponent]}.{digits[exponent:]}"
    if -6 < exponent <= 0:
        return "0." + "0" * -exponent + digits
    tail = f".{digits[1:]}" if count > 1 else ""
    return f"{digits[0]}{tail}e{exponent - 1:+d}"
