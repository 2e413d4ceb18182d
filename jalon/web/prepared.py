"""A query that is put into SQL once in the life of a process: afterwards only its value changes.

Django writes the SQL of a query anew at each call, which takes longer than the answer of the database. What every
stranger asks, and what each award asks, is worth this; any other query is written plainly.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet

MARK = "\0value\0"
Row = tuple[Any, ...]


class Prepared:
    """Rows of a query that depends on one text, or on nothing.

    Args:
        make: returns the query, by `values_list`, for a text; called once, with a text that stands for the others.
    """

    def __init__(self, make: Callable[[str], QuerySet[Any, Row]]) -> None:
        self.make = make
        self.statement = cache(self._statement)

    def __call__(self, text: str = "") -> list[Row]:
        """Return the rows, each value as a model would give it."""
        sql, values, converters = self.statement(connection.vendor)
        with connection.cursor() as cursor:
            cursor.execute(sql, [text if value == MARK else value for value in values])
            rows = [list(row) for row in cursor.fetchall()]
        for row in rows:
            for position, (convert, expression) in converters:
                for one in convert:
                    row[position] = one(row[position], expression, connection)
        return [tuple(row) for row in rows]

    def _statement(self, vendor: str) -> tuple[str, tuple[Any, ...], list[Any]]:
        compiler = self.make(MARK).query.get_compiler(connection=connection)
        sql, values = compiler.as_sql()
        columns = [column for column, _, _ in compiler.select]
        return sql, tuple(values), list(compiler.get_converters(columns).items())
