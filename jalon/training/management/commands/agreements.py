"""./dev manage agreements why PERSON PROGRAM [--on DATE] · ./dev manage agreements remind

It stands here, above agreements, because the reasons of a level are also those of the program and of what was obtained.
"""

from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from jalon.accounts.models import Person
from jalon.accounts.queries import kinds_held, people_by_address
from jalon.agreements import actions
from jalon.agreements.past import employments_as_known
from jalon.core.packs import Pack
from jalon.core.refusals import Refusal
from jalon.library.models import Program
from jalon.training import access
from jalon.web.wording import sentence

LANGUAGES = {"fr": "fr-ca", "en": "en-ca"}


class Command(BaseCommand):
    help = (
        "why: say in words why a program and its levels are closed to a person, or that they are open. "
        "remind: queue the neutral notices of the agreements that end in 180, 60 or 14 days, once each."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        why = verbs.add_parser("why")
        why.add_argument("person", help="e-mail address")
        why.add_argument("program", help="for example sexto")
        why.add_argument(
            "--on",
            type=date.fromisoformat,
            metavar="DAY",
            help="as it was known at the end of that day; what is not known of the past: docs/how-to/give-roles.md",
        )
        why.add_argument("--language", choices=list(LANGUAGES), default="fr")
        verbs.add_parser("remind")

    def handle(self, *, verb: str, **options: object) -> None:
        if verb == "remind":
            sent = actions.remind(at=timezone.now())
            self.stdout.write(f"{len(sent)} reminder(s) queued.")
            return
        with translation.override(LANGUAGES[str(options["language"])]):
            self.why(**options)  # type: ignore[arg-type]

    def why(self, *, person: str, program: str, on: date | None, **options: object) -> None:
        found, day = people_by_address([person.lower()]).get(person.lower()), on or timezone.localdate()
        if found is None:
            raise CommandError("Nobody has this e-mail address.")
        followed = Program.objects.select_related("current").filter(slug=program).exclude(current=None).first()
        if followed is None or followed.current is None:
            raise CommandError("No published program has this name.")
        pack = followed.current.pack
        reasons = access.why_not_then(found, pack, on=day)
        for line in [*said(program, day, reasons), *levels(found, pack, day, is_open=not reasons)]:
            self.stdout.write(line)
        for one in employments_as_known(found, on=day):
            agreement = one.place.in_force(day)
            where = f"{one.school} – {one.place.municipality or '?'} – {one.place.police_service or '?'}"
            self.stdout.write(f"  {where} – {agreement.reference if agreement else '-'}")


def said(what: str, on: date, reasons: list[Refusal]) -> Iterator[str]:
    yield f"{what}, {on}: {'closed' if reasons else 'open'}"
    for reason in reasons:
        yield f"- {reason.code}: {sentence(reason)}"


def levels(person: Person, pack: Pack, on: date, *, is_open: bool) -> Iterator[str]:
    """Yield each level with what it alone asks for, the level before it; the rest was said of the program."""
    obtained = kinds_held(person, on=on)
    for level in pack.levels:
        locked = access.why_not_after(pack, level, on=on, obtained=obtained)
        yield f"{pack.level_key(level)}, {on}: {'closed' if locked or not is_open else 'open'}"
        if locked:
            yield f"- {locked.code}: {sentence(locked)}"
