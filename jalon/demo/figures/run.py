"""Measure on the database that the environment names, and print one JSON object a figure.

python -m jalon.demo.figures.run [NAME …]
"""

import importlib
import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import django


def measured(names: list[str]) -> Iterator[dict[str, object]]:
    from django.core.management import call_command
    from django.db import connection

    from jalon.demo.story import Story

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    with tempfile.TemporaryDirectory() as folder:
        story = Story(Path(folder))
        for step in story.play():
            print(f"{connection.vendor}: {step}", file=sys.stderr)
        for name in names:
            print(f"{connection.vendor}: {name}", file=sys.stderr)
            for figure in importlib.import_module(f"jalon.demo.figures.{name}").figures(story):
                yield {"group": name, "database": connection.vendor, "version": version(), **asdict(figure)}


def version() -> str:
    """Return which version of the database answers."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version" if connection.vendor == "postgresql" else "SELECT sqlite_version()")
        return str(cursor.fetchone()[0])


if __name__ == "__main__":
    django.setup()
    for line in measured(sys.argv[1:]):
        print(json.dumps(line, ensure_ascii=False), flush=True)
