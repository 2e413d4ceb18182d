import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.utils import timezone, translation
from tqdm import tqdm

from jalon.attestations import checking, verdicts
from jalon.attestations.checking import Finding
from jalon.attestations.models import Attestation
from jalon.core import codes
from jalon.credentials.models import Award, Credential, Key, StatusList

READ = (Attestation, Award, Credential, Key, StatusList)
LONGEST_SAID = 80  # characters
MOST_NAMED = 5
ENDINGS = {".json", ".jwt", ".jws", ".png", ".svg", ".pdf", ".zip"}


class Command(BaseCommand):
    help = (
        "Say what credentials are worth: .json, .jwt, .png, .svg, .pdf, .zip, a folder, or a code. "
        "Exit code: 0 when all are valid, 1 when one is not, 2 for wrong usage."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", help="a file, a folder, or a code")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def handle(self, *, paths: list[str], **options: object) -> None:
        unknown = [path for path in paths if not is_there(path) and not looks_like_code(path)]
        if unknown:
            said = ", ".join(path if len(path) <= LONGEST_SAID else path[:LONGEST_SAID] + "…" for path in unknown)
            raise CommandError(f"No such file or folder, and not a code: {said}", returncode=2)
        if not is_migrated():
            raise CommandError(
                "The database of this site is not there or not up to date, so that nothing can be verified against it. "
                "Type: ./dev manage migrate (or ./dev demo), then try again.",
                returncode=2,
            )
        verdicts = set()
        try:
            for found in tqdm(check_all(paths), desc="Checking", disable=None, leave=False):
                verdicts.add(found.verdict)
                self.stdout.write(json.dumps(asdict(found), ensure_ascii=False) if options["json"] else line(found))
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be read: {error.strerror}.", returncode=2) from error
        if left_out := others_in(paths):
            self.stderr.write(passed_over(left_out))
        if not verdicts:
            raise CommandError("There is no credential to check here.", returncode=2)
        sys.exit(0 if verdicts == {"valid"} else 1)


def is_there(path: str) -> bool:
    """Tell whether this is a file or a folder; a text that is too long for a name is none."""
    try:
        return Path(path).exists()
    except OSError:
        return False


def is_migrated() -> bool:
    """Tell whether the tables that verification reads are there."""
    try:
        return {model._meta.db_table for model in READ} <= set(connection.introspection.table_names())
    except DatabaseError:
        return False


def check_all(paths: list[str]) -> Iterator[Finding]:
    """Check what is named; in a folder, what does not even claim to be a credential is passed over."""
    now = timezone.now()
    for path in map(Path, paths):
        if path.is_dir():
            for file in files_in(path):
                if file.suffix.lower() not in ENDINGS:
                    continue
                content = read(file)
                if not checking.is_no_credential(content):
                    yield from checking.check_file(str(file), content, now=now)
        elif path.exists():
            yield from checking.check_file(str(path), read(path), now=now)
        else:
            yield checking.check_code(str(path), now=now)


def files_in(folder: Path) -> list[Path]:
    return sorted(one for one in folder.rglob("*") if one.is_file())


def others_in(paths: list[str]) -> list[Path]:
    """Return the files of the folders whose kind holds no credential, such as a photo of a paper."""
    folders = (path for path in map(Path, paths) if path.is_dir())
    return [file for folder in folders for file in files_in(folder) if file.suffix.lower() not in ENDINGS]


def passed_over(files: list[Path]) -> str:
    """Return the sentence that names what was not checked: whoever counts must not take it for valid."""
    named = ", ".join(file.name for file in files[:MOST_NAMED]) + (", …" if len(files) > MOST_NAMED else "")
    return f"Not checked, of a kind that holds no credential ({len(files)}): {named}. Type the code that they show."


def read(file: Path) -> bytes:
    """Return the content, one byte more than may be checked at the most."""
    with file.open("rb") as stream:
        return stream.read(checking.MAX_BYTES + 1)


def looks_like_code(text: str) -> bool:
    symbols = sum(character.isalnum() for character in text)
    return abs(symbols - codes.LENGTH) <= 2 and not set(text) & set("/\\.")


def line(found: Finding) -> str:
    """Return the verdict in words, as the page says it."""
    with translation.override("en-ca"):
        words = verdicts.words_of(found.verdict, found.reason, is_anothers=bool(found.issuer_name))
        meaning = str(words.meaning) if found.reason else ""
        repaired = f"{verdicts.REPAIRED} {found.code}" if found.is_repaired else ""
        facts = [found.source, found.holder, found.achievement, found.awarded_on, meaning, repaired]
        return f"{words.title!s:<24} " + " · ".join(fact for fact in facts if fact)
