"""The verbs of an import of people: seen first, then begun and finished whatever happens, or taken back whole.

Some hundreds of lines are a transaction. An import that meets a problem on its way is undone: in the end a file is
imported whole, or not at all.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from uuid import UUID

from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from django.utils.timezone import localdate

from jalon.accounts import imports, undoing, uploads
from jalon.accounts.access import why_not_register
from jalon.accounts.imports import Difference, Plan
from jalon.accounts.lines import Line, Progress, Reading, Told, lines_of
from jalon.accounts.models import ImportLine, PeopleImport, Person, Upload
from jalon.accounts.notebook import Notebook
from jalon.core.refusals import Refusal, Refused, insist
from jalon.journal import actions as journal
from jalon.web.jobs import after_commit, task

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
    batch: UUID | None = None


def import_people(
    *,
    files: Sequence[Path],
    by: Person | None,
    at: datetime,
    commit: bool = False,
    progress: Progress = iter,
    writing: Progress = iter,
) -> Report:
    """The people and their places of work are as the files say; without `commit`, or with a problem, only the report.

    Asked again for the same files after an interruption, it goes on where it was.

    Args:
        by: the registrar who answers for the files: what they say is confirmed. Nobody at the command line: it waits.
        writing: the progress while the tables are written.

    Raises:
        Refused: a file is no table, lacks a column, or the person is no registrar.
    """
    if by:
        insist(why_not_register(by))
    report, lines = look(files, by=by, at=at, progress=progress)
    if not commit:
        return report
    batch = PeopleImport.objects.begun().filter(by=by, digest=_digest(files)).first()
    if batch is None and (report.wrong or not report.different):
        return report
    batch = batch or _begin(files, by=by, at=at, total=lines)
    return write(batch=batch, files=files, progress=writing) or report


def look(
    files: Sequence[Path],
    *,
    by: Person | None,
    at: datetime,
    progress: Progress = iter,
    tick: Callable[[], object] = lambda: None,
) -> tuple[Report, int]:
    """Return what the files would change, and how many lines they have of staff; nothing is changed.

    Args:
        tick: is called after some hundreds of lines.
    """
    reading, count = Reading(), 0
    with closing(Notebook()) as notebook:
        plan = Plan(reading, localdate(at), at, by, notebook)
        for some in _batches(lines_of(files, reading, notebook=notebook, progress=progress)):
            imports.take(plan, some)
            count += len(some)
            tick()
    return _report(files, plan), count


def _report(files: Sequence[Path], plan: Plan) -> Report:
    reading = plan.reading
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
    )


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


# Beginning


@transaction.atomic
def begin(*, upload: Upload, by: Person, at: datetime) -> PeopleImport:
    """The kept files are to be imported, whatever happens to this process; begun again, nothing changes.

    The import has the key of its files, which are gone once it is done.

    Raises:
        Refused: the person is no registrar any more, or the files are gone.
    """
    insist(why_not_register(by))
    held = Upload.objects.select_for_update().filter(pk=upload.pk).first()
    if known := PeopleImport.objects.filter(pk=upload.pk).first():
        return known
    if held is None:
        raise Refused(Refusal("upload-gone"))
    with uploads.opened(held) as files:
        batch = _begin(files, by=by, at=at, pk=upload.pk)
    after_commit(run, str(batch.pk))
    return batch


@transaction.atomic
def _begin(files: Sequence[Path], *, by: Person | None, at: datetime, **more: object) -> PeopleImport:
    batch = PeopleImport.objects.create(by=by, digest=_digest(files), people=0, works=0, at=at, working_at=at, **more)
    journal.record("people.import_begun", by=by, at=at, about=batch, facts={"sha256": batch.digest})
    return batch


@transaction.atomic
def begin_undoing(*, batch: PeopleImport, by: Person, at: datetime) -> PeopleImport:
    """The import is to be undone, by a job that follows the commit.

    Raises:
        Refused: see `undoing.why_not_undo`.
    """
    batch = undoing.ask(batch=batch, by=by, at=at)
    after_commit(run, str(batch.pk))
    return batch


def resume(*, batch: PeopleImport) -> None:
    """A job goes on with this import, from where it was; where another one is at it, nothing is done twice."""
    if batch.working_at:
        after_commit(run, str(batch.pk))


# The work itself


@task()
def run(batch_id: str) -> None:
    go_on(batch=PeopleImport.objects.get(pk=batch_id))


def go_on(*, batch: PeopleImport, progress: Callable[[int], object] = lambda lines: None) -> bool:
    """What was begun, or asked to be undone, is finished; called again after any interruption, it goes on.

    Return whether nothing is left to do: an import from the command line goes on where its files are.
    """
    upload = Upload.objects.filter(pk=batch.pk).first()
    if batch.working_at and batch.undone_at is None and upload:
        with uploads.opened(upload) as files:
            try:
                write(batch=batch, files=files)
            except Refused:  # no table at all: it was never looked at
                _take_back(batch, wrong=1)
    elif batch.working_at and batch.undone_at:
        undoing.finish(batch=batch, progress=progress)
    return PeopleImport.objects.get(pk=batch.pk).working_at is None


def write(*, batch: PeopleImport, files: Sequence[Path], progress: Progress = iter) -> Report | None:
    """The import is done whole; or, when the files have a problem by now, nothing of it is left.

    A step that met what somebody else wrote at the same instant has left nothing: it is done again, once.

    Return its report, or nothing when somebody else took it back or goes on with it.
    """
    met_at = -1
    while True:
        try:
            return _write(batch, files, progress)
        except (IntegrityError, OperationalError):
            batch = PeopleImport.objects.get(pk=batch.pk)
            if batch.done == met_at:
                raise
            met_at = batch.done


def _write(batch: PeopleImport, files: Sequence[Path], progress: Progress) -> Report | None:
    if not batch.total:
        report, total = look(files, by=batch.by, at=batch.at, tick=lambda: _alive(batch))
        if report.wrong:
            return _stop(batch, report)
        PeopleImport.objects.filter(pk=batch.pk).update(total=total)
    reading = Reading()
    with closing(Notebook()) as notebook:
        for email in _made(batch) if batch.done else ():
            notebook.note("account", email)
        plan = Plan(reading, localdate(batch.at), batch.at, batch.by, notebook, is_written=True)
        position = 0
        for some in _batches(lines_of(files, reading, notebook=notebook, progress=progress)):
            if position < batch.done:
                imports.pass_over(plan, some)
            elif not _step(batch, plan, some, position):
                return _stop(batch, _report(files, plan)) if reading.wrong else None
            position += len(some)
    return _stop(batch, _report(files, plan)) if reading.wrong else _end(batch, _report(files, plan))


def _made(batch: PeopleImport) -> Iterator[str]:
    """Yield the addresses of the accounts that this import has made before it was interrupted."""
    lines = ImportLine.objects.filter(batch=batch, made_person=True)
    yield from lines.values_list("affiliation__person__email", flat=True).iterator()


def _alive(batch: PeopleImport) -> None:
    """The page sees that somebody is at it."""
    PeopleImport.objects.begun().filter(pk=batch.pk).update(working_at=timezone.now())


def _step(batch: PeopleImport, plan: Plan, some: list[Line], position: int) -> bool:
    """These lines are written, in one transaction; not when a problem came up, or somebody else is at it."""
    made, different = plan.made, plan.different
    with transaction.atomic():
        held = PeopleImport.objects.begun().select_for_update(of=("self",)).filter(pk=batch.pk, done=position).first()
        if held is None:
            return False
        imports.take(plan, some)
        if plan.reading.wrong:
            return False
        imports.write(plan, held)
        held.people, held.works = held.people + plan.made - made, held.works + plan.different - different
        held.done, held.working_at = position + len(some), timezone.now()
        held.save(update_fields=["people", "works", "done", "working_at"])
    return True


@transaction.atomic
def _end(batch: PeopleImport, report: Report) -> Report | None:
    """The import is done and its files are gone; who comes second finds that it is."""
    held = PeopleImport.objects.begun().select_for_update(of=("self",)).filter(pk=batch.pk).first()
    if held is None:
        return None
    held.working_at = None
    held.save(update_fields=["working_at"])
    Upload.objects.filter(pk=batch.pk).delete()
    facts = {"people": held.people, "works": held.works, "sha256": held.digest}
    journal.record("people.imported", by=held.by, at=held.at, about=held, facts=facts)
    return replace(report, batch=held.pk)


def _stop(batch: PeopleImport, report: Report) -> Report:
    """What was written of it is taken back: the files have a problem that they had not when they were looked at."""
    _take_back(batch, wrong=report.wrong)
    return report


def _take_back(batch: PeopleImport, *, wrong: int) -> None:
    undoing.ask(batch=batch, by=None, at=timezone.now(), wrong=wrong)
    undoing.finish(batch=batch)
