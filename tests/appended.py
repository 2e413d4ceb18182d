"""What somebody who owns the database can do: take away the triggers that keep the lines of a table as they are."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from django.db import connection

TABLES = [import_module(f"jalon.{subject}.migrations.0003_append_only").LINES for subject in ("journal", "credentials")]


@contextmanager
def lines_can_be_changed() -> Iterator[None]:
    """The triggers are away inside, and back afterwards."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        _run(cursor, "down")
    yield
    with connection.cursor() as cursor:
        _run(cursor, "up")


def _run(cursor, direction):
    for table in TABLES:
        for statement in getattr(table, direction)(connection.vendor):
            cursor.execute(statement)
