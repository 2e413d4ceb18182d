"""`./dev manage pack check DIR…`, `pack publish DIR…`, `pack preview DIR`: every problem with its file and line.

`pack withdraw SLUG VERSION --reason …`: nobody begins that version any more; `pack restore SLUG VERSION` undoes it.
A preview is the whole site on a database of its own, gone when it stops: the pages are those of learners, nothing is
published. Progress and problems go to stderr, the result to stdout; exit 1 when there is a problem. Safe to run again.
"""

import os
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from tqdm import tqdm

from jalon.core.packs import Pack
from jalon.core.refusals import Refused
from jalon.library import actions
from jalon.library.access import why_not_start
from jalon.library.folder import Files, read_folder
from jalon.library.models import Program, Release
from jalon.library.reading import read_pack
from jalon.web.wording import sentence


class Command(BaseCommand):
    help = "Check a folder of content, or publish it as a release that never changes; withdraw one, or restore it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        for verb, what in (
            ("check", "say every problem, with file and line; change nothing"),
            ("publish", "check, then make it what new learners follow"),
            ("preview", "check, then show it on a site that is thrown away; publish nothing"),
        ):
            own = verbs.add_parser(verb, help=what)
            several = {"nargs": 1} if verb == "preview" else {"nargs": "+"}
            own.add_argument("folders", **several, type=Path, metavar="DIR", help="a folder that holds pack.yaml")
            own.add_argument("--lang", choices=("fr", "en"), default="fr", help="the language of the answers")
        verbs.choices["preview"].add_argument("--port", type=int, default=8001)
        for verb, what in (
            ("withdraw", "nobody begins this version any more; whoever has begun goes on"),
            ("restore", "anybody may begin this version again"),
        ):
            own = verbs.add_parser(verb, help=what)
            own.add_argument("slug", help="of the program")
            own.add_argument("version")
            own.add_argument("--lang", choices=("fr", "en"), default="fr", help="the language of the answer")
        verbs.choices["withdraw"].add_argument("--reason", required=True, help="anybody reads it; name nobody")

    def handle(self, *, verb: str, lang: str, **options: Any) -> None:
        with translation.override(f"{lang}-ca"):
            if verb in {"withdraw", "restore"}:
                self.stdout.write(self._withdraw(verb, **options))
            else:
                self._go_through(verb, lang, **options)

    def _go_through(self, verb: str, lang: str, *, folders: list[Path], **options: Any) -> None:
        read = [self._read(folder, lang) for folder in tqdm(folders, desc=_("Reading"), disable=None)]
        sound = [(folder, files, pack) for folder, (files, pack) in zip(folders, read, strict=True) if pack]
        if len(sound) < len(folders):
            facts = {"count": len(folders) - len(sound), "total": len(folders)}
            raise CommandError(_("%(count)s of %(total)s cannot be published; nothing was changed.") % facts)
        if verb == "preview":
            sys.exit(preview(sound[0][0], port=options["port"]))
        for folder, files, pack in sound:
            self.stdout.write(self._publish(folder, files) if verb == "publish" else _summary(folder, pack))

    def _withdraw(self, verb: str, *, slug: str, version: str, reason: str = "", **options: Any) -> str:
        release = Release.objects.defer("content").filter(program__slug=slug, version=version).first()
        if release is None:
            facts = {"program": slug, "version": version}
            raise CommandError(_("Version %(version)s of %(program)s is not published. Nothing was changed.") % facts)
        try:
            if verb == "withdraw":
                actions.withdraw(release=release, reason=reason, by=None, at=timezone.now())
            else:
                actions.restore(release=release, by=None, at=timezone.now())
        except Refused as refused:
            raise CommandError(sentence(refused.refusal)) from refused
        return _standing(release)

    def _read(self, folder: Path, lang: str) -> tuple[Files, Pack | None]:
        try:
            files = read_folder(folder)
        except Refused as refused:
            raise CommandError(sentence(refused.refusal)) from refused
        pack, problems = read_pack(files)
        for problem in problems:
            self.stderr.write(f"{folder / problem.file}:{problem.line}: {problem.message[lang]}")
        return files, pack

    def _publish(self, folder: Path, files: Files) -> str:
        try:
            release = actions.publish(files=files, by=None, at=timezone.now())
        except Refused as refused:
            raise CommandError(sentence(refused.refusal)) from refused
        facts = {"folder": folder, "program": release.program.slug, "version": release.version}
        said = _("%(folder)s: %(program)s %(version)s is published, SHA-256 %(sha256)s")
        why = why_not_start(release)
        return said % {**facts, "sha256": release.sha256} + (f"\n{sentence(why)}" if why else "")


def _standing(release: Release) -> str:
    """Return what became of a release, and which version is begun now."""
    current = Program.objects.open().filter(releases=release).first()
    facts = {"version": release.version, "current": current.current.version if current and current.current else ""}
    what = _("Version %(version)s is withdrawn.") if release.withdrawal else _("Version %(version)s stands.")
    now = _("Whoever begins now follows version %(current)s.") if current else _("Nobody can begin this program now.")
    return f"{what} {now}" % facts


def preview(folder: Path, *, port: int) -> int:
    """Serve the pack on a database and in a folder of its own until it is stopped; return the exit code."""
    with TemporaryDirectory(prefix="jalon-preview-") as var:
        aside = {"DATABASE_URL", "JALON_KEYS"}
        environment = {name: value for name, value in os.environ.items() if name not in aside}
        environment |= {"JALON_VAR": var, "JALON_DEMO": "yes", "DEBUG": "yes"}
        environment |= {"JALON_ORIGIN": f"http://127.0.0.1:{port}", "DJANGO_SETTINGS_MODULE": "jalon.settings"}
        command = [sys.executable, "-m", "django", "preview", str(folder.resolve()), "--port", str(port)]
        return subprocess.run(command, env=environment).returncode


def _summary(folder: Path, pack: Pack) -> str:
    counts = _(
        "levels: %(levels)s, lessons: %(lessons)s, quizzes: %(quizzes)s, reflections: %(reflections)s, "
        "cases: %(cases)s, sources: %(sources)s"
    ) % {
        "levels": len(pack.levels),
        "lessons": len(pack.lessons),
        "quizzes": len(pack.quizzes),
        "reflections": len(pack.reflections),
        "cases": len(pack.cases),
        "sources": len(pack.sources),
    }
    facts = {"folder": folder, "program": pack.id, "version": pack.version, "counts": counts}
    return _("%(folder)s: %(program)s %(version)s has no problem (%(counts)s)") % facts
