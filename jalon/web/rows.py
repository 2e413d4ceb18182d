"""Rows of one table written by the fastest way that the database has: Django writes the same SQL anew at each call."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.db import DatabaseError, connection, connections, models, transaction

from jalon.web.prepared import planned

FEW = 8  # a stream of PostgreSQL costs three messages, an INSERT one


def insert(rows: Sequence[models.Model]) -> None:
    """The rows are in their table; constraints hold as ever. Nothing else happens: no signal, no `save` of the model.

    Args:
        rows: new, of one model, complete: no default of the database, no `auto_now`.
    Raises:
        IntegrityError: a row breaks a constraint; none is written.
    """
    if rows:
        _write(type(rows[0]), [row.__dict__ for row in rows])
        for row in rows:
            row._state.adding, row._state.db = False, connection.alias


@contextmanager
def together() -> Iterator[None]:
    """What is written meanwhile goes to PostgreSQL in one go: one message and one answer, whatever their number.

    For rows that nobody reads before the end.

    Raises:
        IntegrityError: at the end, for the first row that breaks a constraint; none after it is written.
    """
    if connection.vendor != "postgresql":
        yield
        return
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


def insert_unless_taken(row: models.Model, *columns: str) -> bool:
    """The row is in its table, unless another one has the same values in these columns; return whether it is.

    Another transaction that is writing such a row is waited for: it decides. Not to be asked inside `together`.

    Args:
        columns: of one unique constraint, by their names in Python.
    Raises:
        IntegrityError: the row breaks another constraint.
    """
    written = _write(type(row), [row.__dict__], unless_taken=columns)
    if written < 0:
        raise RuntimeError("what is written together has no answer yet")
    if is_written := written == 1:
        row._state.adding, row._state.db = False, connection.alias
    return is_written


def update(row: models.Model, *columns: str) -> None:
    """These columns of a row are in its table as the object has them; nothing else happens, as with `insert`.

    Raises:
        DatabaseError: the row is not there any more; `together` does not see it, and is for a row that is held.
    """
    direct = connections[connection.alias]
    statement, fields = _change(type(row), columns, connection.vendor)
    with planned() as cursor:
        cursor.execute(statement, [prepare(getattr(row, name), direct) for name, prepare in fields])
        if cursor.rowcount == 0:
            raise DatabaseError("the row to change is not there")


def insert_plain(model: type[models.Model], rows: Iterable[Mapping[str, Any]], **same: object) -> None:
    """As `insert`, for rows that nobody looks at again: an object for each would cost more than the row.

    Args:
        rows: name of the column in Python (`person_id`) → value; what is left out has the default of its field.
        same: what all rows have.
    """
    fields = model._meta.concrete_fields
    drawn = [(one.attname, one.default) for one in fields if one.has_default() and callable(one.default)]
    drawn = [(name, draw) for name, draw in drawn if name not in same]
    fixed = {field.attname: field.get_default() for field in fields} | same
    complete = [{**fixed, **{name: draw() for name, draw in drawn}, **row} for row in rows]
    if complete:
        _write(model, complete)


def _write(model: type[models.Model], rows: Sequence[Mapping[str, Any]], *, unless_taken: tuple[str, ...] = ()) -> int:
    """Return how many rows were written."""
    if connection.vendor == "postgresql" and len(rows) > FEW:
        _stream(model, rows)
        return len(rows)
    direct = connections[connection.alias]
    statement, fields = _insertion(model, unless_taken, connection.vendor)
    prepared = [[prepare(row[name], direct) for name, prepare in fields] for row in rows]
    with transaction.atomic(savepoint=False), planned() as cursor:
        cursor.executemany(statement, prepared) if len(rows) > 1 else cursor.execute(statement, prepared[0])
        return int(cursor.rowcount)


def _stream(model: type[models.Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows in PostgreSQL's own binary form: seven times less work here than as text, and half of it there.

    Each value is as psycopg writes it for the type of its column; only JSON has a form that Django knows alone.
    """
    direct = connections[connection.alias]
    table, columns = _names(model)
    fields = model._meta.concrete_fields
    names = [(one.attname, isinstance(one, models.JSONField) and one) for one in fields]
    statement = f"COPY {table} ({columns}) FROM STDIN (FORMAT BINARY)"
    with direct.cursor() as cursor, direct.wrap_database_errors, cursor.copy(statement) as stream:
        stream.set_types([str(one.db_type(direct)).partition("(")[0] for one in fields])
        for row in rows:
            stream.write_row(
                [field.get_db_prep_save(row[name], direct) if field else row[name] for name, field in names]
            )


# Statements are the same as long as the process runs; the vendor decides how a name is quoted.


@cache
def _insertion(
    model: type[models.Model], unless_taken: tuple[str, ...], vendor: str
) -> tuple[str, list[tuple[str, Any]]]:
    """Return the statement that inserts a row, and how each column is prepared."""
    table, columns = _names(model)
    fields = model._meta.concrete_fields
    statement = f"INSERT INTO {table} ({columns}) VALUES ({', '.join(['%s'] * len(fields))})"  # noqa: S608 - our names
    if unless_taken:
        statement += f" ON CONFLICT ({', '.join(_quoted(_fields(model, unless_taken)))}) DO NOTHING"
    return statement, [(field.attname, field.get_db_prep_save) for field in fields]


@cache
def _change(model: type[models.Model], names: tuple[str, ...], vendor: str) -> tuple[str, list[tuple[str, Any]]]:
    """Return the statement that changes columns of a row, and how each value is prepared, the key last."""
    key = model._meta.pk
    fields = _fields(model, names)
    changes = ", ".join(f"{name} = %s" for name in _quoted(fields))
    statement = f"UPDATE {_names(model)[0]} SET {changes} WHERE {_quoted([key])[0]} = %s"  # noqa: S608 - our names
    return statement, [(field.attname, field.get_db_prep_save) for field in [*fields, key]]


def _names(model: type[models.Model]) -> tuple[str, str]:
    """Return the quoted names of a table and of its columns."""
    return connection.ops.quote_name(model._meta.db_table), ", ".join(_quoted(model._meta.concrete_fields))


def _fields(model: type[models.Model], names: Iterable[str]) -> list[Any]:
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    return [by_name[name] for name in names]


def _quoted(fields: Iterable[Any]) -> list[str]:
    return [connection.ops.quote_name(str(field.column)) for field in fields]
