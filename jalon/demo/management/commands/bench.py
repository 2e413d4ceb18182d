import json
import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from jalon.demo.figures.page import page, shown, this_machine

GROUPS = ["issuing", "pages", "places", "protocols", "timing", "verifying", "credentials"]
BY_NAME = ["flat", "million", "people"]  # take minutes
WHICH = f"all but {', '.join(BY_NAME)} when none is named: these take minutes and run only when they are named"
DATABASES = ["sqlite", "postgresql"]
# As on a real site: no debugging, static files with their digests.
PRODUCTION = {
    "DEBUG": "no",
    "SECRET_KEY": "for-figures-only",
    "JALON_ORIGIN": settings.JALON_ORIGIN,
    "JALON_OPERATOR": settings.JALON_OPERATOR,
    "JALON_CONTACT": settings.JALON_CONTACT,
    "JALON_SECOND_FACTOR": "off",  # figures of pages, not of the way to them
}
COLUMNS = "{group:<9} {name:<45} {database:<11} {value:>10} {unit:<3} {queries:>7}  {aim:<12} {note}"


class Command(BaseCommand):
    help = "Measure on this machine, on SQLite and on PostgreSQL, and print a table (or --json, one object a figure)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("groups", nargs="*", choices=[*GROUPS, *BY_NAME, []], help=WHICH)
        parser.add_argument("--database", choices=DATABASES, help="only this one")
        parser.add_argument("--json", action="store_true")
        parser.add_argument(
            "--page", type=Path, metavar="FILE", help="write them as the page docs/reference/figures.md"
        )

    def handle(self, *, groups: list[str], database: str | None, **options: object) -> None:
        found: list[dict[str, object]] = []
        for one in [database] if database else DATABASES:
            found += [json.loads(line) for line in measure(one, groups or GROUPS)]
        for figure in found:
            self.stdout.write(json.dumps(figure, ensure_ascii=False) if options["json"] else line_of(figure))
        if isinstance(options["page"], Path):
            options["page"].write_text(page(found, this_machine(timezone.localdate())), encoding="utf-8")


def measure(database: str, groups: list[str]) -> list[str]:
    """Return the lines of a process of its own, on a fresh database in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="jalon-bench-") as folder:
        run = [sys.executable, "-m", "jalon.demo.figures.run", *groups]
        fresh = {"JALON_VAR": folder, "JALON_KEYS": f"{folder}/keys", **PRODUCTION}
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        if database == "postgresql":
            run = [sys.executable, "-m", "jalon.demo.postgres", *run]
            environment = dict(os.environ)
        done = subprocess.run(run, env={**environment, **fresh}, stdout=subprocess.PIPE, text=True, check=True)
        return done.stdout.splitlines()


def line_of(figure: dict[str, object]) -> str:
    queries = "" if figure["queries"] is None else figure["queries"]
    return COLUMNS.format(**{**figure, "value": shown(figure["value"]), "queries": queries}).rstrip()
