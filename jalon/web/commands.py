"""The commands of Django, which call themselves by what people type: `./dev bench`, `./dev manage verify`.

python -m jalon.web.commands NAME COMMAND …
"""

import sys
from argparse import ArgumentParser, _SubParsersAction
from collections.abc import Sequence
from typing import Any

from django.core.management import ManagementUtility
from django.core.management.base import BaseCommand, CommandParser

DJANGO_SAYS = "manage.py"


class Commands(ManagementUtility):
    """Args: called: what people type before the name of a command."""

    def __init__(self, called: str, words: Sequence[str]) -> None:
        super().__init__([DJANGO_SAYS, *words])
        self.prog_name = called

    def fetch_command(self, subcommand: str) -> BaseCommand:
        command = super().fetch_command(subcommand)
        make = command.create_parser

        def create_parser(prog_name: str, subcommand: str, **options: Any) -> CommandParser:
            parser = make(DJANGO_SAYS, subcommand, **options)
            rename(parser, self.prog_name)
            return parser

        command.create_parser = create_parser  # type: ignore[method-assign]
        return command


def rename(parser: ArgumentParser, called: str) -> None:
    """The usage of a command, and of each command inside it, begins with what people type."""
    parser.prog = parser.prog.replace(DJANGO_SAYS, called, 1)
    for action in parser._actions:
        if isinstance(action, _SubParsersAction):
            for inside in action.choices.values():
                rename(inside, called)


if __name__ == "__main__":
    Commands(sys.argv[1], sys.argv[2:]).execute()
