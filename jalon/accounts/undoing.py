"""An import of people is undone within a day: asked for once, then done some hundreds of lines at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress, EmailConfirmation
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from jalon.accounts import imports
from jalon.accounts.imports import state_of
from jalon.accounts.models import Affiliation, ImportLine, PeopleImport, Person, Upload
from jalon.core.refusals import Refusal, insist
from jalon.journal import actions as journal

UNDO_WITHIN = timedelta(hours=24)
AT_ONCE = 500
Progress = Callable[[int], object]


@dataclass(frozen=True)
class Undone:
    """What an undoing did: lines put back, lines that had changed since and stay, accounts that are gone."""

    undone: int
    kept: int
    people: int


def why_not_undo(batch: PeopleImport, by: Person | None, *, at: datetime) -> Refusal | None:
    """Say why this import cannot be undone: it already is, a day has passed, or it is somebody else's."""
    if batch.undone_at:
        return Refusal("import-undone", {"undone_at": batch.undone_at})
    if by is not None and not _answers_for(by, batch):
        return Refusal("registrars-only")
    is_done = batch.working_at is None
    return Refusal("import-too-old", {"hours": 24}) if is_done and at - batch.at > UNDO_WITHIN else None


def _answers_for(by: Person, batch: PeopleImport) -> bool:
    """Tell whether this registrar made the import, and is still a registrar of every body that it touched."""
    return batch.by_id == by.pk and not batch.lines.exclude(affiliation__school__body__registrars__person=by).exists()


@transaction.atomic
def ask(*, batch: PeopleImport, by: Person | None, at: datetime, wrong: int = 0) -> PeopleImport:
    """The import is to be undone, whatever happens to this process; `finish` does it, now or after an interruption.

    Args:
        wrong: problems because of which the import itself stopped; nobody asks then.
    Raises:
        Refused: it is undone already, a day has passed, or it is somebody else's.
    """
    batch = PeopleImport.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if wrong and (batch.undone_at or batch.working_at is None):
        return batch  # somebody else came first
    insist(None if wrong else why_not_undo(batch, by, at=at))
    batch.undone_at, batch.undone_by, batch.working_at, batch.wrong = at, by, at, wrong
    batch.save(update_fields=["undone_at", "undone_by", "working_at", "wrong"])
    Upload.objects.filter(pk=batch.pk).delete()
    return batch


def undo_import(
    *, batch: PeopleImport, by: Person | None, at: datetime, progress: Progress = lambda lines: None
) -> Undone:
    """What the import made is gone and what it changed is as before; what somebody changed since stays as it is.

    An account that it made goes too, unless its person has signed in or anything else refers to it.

    Args:
        progress: is told how many more lines are done.
    """
    batch = finish(batch=ask(batch=batch, by=by, at=at), progress=progress)
    return Undone(batch.undone, batch.kept, batch.gone)


def finish(*, batch: PeopleImport, progress: Progress = lambda lines: None) -> PeopleImport:
    """What was asked to be undone is undone; called again after any interruption, or by two at once, it goes on."""
    while done := _step(batch):
        progress(done)
    return PeopleImport.objects.get(pk=batch.pk)


@transaction.atomic
def _step(batch: PeopleImport) -> int:
    """Undo some hundreds of lines; return how many, 0 when nothing is left to do."""
    batch = PeopleImport.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if batch.undone_at is None or batch.working_at is None:
        return 0
    lines = batch.lines.select_related("affiliation").select_for_update(of=("self", "affiliation")).order_by("pk")
    some = list(lines[:AT_ONCE])
    untouched = [line for line in some if state_of(line.affiliation) == line.after]
    by, when = batch.undone_by, batch.undone_at
    batch.undone, batch.kept = batch.undone + len(untouched), batch.kept + len(some) - len(untouched)
    batch.gone += _undo(some, untouched)
    batch.working_at = timezone.now() if some else None
    batch.save(update_fields=["undone", "kept", "gone", "working_at"])
    put_back = [line.affiliation for line in untouched if line.before is not None]
    removed = [line.affiliation for line in untouched if line.before is None]
    facts: dict[str, object] = {"batch": str(batch.pk)}
    journal.record_many("affiliation.import_undone", by=by, at=when, about=put_back, facts=facts)
    journal.record_many("affiliation.import_removed", by=by, at=when, about=removed, facts=facts)
    if not some:
        facts = {"undone": batch.undone, "kept": batch.kept, "people": batch.gone, "wrong": batch.wrong}
        journal.record(
            "people.import_stopped" if batch.wrong else "people.import_undone", by=by, at=when, about=batch, facts=facts
        )
    return len(some)


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
        one.was_ended_by_body = was["was_ended_by_body"]
        one.confirmed_at = datetime.fromisoformat(was["confirmed_at"]) if was["confirmed_at"] else None
        one.confirmed_by_id = UUID(was["confirmed_by"]) if was["confirmed_by"] else None
    Affiliation.objects.bulk_update([line.affiliation for line in lines], imports.CHANGEABLE)


def forget_lines(*, at: datetime) -> int:
    """What was needed to undo imports that can be undone no more is gone; return how many lines."""
    old = PeopleImport.objects.filter(working_at=None, at__lt=at - UNDO_WITHIN)
    return _erase(ImportLine.objects.filter(batch__in=old))


def forget_unused(people: list[UUID]) -> int:
    """The accounts among these that nobody ever used are gone; return how many."""
    unused = Person.objects.filter(pk__in=people, last_login=None)
    for relation in Person._meta.get_fields(include_hidden=True):
        if _refers(relation):
            field = relation.field.name  # type: ignore[union-attr]
            unused = unused.exclude(Exists(relation.related_model.objects.filter(**{field: OuterRef("pk")})))  # type: ignore[union-attr]
    keys = list(unused.select_for_update().values_list("pk", flat=True))
    return _erase(
        EmailConfirmation.objects.filter(email_address__user__in=keys),
        EmailAddress.objects.filter(user__in=keys),
        Person.objects.filter(pk__in=keys),
    )


def _refers(relation: object) -> bool:
    """Tell whether this is another table that refers to people; their addresses go with them."""
    is_relation = isinstance(relation, models.ManyToOneRel | models.OneToOneRel)
    return is_relation and relation.related_model is not EmailAddress  # type: ignore[attr-defined]
