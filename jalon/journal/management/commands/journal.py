"""./dev manage journal seal | checkpoint [--out FILE] | verify [--checkpoint FILE]."""

from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from jalon.core.chain import Fault, Kind, Mark, marks_of
from jalon.journal import actions

WORDS = {
    Kind.CHANGED: "line {number} was changed, or does not follow the line before it",
    Kind.MISSING: "line {number} is missing",
    Kind.CUT: "the end of the journal is missing, from line {number} on",
    Kind.REWRITTEN: "the journal was written again: line {number} is not the one that the checkpoint knows",
    Kind.BACKDATED: "line {number} came after the checkpoint, yet claims to be older than it",
}


class Command(BaseCommand):
    help = "Chain the journal, give a checkpoint to keep elsewhere, and find any change of what was written."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("seal", help="give each new line its number and its digest")
        out = verbs.add_parser("checkpoint", help="seal, then say what must be kept on another machine")
        out.add_argument("--out", type=Path, help="add the checkpoint to this file; without it, print it")
        check = verbs.add_parser("verify", help="read every line; exit code 1 when something is wrong")
        check.add_argument("--checkpoint", type=Path, help="checkpoints that were kept elsewhere, one on each line")

    def handle(self, *, verb: str, **options: Path | None) -> None:
        getattr(self, verb)(**options)

    def seal(self, **options: object) -> None:
        self.stdout.write(f"{actions.seal()} lines sealed.")

    def checkpoint(self, *, out: Path | None, **options: object) -> None:
        mark = actions.checkpoint(at=timezone.now())
        line = mark.as_text(settings.JALON_ORIGIN)
        if out is None:
            self.stdout.write(line)
            return
        with out.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
        self.stdout.write(f"{mark.number} lines; the checkpoint is in {out}. Keep it on another machine.")

    def verify(self, *, checkpoint: Path | None, **options: object) -> None:
        check = actions.verify(marks=read(checkpoint) if checkpoint else ())
        for fault in check.faults:
            self.stdout.write(words_of(fault))
        if check.faults:
            raise CommandError("The journal is not as it was written.", returncode=1)
        kept = "as the checkpoint says" if checkpoint else "without a checkpoint, a cut end cannot be seen"
        self.stdout.write(f"{check.sealed} lines are as they were written ({kept}); {check.waiting} wait to be sealed.")


def read(file: Path) -> list[Mark]:
    try:
        marks = marks_of(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(f"{file} holds no checkpoint that can be read. Nothing was changed.") from error
    if not marks:
        raise CommandError(f"{file} holds no checkpoint. Nothing was changed.")
    return marks


def words_of(fault: Fault) -> str:
    return WORDS[fault.kind].format(number=fault.number) if fault.number else "a line was inserted with an old date"
