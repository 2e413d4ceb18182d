"""`case check`, `case replay --path a,b,c` and `case outline`, each of PROTOCOL and CASE.yaml: parse, ask, print."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from jalon.library import protocol_cli, protocol_print


class Command(BaseCommand):
    help = "Check a practice case against its protocol, or play a path through it. No database is needed."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        check = verbs.add_parser("check", help="check a case and its scenes")
        replay = verbs.add_parser("replay", help="play a path and show its verdicts")
        outline = verbs.add_parser("outline", help="write the story as indented text, for print")
        for verb in (check, replay, outline):
            verb.add_argument("protocol", type=Path)
            verb.add_argument("case", type=Path, metavar="CASE.yaml")
            verb.add_argument("--json", action="store_true", help="one JSON object on stdout")
            verb.add_argument("--lang", choices=("fr", "en"), default="fr", help="the language of the answers")
        replay.add_argument("--path", required=True, metavar="a,b,c", help="the ids of the choices, in order")

    def handle(self, *args: object, **options: Any) -> None:
        verbs: dict[str, Callable[..., protocol_cli.Answer]] = {
            "check": self._check,
            "replay": self._replay,
            "outline": self._outline,
        }
        answer = verbs[options["verb"]](**options)
        if printed := answer.printed(as_json=bool(options["json"])):
            self.stdout.write(printed)
        if answer.error:
            self.stderr.write(answer.error)
        if answer.code:
            sys.exit(answer.code)

    def _check(self, *, protocol: Path, case: Path, lang: str, **options: Any) -> protocol_cli.Answer:
        return protocol_cli.check_case_file(protocol, case, language=lang)

    def _replay(self, *, protocol: Path, case: Path, path: str, lang: str, **options: Any) -> protocol_cli.Answer:
        return protocol_cli.replay_case_file(protocol, case, choices=path, language=lang)

    def _outline(self, *, protocol: Path, case: Path, lang: str, **options: Any) -> protocol_cli.Answer:
        return protocol_print.outline_file(protocol, case, language=lang)
