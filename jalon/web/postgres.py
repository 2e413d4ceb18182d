"""What only PostgreSQL can state, in a migration; the verb checks the same rule under a lock on every database."""

from typing import Any

from django.db import migrations


class PostgresOnly(migrations.RunSQL):
    """SQL that another database passes over."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            super().database_backwards(app_label, schema_editor, from_state, to_state)


def never_overlap(table: str, *, name: str, keys: tuple[str, ...], ends_on: str = "ends_on") -> PostgresOnly:
    """Two rows of the table with the same keys never hold the same day.

    A range of one key stands for its equality, which needs no extension; `uuidrange` comes with `jalon.places`.

    Args:
        keys: SQL expressions of type uuid.
        ends_on: the column of the last day, excluded; none means « until further notice ».
    """
    same = ", ".join(f"uuidrange({key}, {key}, '[]') WITH &&" for key in keys)
    excluded = f"{same}, daterange(starts_on, {ends_on}) WITH &&"
    return PostgresOnly(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist ({excluded})",
        reverse_sql=f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )
