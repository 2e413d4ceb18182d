"""The verbs of an import of people: seen first, all or nothing, undone within a day."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress, EmailConfirmation
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.utils.timezone import localdate

from jalon.accounts import imports
from jalon.accounts.access import why_not_register
from jalon.accounts.imports import Difference, Plan, state_of
from jalon.accounts.lines import Line, Progress, Reading, Told, lines_of
from jalon.accounts.models import Affiliation, ImportLine, PeopleImport, Person
from jalon.accounts.notebook import Notebook
from jalon.core.refusals import Refusal, insist
from jalon.journal import actions as journal

UNDO_WITHIN = timedelta(hours=24)
AT_ONCE = 500


@dataclass(frozen=True)
class Report:
    """What an import did, or would do.

    Args:
        days: how many days were written in each form: `2025-03-21`, `21/03/2025` (day first), `Excel`.
        ignored: the columns of the files that say nothing here.
        passed_over: lines of people who are not staff, or who are gone; nothing of them is kept.
        problems: the first thousand; `wrong` counts them all.
        differences: the first thousand; `different` counts them all.
        batch: the import, once it is done; nothing when this was a rehearsal, or when problems stopped everything.
    """

    files: tuple[str, ...]
    lines: int
    days: Mapping[str, int]
    ignored: tuple[str, ...]
    passed_over: int
    problems: tuple[Told, ...]
    wrong: int
    differences: tuple[Difference, ...]
    different: int
    new_people: int
    unchanged: int
    batch: UUID | None


def import_people(
    *, files: Sequence[Path], by: Person | None, at: datetime, commit: bool = False, progress: Progress = iter
) -> Report:
    """The people and their places of work are as the files say, all or nothing; without `commit`, only the report.

    Args:
        by: the registrar who answers for the files: what they say is confirmed. Nobody at the command line: it waits.

    Raises:
        Refused: a file is no table, lacks a column, or the person is no registrar.
    """
    if by:
        insist(why_not_register(by))
    reading = Reading()
    with closing(Notebook()) as notebook, transaction.atomic() if commit else nullcontext():
        plan = Plan(reading, localdate(at), at, by, notebook, is_written=commit)
        lines = lines_of(files, reading, notebook=notebook, progress=progress)
        batch = None
        if commit:
            batch = _write(plan, lines, files)
        else:
            _rehearse(plan, lines)
    return Report(
        files=tuple(file.name for file in files),
        lines=reading.lines,
        days=dict(reading.forms),
        ignored=tuple(sorted(reading.ignored)),
        passed_over=reading.passed_over,
        problems=tuple(sorted(reading.problems, key=lambda told: (told.file, told.problem.line))),
        wrong=reading.wrong,
        differences=tuple(plan.differences),
        different=plan.different,
        new_people=plan.made,
        unchanged=plan.unchanged,
        batch=batch.pk if batch else None,
    )


def _rehearse(plan: Plan, lines: Iterable[Line]) -> None:
    for some in _batches(lines):
        imports.take(plan, some)


def _write(plan: Plan, lines: Iterable[Line], files: Sequence[Path]) -> PeopleImport | None:
    """Write batch after batch in one transaction, which is given up at the end when there was any problem."""
    batch = PeopleImport.objects.create(by=plan.by, digest=_digest(files), people=0, works=0, at=plan.at)
    for some in _batches(lines):
        imports.take(plan, some)
        if not plan.reading.wrong:
            imports.write(plan, batch)
    if plan.reading.wrong or not plan.different:
        transaction.set_rollback(True)
        return None
    batch.people, batch.works = plan.made, plan.different
    batch.save(update_fields=["people", "works"])
    facts = {"people": batch.people, "works": batch.works, "sha256": batch.digest}
    journal.record("people.imported", by=plan.by, at=plan.at, about=batch, facts=facts)
    return batch


def _batches(lines: Iterable[Line]) -> Iterator[list[Line]]:
    rest = iter(lines)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def _digest(files: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        with path.open("rb") as file:
            hashlib.file_digest(file, lambda: digest)
    return digest.hexdigest()


@dataclass(frozen=True)
class Undone:
    """What an undoing did: lines put back, lines that had changed since and stay, accounts that are gone."""

    undone: int
    kept: int
    people: int


def why_not_undo(batch: PeopleImport, by: Person | None, *, at: datetime) -> Refusal | None:
    """Say why this import cannot be undone: it already is, a day has passed, or it is somebody else's."""
    if by is not None and batch.by_id != by.pk:
        return Refusal("registrars-only")
    if batch.undone_at:
        return Refusal("import-undone", {"undone_at": batch.undone_at})
    return Refusal("import-too-old", {"hours": 24}) if at - batch.at > UNDO_WITHIN else None


@transaction.atomic
def undo_import(
    *, batch: PeopleImport, by: Person | None, at: datetime, progress: Callable[[int], object] = lambda lines: None
) -> Undone:
    """What the import made is gone and what it changed is as before; what somebody changed since stays as it is.

    An account that it made goes too, unless its person has signed in or anything else refers to it.

    Args:
        progress: is told how many more lines are done.
    """
    batch = PeopleImport.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    insist(why_not_undo(batch, by, at=at))
    undone = kept = people = 0
    lines = batch.lines.select_related("affiliation").select_for_update(of=("self",)).order_by("pk")
    while some := list(lines[:AT_ONCE]):
        untouched = [line for line in some if state_of(line.affiliation) == line.after]
        undone, kept = undone + len(untouched), kept + len(some) - len(untouched)
        people += _undo(some, untouched)
        put_back = [line.affiliation for line in untouched if line.before is not None]
        journal.record_many("affiliation.import_undone", by=by, at=at, about=put_back, facts={"batch": str(batch.pk)})
        progress(len(some))
    batch.undone_at, batch.undone_by = at, by
    batch.save(update_fields=["undone_at", "undone_by"])
    done = Undone(undone, kept, people)
    facts = {"undone": done.undone, "kept": done.kept, "people": done.people}
    journal.record("people.import_undone", by=by, at=at, about=batch, facts=facts)
    return done


def _undo(lines: list[ImportLine], untouched: list[ImportLine]) -> int:
    """These lines of an import are as if they had not been; return how many accounts are gone with them."""
    _put_back([line for line in untouched if line.before is not None])
    made = [line.affiliation_id for line in untouched if line.before is None]
    _erase(ImportLine.objects.filter(pk__in=[line.pk for line in lines]))
    _erase(ImportLine.objects.filter(affiliation__in=made), Affiliation.objects.filter(pk__in=made))
    return forget_unused(list({line.affiliation.person_id for line in untouched if line.made_person}))


def _erase(*rows: models.QuerySet[Any, Any]) -> int:
    """These rows are gone, in this order, one statement each; return how many of the last.

    Django's own `delete` reads each row and looks in every table that refers to it; who calls this knows those tables,
    and the database refuses what is forgotten.
    """
    return [some._raw_delete(some.db) or 0 for some in rows][-1]


def _put_back(lines: list[ImportLine]) -> None:
    for line in lines:
        one, was = line.affiliation, line.before or {}
        one.role = was["role"]
        one.ends_on = date.fromisoformat(was["ends_on"]) if was["ends_on"] else None
        one.was_ended_by_body = one.was_ended_by_body and one.ends_on is not None
        one.confirmed_at = datetime.fromisoformat(was["confirmed_at"]) if was["confirmed_at"] else None
        one.confirmed_by_id = UUID(was["confirmed_by"]) if was["confirmed_by"] else None
    Affiliation.objects.bulk_update([line.affiliation for line in lines], imports.CHANGEABLE)


def forget_unused(people: list[UUID]) -> int:
    """The accounts among these that nobody ever used are gone; return how many."""
    unused = Person.objects.filter(pk__in=people, last_login=None)
    for relation in Person._meta.get_fields(include_hidden=True):
        if _refers(relation):
            field = relation.field.name  # type: ignore[union-attr]
            unused = unused.exclude(Exists(relation.related_model.objects.filter(**{field: OuterRef("pk")})))  # type: ignore[union-attr]
    keys = list(unused.values_list("pk", flat=True))
    return _erase(
        EmailConfirmation.objects.filter(email_address__user__in=keys),
        EmailAddress.objects.filter(user__in=keys),
        Person.objects.filter(pk__in=keys),
    )


def _refers(relation: object) -> bool:
    """Tell whether this is another table that refers to people; their addresses go with them."""
    is_relation = isinstance(relation, models.ManyToOneRel | models.OneToOneRel)
    return is_relation and relation.related_model is not EmailAddress  # type: ignore[attr-defined]
