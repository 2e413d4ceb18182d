"""Lists of people for a level: prepared, issued, and what came of them."""

from datetime import timedelta

from jalon.accounts.models import Standing
from jalon.attestations import checking
from jalon.credentials import batches, rows
from jalon.credentials.models import Award, Batch, BatchRow, Credential, Issuance, StatusList
from jalon.hours.models import Entry as Hours
from jalon.journal.models import Entry
from jalon.notices.models import Message
from tests.issuing import MONDAY

LATER = MONDAY + timedelta(hours=1)
TABLES = (Award, Credential, Message, Standing, Entry, Issuance, Batch, BatchRow, Hours, StatusList)


def prepared(path, level_key, **asked) -> Batch:
    return batches.prepare(path=path, name=path.name, asked=batches.Asked(level_key, **asked), by=None, at=MONDAY)


def issued(path, level_key, **asked) -> Batch:
    batch = prepared(path, level_key, **asked)
    batches.begin(batch=batch, by=None, at=MONDAY, runs=False)
    batches.go_on(batch_id=batch.pk, at=MONDAY)
    return Batch.objects.get(pk=batch.pk)


def counts() -> dict[str, int]:
    return {table.__name__: table.objects.count() for table in TABLES}


def verdict(credential: Credential) -> str:
    return checking.check_file("it", credential.content, now=LATER)[0].verdict


def problems(batch: Batch) -> list[tuple[int, str, str]]:
    return [(one["line"], one["column"], one["code"]) for one in rows.problems_of(batch)]
