"""What the lines before have said, on disk: reading a file takes the same memory whatever its length."""

import sqlite3


class Notebook:
    """Notes by page and name, in a temporary file that nobody else sees and that goes with this object."""

    def __init__(self) -> None:
        self._notes = sqlite3.connect("", isolation_level=None)
        self._notes.execute("PRAGMA journal_mode = OFF")
        self._notes.execute(
            "CREATE TABLE note (page TEXT, name TEXT, said TEXT, PRIMARY KEY (page, name)) WITHOUT ROWID"
        )
        self._notes.execute("BEGIN")

    def note(self, page: str, name: str, said: str = "") -> str | None:
        """Return what was noted under this name before; when nothing was, this is."""
        noted = self._notes.execute("INSERT OR IGNORE INTO note VALUES (?, ?, ?)", (page, name, said))
        return None if noted.rowcount else self.read(page, name)

    def read(self, page: str, name: str) -> str | None:
        row = self._notes.execute("SELECT said FROM note WHERE page = ? AND name = ?", (page, name)).fetchone()
        return None if row is None else str(row[0])

    def close(self) -> None:
        self._notes.close()
