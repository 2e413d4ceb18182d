"""A query that is put into SQL once in the life of a process: afterwards only its value changes.

Django writes the SQL of a query anew at each call, which takes longer than the answer of the database, and PostgreSQL
plans it anew. What every stranger asks, and what each award asks, is worth this; any other query is written plainly.
"""

from collections.abc import Callable
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection, connections
from django.db.backends.utils import CursorWrapper
from django.db.models import Model, QuerySet

TEXT = "\0value\0"
KEY = UUID(int=0)
Row = tuple[Any, ...]


class Prepared:
    """Rows of a query that depends on one value, or on nothing.

    Args:
        make: returns the query, by `values_list`, for a value; called once, with `mark`, which stands for the others.
        mark: `TEXT`, or `KEY` for a primary key.
        holds: the rows of this model are locked until the transaction ends, those of the others are not; where the
            database has no such locks, a transaction that writes is alone.
    """

    def __init__(
        self,
        make: Callable[[Any], QuerySet[Any, Row]],
        *,
        mark: str | UUID = TEXT,
        holds: type[Model] | None = None,
    ) -> None:
        self.make, self.mark, self.holds = make, mark, holds
        self.statement = cache(self._statement)

    def __call__(self, value: str | UUID = "") -> list[Row]:
        """Return the rows, each value as a model would give it."""
        sql, values, converters = self.statement(connection.vendor)
        given = self._written(value)
        with planned() as cursor:
            cursor.execute(sql, [given if one is None else one for one in values])
            rows = [list(row) for row in cursor.fetchall()]
        for row in rows:
            for position, (convert, expression) in converters:
                for one in convert:
                    row[position] = one(row[position], expression, connection)
        return [tuple(row) for row in rows]

    def _statement(self, vendor: str) -> tuple[str, list[Any], list[Any]]:
        """Return the statement, its values with nothing where the value of a call goes, and how columns are read."""
        compiler = self.make(self.mark).query.get_compiler(connection=connection)
        sql, values = compiler.as_sql()
        if self.holds and connection.features.has_select_for_update_of:
            sql += f" FOR UPDATE OF {connection.ops.quote_name(self.holds._meta.db_table)}"
        columns = [column for column, _, _ in compiler.select]
        mark = self._written(self.mark)
        fixed = [None if value == mark else value for value in values]
        return sql, fixed, list(compiler.get_converters(columns).items())

    @staticmethod
    def _written(value: str | UUID) -> str | UUID:
        """Return a value as the database compares it."""
        if isinstance(value, UUID) and not connection.features.has_native_uuid_field:
            return value.hex
        return value


def planned() -> CursorWrapper:
    """Return a cursor for a statement that comes again: PostgreSQL reads and plans it once for each connection."""
    if connection.vendor != "postgresql":
        return connection.cursor()
    from django.db.backends.postgresql import base

    connection.ensure_connection()
    direct: Any = connections[connection.alias]
    with direct.wrap_database_errors:
        made: CursorWrapper = direct._prepare_cursor(base.ServerBindingCursor(direct.connection))  # type: ignore[call-arg]
    return made
