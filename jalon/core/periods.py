"""Half-open periods of days: the first day counts, the last one does not; no end means « until further notice »."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, TypeVar

from jalon.core.refusals import Refusal

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Period:
    """From one day, included, to another, excluded; or without an end."""

    starts_on: date
    ends_on: date | None = None

    def holds(self, on: date) -> bool:
        return self.starts_on <= on and (self.ends_on is None or on < self.ends_on)

    def overlaps(self, other: "Period") -> bool:
        """Tell whether a day belongs to both; a period that ends before it starts holds no day."""
        starts = max(self.starts_on, other.starts_on)
        ends = min((end for end in (self.ends_on, other.ends_on) if end is not None), default=None)
        return ends is None or starts < ends


@dataclass(frozen=True, slots=True)
class Stay(Generic[V]):
    """A value during a period: the address of a school, the police service of a municipality."""

    value: V
    period: Period


def why_not_period(starts_on: date, ends_on: date | None) -> Refusal | None:
    """Say why two days make no period: the end comes before the start, or on the same day."""
    if ends_on is not None and ends_on <= starts_on:
        return Refusal("period-reversed", {"starts_on": starts_on, "ends_on": ends_on})
    return None


def laid(known: Sequence[Stay[V]], new: Stay[V]) -> list[Stay[V]] | Refusal:
    """Return the stays once a new one is laid over them, in order; or why it cannot be.

    The stay that held the first day ends that day; one that began that very day is corrected; an open end stops where
    a later stay begins. A stay that says what is already known changes nothing. Several are laid the latest first.

    Args:
        known: stays of one owner that do not overlap.
    """
    start, end = new.period.starts_on, new.period.ends_on
    here = next((one for one in known if one.period.holds(start)), None)
    if here is not None and here.value == new.value and end in (None, here.period.ends_on):
        return sorted(known, key=_start)
    later = [one for one in known if one.period.starts_on > start]
    following = min((one.period.starts_on for one in later), default=None)
    if end is not None and following is not None and end > following:
        return Refusal("period-overlap", facts_of(new.period, min(later, key=_start).period))
    if end is not None and here is not None and here.period.starts_on < start and end != here.period.ends_on:
        return Refusal("period-overlap", facts_of(new.period, here.period))
    added = replace(new, period=Period(start, following if end is None else end))
    earlier = [_cut(one, start) for one in known if one.period.starts_on < start]
    return sorted([*earlier, added, *later], key=_start)


def facts_of(one: Period, other: Period) -> dict[str, date | None]:
    """Return two periods as the facts of a refusal."""
    return {
        "starts_on": one.starts_on,
        "ends_on": one.ends_on,
        "other_starts_on": other.starts_on,
        "other_ends_on": other.ends_on,
    }


def _cut(stay: Stay[V], on: date) -> Stay[V]:
    return replace(stay, period=Period(stay.period.starts_on, on)) if stay.period.holds(on) else stay


def _start(stay: Stay[V]) -> date:
    return stay.period.starts_on
