"""`protocol check FILE`, `plan FILE …`, `diff BEFORE AFTER`, `draw FILE --out DIR`: parse, ask, print."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from jalon.library import protocol_cli, protocol_print


class Command(BaseCommand):
    help = "Check a response protocol, or say what it asks for now. No database is needed."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        check = verbs.add_parser("check", help="check a protocol before it is published")
        check.add_argument("file", type=Path)
        check.add_argument("--cases", type=Path, metavar="DIR", help="the folder whose */case.yaml must still pass")
        check.add_argument("--previous", type=Path, metavar="FILE", help="the release before, to compare with")
        plan = verbs.add_parser("plan", help="say what an incident needs now")
        plan.add_argument("file", type=Path)
        plan.add_argument("--facts", type=Path, required=True, metavar="FACTS.json")
        plan.add_argument("--log", type=Path, required=True, metavar="LOG.json")
        plan.add_argument("--role", required=True)
        plan.add_argument("--now", required=True, metavar="MOMENT", help="with its offset: 2027-01-11T08:00:00-05:00")
        diff = verbs.add_parser("diff", help="say what changed in meaning between two releases")
        diff.add_argument("before", type=Path)
        diff.add_argument("after", type=Path)
        draw = verbs.add_parser("draw", help="write the route (HTML) and each pathway (SVG), in both languages")
        draw.add_argument("file", type=Path)
        draw.add_argument("--out", type=Path, required=True, metavar="DIR")
        for verb in (check, plan, diff, draw):
            verb.add_argument("--json", action="store_true", help="one JSON object on stdout")
            verb.add_argument("--lang", choices=("fr", "en"), default="fr", help="the language of the answers")

    def handle(self, *args: object, **options: Any) -> None:
        verbs: dict[str, Callable[..., protocol_cli.Answer]] = {
            "check": self._check,
            "plan": self._plan,
            "diff": self._diff,
            "draw": self._draw,
        }
        answer = verbs[options["verb"]](**options)
        if printed := answer.printed(as_json=bool(options["json"])):
            self.stdout.write(printed)
        if answer.error:
            self.stderr.write(answer.error)
        if answer.code:
            sys.exit(answer.code)

    def _check(
        self, *, file: Path, cases: Path | None, previous: Path | None, lang: str, **options: object
    ) -> protocol_cli.Answer:
        return protocol_cli.check_protocol_file(file, cases=cases, previous=previous, language=lang)

    def _plan(
        self, *, file: Path, facts: Path, log: Path, role: str, now: str, lang: str, **options: object
    ) -> protocol_cli.Answer:
        return protocol_cli.plan_file(file, facts=facts, log=log, role=role, now=now, language=lang)

    def _diff(self, *, before: Path, after: Path, lang: str, **options: object) -> protocol_cli.Answer:
        return protocol_print.diff_files(before, after, language=lang)

    def _draw(self, *, file: Path, out: Path, lang: str, **options: object) -> protocol_cli.Answer:
        return protocol_print.draw_file(file, out=out, language=lang)
