from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation

from jalon.core.privacy import Privacy
from jalon.demo import matrix
from jalon.web.wording import SENTENCES

FOLDER = settings.ROOT / "docs" / "reference"
NOTICE = "<!-- Written by ./dev manage reference. Change the code, then write it again. -->\n"


class Command(BaseCommand):
    help = "Write the generated pages of docs/reference; with --check, only say which are out of date (exit code 1)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *, check: bool, **options: object) -> None:
        stale = [name for name, text in pages().items() if read(FOLDER / name) != text]
        for name in stale:
            self.stdout.write(f"{name} {'is out of date' if check else 'written'}")
            if not check:
                (FOLDER / name).write_text(pages()[name], encoding="utf-8")
        if check and stale:
            raise SystemExit(1)


def pages() -> dict[str, str]:
    """Return every generated page, by name."""
    made: dict[str, Callable[[], str]] = {
        "access.md": matrix.page,
        "privacy-register.md": privacy_register,
        "refusals.md": refusals,
    }
    return {name: NOTICE + make() for name, make in made.items()}


def privacy_register() -> str:
    rows = [
        f"| `{model._meta.label}` | {first_line(model.__doc__)} | {names(line.personal)} | {line.keep} |"
        for model in sorted(apps.get_models(), key=lambda model: model._meta.label)
        if isinstance(line := getattr(model, "privacy", None), Privacy)
    ]
    head = "# Privacy register\nWhat each table knows about people, and how long it is kept.\n\n"
    return head + "| table | what it is | personal fields | kept |\n|---|---|---|---|\n" + "\n".join(rows) + "\n"


def refusals() -> str:
    rows = []
    for code, sentence in sorted(SENTENCES.items()):
        said = []
        for language in ("fr-ca", "en-ca"):
            with translation.override(language):
                said.append(str(sentence).replace("|", "\\|").replace("\n", " "))
        rows.append(f"| `{code}` | {said[0]} | {said[1]} |")
    head = "# Refusals\nEvery reason why something may be refused, in the words that people read.\n\n"
    return head + "| code | français | English |\n|---|---|---|\n" + "\n".join(rows) + "\n"


def first_line(text: str | None) -> str:
    return (text or "").strip().splitlines()[0].replace("|", "\\|") if text else ""


def names(fields: object) -> str:
    return ", ".join(f"`{name}`" for name in sorted(fields)) if fields else "–"  # type: ignore[call-overload]


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8") if page.exists() else ""
