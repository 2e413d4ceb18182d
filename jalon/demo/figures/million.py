"""The page of a badge with a million credentials stored beside it; by name only, since filling takes minutes.

./dev bench million

The rows are made by the database itself, from one award of the story. Their signed bytes are short: the page of a badge
reads none of them, and four gigabytes of copies would measure the disk.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.db import connection, models

from jalon.core.openbadges import status
from jalon.credentials import queries
from jalon.credentials.models import Award, Credential, StatusList
from jalon.demo.figures import Figure, median, milliseconds, percentile
from jalon.demo.figures.pages import Visitor, asked, server
from jalon.demo.story import Story

MILLION = 1_000_000


def figures(story: Story) -> Iterator[Figure]:
    award = story.awards["explorer"]
    page = urlsplit(queries.link(award)).path
    yield from badge_page(page, "a few")
    fill(award, MILLION)
    yield from badge_page(page, f"{Credential.objects.count():,}")


def badge_page(page: str, stored: str) -> Iterator[Figure]:
    with server() as port:
        taken = milliseconds(Visitor(port, page).ask, times=300)
    note = f"{stored} credentials stored"
    yield Figure("badge page, p50", median(taken), "ms", "≤ 4 ms", queries=asked(None, page), note=note)
    yield Figure("badge page, p99", percentile(taken, 99), "ms", note=note)


def fill(like: Award, size: int) -> None:
    """So many more people have the award, each with a credential; identifiers count up, which no real one does."""
    credential = Credential.objects.filter(award=like).exclude(signed_at=None).first()
    assert credential is not None
    last = StatusList.objects.order_by("-number").first()
    base = last.number + 1 if last else 1
    StatusList.objects.bulk_create(
        StatusList(number=base + number, bits=status.empty()) for number in range(size // status.ENTRIES + 1)
    )
    lists = connection.ops.quote_name(StatusList._meta.db_table)
    multiply(like.holder, size, id=key_of("1"), email="'million-' || s.n || '@bench.example'")
    multiply(like, size, id=key_of("2"), holder_id=key_of("1"), code=padded(30))
    multiply(
        credential,
        size,
        id=key_of("3"),
        award_id=key_of("2"),
        status_list_id=f"(SELECT l.id FROM {lists} l WHERE l.number = {base} + s.n / {status.ENTRIES})",  # noqa: S608
        status_index=f"s.n %% {status.ENTRIES}",
        signed="CAST('{}' AS BYTEA)" if connection.vendor == "postgresql" else "CAST('{}' AS BLOB)",
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def multiply(row: models.Model, size: int, **different: str) -> None:
    """The row is there so many times more; each column is as in the row, but those that are given as SQL of `s.n`."""
    meta = row._meta
    table = connection.ops.quote_name(meta.db_table)
    columns = [str(field.column) for field in meta.concrete_fields]
    names = [connection.ops.quote_name(column) for column in columns]
    values = [different.get(column, f"t.{connection.ops.quote_name(column)}") for column in columns]
    statement = (  # the only parts are names of our own tables and the SQL written above
        f"WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {size}) "  # noqa: S608
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} FROM s "
        f"CROSS JOIN (SELECT * FROM {table} WHERE id = %s) t"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [meta.pk.get_db_prep_value(row.pk, connection)])


def padded(length: int) -> str:
    """Return SQL of the number of the row in hexadecimal, so many digits."""
    return f"LPAD(TO_HEX(s.n), {length}, '0')" if connection.vendor == "postgresql" else f"PRINTF('%%0{length}X', s.n)"


def key_of(kind: str) -> str:
    """Return SQL of the key of a row that counts up."""
    text = f"'{kind}' || {padded(31)}"
    return f"CAST({text} AS UUID)" if connection.vendor == "postgresql" else f"LOWER({text})"
