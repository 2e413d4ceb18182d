"""What the pages of badges show. How a badge stands is asked at each request and never kept."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from jalon.accounts.models import Person
from jalon.accounts.queries import name_shown
from jalon.core import codes
from jalon.core.dossier import Dossier
from jalon.credentials.models import Award, AwardQuerySet
from jalon.credentials.queries import LANGUAGES, address
from jalon.web.prepared import Prepared


@dataclass(frozen=True)
class Badge:
    """What the page of a badge shows: dated facts, never an address or an answer.

    Args:
        code: as it is printed.
        is_closed: to everybody but the holder.
        present_name: the holder's today; `name_shown` says which one is public.
        languages: those in which it is signed.
        next_code: of the version that replaced it.
    """

    code: str
    dossier: Dossier
    shares_answers: bool
    is_closed: bool
    holder: UUID
    present_name: str
    languages: tuple[str, ...]
    revoked_at: datetime | None
    reason: str | None
    next_code: str | None

    @property
    def state(self) -> str:
        if self.revoked_at:
            return "revoked"
        if self.next_code:
            return "replaced"
        return "valid" if self.languages else "preparation"

    @cached_property
    def name_shown(self) -> str:
        """The holder's name on a live page: that of the award, unless the person has withdrawn it since."""
        frozen = self.dossier.name
        return frozen if frozen == self.present_name else name_shown(self.holder, frozen=frozen)

    @property
    def link(self) -> str:
        """The address that is printed, under our own origin."""
        return address("credentials:badge", code=self.code)

    @property
    def page(self) -> str:
        return reverse("credentials:badge", kwargs={"code": self.code})

    @property
    def next_version(self) -> str:
        """The page of the version that replaced this one."""
        return reverse("credentials:badge", kwargs={"code": codes.display(self.next_code or "")})

    @property
    def image(self) -> str:
        content = self.dossier.content
        parts = {"slug": content.program, "version": content.version, "level": self.dossier.level}
        return reverse("documents:achievement_image", kwargs=parts)


COLUMNS = (
    "code",
    "facts",
    "shares_answers",
    "is_closed",
    "holder_id",
    "holder__legal_name",
    "revocation__at",
    "revocation__reason",
    "replacement__code",
    "credentials__language",
    "credentials__signed_at",
)


def badge(code: str) -> Badge | None:
    """Return what the page of this code shows, or nothing (one query)."""
    return next(_badges(_of_code(code)), None)


def badges_of(person: Person) -> list[Badge]:
    """Return a person's badges, newest first (one query)."""
    return list(_badges(_rows(Award.objects.held_by(person), "-awarded_at", "id")))


def _rows(awards: AwardQuerySet, *order: str) -> QuerySet[Award, tuple[Any, ...]]:
    """Return a row for each language of each award, signed or not, French first."""
    return awards.order_by(*order, "-credentials__language").values_list(*COLUMNS)


_of_code = Prepared(lambda code: _rows(Award.objects.filter(code=code)))


def _badges(rows: Iterable[tuple[Any, ...]]) -> Iterator[Badge]:
    for code, found in groupby(rows, key=itemgetter(0)):
        lines = list(found)
        _code, facts, shares_answers, is_closed, holder, name, revoked_at, reason, next_code, *_ = lines[0]
        yield Badge(
            code=codes.display(code),
            dossier=Dossier.from_json(facts),
            shares_answers=shares_answers,
            is_closed=is_closed,
            holder=holder,
            present_name=name,
            languages=tuple(LANGUAGES[language] for *_, language, signed_at in lines if signed_at),
            revoked_at=revoked_at,
            reason=reason,
            next_code=next_code,
        )
