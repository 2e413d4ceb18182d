from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from jalon.accounts.models import Affiliation, NameChange, Person, Standing


def affiliation_of(person: Person, *, on: date) -> Affiliation | None:
    """Return where the person works that day, confirmed by somebody; the latest when there are several."""
    return Affiliation.objects.filter(person=person).current(on).confirmed().select_related("school__body").first()


def affiliations_of(person: Person, *, on: date) -> list[Affiliation]:
    """Return where the person says they work, the latest first, those that have ended on the day last."""
    theirs = Affiliation.objects.filter(person=person).annotate(has_left=_has_left(on))
    return list(theirs.select_related("school__body").order_by("has_left", "-starts_on", "id"))


def people_by_address(emails: Collection[str]) -> dict[str, Person]:
    """Return the people who have these addresses, whichever of theirs it is; who has proved one comes first."""
    found = {person.email: person for person in Person.objects.filter(email__in=emails)}
    proved = EmailAddress.objects.filter(email__in=emails, verified=True).select_related("user")
    return found | {address.email: address.user for address in proved}


STATES = ("waiting", "confirmed", "left")


def members_of(registrar: Person, *, on: date, words: str = "", state: str = "") -> QuerySet[Affiliation]:
    """Return the affiliations that this registrar sees: those that wait first, then by name; the ended ones last.

    Args:
        words: of a name, an address or a school; every word must be there.
        state: one of `STATES`; anything else is all of them.
    """
    seen = Affiliation.objects.visible_to(registrar).found_by(words)
    if state == "waiting":
        seen = seen.waiting(on)
    elif state == "confirmed":
        seen = seen.confirmed().current(on)
    elif state == "left":
        seen = seen.filter(ends_on__lte=on)
    told_apart = seen.annotate(has_left=_has_left(on), is_confirmed=Q(confirmed_at__isnull=False))
    return told_apart.order_by("has_left", "is_confirmed", "person__legal_name", "id")


def _has_left(on: date) -> Q:
    """Return the condition of those who have left: with no end, a comparison would be neither true nor false."""
    return Q(ends_on__isnull=False, ends_on__lte=on)


# What a line of the page of members shows, and no more: reading whole rows would double their cost.
SHOWN = ("role", "ends_on", "confirmed_at", "person__legal_name", "person__email", "school__name")


def page_of(members: QuerySet[Affiliation], *, number: str | None, size: int, is_search: bool) -> Page[Any]:
    """Return one page of them, each with its person and school.

    The database sorts keys alone, then reads the rows of one page: sorting whole rows of thousands is what is slow.

    Args:
        is_search: every text is compared, so it is done once: the keys are counted here.
    """
    keys = members.values_list("pk", flat=True)
    page: Page[Any] = Paginator(list(keys) if is_search else keys, size).get_page(number)
    wanted = list(page.object_list)
    rows = Affiliation.objects.select_related("person", "school").only(*SHOWN).in_bulk(wanted)
    return Page([rows[key] for key in wanted if key in rows], page.number, page.paginator)


def standing_of(person: Person, *, kind: str, on: date) -> Standing | None:
    """Return the standing of this kind (program/level) that the person has that day."""
    standings = Standing.objects.filter(person=person, kind=kind, since_on__lte=on)
    return standings.filter(until_on=None).first() or standings.filter(until_on__gt=on).first()


def kinds_held(person: Person, *, on: date) -> set[str]:
    """Return the kinds (program/level) of every standing that the person had that day."""
    begun = Standing.objects.filter(person=person, since_on__lte=on)
    return set(begun.filter(Q(until_on=None) | Q(until_on__gt=on)).values_list("kind", flat=True))


def name_shown(holder: UUID, *, frozen: str) -> str:
    """Return the name that a public page shows for a document of that name: the present one if it was withdrawn."""
    withdrawn = NameChange.objects.filter(person=holder, before=frozen).exclude(withdrawn_at=None)
    present: str | None = withdrawn.values_list("person__legal_name", flat=True).first()
    return present or frozen
