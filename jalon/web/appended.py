"""Tables to which lines are only added: the database itself refuses to change or to remove one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import migrations


@dataclass(frozen=True)
class AppendOnly:
    """A table whose lines stay as they were written; the only change is the number that a line receives, once.

    Somebody who owns the database can take the triggers away: an outside checkpoint then shows what was done.

    Args:
        name: what the refusals are called: `‹name›_stays`, `‹name›_says_the_same`.
        said: the columns that never change.
        number: the column that is empty until the line is numbered.
    """

    table: str
    name: str
    said: Sequence[str]
    number: str = "number"

    def up(self, vendor: str) -> list[str]:
        """Return the statements that put the triggers up."""
        return self._postgresql() if vendor == "postgresql" else self._sqlite()

    def down(self, vendor: str) -> list[str]:
        """Return the statements that take them away."""
        on = f" ON {self.table}" if vendor == "postgresql" else ""
        dropped = [f"DROP TRIGGER {self.name}_{rule}{on}" for rule in ("stays", "says_the_same")]
        if vendor == "postgresql":
            dropped += [f"DROP TRIGGER {self.name}_is_not_emptied{on}", f"DROP FUNCTION {self.name}_refuse()"]
        return dropped

    def operation(self) -> migrations.RunPython:
        """Return the operation of a migration that puts the triggers up."""
        return migrations.RunPython(self._run_up, self._run_down)

    def aside(self) -> migrations.RunPython:
        """Return the operation before one that changes the table: SQLite builds it again, and loses its triggers."""
        return migrations.RunPython(self._run_down, self._run_up)

    def _changed(self, differs: str) -> str:
        numbered_once = f"OLD.{self.number} IS NOT NULL OR NEW.{self.number} IS NULL"
        return " OR ".join([numbered_once, *(f"OLD.{column} {differs} NEW.{column}" for column in self.said)])

    def _sqlite(self) -> list[str]:
        def refuse(rule: str) -> str:
            return f"BEGIN SELECT RAISE(ABORT, '{self.name}_{rule}'); END"

        changed = self._changed("IS NOT")
        return [
            f"CREATE TRIGGER {self.name}_stays BEFORE DELETE ON {self.table} {refuse('stays')}",
            f"CREATE TRIGGER {self.name}_says_the_same BEFORE UPDATE ON {self.table} "
            f"WHEN {changed} {refuse('says_the_same')}",
        ]

    def _postgresql(self) -> list[str]:
        refuse = f"EXECUTE FUNCTION {self.name}_refuse()"
        changed = self._changed("IS DISTINCT FROM")
        return [
            f"CREATE FUNCTION {self.name}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION '%', TG_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$",
            f"CREATE TRIGGER {self.name}_stays BEFORE DELETE ON {self.table} FOR EACH ROW {refuse}",
            f"CREATE TRIGGER {self.name}_is_not_emptied BEFORE TRUNCATE ON {self.table} FOR EACH STATEMENT {refuse}",
            f"CREATE TRIGGER {self.name}_says_the_same BEFORE UPDATE ON {self.table} "
            f"FOR EACH ROW WHEN ({changed}) {refuse}",
        ]

    def _run_up(self, apps: Any, schema_editor: Any) -> None:
        for statement in self.up(schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)

    def _run_down(self, apps: Any, schema_editor: Any) -> None:
        for statement in self.down(schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)
