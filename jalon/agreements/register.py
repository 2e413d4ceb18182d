"""What the coordinator's pages show: the register of a territory, and the coverage of each school body."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.utils.translation import get_language

from jalon.accounts.models import Person
from jalon.agreements.models import Agreement, Change
from jalon.agreements.parts import names_of
from jalon.agreements.queries import all_places
from jalon.core import agreements as core
from jalon.core.gating import why_not_covered
from jalon.core.typography import quebec
from jalon.places.models import Body, Municipality

SOON = timedelta(days=60)


@dataclass(frozen=True)
class Entry:
    """An agreement in the register, with what it is on a day."""

    agreement: Agreement
    on: date

    @cached_property
    def state(self) -> core.State:
        return self.agreement.term.state(self.on)

    @property
    def ends_soon(self) -> bool:
        return self.on < self.agreement.closes_on <= self.on + SOON

    @property
    def days_left(self) -> int:
        return (self.agreement.closes_on - self.on).days

    @property
    def suspended_on(self) -> date | None:
        return self.agreement.term.suspended_on(self.on)


def entries_of(coordinator: Person, *, on: date, soon: bool = False) -> list[Entry]:
    """Return the agreements that this person keeps, the latest first; with `soon`, those that end within 60 days."""
    found = Agreement.objects.visible_to(coordinator).select_related("police_service", "body")
    if soon:
        found = found.ending_before(on + SOON, after=on)
    return [Entry(agreement, on) for agreement in found.prefetch_related("changes")]


def towns_of(agreement: Agreement, *, on: date) -> list[Municipality]:
    """Return the territory that day: the municipalities that the police service serves, by name."""
    services = agreement.police_service.territory.current(on).select_related("municipality")
    return sorted((service.municipality for service in services), key=lambda town: town.name)


@dataclass(frozen=True)
class Covered:
    """Places that an agreement for a part of a territory covers from a day on."""

    on: date
    names: list[str]


def places_of(agreement: Agreement) -> list[Covered]:
    """Return the places for which it was signed, and those that were added since; nothing for a whole territory."""
    if not agreement.places:
        return []
    added = [(change.on, change.places) for change in agreement.changes.all() if change.places]
    return [Covered(on, names_of(codes)) for on, codes in [(agreement.starts_on, agreement.places), *added]]


@dataclass(frozen=True)
class Happened:
    """A change in the history of an agreement: what it added, and whether another one took its place before its day."""

    change: Change
    names: list[str]
    is_replaced: bool


def history_of(agreement: Agreement, covered: Sequence[Covered]) -> list[Happened]:
    """Return the changes as they were recorded.

    Args:
        covered: what `places_of` says of the same agreement.
    """
    added = iter(covered[1:])
    replaced = agreement.term.replaced
    return [
        Happened(change, next(added).names if change.places else [], at in replaced)
        for at, change in enumerate(agreement.changes.all())
    ]


def missing_reports(agreement: Agreement, *, on: date) -> list[int]:
    """Return the school years of the agreement that are over and have no joint report, by the year they began."""
    if agreement.kind != core.Kind.SCHOOL_BODY or agreement.closes_on == agreement.starts_on:
        return []
    filed = {report.year for report in agreement.reports.all()}
    last = min(on, agreement.closes_on - timedelta(days=1))
    years = range(school_year(agreement.starts_on), school_year(last) + 1)
    return [year for year in years if year not in filed and date(year + 1, 7, 1) <= on]


def school_year(day: date) -> int:
    """Return the year in which the school year of that day began, on 1 July."""
    return day.year if day.month >= 7 else day.year - 1


@dataclass(frozen=True)
class BodyCover:
    """How many schools of a body are covered on a day, and the outline of the body on the map."""

    body: Body
    covered: int
    schools: int
    uncovered: tuple[str, ...] = ()

    @property
    def share(self) -> int:
        """Per cent of the schools that are covered, rounded down; 0 without a school."""
        return 100 * self.covered // self.schools if self.schools else 0

    @property
    def percent(self) -> str:
        return quebec(f"{self.share} %") if (get_language() or "fr").startswith("fr") else f"{self.share}%"

    @property
    def shade(self) -> str:
        """The look of the body on the map; the words on it say the same."""
        limits = ((0, "share-none"), (50, "share-some"), (99, "share-most"), (100, "share-all"))
        return next(look for limit, look in limits if self.share <= limit)

    @property
    def rings(self) -> Sequence[Sequence[Sequence[float]]]:
        shape = getattr(self.body, "shape", None)
        return shape.rings if shape else ()


def body_covers(*, on: date) -> list[BodyCover]:
    """Return the coverage of every school body, in three queries whatever their number."""
    schools: dict[object, list[tuple[str, bool]]] = {}
    for one in all_places(on=on):
        is_covered = why_not_covered(one.name, one.place, on=on) is None
        schools.setdefault(one.body, []).append((one.name, is_covered))
    return [_body_cover(body, schools.get(body.pk, [])) for body in Body.objects.select_related("shape")]


def _body_cover(body: Body, schools: Sequence[tuple[str, bool]]) -> BodyCover:
    uncovered = tuple(name for name, is_covered in schools if not is_covered)
    return BodyCover(body, len(schools) - len(uncovered), len(schools), uncovered)
