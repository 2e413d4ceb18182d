"""From the lines of a file of people to what changes: seen before it is done, all or nothing, nobody deleted.

Some hundreds of lines are in memory at a time; what must be remembered of the others is in the notebook.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from secrets import token_hex

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

from jalon.accounts import letters
from jalon.accounts.lines import MOST_TOLD, Line, Reading
from jalon.accounts.models import Affiliation, ImportLine, PeopleImport, Person
from jalon.accounts.notebook import Notebook
from jalon.accounts.queries import people_by_address
from jalon.core.periods import Period, why_not_period
from jalon.core.refusals import Refusal
from jalon.journal import actions as journal
from jalon.journal.models import Entry
from jalon.places.models import School
from jalon.web.rows import insert

BATCH = 500
State = dict[str, object]


@dataclass(frozen=True, slots=True)
class Difference:
    """What one line changes: for whom, where, and what (`new`, `role`, `confirmed`, `ends_on`, `asked`).

    Args:
        name: as the file says it; never the one of the account.
        fields: role and days before (empty when there was none) and after, as in `state_of`.
    """

    file: str
    line: int
    email: str
    school: str
    what: tuple[str, ...]
    name: str = ""
    fields: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    is_new_person: bool = False


@dataclass
class Plan:
    """What an import would do: a batch of lines in hand, and the counts of all those before.

    Args:
        on: the day from which a line without a date counts.
        by: the registrar who answers for the file; without one, every place of work waits to be confirmed.
        is_written: each batch goes to the tables, so that what it changes is locked.
        differences: the first thousand; `different` counts them all.
        made: the accounts that are new.
    """

    reading: Reading
    on: date
    at: datetime
    by: Person | None
    notebook: Notebook
    is_written: bool = False
    schools: dict[str, School | None] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    new_people: list[Person] = field(default_factory=list)
    new: list[Affiliation] = field(default_factory=list)
    changed: list[tuple[Affiliation, State]] = field(default_factory=list)
    asked: set[tuple[str, str]] = field(default_factory=set)
    to_ask: list[tuple[Person, str]] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    different: int = 0
    unchanged: int = 0
    made: int = 0

    def tell(self, difference: Difference) -> None:
        self.different += 1
        if self.different <= MOST_TOLD:
            self.differences.append(difference)


def take(plan: Plan, lines: list[Line]) -> None:
    """The plan holds what these lines change, and forgets the batch before."""
    plan.new_people, plan.new, plan.changed, plan.to_ask = [], [], [], []
    _learn_schools(plan, {line.school for line in lines})
    plan.people = people_by_address({line.email for line in lines})
    known = _affiliations(plan)
    plan.asked = _asked(plan)
    for line in lines:
        school = plan.schools[line.school]
        if school is None:
            refusal = Refusal("school-missing", {"code": line.school})
            plan.reading.tell(line.file, line.number, "school", line.school, refusal)
        elif _is_first(plan, line):
            _one(plan, line, school, known)


def pass_over(plan: Plan, lines: list[Line]) -> None:
    """The plan knows of these lines, which were written before an interruption, and changes nothing."""
    plan.people = people_by_address({line.email for line in lines})
    for line in lines:
        _is_first(plan, line)


def _is_first(plan: Plan, line: Line) -> bool:
    """Tell whether no line before spoke of this person at this school; one that said otherwise is a problem."""
    said = f"{line.role} {line.starts_on} {line.ends_on}"
    person = plan.people.get(line.email)
    email = person.email if person else line.email
    before = plan.notebook.note("work", f"{line.school} {email}", f"{line.number} {said}")
    number, _, said_before = (before or "").partition(" ")
    if before and said_before != said:
        plan.reading.tell(line.file, line.number, "email", line.email, Refusal("work-doubled", {"line": int(number)}))
    return before is None


def _learn_schools(plan: Plan, codes: set[str]) -> None:
    """These schools are known: those of the registrar's bodies; another body's school is as a missing one."""
    unknown = codes - set(plan.schools)
    if not unknown:
        return
    plan.schools |= dict.fromkeys(unknown)
    schools = School.objects.filter(body__registrars__person=plan.by) if plan.by else School.objects.all()
    plan.schools |= {school.code: school for school in schools.filter(code__in=unknown)}


def _affiliations(plan: Plan) -> dict[tuple[object, object], list[Affiliation]]:
    found: dict[tuple[object, object], list[Affiliation]] = {}
    theirs = Affiliation.objects.filter(person__in=[person.pk for person in plan.people.values()])
    theirs = theirs.select_related("school")
    for one in theirs.select_for_update(of=("self",)) if plan.is_written else theirs:
        found.setdefault((one.person_id, one.school_id), []).append(one)
    return found


def _asked(plan: Plan) -> set[tuple[str, str]]:
    """Return who was asked before to add which school."""
    keys = [person.pk for person in plan.people.values()]
    before = Entry.objects.filter(verb="affiliation.asked", about_id__in=keys).values_list("about_id", "facts")
    return {(str(key), facts["school"]) for key, facts in before}


def _one(plan: Plan, line: Line, school: School, known: dict[tuple[object, object], list[Affiliation]]) -> None:
    person = plan.people.get(line.email)
    is_new_person = False
    if person is None:
        person = _new_person(plan, line)
        is_new_person = plan.notebook.note("account", line.email) is None
        plan.made += is_new_person
    theirs = known.get((person.pk, school.pk), [])
    same = _same(plan, line, theirs)
    if same is None and _is_stranger(plan, person, school, known):
        _ask(plan, line, person)
        return
    before = state_of(same) if same else {}
    if same is None:
        if reversed_ := why_not_period(line.starts_on or plan.on, line.ends_on):
            plan.reading.tell(line.file, line.number, "until", str(line.ends_on), reversed_)
            return
        same = _new(plan, line, person, school)
        plan.new.append(same)
        what: tuple[str, ...] = ("new",)
    else:
        what = _changed(plan, line, same)
    if what:
        said = (line.file, line.number, line.email, line.school)
        plan.tell(Difference(*said, what, line.name, _fields(before, same), is_new_person))
    else:
        plan.unchanged += 1


def _same(plan: Plan, line: Line, theirs: list[Affiliation]) -> Affiliation | None:
    """Return the place of work that the line speaks of: it begins or ends alike, goes on, or meets it.

    One that was refused holds no day, and stays so.
    """
    theirs = [one for one in theirs if one.ends_on != one.starts_on]
    said = Period(line.starts_on or plan.on, line.ends_on)
    tests = (
        lambda one: one.starts_on == line.starts_on,
        lambda one: line.starts_on is None and line.ends_on is not None and one.ends_on == line.ends_on,
        lambda one: line.starts_on is None and one.ends_on is None,
        lambda one: Period(one.starts_on, one.ends_on).overlaps(said),
    )
    return next((one for is_it in tests for one in theirs if is_it(one)), None)


def _is_stranger(
    plan: Plan, person: Person, school: School, known: dict[tuple[object, object], list[Affiliation]]
) -> bool:
    """Tell whether the account was there and the body does not know it: a file alone never shows whose it is.

    Nobody may have used it yet: its name then comes from the file of another body.
    """
    if plan.by is None or plan.notebook.read("account", person.email) is not None:
        return False
    works = (one for (owner, _), some in known.items() if owner == person.pk for one in some)
    return not any(one.school.body_id == school.body_id for one in works)


def _ask(plan: Plan, line: Line, person: Person) -> None:
    """The person is asked, once, to add the school themselves; until then the body sees nothing of them."""
    if (str(person.pk), line.school) in plan.asked:
        plan.unchanged += 1
        return
    plan.to_ask.append((person, line.school))
    plan.tell(Difference(line.file, line.number, line.email, line.school, ("asked",), line.name))


def _new_person(plan: Plan, line: Line) -> Person:
    """Return an account that nobody has used; in a rehearsal, a later batch makes it again and counts it once."""
    person = Person(email=line.email, legal_name=line.name, password=f"{UNUSABLE_PASSWORD_PREFIX}{token_hex(20)}")
    person.language = line.language or person.language
    person.search = person.search_words()
    plan.people[line.email] = person
    plan.new_people.append(person)
    return person


def _new(plan: Plan, line: Line, person: Person, school: School) -> Affiliation:
    confirmed = {"confirmed_at": plan.at, "confirmed_by": plan.by} if plan.by else {}
    start = line.starts_on or plan.on
    return Affiliation(
        person=person,
        school=school,
        role=line.role,
        starts_on=start,
        ends_on=line.ends_on,
        was_ended_by_body=line.ends_on is not None,
        declared_at=plan.at,
        **confirmed,
    )


def _changed(plan: Plan, line: Line, known: Affiliation) -> tuple[str, ...]:
    """The role, the end and the confirmation are those of the file; the first day stays as it was."""
    before, what = state_of(known), []
    if known.role != line.role:
        known.role = line.role
        what.append("role")
    if line.ends_on and line.ends_on < known.starts_on:
        refusal = Refusal("leave-before-start", {"starts_on": known.starts_on})
        plan.reading.tell(line.file, line.number, "until", str(line.ends_on), refusal)
        return ()
    if line.ends_on and line.ends_on != known.ends_on:
        known.ends_on, known.was_ended_by_body = line.ends_on, True
        what.append("ends_on")
    if plan.by and known.confirmed_at is None:
        known.confirmed_at, known.confirmed_by = plan.at, plan.by
        what.append("confirmed")
    if what:
        plan.changed.append((known, before))
    return tuple(what)


def _fields(before: State, affiliation: Affiliation) -> dict[str, tuple[str, str]]:
    after = state_of(affiliation)
    if not before:
        after["starts_on"] = affiliation.starts_on.isoformat()
    pairs = {name: (str(before.get(name) or ""), str(after[name] or "")) for name in SHOWN if name in after}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def state_of(affiliation: Affiliation) -> State:
    """Return what an import may change of an affiliation, as JSON."""
    return {
        "role": affiliation.role,
        "ends_on": affiliation.ends_on.isoformat() if affiliation.ends_on else None,
        "was_ended_by_body": affiliation.was_ended_by_body,
        "confirmed_at": affiliation.confirmed_at.isoformat() if affiliation.confirmed_at else None,
        "confirmed_by": str(affiliation.confirmed_by_id) if affiliation.confirmed_by_id else None,
    }


# What a look at the file shows of a place of work.
SHOWN = ("role", "starts_on", "ends_on")
CHANGEABLE = ["role", "ends_on", "was_ended_by_body", "confirmed_at", "confirmed_by"]


def write(plan: Plan, batch: PeopleImport) -> None:
    """The batch in hand is in the tables, with what is needed to undo it."""
    Person.objects.bulk_create(plan.new_people)
    addresses = [EmailAddress(user=one, email=one.email, primary=True, verified=False) for one in plan.new_people]
    EmailAddress.objects.bulk_create(addresses)
    insert(plan.new)
    Affiliation.objects.bulk_update([one for one, _ in plan.changed], CHANGEABLE)
    facts = {"batch": str(batch.pk)}
    journal.record_many("affiliation.imported", by=plan.by, at=plan.at, about=plan.new, facts=facts)
    altered = [one for one, _ in plan.changed]
    journal.record_many("affiliation.import_changed", by=plan.by, at=plan.at, about=altered, facts=facts)
    for person, school in plan.to_ask:
        journal.record("affiliation.asked", by=plan.by, at=plan.at, about=person, facts={"school": school})
    letters.send_all({person.pk: person for person, _ in plan.to_ask}.values(), "task", "accounts:declare")
    lines = [_line_of(plan, batch, one) for one in plan.new]
    insert([*lines, *(_line_of(plan, batch, one, before=was) for one, was in plan.changed)])


def _line_of(plan: Plan, batch: PeopleImport, one: Affiliation, *, before: State | None = None) -> ImportLine:
    is_new = before is None and plan.notebook.read("account", one.person.email) is not None
    return ImportLine(batch=batch, affiliation=one, made_person=is_new, before=before, after=state_of(one))
