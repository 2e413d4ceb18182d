"""./dev manage places import schools FILE [--commit]: the register of places, seen before it is changed."""

import json
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from tqdm import tqdm

from jalon.core.refusals import Refused
from jalon.core.tables import DAY_FIRST, Problem
from jalon.places import actions
from jalon.places.actions import Report
from jalon.places.imports import PLANS, Difference
from jalon.places.lines import Line
from jalon.web.wording import sentence

LANGUAGES = {"fr": "fr-ca", "en": "en-ca"}
MOST_TOLD = 1_000


class Command(BaseCommand):
    help = (
        "Fill the register of places from a file. Says everything first; --commit changes the register, all or nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("verb", choices=["import"])
        parser.add_argument("kind", choices=list(PLANS))
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--commit", action="store_true", help="change the register; without it, only say what would change"
        )
        parser.add_argument(
            "--on", type=date.fromisoformat, help="the day from which lines without a date count (today)"
        )
        parser.add_argument(
            "--retire-missing",
            type=date.fromisoformat,
            metavar="DAY",
            help="close what the file does not name, that day",
        )
        parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
        parser.add_argument("--language", choices=list(LANGUAGES), default="fr", help="of the problems (fr)")

    def handle(self, *, language: str, **options: object) -> None:
        with translation.override(LANGUAGES[language]):
            self.run_import(**options)  # type: ignore[arg-type]

    def run_import(
        self, *, kind: str, file: Path, commit: bool, on: date | None, retire_missing: date | None, **options: object
    ) -> None:
        try:
            report = actions.import_places(
                kind=kind,
                path=file,
                on=on or timezone.localdate(),
                at=timezone.now(),
                commit=commit,
                retire_on=retire_missing,
                progress=shown,
            )
        except Refused as refused:
            raise CommandError(sentence(refused.refusal)) from refused
        lines = [as_json(report)] if options["json"] else as_lines(report, commit=commit)
        for line in lines:
            self.stdout.write(line)
        if report.problems:
            raise CommandError(f"{len(report.problems)} problem(s): nothing was changed.", returncode=1)


def shown(lines: Iterable[Line]) -> Iterator[Line]:
    yield from tqdm(lines, desc="Reading lines", unit=" lines", disable=None)


def as_lines(report: Report, *, commit: bool) -> Iterator[str]:
    """Yield the report in words, line by line of the file."""
    encoding = f", {report.encoding}" if report.encoding else ""
    yield f"{report.file}: {report.form.upper()}{encoding}, {report.lines} lines"
    for form, count in report.days.items():
        yield f"{count} dates read as {form}{' (day first)' if form == DAY_FIRST else ''}"
    if report.ignored:
        yield f"columns that say nothing here: {', '.join(report.ignored)}"
    for difference in report.differences:
        yield f"line {difference.line}: {words_of(difference)}"
    if past := sum(difference.is_past for difference in report.differences):
        yield f"{past} of them change what is known of days before the import"
    yield from problems_of(report)
    if report.absent:
        kept = f"{report.retired} closed" if report.retired and report.is_written else "kept"
        yield f"not in the file ({kept}): {', '.join(report.absent)}"
    counts = {"added": report.added, "changed": report.changed, "unchanged": report.unchanged}
    yield ", ".join(f"{count} {what}" for what, count in {**counts, "problems": len(report.problems)}.items())
    if not report.problems:
        yield "The register has changed." if report.is_written else "Nothing was changed; add --commit to change it."


def problems_of(report: Report) -> Iterator[str]:
    """Yield the first thousand problems, and how many more there are."""
    for problem in report.problems[:MOST_TOLD]:
        yield f"line {problem.line}, {problem.column}, « {problem.value} »: {sentence(problem.refusal)}"
    if more := len(report.problems[MOST_TOLD:]):
        yield f"… and {more} more problems, counted and not named"


def words_of(difference: Difference) -> str:
    sign = "+" if difference.is_new else "~"
    said = "; ".join(
        f"{name}: {after}" if not before else f"{name}: {before} → {after}"
        for name, (before, after) in difference.fields.items()
    )
    past = ", CHANGES THE PAST" if difference.is_past else ""
    return f"{sign} {difference.table} {difference.code} ({said}){past}"


def as_json(report: Report) -> str:
    plain = asdict(report) | {
        "added": report.added,
        "changed": report.changed,
        "problems": [problem_as_json(problem) for problem in report.problems],
    }
    return json.dumps(plain, ensure_ascii=False, indent=2)


def problem_as_json(problem: Problem) -> Mapping[str, object]:
    return {
        "line": problem.line,
        "column": problem.column,
        "value": problem.value,
        "code": problem.refusal.code,
        "sentence": sentence(problem.refusal),
    }
