"""What was signed, for how long, and what became of it: an agreement is never rewritten, it gathers changes.

Two kinds, never mixed: what the prosecutor and a police service signed opens the program in the territory of that
service; what a school body and a police service signed says how a school and the police work together.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from jalon.core.periods import Period
from jalon.core.refusals import Refusal


class Kind(StrEnum):
    """Who signed with the police service."""

    PROSECUTOR = "PROSECUTOR"
    SCHOOL_BODY = "SCHOOL_BODY"


class Act(StrEnum):
    """What may happen to an agreement before its last day."""

    SUSPENDED = "SUSPENDED"
    REINSTATED = "REINSTATED"
    EXTENDED = "EXTENDED"
    ENDED = "ENDED"


HALTS: Final = (Act.SUSPENDED, Act.REINSTATED)


class State(StrEnum):
    """What an agreement is on a day."""

    TO_COME = "TO_COME"
    IN_FORCE = "IN_FORCE"
    SUSPENDED = "SUSPENDED"
    ENDED = "ENDED"


@dataclass(frozen=True, slots=True)
class Change:
    """An act and the first day on which it counts.

    Args:
        places: codes of the municipalities and schools that an extension adds.
    """

    act: Act
    on: date
    places: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Agreement:
    """An agreement as it was signed, with its changes in the order in which they were recorded.

    Args:
        period: as signed; the last day is excluded and there is one.
        places: codes of the municipalities and schools for which it was signed; none: the whole territory of the
            police service, whatever it is on a day.
    """

    reference: str
    period: Period
    changes: tuple[Change, ...] = ()
    places: frozenset[str] = frozenset()

    @property
    def ends_on(self) -> date:
        """The first day on which it no longer holds: as signed, or earlier when it was ended."""
        assert self.period.ends_on is not None
        ended = [change.on for change in self.changes if change.act is Act.ENDED]
        return min([self.period.ends_on, *ended])

    @property
    def replaced(self) -> frozenset[int]:
        """The positions of the changes that never count: what was planned for a day after that of a later act.

        A suspension or a reinstatement replaces those that were planned for after its day; an end, everything after it.
        """
        gone = {at for at, change in enumerate(self.changes) if change.on > self.ends_on}
        kept: list[int] = []
        for at, change in enumerate(self.changes):
            if change.act in HALTS:
                gone.update(before for before in kept if self.changes[before].on > change.on)
                kept = [*(before for before in kept if before not in gone), at]
        return frozenset(gone)

    @property
    def counting(self) -> tuple[Change, ...]:
        """The changes that count, in the order in which they were recorded; suspensions and reinstatements by day."""
        return tuple(change for at, change in enumerate(self.changes) if at not in self.replaced)

    def suspended_on(self, on: date) -> date | None:
        """Return since when it is suspended on that day; nothing when it is not."""
        since = None
        for change in self.counting:
            if change.on <= on and change.act in HALTS:
                since = change.on if change.act is Act.SUSPENDED else None
        return since

    def covers_from(self, codes: Collection[str]) -> date | None:
        """Return the first day on which it covers a place that has these codes; nothing where it never does.

        Args:
            codes: of the school and of its municipality.
        """
        if not self.places or not self.places.isdisjoint(codes):
            return self.period.starts_on
        extended = [change.on for change in self.changes if not change.places.isdisjoint(codes)]
        return min(extended, default=None)

    def state_at(self, codes: Collection[str], on: date) -> State | None:
        """Return what it is that day for a place that has these codes; nothing where it never covers it."""
        since, state = self.covers_from(codes), self.state(on)
        if since is None:
            return None
        return State.TO_COME if on < since and state is not State.ENDED else state

    def state(self, on: date) -> State:
        if on < self.period.starts_on:
            return State.TO_COME
        if on >= self.ends_on:
            return State.ENDED
        return State.SUSPENDED if self.suspended_on(on) else State.IN_FORCE


@dataclass(frozen=True)
class Term:
    """How long an agreement of a kind lasts, and where that is written."""

    least_years: int
    most_years: int
    source: str
    checked_on: date


# Dated data (ADR 1): a regulation may change it.
TERMS: Final = {
    Kind.SCHOOL_BODY: Term(
        3,
        5,
        "Regulation under s. 214.1 of the Education Act (I-13.3, r. 6.1) and its private twin (E-9.1, r. 2.1), s. 2",
        date(2026, 11, 22),
    )
}


def why_not_term(kind: Kind, period: Period) -> Refusal | None:
    """Say why an agreement of this kind cannot last so long: some last a number of years that is written."""
    term = TERMS.get(kind)
    if term is None or period.ends_on is None:
        return None
    least, most = later(period.starts_on, term.least_years), later(period.starts_on, term.most_years)
    if least <= period.ends_on <= most:
        return None
    return Refusal("agreement-term", {"least": term.least_years, "most": term.most_years})


def later(day: date, years: int) -> date:
    """Return the same day so many years later; 29 February becomes 1 March where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def why_not_change(agreement: Agreement, act: Act, *, on: date, today: date) -> Refusal | None:
    """Say why the act cannot be recorded from that day: it is over, out of its days, out of order, or said already.

    What is only planned stops nothing: an act for an earlier day takes its place.
    """
    period = Period(agreement.period.starts_on, agreement.ends_on)
    begun = [change for change in agreement.counting if change.on <= today]
    if any(change.act is Act.ENDED for change in begun):
        return Refusal("agreement-over", {"ended_on": agreement.ends_on})
    if not period.holds(on):
        return Refusal("change-outside-period", {"starts_on": period.starts_on, "ends_on": agreement.ends_on})
    if begun and on < (last_on := max(change.on for change in begun)):
        return Refusal("change-before-last", {"last_on": last_on})
    return _why_not_follow(agreement, act, on)


def _why_not_follow(agreement: Agreement, act: Act, on: date) -> Refusal | None:
    since = agreement.suspended_on(on)
    if act is Act.SUSPENDED and since:
        return Refusal("already-suspended", {"suspended_on": since})
    if act is Act.REINSTATED and not since:
        return Refusal("not-suspended")
    return Refusal("extension-of-whole") if act is Act.EXTENDED and not agreement.places else None
