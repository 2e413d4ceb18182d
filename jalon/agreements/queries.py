"""What is in force where, on a day: one query for people, two for every school. Nothing is kept."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import FilteredRelation, Q, QuerySet, UUIDField
from django.utils.timezone import localdate

from jalon.accounts.models import Affiliation, Person
from jalon.agreements.models import Agreement
from jalon.core import agreements as core
from jalon.core.dossier import Basis
from jalon.core.gating import NOWHERE, Employment, Place, why_not_covered
from jalon.core.periods import Period
from jalon.core.refusals import Refusal
from jalon.places.models import Address, School, Serves
from jalon.places.queries import MOST_FOUND, schools_found_by, schools_on
from jalon.web.prepared import Prepared

# Beyond this many municipalities, every service is read: it is faster than naming them.
MOST_NAMED = 500


@dataclass(frozen=True)
class Work:
    """A place of work of a person as the rule sees it, and its key."""

    affiliation: UUID
    employment: Employment


def employments_of(person: Person, *, on: date) -> tuple[Employment, ...]:
    """Return every place of work that the person declared, with who polices it that day and what was signed there."""
    return tuple(work.employment for work in works_of_one(person, on=on))


def works_of_one(person: Person, *, on: date) -> list[Work]:
    """Return the places of work of a person, the latest first.

    Every page of a learner asks this: the statement is assembled once in a process, then only its values change.
    """
    prepared = UUIDField().get_db_prep_value
    said = {
        prepared(NOBODY, connection): prepared(person.pk, connection),
        connection.ops.adapt_datefield_value(NO_DAY): connection.ops.adapt_datefield_value(on),
    }
    sql, values = _statement(connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(sql, [said.get(value, value) for value in values])
        return _gathered(cursor.fetchall()).get(person.pk, [])


@lru_cache(maxsize=2)
def _statement(vendor: str) -> tuple[str, tuple[Any, ...]]:
    return _workplaces([NOBODY], on=NO_DAY).query.sql_with_params()


# What stands for the person and the day while the statement is assembled.
NOBODY, NO_DAY = UUID(int=0), date(1, 1, 1)


def works_of(people: Collection[UUID], *, on: date) -> Mapping[UUID, list[Work]]:
    """Return the places of work of these people, by person, the latest first; one query whatever their number."""
    return _gathered(_workplaces(people, on=on))


def _workplaces(people: Collection[UUID], *, on: date) -> QuerySet[Affiliation, Any]:
    """Return a row for each place of work, and for each change of each agreement there."""
    services = "here__municipality__services"
    signed = "serving__police_service__agreements"
    return (
        Affiliation.objects.filter(person__in=people)
        .annotate(here=FilteredRelation("school__addresses", condition=_during("school__addresses", on) & _open(on)))
        .annotate(serving=FilteredRelation(services, condition=_during(services, on)))
        .annotate(signed=FilteredRelation(signed, condition=Q(**{f"{signed}__kind": core.Kind.PROSECUTOR})))
        .order_by("-starts_on", "pk", *TERMS_IN_ORDER)
        .values_list(
            "person_id",
            "pk",
            "school__name",
            "starts_on",
            "ends_on",
            "confirmed_at",
            "here__municipality__name",
            "serving__police_service__name",
            "serving__police_service__contact",
            "school__code",
            "here__municipality__code",
            *TERMS,
        )
    )


def _gathered(rows: Iterable[Sequence[Any]]) -> dict[UUID, list[Work]]:
    found: dict[object, tuple[object, list[Any]]] = {}
    signed_at: dict[object, _Signed] = {}
    for who, key, *work in rows:
        found.setdefault(key, (who, work))
        signed_at.setdefault(key, _Signed()).add(*work[9:])
    works: dict[UUID, list[Work]] = {}
    for key, (who, work) in found.items():
        codes = frozenset(filter(None, work[7:9]))
        place = Place(work[4] or "", work[5] or "", work[6] or "", signed_at[key].agreements, codes)
        starts_on, ends_on = _day(work[1]), _day(work[2]) if work[2] else None
        employment = Employment(work[0], starts_on, ends_on, work[3] is not None, place)
        works.setdefault(_key(who), []).append(Work(_key(key), employment))
    return works


def _key(value: object) -> UUID:
    """Return a key as Python knows it: SQLite keeps its digits."""
    return value if isinstance(value, UUID) else UUID(str(value))


def _day(value: date | str) -> date:
    """Return a day as Python knows it: SQLite keeps its text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


TERMS = (
    "signed__pk",
    "signed__reference",
    "signed__starts_on",
    "signed__ends_on",
    "signed__places",
    "signed__changes__act",
    "signed__changes__on",
    "signed__changes__places",
)
TERMS_IN_ORDER = ("signed__starts_on", "signed__reference", "signed__changes__number")


@dataclass
class _Signed:
    """What was signed at one place, gathered row by row: each change of each agreement is a row."""

    terms: dict[object, tuple[core.Agreement, list[core.Change]]] = field(default_factory=dict)

    def add(self, key: object, reference: str, starts_on: Any, ends_on: Any, places: Any, *change: Any) -> None:
        if not key:
            return
        if key not in self.terms:
            period = Period(_day(starts_on), _day(ends_on))
            self.terms[key] = core.Agreement(reference, period, places=_codes(places)), []
        act, since, added = change
        if act:
            self.terms[key][1].append(core.Change(core.Act(act), _day(since), _codes(added)))

    @property
    def agreements(self) -> tuple[core.Agreement, ...]:
        return tuple(replace(signed, changes=tuple(changes)) for signed, changes in self.terms.values())


def _codes(places: list[str] | str | None) -> frozenset[str]:
    """Return codes as Python knows them: a cursor gives the text of JSON."""
    return frozenset(json.loads(places) if isinstance(places, str) else places or ())


@dataclass(frozen=True)
class SchoolPlace:
    """A school of the register on a day, with its body."""

    name: str
    body: UUID
    place: Place


def all_places(*, on: date) -> list[SchoolPlace]:
    """Return where every school of that day is and what was signed there, in two queries for a whole province."""
    here = FilteredRelation("addresses", condition=_during("addresses", on))
    rows = School.objects.existing(on).annotate(here=here).order_by("name")
    columns = ("name", "body_id", "code", "here__municipality_id", "here__municipality__name")
    found = list(rows.values_list(*columns, "here__municipality__code"))
    places = _places({town: (words, number) for _, _, _, town, words, number in found if town}, on=on)
    return [
        SchoolPlace(name, body, _of_school(places.get(town, NOWHERE), school))
        for name, body, school, town, _, _ in found
    ]


def _of_school(place: Place, school: str) -> Place:
    """Return the place as it is for one school: an agreement for a part of a territory may name it."""
    return replace(place, codes=place.codes | {school}) if any(one.places for one in place.agreements) else place


def place_of(school: School, *, on: date) -> Place:
    """Return where a school is that day and what was signed there."""
    return _at(Address.objects.current(on).filter(school=school), on=on).get(school.pk, NOWHERE)


def _at(addresses: QuerySet[Address], *, on: date) -> dict[UUID, Place]:
    town = ("municipality_id", "municipality__name", "municipality__code")
    rows = list(addresses.filter(_open(on)).order_by().values_list("school_id", "school__code", *town))
    places = _places({town: (name, number) for _, _, town, name, number in rows}, on=on)
    return {school: _of_school(places[town], code) for school, code, town, _, _ in rows}


def _during(relation: str, on: date) -> Q:
    no_end = Q(**{f"{relation}__ends_on": None}) | Q(**{f"{relation}__ends_on__gt": on})
    return no_end & Q(**{f"{relation}__starts_on__lte": on})


def _open(on: date) -> Q:
    """A school that is closed is nowhere, whatever addresses it still has."""
    return Q(school__closed_on=None) | Q(school__closed_on__gt=on)


def _places(towns: Mapping[UUID, tuple[str, str]], *, on: date) -> dict[UUID, Place]:
    """Return the place that each municipality is that day, in one query.

    Args:
        towns: name and code of municipalities by their keys.
    """
    if not towns:
        return {}
    services = Serves.objects.current(on)
    if len(towns) <= MOST_NAMED:
        services = services.filter(municipality__in=list(towns))
    signed = "police_service__agreements"
    rows = (
        services.annotate(signed=FilteredRelation(signed, condition=Q(**{f"{signed}__kind": core.Kind.PROSECUTOR})))
        .order_by("municipality_id", *TERMS_IN_ORDER)
        .values_list("municipality_id", "police_service__name", "police_service__contact", *TERMS)
    )
    police: dict[UUID, tuple[str, str]] = {}
    signed_at: dict[UUID, _Signed] = {}
    for town, name, contact, *terms in rows:
        police[town] = (name, contact)
        signed_at.setdefault(town, _Signed()).add(*terms)
    return {
        town: Place(name, *police.get(town, ("", "")), signed_at.get(town, _Signed()).agreements, frozenset({code}))
        for town, (name, code) in towns.items()
    }


@dataclass(frozen=True)
class Cover:
    """A school on a day: whether a restricted program is open there, or why not."""

    school: School
    place: Place
    on: date

    @property
    def reason(self) -> Refusal | None:
        return why_not_covered(self.school.name, self.place, on=self.on)

    @property
    def agreement(self) -> core.Agreement | None:
        return self.place.in_force(self.on)


def covers_found_by(words: str, *, on: date, most: int = MOST_FOUND) -> list[Cover]:
    """Return the schools that hold every word, the first ones, each with its cover."""
    schools = schools_found_by(words, on=on, most=most)
    places = _at(Address.objects.current(on).filter(school__in=schools), on=on) if schools else {}
    return [Cover(school, places.get(school.pk, NOWHERE), on) for school in schools]


def cover_of(code: str, *, on: date) -> Cover | None:
    """Return the cover of the school that has this code; nothing when no school of that day has it."""
    school = schools_on(on).filter(code=code).first()
    return Cover(school, place_of(school, on=on), on) if school else None


@dataclass(frozen=True)
class Grounds:
    """On what eligibility rests that day: a confirmed place of work, who polices it, and what was signed there."""

    affiliation: Affiliation
    place: Place
    agreement: core.Agreement | None


def grounds_of(person: Person, *, on: date, worked_on: date | None = None) -> Grounds | None:
    """Return the confirmed place of work, one that is covered on the day first; nothing when nobody confirmed any.

    Args:
        on: the day on which the agreement is asked.
        worked_on: the day on which the person worked there, when it is another one.
    """
    works = [
        (work.employment.place.in_force(on), work)
        for work in works_of_one(person, on=on)
        if work.employment.is_confirmed and work.employment.period.holds(worked_on or on)
    ]
    if not works:
        return None
    agreement, work = next((found for found in works if found[0]), works[0])
    affiliation = Affiliation.objects.select_related("school__body").get(pk=work.affiliation)
    return Grounds(affiliation, work.employment.place, agreement)


def basis_of(affiliation: Affiliation, place: Place, *, on: date) -> Basis:
    """Return the facts that an award freezes: where the person works, who confirmed it, what is in force there."""
    agreement, confirmed_at = place.in_force(on), affiliation.confirmed_at
    confirmed_by = "DOMAIN" if affiliation.confirmed_domain else "REGISTRAR"
    return Basis(
        school=affiliation.school.name,
        body=affiliation.school.body.name,
        role=affiliation.role,
        territory=place.municipality,
        police_service=place.police_service,
        confirmed_on=localdate(confirmed_at) if confirmed_at else None,
        checked_on=on,
        agreement=agreement.reference if agreement else "",
        confirmed_by=confirmed_by if confirmed_at else "",
        confirmed_domain=affiliation.confirmed_domain,
    )


def agreement_called(reference: str, *, police_service: str) -> core.Agreement | None:
    """Return the agreement that has this reference, with its changes; nothing when no such agreement is known.

    Two police services may use one reference: the name that was written then decides. One that was ended on its first
    day was a mistake: it is returned only where no other has the reference.
    """
    by_service: dict[str, _Signed] = {}
    for service, *terms in _of_reference(reference):
        key, starts_on, ends_on, act, since = terms
        by_service.setdefault(service, _Signed()).add(key, reference, starts_on, ends_on, (), act, since, ())
    found = by_service.get(police_service) or (next(iter(by_service.values())) if len(by_service) == 1 else _Signed())
    return max(found.agreements, key=lambda one: one.ends_on > one.period.starts_on, default=None)


_of_reference = Prepared(
    lambda reference: (
        Agreement.objects.opening()
        .filter(reference=reference)
        .order_by("changes__number")
        .values_list("police_service__name", "pk", "starts_on", "ends_on", "changes__act", "changes__on")
    )
)
