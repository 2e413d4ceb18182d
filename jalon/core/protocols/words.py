"""The words a protocol or a case is written with: ids, versions, days, durations, moments."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from jalon.core.flaws import Text, said

OTHERWISE_READ = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
RESERVED = OTHERWISE_READ | {"unknown", "all", "id", "then", "cite"}

_ID = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = r"(0|[1-9][0-9]{0,8})"
_VERSION = re.compile(rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}")
_RANGE = re.compile(rf"([^@]*)@\^{_NUMBER}\.{_NUMBER}(?:\.{_NUMBER})?")
_DURATION = re.compile(
    r"P(?:(?P<weeks>[0-9]+)W|(?:(?P<days>[0-9]+)D)?"
    r"(?:T(?=[0-9])(?:(?P<hours>[0-9]+)H)?(?:(?P<minutes>[0-9]+)M)?(?:(?P<seconds>[0-9]+)S)?)?)"
)
_CITATION = re.compile(r"([a-z][a-z0-9_-]{0,63})#([0-9]{1,9})")


class Version(NamedTuple):
    """A version: compared number by number."""

    major: int
    minor: int
    patch: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"


class Range(NamedTuple):
    """The releases of one protocol that a case accepts: the same major version, at least `least`."""

    id: str
    least: Version

    def holds(self, version: Version) -> bool:
        return version.major == self.least.major and version >= self.least

    def __str__(self) -> str:
        return f"{self.id}@^{self.least}"


def why_not_id(value: object) -> Text | None:
    """Say why a value is not an id, or nothing when it is one."""
    if not isinstance(value, str):
        return said(
            f"{shown(value)} n’est pas un mot; mettez-le entre guillemets si c’en est un",
            f"{shown(value)} is not a word; write it between quotes if it is one",
        )
    if value in RESERVED:
        return said(
            f"{value} est réservé à un autre usage et ne peut pas être un identifiant",
            f"{value} is kept for another use and cannot be an id",
        )
    if not _ID.fullmatch(value):
        return said(
            f"{shown(value)} n’est pas un identifiant : a-z, puis a-z, 0-9, _ ou -, 64 caractères au plus",
            f"{shown(value)} is not an id: a-z, then a-z, 0-9, _ or -, 64 characters at most",
        )
    return None


def shown(value: object) -> str:
    """Return a value as an author would recognise it in the file, cut when long."""
    names = {None: "null", True: "true", False: "false"}
    if value is None or isinstance(value, bool):
        return names[value]
    if isinstance(value, (dict, list)):
        ends = "{}" if isinstance(value, dict) else "[]"
        return "…".join(ends) if value else ends
    written = repr(value) if isinstance(value, str) else str(value)
    return written if len(written) <= 80 else f"{written[:77]}…"


def version_of(value: object) -> Version | None:
    found = _VERSION.fullmatch(value) if isinstance(value, str) else None
    return Version(*map(int, found.groups())) if found else None


def range_of(value: object) -> Range | None:
    """Read `ID@^MAJOR.MINOR` or `ID@^MAJOR.MINOR.PATCH`."""
    found = _RANGE.fullmatch(value) if isinstance(value, str) else None
    if found is None or why_not_id(found[1]):
        return None
    return Range(found[1], Version(int(found[2]), int(found[3]), int(found[4] or 0)))


def day_of(value: object) -> date | None:
    if type(value) is date:
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def duration_of(value: object) -> timedelta | None:
    """Read `PnW` or `PnDTnHnMnS`; a day is 24 hours. What is longer than time itself is refused."""
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    parts = {name: number for name, number in found.groupdict().items() if number} if found else {}
    if not parts or any(len(number) > 12 for number in parts.values()):
        return None
    try:
        return timedelta(**{name: int(number) for name, number in parts.items()})
    except OverflowError:
        return None


def later(moment: datetime, duration: timedelta) -> datetime:
    """Return the moment that much later, or the last moment there is."""
    try:
        return moment + duration
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


def moment_of(value: object) -> datetime | None:
    """Read an ISO 8601 moment that carries its offset."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.utcoffset() is not None else None


def citation_of(value: str) -> tuple[str, int] | None:
    """Split `source#k` into the source and its paragraph."""
    found = _CITATION.fullmatch(value)
    return (found[1], int(found[2])) if found else None
