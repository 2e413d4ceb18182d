"""Read one strict YAML 1.2 document as plain data, and remember the line of every part.

The strictness is for authors: a file means the same to every YAML reader, or it is refused with its line.
Plain scalars follow the core schema of YAML 1.2, so `yes`, `no` and `2027-01-11` are words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from ruamel.yaml.reader import ReaderError

MAX_BYTES = 1_048_576
MAX_DEPTH = 20
MAX_DIGITS = 300

Path = tuple[str | int, ...]

_NULL = {"", "~", "null", "Null", "NULL"}
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)
_SPECIAL = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_BREAK = re.compile(r"\r\n|\n|\r")
_SURROGATE = re.compile("[\ud800-\udfff]")


class Unreadable(ValueError):
    """A file that is not one plain YAML 1.2 document.

    `where` is `line N`, or `file` when the fault is not at one place; the message names line and column, `reason` is
    the same without them.
    """

    def __init__(self, message: str, *, line: int | None = None, column: int | None = None) -> None:
        self.where = "file" if line is None else f"line {line}"
        self.line = line
        self.column = column
        self.reason = message
        self.message = message if line is None else f"line {line}, column {column}: {message}"
        super().__init__(self.message)


@dataclass(frozen=True, slots=True)
class Document:
    """Plain data (mappings, lists, text, numbers, booleans, null) and where each part was written."""

    data: Any
    lines: Mapping[Path, int]

    def line_of(self, path: str) -> int:
        """Return the line of a dotted path, or of its nearest part that is written.

        Args:
            path: keys joined by dots; an item of a list by its position from 0 or by its `id`.
        """
        node, rest = self.data, path.split(".")
        here: Path = ()
        while rest and (found := _step(node, rest)) is not None:
            key, used = found
            node, here, rest = node[key], (*here, key), rest[used:]
        return self.lines.get(here, 1)


def _step(node: Any, rest: list[str]) -> tuple[Any, int] | None:
    """Return the key of `node` that the path goes to next and how many of its parts that key spends."""
    if isinstance(node, dict):
        for used in range(len(rest), 0, -1):
            if (key := ".".join(rest[:used])) in node:
                return key, used
    if isinstance(node, list):
        for index, item in enumerate(node):
            if isinstance(item, dict) and item.get("id") == rest[0]:
                return index, 1
        if rest[0].isascii() and rest[0].isdigit() and int(rest[0]) < len(node):
            return int(rest[0]), 1
    return None


def read_yaml(data: bytes) -> Document:
    """Read a file of at most 1 048 576 bytes, nested at most 20 deep.

    Raises:
        Unreadable: another encoding, a tab, an anchor, an alias, a tag, a directive, a merge key, a duplicate
            key, a second document, or a syntax error.
    """
    if len(data) > MAX_BYTES:
        raise Unreadable(f"the file has {len(data)} bytes; at most {MAX_BYTES} are read")
    text = _decoded(data)
    if (tab := text.find("\t")) >= 0:
        raise _at(text, tab, "a tab is refused; indent and separate with spaces")
    builder = _Builder(text)
    try:
        return builder.document()
    except ReaderError as error:
        raise _at(text, int(error.position), "this character is not allowed in a YAML file") from error
    except MarkedYAMLError as error:
        raise _syntax_error(error) from error
    except (
        YAMLError,
        ValueError,
        OverflowError,
        IndexError,
        TypeError,
        AttributeError,
        AssertionError,
    ) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(f"the file is not readable YAML ({error})", line=builder.line, column=1) from error


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", errors="replace")
        raise _at(before, len(before), "the file is not UTF-8 from here on") from error


def _at(text: str, position: int, message: str) -> Unreadable:
    breaks = list(_BREAK.finditer(text, 0, position))
    start = breaks[-1].end() if breaks else 0
    return Unreadable(message, line=len(breaks) + 1, column=position - start + 1)


def _syntax_error(error: MarkedYAMLError) -> Unreadable:
    mark = error.problem_mark or error.context_mark
    said = ", ".join(part for part in (error.context, error.problem) if part)
    if mark is None:
        return Unreadable(f"the file is not readable YAML ({said})")
    return Unreadable(f"the file is not readable YAML ({said})", line=mark.line + 1, column=mark.column + 1)


class _Builder:
    """Turns the events of one document into plain data, refusing what house rules refuse."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines: dict[Path, int] = {}
        self.line = 1
        self.events: Iterator[Event] = iter(YAML(typ="safe", pure=True).parse(text))

    def document(self) -> Document:
        self._next()
        first = self._next()
        if isinstance(first, StreamEndEvent):
            raise Unreadable("the file holds no document")
        self._refuse_directives(first)
        data = self._node(self._next(), (), 1)
        self._next()
        after = self._next()
        if isinstance(after, DocumentStartEvent):
            raise self._refusal(after, "a second document is refused; a file holds one")
        return Document(data, self.lines)

    def _next(self) -> Event:
        event = next(self.events)
        self.line = event.start_mark.line + 1
        return event

    def _refusal(self, event: Event, message: str) -> Unreadable:
        return Unreadable(message, line=event.start_mark.line + 1, column=event.start_mark.column + 1)

    def _refuse_directives(self, start: Event) -> None:
        for number, line in enumerate(_BREAK.split(self.text)[: start.start_mark.line + 1], start=1):
            if line.startswith("%"):
                raise Unreadable("a directive is refused", line=number, column=1)

    def _node(self, event: Event, path: Path, depth: int) -> Any:
        self.lines.setdefault(path, event.start_mark.line + 1)
        if isinstance(event, AliasEvent):
            raise self._refusal(event, f"the alias *{event.anchor} is refused; write the value again")
        assert isinstance(event, NodeEvent)
        if event.anchor is not None:
            raise self._refusal(event, f"the anchor &{event.anchor} is refused")
        if (tag := getattr(event, "tag", None)) is not None:
            raise self._refusal(event, f"the tag {tag} is refused")
        if isinstance(event, ScalarEvent):
            return self._scalar(event)
        if depth > MAX_DEPTH:
            raise self._refusal(event, f"the file is nested more than {MAX_DEPTH} deep")
        if isinstance(event, SequenceStartEvent):
            return self._list(path, depth)
        return self._mapping(path, depth)

    def _list(self, path: Path, depth: int) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := self._next(), SequenceEndEvent):
            items.append(self._node(event, (*path, len(items)), depth + 1))
        return items

    def _mapping(self, path: Path, depth: int) -> dict[Any, Any]:
        entries: dict[Any, Any] = {}
        while not isinstance(event := self._next(), MappingEndEvent):
            key = self._key(event, path, depth)
            if key in entries:
                raise self._refusal(event, f"the key {key} is there twice")
            here = (*path, key)
            self.lines[here] = event.start_mark.line + 1
            entries[key] = self._node(self._next(), here, depth + 1)
        return entries

    def _key(self, event: Event, path: Path, depth: int) -> Any:
        if isinstance(event, (MappingStartEvent, SequenceStartEvent)):
            raise self._refusal(event, "a list or a mapping as a key is refused")
        if isinstance(event, ScalarEvent) and event.value == "<<" and event.style is None:
            raise self._refusal(event, "the merge key << is refused")
        before = self.lines.get(path, 1)
        key = self._node(event, path, depth)
        self.lines[path] = before
        return key

    def _scalar(self, event: ScalarEvent) -> Any:
        value = str(event.value)
        if _SURROGATE.search(value):
            raise self._refusal(event, "half of a character (a lone surrogate) is refused")
        if event.style is not None:
            return value
        if value in _NULL:
            return None
        if value in _BOOL:
            return _BOOL[value]
        if _INT.fullmatch(value):
            if len(value) > MAX_DIGITS:
                raise self._refusal(event, f"a number of more than {MAX_DIGITS} digits is refused")
            return int(value, 0) if value[:2] in {"0x", "0o"} else int(value)
        if _FLOAT.fullmatch(value) or _SPECIAL.fullmatch(value):
            return float(value.lower().replace(".inf", "inf").replace(".nan", "nan"))
        return value
