"""JSON that can be read in one way only.

Two readers must never see two documents in the same bytes: what parsers disagree on is refused.
"""

import json
import re
from typing import Any

from jalon.core.openbadges.problems import Unreadable

MAX_DEPTH = 32
_MAX_EXACT = 2**53 - 1
_STRING = re.compile(r'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_BRACKETS = re.compile(r"[\[\]{}]")
_PLAIN_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_SURROGATE = re.compile("[\ud800-\udfff]")


class NotStrictJson(Unreadable):
    """The bytes are not JSON, or two readers could read them in two ways."""


def parse(data: bytes, *, max_bytes: int) -> Any:
    """Return the value, in which every integer is exact and every float has a fractional part.

    Args:
        max_bytes: more bytes than this are refused before they are read.
    Raises:
        NotStrictJson: too long, too deep, not UTF-8, a byte order mark, a repeated key, NaN or Infinity, a
            number
            that a double cannot hold exactly as written, half of a surrogate pair.
    """
    if len(data) > max_bytes:
        raise NotStrictJson("too-large")
    try:
        text = data.decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        raise NotStrictJson("not-utf-8") from error
    _refuse_depth(text)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_refuse_constant,
            parse_int=_number,
            parse_float=_number,
        )
    except NotStrictJson:
        raise
    except (ValueError, RecursionError) as error:
        raise NotStrictJson("not-json") from error
    if "\\u" in text:
        _refuse_surrogates(value)
    return value


def parse_object(data: bytes, *, max_bytes: int) -> dict[str, Any]:
    """Return the JSON object of these bytes.

    Raises:
        NotStrictJson: as for `parse`, or the value is not an object.
    """
    value = parse(data, max_bytes=max_bytes)
    if not isinstance(value, dict):
        raise NotStrictJson("not-an-object")
    return value


def _refuse_depth(text: str) -> None:
    depth = 0
    for bracket in _BRACKETS.findall(_STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        if depth > MAX_DEPTH:
            raise NotStrictJson("too-deep")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotStrictJson("repeated-key")
    return found


def _refuse_constant(_name: str) -> Any:
    raise NotStrictJson("not-a-number")


def _number(text: str) -> int | float:
    """Return the number if no other number is written with one digit changed and means the same.

    At most 15 significant digits and no exponent: then different texts of one length are different doubles.
    """
    if not _PLAIN_NUMBER.fullmatch(text) or text == "-0":
        raise NotStrictJson("number-not-plain")
    if len(text.lstrip("-0.").replace(".", "")) > 15:
        raise NotStrictJson("number-too-precise")
    value = float(text)
    return int(value) if value.is_integer() else value


def _refuse_surrogates(value: Any) -> None:
    if isinstance(value, str):
        if _SURROGATE.search(value):
            raise NotStrictJson("lone-surrogate")
    elif isinstance(value, list):
        for item in value:
            _refuse_surrogates(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            _refuse_surrogates(key)
            _refuse_surrogates(item)
