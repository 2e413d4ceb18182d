from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Func, Q, QuerySet, TextField
from django.utils.functional import cached_property

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
    """Return the affiliations that this registrar sees, in no order.

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
    return seen


def _has_left(on: date) -> Q:
    """Return the condition of those who have left: with no end, a comparison would be neither true nor false."""
    return Q(ends_on__isnull=False, ends_on__lte=on)


class _Letters(Func):
    """A text in the order of its letters: folded words need no other, and on PostgreSQL it is the quick one."""

    output_field = TextField()
    template = "%(expressions)s"

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        return self.as_sql(compiler, connection, template=f'{self.template} COLLATE "C"')


# The folded name comes first in what a search compares with: an É is among the E.
BY_NAME = (_Letters("person__search"), "pk")


def _in_order(some: QuerySet[Affiliation], on: date) -> QuerySet[Affiliation, UUID]:
    """Return their keys: those that wait first, then by name, the ended ones last."""
    told_apart = some.annotate(has_left=_has_left(on), is_confirmed=Q(confirmed_at__isnull=False))
    return told_apart.order_by("has_left", "is_confirmed", *BY_NAME).values_list("pk", flat=True)


class _Groups:
    """The same keys for a paginator. A page within one of the three groups sorts that group alone, by one text.

    That is twice as quick as to sort them all by four columns; a page that has two groups does that.
    """

    def __init__(self, some: QuerySet[Affiliation], on: date) -> None:
        left, waits = _has_left(on), Q(confirmed_at=None)
        self.some, self.on, self.groups = some, on, (~left & waits, ~left & ~waits, left)

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        counts = {f"group{at}": Count("pk", filter=group) for at, group in enumerate(self.groups)}
        return tuple(self.some.aggregate(**counts).values())

    def count(self) -> int:
        return sum(self.sizes)

    def __getitem__(self, wanted: slice) -> list[UUID]:
        before = 0
        for group, size in zip(self.groups, self.sizes, strict=True):
            if before <= wanted.start and wanted.stop <= before + size:
                keys = self.some.filter(group).order_by(*BY_NAME).values_list("pk", flat=True)
                return list(keys[wanted.start - before : wanted.stop - before])
            before += size
        return list(_in_order(self.some, self.on)[wanted])


def page_of(members: QuerySet[Affiliation], *, on: date, number: str | None, size: int, is_search: bool) -> Page[Any]:
    """Return one page of them in their order: of each, what its line shows.

    The database sorts keys alone, then reads the rows of one page: sorting whole rows of thousands is what is slow.

    Args:
        is_search: every text is compared, so it is done once: the keys are counted here.
    """
    keys: Any = list(_in_order(members, on)) if is_search else _Groups(members, on)
    page: Page[Any] = Paginator(keys, size).get_page(number)
    shown = {"name": F("person__legal_name"), "email": F("person__email"), "school_name": F("school__name")}
    rows = Affiliation.objects.filter(pk__in=page.object_list).order_by().annotate(**shown)
    lines = {row[0]: row for row in rows.values_list("pk", "role", "ends_on", "confirmed_at", *shown, named=True)}
    return Page([lines[key] for key in page.object_list if key in lines], page.number, page.paginator)


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
