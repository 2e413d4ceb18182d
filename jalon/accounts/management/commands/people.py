"""./dev manage people import FILE… | undo BATCH | role EMAIL | domain BODY NAME."""

import json
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from tqdm import tqdm

from jalon.accounts import people, roles, undoing, uploads
from jalon.accounts.imports import Difference
from jalon.accounts.lines import Said, Told
from jalon.accounts.models import Domain, PeopleImport, Person
from jalon.accounts.people import Report
from jalon.core.refusals import Refused
from jalon.core.tables import DAY_FIRST
from jalon.places.models import Body
from jalon.web.wording import sentence
from jalon.web.words import mixed_name

LANGUAGES = {"fr": "fr-ca", "en": "en-ca"}
ROLES = {name.lower().replace("_", "-"): name for name in roles.ROLES}


class Command(BaseCommand):
    help = "Import people, undo an import, give and take roles, say which mail domains confirm a school body's staff."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--language", choices=list(LANGUAGES), default="fr", help="of the sentences (fr)")
        verbs = parser.add_subparsers(dest="verb", required=True)
        files = verbs.add_parser("import", help="say what files of people would change; --commit changes it")
        files.add_argument("files", nargs="+", type=Path, metavar="FILE")
        files.add_argument("--commit", action="store_true", help="without it, only say what would change")
        files.add_argument("--by", metavar="EMAIL", help="the registrar who answers for the files and confirms them")
        files.add_argument("--json", action="store_true", help="one JSON object instead of lines")
        undo = verbs.add_parser("undo", help="undo an import, within 24 hours")
        undo.add_argument("batch", type=UUID)
        verbs.add_parser("resume", help="finish what was interrupted, and forget files and lines of a day ago")
        role = verbs.add_parser("role", help="give or take a role")
        role.add_argument("email")
        act = role.add_mutually_exclusive_group(required=True)
        act.add_argument("--grant", choices=[*ROLES, "registrar"])
        act.add_argument("--withdraw", choices=[*ROLES, "registrar"])
        role.add_argument("--body", help="the code of the school body of a registrar")
        domain = verbs.add_parser("domain", help="addresses of this domain confirm the staff of a school body")
        domain.add_argument("body", help="code of the school body")
        domain.add_argument("name")
        domain.add_argument("--remove", action="store_true")

    def handle(self, *, verb: str, language: str, **options: object) -> None:
        with translation.override(LANGUAGES[language]):
            try:
                getattr(self, f"run_{verb}")(**options)
            except Refused as refused:
                raise CommandError(sentence(refused.refusal)) from refused

    def run_import(self, *, files: list[Path], commit: bool, by: str | None, **options: object) -> None:
        registrar = person_of(by) if by else None
        bars = {"progress": partial(shown, "Reading lines"), "writing": partial(shown, "Writing lines")}
        report = people.import_people(files=files, by=registrar, at=timezone.now(), commit=commit, **bars)
        for line in [as_json(report)] if options["json"] else as_lines(report, commit=commit):
            self.stdout.write(line)
        if report.wrong:
            raise CommandError(f"{report.wrong} problem(s): nothing was changed.", returncode=1)

    def run_undo(self, *, batch: UUID, **options: object) -> None:
        found = PeopleImport.objects.filter(pk=batch).first()
        if found is None:
            raise CommandError("No import has this key. Nothing was changed.")
        total = found.lines.count()
        with tqdm(total=total, desc="Undoing lines", unit=" lines", disable=None) as bar:
            done = undoing.undo_import(batch=found, by=None, at=timezone.now(), progress=bar.update)
        self.stdout.write(
            f"{done.undone} lines undone, {done.kept} changed since and kept, {done.people} accounts gone."
        )

    def run_resume(self, **options: object) -> None:
        found = list(PeopleImport.objects.unfinished())
        with tqdm(total=sum(one.lines.count() for one in found), unit=" lines", disable=None) as bar:
            left = [one for one in found if not people.go_on(batch=one, progress=bar.update)]
        uploads.forget(at=timezone.now())
        undoing.forget_lines(at=timezone.now())
        self.stdout.write(f"{len(found) - len(left)} finished.")
        for one in left:
            self.stdout.write(f"{one.pk}: import the same files again to finish it, or: people undo {one.pk}")

    def run_role(
        self, *, email: str, grant: str | None, withdraw: str | None, body: str | None, **options: object
    ) -> None:
        person, name, at = person_of(email), grant or withdraw or "", timezone.now()
        if name == "registrar":
            change = roles.appoint_registrar if grant else roles.dismiss_registrar
            changed = change(person=person, body=body_of(body), by=None, at=at)
        else:
            changed = roles.set_role(person=person, role=ROLES[name], has_it=bool(grant), by=None, at=at)
        self.stdout.write(f"{name}: {'given' if grant else 'taken away'}." if changed else "Nothing to change.")

    def run_domain(self, *, body: str, name: str, remove: bool, **options: object) -> None:
        owner = body_of(body)
        if not remove:
            domain = roles.add_domain(body=owner, name=name, by=None, at=timezone.now())
            self.stdout.write(f"Addresses of {domain.name} confirm the staff of {owner.code}.")
            return
        known = Domain.objects.filter(body=owner, name=name.lower()).first()
        if known is None:
            raise CommandError("This school body has no such domain. Nothing was changed.")
        roles.remove_domain(domain=known, by=None, at=timezone.now())
        self.stdout.write(f"Addresses of {known.name} confirm nobody from now on; what they confirmed stays.")


def person_of(email: str) -> Person:
    person = Person.objects.filter(email=email.strip().lower()).first()
    if person is None:
        raise CommandError("No account has this address. Nothing was changed.")
    return person


def body_of(code: str | None) -> Body:
    body = Body.objects.filter(code=code).first() if code else None
    if body is None:
        raise CommandError("No school body has this code (--body CODE). Nothing was changed.")
    return body


def shown(what: str, rows: Iterable[Said]) -> Iterator[Said]:
    yield from tqdm(rows, desc=what, unit=" lines", disable=None)


def as_lines(report: Report, *, commit: bool) -> Iterator[str]:
    """Yield the report in words, line by line of the files."""
    yield f"{', '.join(report.files)}: {report.lines} lines, {report.passed_over} passed over (not staff, or gone)"
    for form, count in report.days.items():
        yield f"{count} dates read as {form}{' (day first)' if form == DAY_FIRST else ''}"
    if report.ignored:
        yield f"columns that say nothing here: {', '.join(report.ignored)}"
    for one in report.differences:
        sign = "+" if one.is_new_person else "~"
        yield f"{one.file} line {one.line}: {sign} {one.email} {one.school} ({'; '.join(said_of(one))})"
    for told in report.problems:
        problem = told.problem
        words = sentence(problem.refusal)
        yield f"{told.file} line {problem.line}, {problem.column}, « {problem.value} »: {words}"
    if more := report.different + report.wrong - len(report.differences) - len(report.problems):
        yield f"… and {more} more lines, counted and not named"
    yield f"{report.new_people} accounts, {report.different} places of work, {report.unchanged} unchanged"
    if report.batch:
        yield f"Done; to undo it within 24 hours: people undo {report.batch}"
    elif not report.wrong:
        yield "There is nothing to change." if commit else "Nothing was changed; add --commit to change it."


def said_of(one: Difference) -> Iterator[str]:
    yield from (what for what in one.what if what not in one.fields)
    for name, (before, after) in one.fields.items():
        yield f"{name}: {before} → {after}" if before else f"{name}: {after}"
    if note := mixed_name(one.name):
        yield note


def as_json(report: Report) -> str:
    plain = asdict(report) | {
        "batch": str(report.batch) if report.batch else None,
        "problems": [as_plain(told) for told in report.problems],
    }
    return json.dumps(plain, ensure_ascii=False, indent=2)


def as_plain(told: Told) -> dict[str, object]:
    problem = told.problem
    return {
        "file": told.file,
        "line": problem.line,
        "column": problem.column,
        "value": problem.value,
        "code": problem.refusal.code,
        "sentence": sentence(problem.refusal),
    }
