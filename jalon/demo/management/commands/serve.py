from argparse import ArgumentParser

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from jalon.demo.serving import serve


class Command(BaseCommand):
    help = "Serve the site with the production server, after bringing the database up to date."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *, port: int, **options: object) -> None:
        settings.JALON_VAR.mkdir(parents=True, exist_ok=True)
        call_command("migrate", verbosity=0)
        if not settings.DEBUG:
            call_command("collectstatic", interactive=False, verbosity=0)
        serve(port=port, demo=settings.JALON_DEMO)
