"""`./dev manage messages [--write] [SUBJECT…]`: what is missing or stale in the French catalogues."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from jalon.web import catalogues


class Command(BaseCommand):
    help = "List what is missing or stale in French; --write adds the missing sentences, drops the stale ones."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("subjects", nargs="*", metavar="SUBJECT", help="all of them when none is named")
        parser.add_argument(
            "--write", action="store_true", help="write the catalogues: missing sentences empty, sorted"
        )

    def handle(self, *, subjects: list[str], write: bool, **options: object) -> None:
        folders = [folder for folder in catalogues.subjects() if not subjects or folder.name in subjects]
        if write:
            for folder in folders:
                if catalogues.difference(folder):
                    catalogues.write_missing(folder)
        incomplete = [found for folder in folders if (found := catalogues.difference(folder))]
        for found in incomplete:
            for word, names in (("missing", found.missing), ("stale", found.stale)):
                for _context, sentence in names:
                    self.stdout.write(f"{found.subject}: {word}: {sentence}")
        if incomplete:
            raise CommandError(f"{len(incomplete)} catalogue(s) to complete in French.", returncode=1)
        self.stdout.write(f"{len(folders)} catalogue(s), every sentence in both languages.")
