"""A chain of lines: each digest speaks for its line and for every line before it.

A chain alone shows an edit, a removal, an insertion and a new order. A cut tail, or a chain that was computed again
from its beginning, shows only beside a mark that was kept elsewhere.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final

from jalon.core.openbadges import jcs

FORM: Final = "jalon-journal-1"
START: Final = "0" * 64
# A line is written with the moment at which its act began; the longest act ends well within this.
GRACE: Final = timedelta(hours=1)


class Kind(StrEnum):
    """What is wrong with a chain."""

    CHANGED = "changed"
    MISSING = "missing"
    CUT = "cut"
    REWRITTEN = "rewritten"
    BACKDATED = "backdated"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something is wrong at this number; 0 stands for lines that have no number yet."""

    kind: Kind
    number: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the chain: its number from 1, its moment, what it says, and the digest that was kept."""

    number: int
    at: datetime
    said: Mapping[str, object]
    digest: str


@dataclass(frozen=True, slots=True)
class Mark:
    """What somebody elsewhere keeps: at this moment the chain had so many lines, and this digest. 0 lines: none yet."""

    number: int
    digest: str
    at: datetime

    def as_text(self, origin: str) -> str:
        """Return the mark as one line of canonical JSON."""
        said = {"form": FORM, "origin": origin, "number": self.number, "digest": self.digest, "at": self.at.isoformat()}
        return jcs.canonical(said).decode()


def marks_of(text: str) -> list[Mark]:
    """Return the marks of a file, one on each line.

    Raises:
        ValueError: a line is no mark of this form.
    """
    found = [json.loads(line) for line in text.splitlines() if line.strip()]
    try:
        if any(one["form"] != FORM for one in found):
            raise ValueError("another form")
        return [Mark(int(one["number"]), str(one["digest"]), datetime.fromisoformat(one["at"])) for one in found]
    except (KeyError, TypeError) as error:
        raise ValueError("no mark") from error


def link(previous: str, number: int, said: Mapping[str, object]) -> str:
    """Return the digest of a line that follows another.

    Args:
        previous: the digest of the line before; `START` before the first.
        said: everything that the line says, as JSON.
    """
    return sha256(jcs.canonical({"previous": previous, "number": number, "said": dict(said)})).hexdigest()


def faults(lines: Iterable[Line], marks: Sequence[Mark] = ()) -> Iterator[Fault]:
    """Yield what is wrong with a chain, in the order of its numbers; nothing when it is whole.

    Args:
        lines: in the order of their numbers.
        marks: what was kept elsewhere, in any order.
    """
    by_number = {mark.number: mark for mark in marks}
    newest = max(marks, key=lambda mark: mark.number, default=None)
    previous, expected = START, 1
    for line in lines:
        if line.number != expected:
            yield Fault(Kind.MISSING, expected)
        elif link(previous, line.number, line.said) != line.digest:
            yield Fault(Kind.CHANGED, line.number)
        mark = by_number.get(line.number)
        if mark and mark.digest != line.digest:
            yield Fault(Kind.REWRITTEN, line.number)
        if newest and line.number > newest.number and is_backdated(line.at, newest):
            yield Fault(Kind.BACKDATED, line.number)
        previous, expected = line.digest, line.number + 1
    if newest and newest.number >= expected:
        yield Fault(Kind.CUT, expected)


def is_backdated(at: datetime, mark: Mark) -> bool:
    """Tell whether a line that came after the mark claims to be older than it."""
    return at < mark.at - GRACE
