"""Why a level is closed to a person on a day. Every reason is given at once; an empty list opens the door.

A restricted program asks for a confirmed place of work, in a school whose police service has an agreement in force
with the prosecutor that very day. A new reason is one more fact in `Situation` and one more rule in `RULES`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from jalon.core.agreements import Agreement, State
from jalon.core.periods import Period
from jalon.core.refusals import Refusal


@dataclass(frozen=True)
class Place:
    """Where a school is on the day that is asked about, and who polices that place.

    Args:
        municipality: empty when no address of the school is known that day.
        police_service: empty when nobody is known to police the municipality that day.
        contact: the public office of the police service.
        agreements: everything that the police service ever signed with the prosecutor.
        codes: of the school and of its municipality, which an agreement for a part of a territory names.
    """

    municipality: str = ""
    police_service: str = ""
    contact: str = ""
    agreements: tuple[Agreement, ...] = ()
    codes: frozenset[str] = frozenset()

    def in_force(self, on: date) -> Agreement | None:
        """Return the agreement that opens the program here that day, if there is one."""
        return next((one for one in self.agreements if one.state_at(self.codes, on) is State.IN_FORCE), None)


NOWHERE: Final = Place()


@dataclass(frozen=True)
class Employment:
    """Where a person says that they work, during a half-open period, and whether somebody confirmed it."""

    school: str
    starts_on: date
    ends_on: date | None
    is_confirmed: bool
    place: Place = NOWHERE

    @property
    def period(self) -> Period:
        return Period(self.starts_on, self.ends_on)


@dataclass(frozen=True)
class Written:
    """On which days what is known of a place of work was written down.

    Args:
        declared_on: the person, or a file, said it.
        confirmed_on: nothing while nobody has confirmed it.
        ends: each day on which the leave date was written, corrected or taken back, in that order, and the leave date
            that there was before (nothing when there was none).
    """

    declared_on: date
    confirmed_on: date | None = None
    ends: tuple[tuple[date, date | None], ...] = ()


def as_known(work: Employment, written: Written, *, on: date) -> Employment | None:
    """Return the place of work as it was known at the end of that day; nothing when nobody had declared it yet.

    What was written later is taken back: a later confirmation, and a later leave date or refusal.
    """
    if written.declared_on > on:
        return None
    is_confirmed = written.confirmed_on is not None and written.confirmed_on <= on
    ends_on = next((before for day, before in written.ends if day > on), work.ends_on)
    return replace(work, is_confirmed=is_confirmed, ends_on=ends_on)


@dataclass(frozen=True)
class Previous:
    """The level that must be obtained first."""

    title: Mapping[str, str]
    is_obtained: bool


@dataclass(frozen=True)
class Situation:
    """What is known of a person and of a level on a day.

    Args:
        on: the day that is asked about.
        is_restricted: the program is reserved for confirmed school staff.
        is_named: the person has written the legal name that an attestation prints.
        employments: every place of work that the person declared, past ones too.
        previous: the level to obtain first; nothing when the level opens from the start.
    """

    on: date
    is_restricted: bool
    is_named: bool = True
    employments: tuple[Employment, ...] = ()
    previous: Previous | None = None


Rule = Callable[[Situation], list[Refusal]]


def why_closed(situation: Situation) -> list[Refusal]:
    """Return every reason why the level is closed, the most useful first; none when it is open."""
    return [reason for rule in RULES for reason in rule(situation)]


def why_not_covered(school: str, place: Place, *, on: date) -> Refusal | None:
    """Say why a restricted program is closed in a school that day: unknown place, no police, or no agreement in force.

    Of several agreements, the one that says most is told: suspended, else the next to come, else one that is in force
    for other places of the territory, else the last that ended.
    """
    if not place.municipality:
        return Refusal("school-unknown", {"school": school})
    where = {"school": school, "municipality": place.municipality}
    if not place.police_service:
        return Refusal("police-unknown", {**where, "on": on})
    if place.in_force(on):
        return None
    facts = {"school": school, "police_service": place.police_service}
    by_state = {state: [one for one in place.agreements if one.state_at(place.codes, on) is state] for state in State}
    for one in by_state[State.SUSPENDED]:
        return Refusal("agreement-suspended", {**facts, "reference": one.reference, "on": one.suspended_on(on)})
    if to_come := [one.covers_from(place.codes) or date.max for one in by_state[State.TO_COME]]:
        return Refusal("agreement-to-come", {**facts, "on": min(to_come)})
    if elsewhere := [one for one in place.agreements if one.state(on) is State.IN_FORCE]:
        return Refusal("agreement-elsewhere", {**facts, "reference": elsewhere[0].reference})
    if ended := by_state[State.ENDED]:
        last = max(ended, key=lambda one: one.ends_on)
        return Refusal("agreement-ended", {**facts, "reference": last.reference, "on": last.ends_on})
    return Refusal("agreement-missing", facts)


def _territory_rule(situation: Situation) -> list[Refusal]:
    """A restricted program asks for one place of work that is covered; each other place of work says why it is not."""
    if not situation.is_restricted:
        return []
    present = [one for one in situation.employments if one.period.holds(situation.on)]
    counting = [one for one in present if one.is_confirmed] or present
    reasons = [why_not_covered(one.school, one.place, on=situation.on) for one in counting]
    if None in reasons:
        return []
    told: list[Refusal] = []
    for reason in reasons:
        if reason is not None and reason not in told:
            told.append(reason)
    return told


def why_not_staff(situation: Situation) -> Refusal | None:
    """A restricted program asks for a confirmed place of work on that day; the nearest miss is told."""
    if not situation.is_restricted or any(_counts(one, situation.on) for one in situation.employments):
        return None
    present = [one for one in situation.employments if one.period.holds(situation.on)]
    if present:
        return Refusal("work-unconfirmed", {"school": present[0].school})
    ended = [one for one in situation.employments if one.ends_on is not None and one.ends_on <= situation.on]
    if ended:
        last = max(ended, key=lambda one: one.ends_on or date.min)
        return Refusal("work-ended", {"school": last.school, "ended_on": last.ends_on})
    coming = [one for one in situation.employments if one.starts_on > situation.on and one.ends_on != one.starts_on]
    if coming:
        first = min(coming, key=lambda one: one.starts_on)
        return Refusal("work-to-come", {"school": first.school, "starts_on": first.starts_on})
    return Refusal("work-missing")


def why_not_named(situation: Situation) -> Refusal | None:
    return None if situation.is_named else Refusal("legal-name-missing")


def why_not_next(situation: Situation) -> Refusal | None:
    if situation.previous is None or situation.previous.is_obtained:
        return None
    return Refusal("level-locked", {"previous": situation.previous.title})


def _counts(employment: Employment, on: date) -> bool:
    return employment.is_confirmed and employment.period.holds(on)


def _one(rule: Callable[[Situation], Refusal | None]) -> Rule:
    def told(situation: Situation) -> list[Refusal]:
        reason = rule(situation)
        return [] if reason is None else [reason]

    return told


RULES: Final[tuple[Rule, ...]] = (_one(why_not_staff), _territory_rule, _one(why_not_named), _one(why_not_next))
