"""What the cells of a table say: days, codes, headings; and what a cell may hold when it leaves.

Files are opened by `jalon.web.tables`; this module only reads and writes what is in a cell.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from jalon.core.refusals import Refusal
from jalon.core.typography import folded

ISO: Final = "2025-03-21"
DAY_FIRST: Final = "21/03/2025"
SERIAL: Final = "Excel"
EPOCH: Final = date(1899, 12, 30)
SERIALS: Final = range(10_000, 80_000)
STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Day:
    """A day, and how it was written: `2025-03-21`, `21/03/2025` (day first) or a number of days of Excel."""

    value: date
    form: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What stops a row: its line in the file (the heading is line 1), the column, what was there, and why."""

    line: int
    column: str
    value: str
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table.

    Args:
        line: as a spreadsheet numbers it; the heading is line 1.
        cells: text by heading, as written in the file; an absent cell is empty.
        refusals: what the reader already refuses (a formula, a cell too many), with its heading.
    """

    line: int
    cells: Mapping[str, str]
    refusals: tuple[tuple[str, Refusal], ...] = ()

    def problems(self) -> list[Problem]:
        return [Problem(self.line, name, self.cells.get(name, ""), refusal) for name, refusal in self.refusals]


def cell(value: object) -> str:
    """Return the text of a cell: a day in ISO 8601, a whole number without its decimals, nothing for nothing."""
    match value:
        case None:
            return ""
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return unicodedata.normalize("NFC", str(value)).replace("\0", "").strip()


def day(text: str) -> Day | None:
    """Return the day that a cell says: 2025-03-21, 21/03/2025 (day first) or a serial number of Excel; else nothing."""
    written = text.strip()
    if found := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}.*)?", written, re.ASCII):
        return _day(*found.groups(), form=ISO)
    if found := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", written, re.ASCII):
        return _day(*reversed(found.groups()), form=DAY_FIRST)
    if re.fullmatch(r"\d{5}(\.0+)?", written, re.ASCII) and int(float(written)) in SERIALS:
        return Day(EPOCH + timedelta(days=int(float(written))), SERIAL)
    return None


def _day(year: str, month: str, of_month: str, *, form: str) -> Day | None:
    try:
        return Day(date(int(year), int(month), int(of_month)), form)
    except ValueError:
        return None


def code(text: str, *, digits: int) -> str | None:
    """Return a code of so many digits; a zero that a spreadsheet dropped in front is put back; else nothing."""
    written = text.strip().removesuffix(".0")
    if re.fullmatch(rf"\d{{{digits - 1},{digits}}}", written, re.ASCII):
        return written.zfill(digits)
    return None


def headings(found: Collection[str], known: Mapping[str, Collection[str]]) -> dict[str, str]:
    """Return which heading of the file is which column; accents, case and spaces do not count.

    Args:
        found: the headings of the file.
        known: for each column, every name that it may have; the first one found wins.
    """
    here = {_plain(name): name for name in reversed(list(found))}
    chosen = {
        column: next((here[plain] for plain in map(_plain, (column, *names)) if plain in here), None)
        for column, names in known.items()
    }
    return {column: name for column, name in chosen.items() if name is not None}


def _plain(heading: str) -> str:
    return re.sub(r"[\W_]+", "", folded(heading))


def is_formula(text: str) -> bool:
    """Tell whether a cell would be computed by the program that opens it; a negative number is not."""
    return text.lstrip(" \u00a0").startswith("=")


def neutral(text: str) -> str:
    """Return the text with an apostrophe before anything that a spreadsheet might take for a formula."""
    return f"'{text}" if text.lstrip(" \u00a0\n").startswith(STARTS_A_FORMULA) else text
