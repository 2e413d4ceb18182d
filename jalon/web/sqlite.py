"""How Jalon opens SQLite: whole transactions, on disk before the answer, and WAL only where it is safe."""

import sqlite3

# The WAL-reset race was fixed in 3.51.3, and in these older lines: https://sqlite.org/wal.html (see ADR 3).
FIXED = (3, 51, 3)
FIXED_LINES = {(3, 50): 7, (3, 44): 6}


def wal_is_safe(version: tuple[int, int, int] = sqlite3.sqlite_version_info) -> bool:
    """Tell whether this SQLite has the fix of the WAL-reset race."""
    return version >= FIXED or version[2] >= FIXED_LINES.get(version[:2], version[2] + 1)


def options() -> dict[str, object]:
    """Return Django's OPTIONS for SQLite; `./dev manage check` says which journal is used and why."""
    journal = "WAL" if wal_is_safe() else "PERSIST"
    return {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": f"PRAGMA journal_mode={journal};PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
        "PRAGMA journal_size_limit=27103364;PRAGMA cache_size=-20000;PRAGMA temp_store=MEMORY;",
    }
