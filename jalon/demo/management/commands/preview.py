from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from jalon.credentials import actions as credentials
from jalon.credentials.models import KEY_KINDS
from jalon.demo.cast import assemble
from jalon.demo.serving import serve
from jalon.library import actions as library
from jalon.library.folder import read_folder


class Command(BaseCommand):
    help = "Show a pack to its author, with the fictional people. `pack preview DIR` runs it on a database of its own."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--port", type=int, default=8001)
        parser.add_argument("--no-serve", action="store_true", help="stop before the site answers")

    def handle(self, *, folder: Path, port: int, no_serve: bool, **options: object) -> None:
        settings.JALON_VAR.mkdir(parents=True, exist_ok=True)
        call_command("migrate", verbosity=0)
        for kind in KEY_KINDS:
            credentials.create_key(kind=kind, at=timezone.now())
        assemble(at=timezone.now())
        release = library.publish(files=read_folder(folder), by=None, at=timezone.now())
        self.stdout.write(
            f"http://127.0.0.1:{port}{release.program.get_absolute_url()}  (preview, nothing is published)"
        )
        self.stdout.flush()
        if not no_serve:
            serve(port=port, demo=True)
