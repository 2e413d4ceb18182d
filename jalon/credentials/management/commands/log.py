import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from jalon.core import merkle
from jalon.core.refusals import Refused
from jalon.credentials import actions, log
from jalon.credentials.management.commands.credentials import award_of
from jalon.credentials.models import Checkpoint, Issuance
from jalon.web.wording import sentence


class Command(BaseCommand):
    help = "The issuance log: make a checkpoint to keep elsewhere, verify the log against one, prove an award."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        checkpoint = verbs.add_parser("checkpoint", help="number the new lines, sign the root, print it")
        checkpoint.add_argument("--to", type=Path, help="a file, instead of the screen")
        verify = verbs.add_parser("verify", help="say every change since the checkpoints; exits 0 when there is none")
        verify.add_argument("--checkpoint", type=Path, action="append", default=[], help="one that was kept elsewhere")
        prove = verbs.add_parser("prove", help="print what shows a stranger that an award is in the log")
        prove.add_argument("code")

    def handle(self, *, verb: str, **options: Any) -> None:
        try:
            getattr(self, verb)(**options)
        except Refused as refused:
            with translation.override("en-ca"):
                raise CommandError(sentence(refused.refusal)) from refused

    def checkpoint(self, *, to: Path | None, **options: Any) -> None:
        content = log.as_file(actions.checkpoint(at=timezone.now()))
        if to:
            to.write_bytes(content)
        self.stdout.write(f"Kept in {to}. Take it to another machine." if to else content.decode().rstrip())

    def verify(self, *, checkpoint: list[Path], **options: Any) -> None:
        found = list(log.problems([read(path) for path in checkpoint]))
        with translation.override("en-ca"):
            for problem in found:
                self.stderr.write(sentence(problem))
        if found:
            raise CommandError("The log is not what it was.")
        last = Checkpoint.objects.first()
        waiting = Issuance.objects.filter(number=None).count()
        self.stdout.write(f"{last.size if last else 0} lines verified, {waiting} wait for the next checkpoint.")
        if not checkpoint:
            self.stdout.write("Compared with our own checkpoints only: give one that was kept elsewhere.")

    def prove(self, *, code: str, **options: Any) -> None:
        checkpoint = Checkpoint.objects.first()
        credential = award_of(code).credentials.exclude(signed_at=None).order_by("reserved_at").first()
        line = Issuance.objects.filter(digest=credential.digest).first() if credential else None
        if checkpoint is None or line is None or line.number is None or line.number >= checkpoint.size:
            raise CommandError("No checkpoint holds this award yet. Type: ./dev manage log checkpoint")
        path = merkle.inclusion_proof(list(log.leaves(start=0, stop=checkpoint.size)), line.number)
        proof = {
            "checkpoint": json.loads(log.as_file(checkpoint)),
            "line": log.said(line),
            "number": line.number,
            "path": [one.hex() for one in path],
        }
        self.stdout.write(json.dumps(proof, indent=2))


def read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError) as problem:
        raise CommandError(f"{path} cannot be read as a checkpoint.") from problem
    if not isinstance(found, dict):
        raise CommandError(f"{path} cannot be read as a checkpoint.")
    return found
