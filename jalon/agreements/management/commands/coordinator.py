"""./dev manage coordinator EMAIL POLICE [--withdraw]: who keeps the agreements of a territory."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from jalon.accounts.models import Person
from jalon.agreements import actions
from jalon.agreements.models import Coordinator
from jalon.places.models import PoliceService


class Command(BaseCommand):
    help = "Let a person keep the agreements of a police service's territory, or take it back. Safe to run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("police", help="the code of the police service, as in the file that places were read from")
        parser.add_argument("--withdraw", action="store_true", help="take it back")

    def handle(self, *, email: str, police: str, withdraw: bool, **options: object) -> None:
        person = Person.objects.filter(email=email.lower()).first()
        service = PoliceService.objects.filter(code=police).first()
        if person is None or service is None:
            missing = "Nobody has this e-mail address" if person is None else "No police service has this code"
            raise CommandError(f"{missing}. Nothing was changed.")
        if not withdraw:
            actions.appoint(person=person, police_service=service, at=timezone.now())
            self.stdout.write(f"{service}: this person keeps the agreements.")
            return
        for one in Coordinator.objects.filter(person=person, police_service=service):
            actions.dismiss(coordinator=one, at=timezone.now())
        self.stdout.write(f"{service}: this person no longer keeps the agreements.")
