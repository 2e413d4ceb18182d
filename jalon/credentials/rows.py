"""The lines of a batch: what a table calls its columns, what each line says, and what stops it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Count, Q

from jalon.accounts.models import Affiliation, Person
from jalon.accounts.queries import people_by_address
from jalon.agreements.queries import Work, basis_of, works_of
from jalon.core.dossier import Basis
from jalon.core.gating import why_not_covered
from jalon.core.names import clean_name, mixed_in, why_not_name
from jalon.core.refusals import Refusal
from jalon.core.tables import day
from jalon.credentials.bulk import Wanted
from jalon.credentials.models import ROW_STATES, Award, Batch, BatchRow
from jalon.web.wording import sentence

COLUMNS: Mapping[str, Collection[str]] = {
    "email": ("courriel", "adresse courriel", "adresse de courriel", "e-mail", "mail", "courrier électronique"),
    "name": ("nom", "nom complet", "nom légal", "full name", "legal name", "holder"),
    "awarded_on": ("date", "date d’obtention", "date obtenue", "obtenu le", "awarded on", "date obtained"),
}
MIXED = "name-mixed"  # told before the batch is begun; it holds no line back


@dataclass(frozen=True)
class Line:
    """A line of the file, before anything is known of it.

    Args:
        refusals: heading and code of what the reader refused.
    """

    number: int
    cells: dict[str, str]
    refusals: list[list[str]]


def checked(batch: Batch, lines: Sequence[Line], *, seen: set[str], on: date) -> list[BatchRow]:
    """Return the rows of these lines, not yet written, each with what stops it.

    Args:
        seen: the addresses and the people of the lines before; it grows.
    """
    made = [_read(batch, line) for line in lines]
    found = people(batch, made, on=on)
    awarded = Award.objects.standing().filter(
        level_key=batch.level_key, holder__in=[p.pk for p in found.persons.values()]
    )
    has = set(awarded.values_list("holder_id", flat=True))
    for row in made:
        problems = [
            *(_problem(heading, row.cells.get(heading, ""), Refusal(code)) for heading, code in row.refusals),
            *_problems(batch, row, found, on),
        ]
        who = {row.email, str(found.pk_of(row) or row.email)}
        is_double = bool(who & seen) or found.pk_of(row) in has
        if is_double and batch.duplicates == "REFUSE":
            code = "row-repeated" if who & seen else "already-awarded"
            problems.append(_problem("email", row.email, Refusal(code)))
        seen |= who
        row.problems = problems
        row.state = "PROBLEM" if problems else "KNOWN" if is_double else "READY"
        if row.state == "READY" and mixed_in(name := found.name_of(row)):
            row.problems = [{"column": "name", "value": name, "code": MIXED, "facts": {}}]
    return made


def _read(batch: Batch, line: Line) -> BatchRow:
    said = {column: line.cells.get(heading, "").strip() for column, heading in batch.columns.items()}
    found = day(said.get("awarded_on", ""))
    return BatchRow(
        batch=batch,
        line=line.number,
        cells=line.cells,
        refusals=line.refusals,
        email=said.get("email", "").lower()[:254],
        name=clean_name(said.get("name", ""))[:120],
        awarded_on=found.value if found else None,
    )


def _problems(batch: Batch, row: BatchRow, found: "People", on: date) -> list[dict[str, Any]]:
    written = {column: row.cells.get(heading, "") for column, heading in batch.columns.items()}
    nobody = _why_not_email(row) or why_not_person(batch, row, found)
    stops: list[tuple[str, Refusal | None]] = [
        ("email", nobody),
        ("name", None if nobody else _why_not_name(row, written.get("name", ""), found)),
        ("awarded_on", _why_not_day(row, written.get("awarded_on", ""), on)),
    ]
    return [_problem(column, written.get(column, ""), refusal) for column, refusal in stops if refusal]


def _problem(column: str, value: str, refusal: Refusal) -> dict[str, Any]:
    facts = {name: fact if isinstance(fact, int | dict) else str(fact) for name, fact in refusal.facts.items()}
    return {"column": column, "value": value[:120], "code": refusal.code, "facts": facts}


def _why_not_email(row: BatchRow) -> Refusal | None:
    try:
        validate_email(row.email)
    except ValidationError:
        return Refusal("email-not-valid")
    return None


def stopped(batch: Batch, some: Sequence[BatchRow], found: "People") -> list[BatchRow]:
    """Return the sound lines that the day of the award stops, each with why; they are not yet written."""
    for row in some:
        refusal = why_not_person(batch, row, found)
        row.problems = [_problem("email", row.email, refusal)] if refusal else []
        row.state = "PROBLEM" if refusal else "READY"
    return [row for row in some if row.problems]


def why_not_person(batch: Batch, row: BatchRow, found: "People") -> Refusal | None:
    """Say why this person gets no award on the day of `found`; asked when the line is read and when it is issued.

    A member of a school body gets a restricted level where the agreement is in force, as by the ordinary way.
    """
    if batch.people == "MEMBERS" and row.email not in found.works:
        return Refusal("person-not-member")
    if batch.people == "KNOWN" and row.email not in found.persons:
        return Refusal("person-unknown")
    pack = batch.release.pack
    if pack.restricted and row.email in found.works:
        employment = found.works[row.email][1].employment
        if refusal := why_not_covered(employment.school, employment.place, on=found.on):
            return refusal
    if found.before is None or found.pk_of(row) in found.before:
        return None
    level = pack.level(batch.level_key.partition("/")[2])
    previous = pack.level(level.unlock) if level and level.unlock else None
    return Refusal("level-locked", {"previous": dict(previous.title)}) if previous else None


def _why_not_name(row: BatchRow, written: str, found: "People") -> Refusal | None:
    """A name is needed where the account has none; that of the account is what is printed."""
    person = found.persons.get(row.email)
    if person and person.legal_name:
        return None
    if not written:
        return Refusal("row-name-missing")
    return why_not_name(written)


def _why_not_day(row: BatchRow, written: str, on: date) -> Refusal | None:
    if not written:
        return None
    if row.awarded_on is None:
        return Refusal("day-not-readable")
    return Refusal("day-to-come") if row.awarded_on > on else None


@dataclass
class People:
    """Who the lines speak of, by address.

    Args:
        works: for a batch of members, the confirmed place of work in the school body, by address; a covered one first.
        before: who holds the level that must be obtained first; nothing when there is none.
    """

    on: date
    persons: dict[str, Person]
    works: dict[str, tuple[Affiliation, Work]] = field(default_factory=dict)
    before: Collection[UUID] | None = None

    def pk_of(self, row: BatchRow) -> UUID | None:
        person = self.persons.get(row.email)
        return person.pk if person else None

    def wanted(self, row: BatchRow) -> Wanted:
        person = self.persons[row.email]
        return Wanted(row.award, person, self.name_of(row), row.awarded_on or self.on, self.basis(row.email))

    def name_of(self, row: BatchRow) -> str:
        """Return the name that the award of this line has: that of the account, else that of the file."""
        person = self.persons.get(row.email)
        return (person.legal_name if person else "") or row.name

    def basis(self, email: str) -> Basis | None:
        """Return where the person works, as it is on the day of the award."""
        if email not in self.works:
            return None
        affiliation, work = self.works[email]
        return basis_of(affiliation, work.employment.place, on=self.on)


def people(batch: Batch, some: Sequence[BatchRow], *, on: date) -> People:
    """Return who these lines speak of; where anybody may be awarded and the batch is begun, an account is made."""
    addresses = {row.email for row in some if row.email}
    persons = people_by_address(addresses)
    if batch.people == "ANY" and batch.committed_at:
        new = [Person(email=row.email) for row in some if row.email and row.email not in persons]
        for person in new:
            person.set_unusable_password()
        Person.objects.bulk_create(new, ignore_conflicts=True)
        if new:
            persons = people_by_address(addresses)
    found = People(on, persons, before=_holders_before(batch, persons))
    if batch.people != "MEMBERS":
        return found
    members = _members(batch, persons, on)
    return replace(found, persons={email: persons[email] for email in members}, works=members)


def _holders_before(batch: Batch, persons: Mapping[str, Person]) -> set[UUID] | None:
    level = batch.release.pack.level(batch.level_key.partition("/")[2])
    if level is None or level.unlock is None:
        return None
    before = Award.objects.standing().filter(level_key=f"{batch.release.pack.id}/{level.unlock}")
    return set(before.filter(holder__in=[one.pk for one in persons.values()]).values_list("holder_id", flat=True))


def _worth(work: Work, on: date) -> tuple[bool, date]:
    return work.employment.place.in_force(on) is not None, work.employment.starts_on


def _members(batch: Batch, persons: Mapping[str, Person], on: date) -> dict[str, tuple[Affiliation, Work]]:
    works = works_of([person.pk for person in persons.values()], on=on)
    of_body = Affiliation.objects.filter(school__body=batch.body, person__in=[one.pk for one in persons.values()])
    here = {one.pk: one for one in of_body.current(on).confirmed().select_related("school__body")}
    return {
        email: (here[work.affiliation], work)
        for email, person in persons.items()
        for work in sorted(works.get(person.pk, []), key=lambda work: _worth(work, on))
        if work.affiliation in here
    }


def problems_of(batch: Batch) -> Iterator[dict[str, Any]]:
    """Yield each problem with the line of the file, in its order."""
    return _told(batch, STOPPED)


def mixed_of(batch: Batch) -> Iterator[dict[str, Any]]:
    """Yield each name that mixes scripts, of a line to issue, with its line; it is told until the batch is begun."""
    return _told(batch, TO_LOOK_AT)


STOPPED = Q(state="PROBLEM")
TO_LOOK_AT = Q(state="READY") & ~Q(problems=[])


def _told(batch: Batch, which: Q) -> Iterator[dict[str, Any]]:
    found = batch.rows.filter(which).order_by("state", "line").values_list("line", "problems")
    for line, problems in found.iterator(1_000):
        yield from ({"line": line, **problem} for problem in problems)


def counted(batch: Batch) -> dict[str, int]:
    """Return how many lines of a batch are in each state (one query)."""
    found = dict(batch.rows.order_by().values_list("state").annotate(Count("pk")))
    return {state: found.get(state, 0) for state in ROW_STATES}


MOST_SHOWN = 100


@dataclass(frozen=True)
class Shown:
    """What the page of a batch shows.

    Args:
        problems: of the first lines, each with its sentence.
        mixed: the names that mix scripts, each with its line; they hold nothing back.
    """

    counts: Mapping[str, int]
    problems: Sequence[tuple[int, str, str, str]]
    mixed: Sequence[tuple[int, str]]

    @property
    def done(self) -> int:
        return self.counts["ISSUED"] + self.counts["KNOWN"]

    @property
    def total(self) -> int:
        return self.done + self.counts["READY"]


def shown(batch: Batch) -> Shown:
    """Return what the page of a batch shows (two queries)."""
    which = STOPPED if batch.committed_at or batch.withdrawn_at else STOPPED | TO_LOOK_AT
    first = list(islice(_told(batch, which), MOST_SHOWN))
    mixed = [(one["line"], one["value"]) for one in first if one["code"] == MIXED]
    told = [
        (one["line"], one["column"], one["value"], sentence(refusal_of(one))) for one in first if one["code"] != MIXED
    ]
    return Shown(counted(batch), told, mixed)


def refusal_of(problem: Mapping[str, Any]) -> Refusal:
    """Return the refusal that a kept problem was; its day is a day again."""
    facts = dict(problem["facts"])
    if isinstance(facts.get("on"), str):
        facts["on"] = date.fromisoformat(facts["on"])
    return Refusal(problem["code"], facts)
