"""./dev manage notices send: hand the messages of the outbox to the mail server."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from jalon.notices import outbox


class Command(BaseCommand):
    help = "Hand the messages of the outbox to the mail server (JALON_SMTP). Safe to run again, or twice at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("verb", choices=["send"])

    def handle(self, *, verb: str, **options: object) -> None:
        if not settings.JALON_SMTP:
            raise CommandError(
                "JALON_SMTP is not set: the messages stay in the outbox, and nothing is lost. "
                "See docs/how-to/configure.md."
            )
        try:
            done = outbox.empty(at=timezone.now())
        except OSError as problem:
            raise CommandError(
                f"The mail server of JALON_SMTP did not answer as it should ({type(problem).__name__}): "
                "the messages stay in the outbox. Check the address, then run this again."
            ) from problem
        self.stdout.write(f"{done.sent} sent, {done.failed} to try again.")
