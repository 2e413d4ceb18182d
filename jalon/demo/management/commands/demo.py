from argparse import ArgumentParser
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from tqdm import tqdm

from jalon.core.refusals import Refused
from jalon.demo.serving import serve
from jalon.demo.story import Story
from jalon.web.wording import sentence

OTHER_PORT = (
    "The badges and links of this demonstration name %(origin)s, for which it was first played: they lead there. "
    "To play it for this port, remove %(var)s, or name another folder in JALON_VAR, then try again."
)


def play(story: Story) -> None:
    """The story is played and its files are written, with a progress bar on the error output."""
    with tqdm(story.play(), total=story.STEPS, disable=None) as progress:
        for step in progress:
            progress.set_description(step)
    story.report()


class Command(BaseCommand):
    help = "Play the demonstration, leave its files, serve the site. Running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-serve", action="store_true", help="stop after the files")
        parser.add_argument("--out", type=Path, default=settings.ROOT / "build" / "demo", help="where the files go")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *, no_serve: bool, out: Path, port: int, **options: object) -> None:
        settings.JALON_VAR.mkdir(parents=True, exist_ok=True)
        (settings.JALON_VAR / "origin").write_text(f"{settings.JALON_ORIGIN}\n")
        call_command("migrate", verbosity=0)
        story = Story(out)
        try:
            out.mkdir(parents=True, exist_ok=True)
            play(story)
        except Refused as refused:
            with translation.override("en-ca"):
                raise CommandError(sentence(refused.refusal)) from refused
        except (FileExistsError, NotADirectoryError, PermissionError) as problem:
            raise CommandError(f"{problem.filename} cannot be written. Choose another folder with --out.") from problem
        for name in story.files:
            self.stdout.write(str(out / name))
        if not no_serve:
            if urlsplit(settings.JALON_ORIGIN).port not in (None, port):
                self.stderr.write(OTHER_PORT % {"origin": settings.JALON_ORIGIN, "var": settings.JALON_VAR})
            self.stdout.write(f"http://127.0.0.1:{port}  ({settings.JALON_OPERATOR})")
            self.stdout.flush()
            serve(port=port, demo=True)
