from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.utils import timezone

from jalon.training import actions


class Command(BaseCommand):
    help = "training awards: make the awards that a closed territory held back. Running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("verb", choices=["awards"])

    def handle(self, *, verb: str, **options: object) -> None:
        made = actions.obtain_waiting(at=timezone.now())
        self.stdout.write(f"{len(made)} award(s) made.")
