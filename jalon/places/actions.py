"""The verb of places: a file fills the register, after a rehearsal that says everything that would change."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import connection, transaction

from jalon.core.refusals import Refusal, insist
from jalon.core.tables import Problem
from jalon.journal import actions as journal
from jalon.places import imports
from jalon.places.imports import PLANS, Difference, Plan
from jalon.places.lines import Line, Reading, from_orgs, is_orgs, lines_of
from jalon.places.models import Address, Import, Region, School, Serves
from jalon.web.tables import open_table

if TYPE_CHECKING:
    from jalon.accounts.models import Person

Progress = Callable[[Iterable[Line]], Iterable[Line]]
RETIRABLE = ("schools", "police")


@dataclass(frozen=True)
class Report:
    """What an import did, or would do.

    Args:
        encoding: how a CSV is written; empty for another file.
        days: how many days were written in each form: `2025-03-21`, `21/03/2025` (day first), `Excel`.
        ignored: the columns of the file that say nothing here.
        absent: the codes that the register holds and the file does not name; they are kept unless they were retired.
        is_written: the register has changed; else this was a rehearsal, or problems stopped everything.
    """

    kind: str
    file: str
    form: str
    encoding: str
    lines: int
    days: Mapping[str, int]
    ignored: tuple[str, ...]
    problems: tuple[Problem, ...]
    differences: tuple[Difference, ...]
    unchanged: int
    absent: tuple[str, ...]
    retired: int
    is_written: bool

    @property
    def added(self) -> int:
        return sum(one.is_new for one in self.differences)

    @property
    def changed(self) -> int:
        return len(self.differences) - self.added


def import_places(
    *,
    kind: str,
    path: Path,
    on: date,
    at: datetime,
    commit: bool = False,
    retire_on: date | None = None,
    by: "Person | None" = None,
    progress: Progress = iter,
) -> Report:
    """The register says what the file says, all or nothing; without `commit`, only the report is made.

    Args:
        kind: "municipalities", "bodies", "police" or "schools".
        on: the day from which a line without a date counts.
        retire_on: what the file does not name is closed that day (schools) or no longer served (police); kept without.

    Raises:
        Refused: the file is no table, a needed column is missing, or this kind is never retired.
    """
    insist(Refusal("retirement-unavailable") if retire_on and kind not in RETIRABLE else None)
    with transaction.atomic() if commit else nullcontext():
        if commit:
            _lock()
        plan = Plan(Reading(), on)
        with open_table(path) as table:
            orgs, read = is_orgs(kind, table), list(progress(lines_of(kind, table, plan.reading)))
            PLANS[kind](plan, from_orgs(read, plan.reading) if orgs else read, table.geometries)
        is_written = commit and not plan.reading.problems
        retired = len(plan.absent) if retire_on else 0
        if is_written:
            imports.write(plan)
            _retire(kind, plan.absent, retire_on)
            _remember(kind, path, plan, retired=retired, by=by, at=at)
    return Report(
        kind=kind,
        file=path.name,
        form=table.kind,
        encoding=table.encoding,
        lines=plan.reading.lines,
        days=dict(plan.reading.forms),
        ignored=plan.reading.ignored,
        problems=tuple(sorted(plan.reading.problems, key=lambda problem: problem.line)),
        differences=tuple(plan.differences),
        unchanged=plan.unchanged,
        absent=tuple(plan.absent),
        retired=retired,
        is_written=is_written,
    )


def _lock() -> None:
    """Two imports never mix, not even the two first: the second waits. SQLite has one writer at a time anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {connection.ops.quote_name(Region._meta.db_table)} IN SHARE ROW EXCLUSIVE MODE")


def _retire(kind: str, codes: list[str], on: date | None) -> None:
    """What the file does not name is closed; what had not begun by then is left alone."""
    if on is None:
        return
    for start in range(0, len(codes), imports.BATCH):
        some = codes[start : start + imports.BATCH]
        if kind == "schools":
            School.objects.filter(code__in=some).update(closed_on=on)
            open_ones = Address.objects.filter(school__code__in=some)
        else:
            open_ones = Serves.objects.filter(municipality__code__in=some)
        open_ones.filter(starts_on__lt=on).current(on).update(ends_on=on)


def _remember(kind: str, path: Path, plan: Plan, *, retired: int, by: "Person | None", at: datetime) -> None:
    """The import is a record, with the digest of its file; the journal says who did it."""
    added = sum(one.is_new for one in plan.differences)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    done = Import.objects.create(
        kind=kind,
        digest=digest,
        added=added,
        changed=len(plan.differences) - added,
        retired=retired,
        differences=[asdict(one) for one in plan.differences],
        at=at,
    )
    facts = {"kind": kind, "added": added, "changed": done.changed, "retired": retired}
    journal.record("places.imported", by=by, at=at, about=done, facts=facts)
