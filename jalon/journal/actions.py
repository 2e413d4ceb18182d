"""What is written in the journal, how it is chained, and how a change of it is found."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection, models, transaction

from jalon.core import chain
from jalon.core.chain import Fault, Kind, Mark
from jalon.journal.models import Entry
from jalon.web.reading import in_pieces
from jalon.web.rows import insert, insert_plain

if TYPE_CHECKING:
    from jalon.accounts.models import Person

AT_ONCE = 2_000
MOST_FAULTS = 100


def record(
    verb: str, *, by: "Person | None", at: datetime, about: models.Model, facts: Mapping[str, object] | None = None
) -> Entry:
    """The act stands in the journal, in the transaction of the verb that did it; sealing gives it its number later.

    Args:
        verb: kind.past_participle, for example `submission.approved`; its sentence is in `journal.wording`.
        by: who did it; nothing when the machine did.
        facts: codes, numbers, dates; never a personal word.
    """
    said = {"verb": verb, "by": by, "at": at, "facts": dict(facts or {})}
    entry = Entry(about_kind=about._meta.label_lower, about_id=about.pk, **said)
    insert([entry])
    return entry


def record_many(
    verb: str,
    *,
    by: "Person | None",
    at: datetime,
    about: Iterable[models.Model],
    facts: Mapping[str, object] | None = None,
) -> None:
    """The act stands in the journal once for each of these rows, with the same facts."""
    said = {"verb": verb, "by_id": by.pk if by else None, "at": at, "facts": dict(facts or {})}
    insert_plain(Entry, [{"about_kind": one._meta.label_lower, "about_id": one.pk} for one in about], **said)


def seal() -> int:
    """Every line that is committed has its number and its digest in the chain; return how many were given one."""
    sealed = 0
    while some := _seal_some():
        sealed += some
    return sealed


@transaction.atomic
def _seal_some() -> int:
    """The oldest lines without a number follow the last one. Two at once never give the same number: one waits."""
    waiting = list(Entry.objects.unsealed().select_for_update()[:AT_ONCE])
    last = Entry.objects.sealed().last()
    number, digest = (last.number or 0, last.digest) if last else (0, chain.START)
    rows = []
    for entry in waiting:
        number += 1
        digest = chain.link(digest, number, entry.said())
        rows.append((number, digest, Entry._meta.pk.get_db_prep_value(entry.pk, connection)))
    table = connection.ops.quote_name(Entry._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET number = %s, digest = %s WHERE id = %s", rows)  # noqa: S608
    return len(rows)


def checkpoint(*, at: datetime) -> Mark:
    """Everything written so far is sealed; return what somebody elsewhere must keep."""
    seal()
    last = Entry.objects.sealed().last()
    return Mark(last.number or 0, last.digest, at) if last else Mark(0, chain.START, at)


@dataclass(frozen=True)
class Check:
    """What a reading of the journal found.

    Args:
        sealed: lines of the chain.
        waiting: lines without a number yet, which only time protects.
        faults: the first hundred.
    """

    sealed: int
    waiting: int
    faults: Sequence[Fault]


def verify(*, marks: Sequence[Mark] = ()) -> Check:
    """Return what is wrong with the journal, read line by line; nothing is changed.

    Args:
        marks: checkpoints that were kept elsewhere; without one, a cut tail cannot be seen.
    """
    lines = (entry.as_line() for entry in in_pieces(Entry.objects.sealed(), by="number", size=AT_ONCE))
    found = [fault for fault, _ in zip(chain.faults(lines, marks), range(MOST_FAULTS), strict=False)]
    waiting = Entry.objects.unsealed()
    newest = max(marks, key=lambda mark: mark.number, default=None)
    if newest and waiting.filter(at__lt=newest.at - chain.GRACE).exists():
        found.append(Fault(Kind.BACKDATED, 0))
    return Check(Entry.objects.sealed().count(), waiting.count(), found)
