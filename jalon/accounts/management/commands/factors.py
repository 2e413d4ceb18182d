"""./dev manage factors [EMAIL] [--reset]: who has a second step of sign-in, and its end for who has lost everything."""

from argparse import ArgumentParser

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from jalon.accounts import factors
from jalon.accounts.models import Person


class Command(BaseCommand):
    help = "Say which second steps of sign-in a person has; --reset takes them away and signs the person out."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--reset", action="store_true", help="only once you are sure who asks")

    def handle(self, *, email: str, reset: bool, **options: object) -> None:
        person = Person.objects.filter(email=email.lower()).first()
        if person is None:
            raise CommandError("Nobody has this address. Nothing was changed.")
        if reset:
            gone = factors.reset(person=person, by=None, at=timezone.now())
            self.stdout.write(f"{gone} taken away; the person is signed out." if gone else "There was none.")
            return
        for one in Authenticator.objects.filter(user=person).order_by("created_at"):
            self.stdout.write(f"{one.type} {one.created_at:%Y-%m-%d}")
