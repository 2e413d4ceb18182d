"""A batch: one level for everybody in a table. It is read, checked, begun, finished after any interruption, taken back.

Each step of some hundreds of lines is a transaction of its own. A line has the key of its award from the moment that
it is read, so that whatever is interrupted goes on where it was, and nothing is issued twice.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.timezone import localdate

from jalon.accounts import actions as accounts
from jalon.accounts.models import Person
from jalon.core.refusals import Refusal, insist
from jalon.core.tables import headings
from jalon.credentials import access, actions, bulk, requests, rows
from jalon.credentials.models import Award, AwardQuerySet, Batch, Revocation
from jalon.journal import actions as journal
from jalon.library import actions as library
from jalon.library.access import why_not_start
from jalon.library.models import Program, Release
from jalon.places.models import Body
from jalon.web.jobs import after_commit, task
from jalon.web.rows import insert
from jalon.web.tables import Table, open_table

STEP = 1_000
MOST_BY_PAGE = 5_000
ATTEMPTS = 5
Progress = Callable[[int], object]


@dataclass(frozen=True)
class Asked:
    """What a batch is asked for.

    Args:
        duplicates: SKIP leaves whoever has the level already as they are; REFUSE calls it a problem.
        people: MEMBERS of the school body, KNOWN people with an account, or ANY: an account is made.
    """

    level_key: str
    duplicates: str = "SKIP"
    people: str = "KNOWN"
    body: Body | None = None


def release_for(level_key: str) -> Release:
    """Return the current release that has this level.

    Raises:
        Refused: no published program has it, or that program was withdrawn.
    """
    slug, _, level = level_key.partition("/")
    program = Program.objects.published().filter(slug=slug).first()
    release = program.current if program else None
    insist(None if release and release.pack.level(level) else Refusal("level-unknown", {"level": level_key}))
    assert release is not None
    insist(why_not_start(release))
    return release


@transaction.atomic
def prepare(
    *,
    path: Path,
    name: str,
    asked: Asked,
    columns: Mapping[str, str] | None = None,
    key: str = "",
    by: Person | None,
    at: datetime,
    progress: Progress = lambda lines: None,
) -> Batch:
    """The table is read and each of its lines checked; nothing is issued. Read again, the same batch is the answer; its
    lines are checked anew until it is begun.

    Args:
        name: of the file, as it was sent.
        columns: column of `rows.COLUMNS` → heading; when not given, those of before, or recognised by their names.
        key: of the form; sent again with it, the file leads to the same batch even once that one was taken back.
        by: a registrar, within their school body; nothing for the operator, who may everything.
    Raises:
        Refused: the file is no table, the level is unknown, this person may not, or the key was used for another file.
    """
    request = requests.begin(key, "prepare", by and by.pk, columns, _fingerprint(path, asked) if key else "", at=at)
    if request.outcome:
        return Batch.objects.get(pk=request.outcome)
    release = release_for(asked.level_key)
    insist(access.why_not_batch(by, asked.body, release, asked.level_key) if by else None)
    with open_table(path) as table:
        told = {
            "level_key": asked.level_key,
            "release": release,
            "name": name[:200],
            "headings": list(table.headers),
            "columns": dict(columns) if columns else headings(table.headers, rows.COLUMNS),
            "duplicates": asked.duplicates,
            "people": asked.people,
            "body": asked.body,
            "by": by,
            "at": at,
        }
        fingerprint = _fingerprint(path, asked, release.sha256)
        batch, is_new = Batch.objects.get_or_create(fingerprint=fingerprint, withdrawn_at=None, defaults=told)
        if is_new:
            _read(batch, table, at=at, progress=progress)
        elif access.why_not_change(batch) is None:
            batch = _read_again(batch, columns, by=by, at=at, progress=progress)
    return requests.end(request, batch)


def _read(batch: Batch, table: Table, *, at: datetime, progress: Progress) -> None:
    read = (
        rows.Line(one.line, dict(one.cells), [[heading, refusal.code] for heading, refusal in one.refusals])
        for one in table
    )
    _fill(batch, islice(read, MOST_BY_PAGE + 1) if batch.by else read, at=at, progress=progress)
    is_long = batch.by and batch.rows.count() > MOST_BY_PAGE
    insist(Refusal("batch-too-long", {"most": MOST_BY_PAGE}) if is_long else None)
    journal.record("batch.read", by=batch.by, at=at, about=batch, facts={"level": batch.level_key})


def try_out(
    *,
    path: Path,
    asked: Asked,
    columns: Mapping[str, str] | None,
    keeps: bool,
    at: datetime,
    progress: Progress = lambda lines: None,
) -> tuple[Batch, dict[str, Any]]:
    """Say what the table would give; nothing of it is kept unless that is asked for."""
    with transaction.atomic():
        batch = prepare(path=path, name=path.name, asked=asked, columns=columns, by=None, at=at, progress=progress)
        told: dict[str, Any] = {**rows.counted(batch), "problems": list(rows.problems_of(batch))}
        told["mixed"] = list(rows.mixed_of(batch))
        transaction.set_rollback(not keeps)
    return batch, told


def _fingerprint(path: Path, asked: Asked, *more: str) -> str:
    digest = hashlib.sha256()
    said = (asked.level_key, asked.duplicates, asked.people, asked.body.pk if asked.body else "", *more)
    digest.update(repr([str(one) for one in said]).encode())
    if path.is_file():
        with path.open("rb") as file:
            while block := file.read(2**20):
                digest.update(block)
    return digest.hexdigest()


def _fill(batch: Batch, lines: Iterable[rows.Line], *, at: datetime, progress: Progress) -> None:
    """The lines are in the batch, each with its problems; some hundreds in memory at a time."""
    seen: set[str] = set()
    for chunk in _by(STEP, lines):
        insert(rows.checked(batch, chunk, seen=seen, on=localdate(at)))
        progress(len(chunk))


def _by(size: int, several: Iterable[rows.Line]) -> Iterator[list[rows.Line]]:
    each = iter(several)
    while chunk := list(islice(each, size)):
        yield chunk


@transaction.atomic
def map_columns(*, batch: Batch, columns: Mapping[str, str], key: str = "", by: Person | None, at: datetime) -> Batch:
    """The lines are read again with other columns; possible until the batch is begun.

    Asked again under its key, earlier columns do not take the place of later ones.
    """
    request = requests.begin(key, "columns", batch.pk, sorted(columns.items()), at=at)
    if request.outcome:
        return Batch.objects.get(pk=request.outcome)
    return requests.end(request, _read_again(batch, columns, by=by, at=at))


def _read_again(
    batch: Batch,
    columns: Mapping[str, str] | None,
    *,
    by: Person | None,
    at: datetime,
    progress: Progress = lambda lines: None,
) -> Batch:
    batch = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    insist(access.why_not_change(batch))
    asked = batch.columns if columns is None else columns
    batch.columns = {column: heading for column, heading in asked.items() if heading in batch.headings}
    batch.save(update_fields=["columns"])
    kept = [rows.Line(*one) for one in batch.rows.order_by("line").values_list("line", "cells", "refusals")]
    batch.rows.all().delete()
    _fill(batch, kept, at=at, progress=progress)
    journal.record("batch.read", by=by, at=at, about=batch, facts={"level": batch.level_key})
    return batch


@transaction.atomic
def begin(*, batch: Batch, by: Person | None, at: datetime, runs: bool = True) -> Batch:
    """The sound lines are to be issued, whatever happens to this process; begun again, nothing changes.

    It takes no key: a batch is begun once, and each of its lines has the key of the award that it will have.

    Args:
        runs: the work follows the commit; else the caller does it, by `go_on`.
    Raises:
        Refused: it was taken back, no line can be issued, or this person may not.
    """
    batch = Batch.objects.select_for_update(of=("self",)).select_related("release__program", "body").get(pk=batch.pk)
    insist(access.why_not_batch(by, batch.body, batch.release, batch.level_key) if by else None)
    if batch.committed_at:
        return batch
    library.locked(batch.release.program)
    insist(access.why_not_begin(batch))
    batch.committed_at = batch.moved_at = at
    batch.save(update_fields=["committed_at", "moved_at"])
    journal.record("batch.begun", by=by, at=at, about=batch)
    if runs:
        after_commit(run, str(batch.pk))
    return batch


@transaction.atomic
def withdraw(*, batch: Batch, reason: str, by: Person | None, at: datetime) -> Batch:
    """Every award of the batch is to be revoked, for this reason; asked again, nothing changes.

    It takes no key: a batch is taken back once.

    Raises:
        Refused: there is no reason, it was taken back for another one, or this person may not.
    """
    batch = Batch.objects.select_for_update(of=("self",)).select_related("release__program", "body").get(pk=batch.pk)
    insist(access.why_not_batch(by, batch.body, batch.release, batch.level_key) if by else None)
    if batch.withdrawn_at and batch.reason == reason.strip():
        return batch
    insist(access.why_not_take_back(batch, reason))
    batch.withdrawn_at, batch.withdrawn_by, batch.reason, batch.finished_at = at, by, reason.strip(), None
    batch.moved_at = at
    batch.save(update_fields=["withdrawn_at", "withdrawn_by", "reason", "finished_at", "moved_at"])
    journal.record("batch.withdrawn", by=by, at=at, about=batch)
    after_commit(run, str(batch.pk))
    return batch


def resume(*, batch: Batch) -> None:
    """A job goes on with this batch, from where it was; where another one is at it, nothing is done twice."""
    if batch.working_at:
        after_commit(run, str(batch.pk))


# The work itself


@task()
def run(batch_id: str) -> None:
    go_on(batch_id=UUID(batch_id), at=timezone.now())


def go_on(*, batch_id: UUID, at: datetime, progress: Progress = lambda lines: None) -> None:
    """What was begun, or taken back, is finished; called again after any interruption, it goes on."""
    line = 0
    while step := _step(batch_id, after=line, at=at):
        done, line = step
        progress(done)
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(pk=batch_id)
        if batch.finished_at is None and (batch.committed_at or batch.withdrawn_at):
            batch.finished_at = at
            batch.save(update_fields=["finished_at"])
            journal.record("batch.finished", by=None, at=at, about=batch)
    actions.checkpoint(at=max(at, timezone.now()))  # its lines were written until now, whenever this began


def _step(batch_id: UUID, *, after: int = 0, at: datetime) -> tuple[int, int] | None:
    """Do some hundreds of lines; begin again when somebody took the same entry or award at the same instant.

    Return how many were done and the last of them; nothing when none is left.
    Args:
        after: the line up to which nothing is left: the rows before it are not looked at again.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction.atomic():
                batch = _held(batch_id)
                Batch.objects.filter(pk=batch_id).update(moved_at=timezone.now())
                return _revoke_some(batch, at=at) if batch.withdrawn_at else _issue_some(batch, after, at=at)
        except IntegrityError:
            if attempt == ATTEMPTS:
                raise
    raise AssertionError


def _held(batch_id: UUID) -> Batch:
    """Return the batch; nobody else works on it until the transaction ends."""
    joined = Batch.objects.select_for_update(of=("self",)).select_related(
        "release__program", "by", "withdrawn_by", "body"
    )
    return joined.defer("release__content").get(pk=batch_id)


def _issue_some(batch: Batch, after: int, *, at: datetime) -> tuple[int, int] | None:
    if batch.committed_at is None:
        return None
    ready = batch.rows.filter(state="READY", line__gt=after).order_by("line")
    lines = list(ready.only("line", "email", "name", "awarded_on", "award", "batch_id")[:STEP])
    if not lines:
        return None
    found = rows.people(batch, lines, on=localdate(at))
    stopped = rows.stopped(batch, lines, found)
    if stopped:
        batch.rows.bulk_update(stopped, ["state", "problems"])
    sound = [line for line in lines if line.state == "READY"]
    free = bulk.holders_without(batch.level_key, people=[one.pk for one in found.persons.values()])
    firsts = {found.pk_of(line): line for line in reversed(sound)}  # two addresses may have become one person's
    new = [line for line in sound if found.pk_of(line) in free and firsts[found.pk_of(line)] is line]
    wanted = [found.wanted(line) for line in new]
    level = batch.release.pack.level(batch.level_key.partition("/")[2])
    assert level is not None
    common = bulk.Common(batch.release, level, batch.by, str(batch.pk), access.who_answers(batch))
    if wanted:
        bulk.issue_many(wanted, common=common, at=at)
    left = {line.pk for line in sound} - {line.pk for line in new}
    if left:
        batch.rows.filter(pk__in=left).update(state="KNOWN")
    ready.order_by().filter(line__lte=lines[-1].line).update(state="ISSUED")
    return len(lines), lines[-1].line


def _revoke_some(batch: Batch, *, at: datetime) -> tuple[int, int] | None:
    standing = _awards_of(batch).standing()
    awards = list(standing.select_for_update(of=("self",)).defer("facts").order_by("pk")[:STEP])
    if not awards:
        return None
    Revocation.objects.bulk_create(
        [Revocation(award=award, reason=batch.reason, by=batch.withdrawn_by, at=at) for award in awards]
    )
    actions.close(awards)
    accounts.end_standings(sources=[award.pk for award in awards], until_on=localdate(at))
    journal.record_many("award.revoked", by=batch.withdrawn_by, at=at, about=awards, facts={"batch": str(batch.pk)})
    return len(awards), 0


def _awards_of(batch: Batch) -> AwardQuerySet:
    """Return what a batch issued, and each version that corrected it, or corrected a correction."""
    issued = batch.rows.filter(state="ISSUED").values("award")
    versions: list[UUID] = []
    newer = list(Award.objects.filter(replaces__in=issued).values_list("pk", flat=True))
    while newer:
        versions += newer
        newer = list(Award.objects.filter(replaces__in=newer).values_list("pk", flat=True))
    return Award.objects.filter(Q(pk__in=issued) | Q(pk__in=versions))
