"""Who, of the staff of a registrar's school bodies, is trained and current, and who is not covered and why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jalon.accounts.forms import ROLES
from jalon.accounts.models import Affiliation, Person, Standing
from jalon.agreements.queries import Work, works_of
from jalon.core.gating import Situation, why_closed
from jalon.core.refusals import Refusal
from jalon.library.queries import level_titles
from jalon.web.wording import in_words

AT_ONCE = 500
# Why a place of work opens no restricted program, in a few words about somebody else.
REASONS: dict[str, Promise] = {
    "work-unconfirmed": gettext_lazy("To be confirmed"),
    "work-ended": gettext_lazy("Left on %(ended_on)s"),
    "work-to-come": gettext_lazy("Begins on %(starts_on)s"),
    "legal-name-missing": gettext_lazy("No name in the account yet"),
    "school-unknown": gettext_lazy("No address known for the school"),
    "police-unknown": gettext_lazy("No police service known for %(municipality)s"),
    "agreement-missing": gettext_lazy("No agreement: %(police_service)s"),
    "agreement-elsewhere": gettext_lazy("Agreement for other places only: %(police_service)s"),
    "agreement-to-come": gettext_lazy("Agreement from %(on)s: %(police_service)s"),
    "agreement-ended": gettext_lazy("Agreement ended on %(on)s: %(police_service)s"),
    "agreement-suspended": gettext_lazy("Agreement suspended since %(on)s: %(police_service)s"),
}


@dataclass(frozen=True)
class Trained:
    """A level that a person holds, in the language of the page, and since when."""

    name: str
    since_on: date


@dataclass(frozen=True)
class Ready:
    """One place of work that day: what its person is trained for, and why a restricted program is closed there."""

    affiliation: Affiliation
    levels: tuple[Trained, ...]
    reasons: tuple[Refusal, ...]

    @property
    def is_covered(self) -> bool:
        return not self.reasons

    @property
    def why(self) -> list[str]:
        return [str(REASONS[one.code]) % in_words(one.facts) for one in self.reasons]


def staff_of(registrar: Person, *, on: date, start: int = 0, count: int) -> list[Ready]:
    """Return a stretch of the present staff of the registrar's bodies, by name; four queries whatever the stretch."""
    present = Affiliation.objects.visible_to(registrar).current(on).select_related("person", "school")
    some = list(present.order_by("person__legal_name", "id")[start : start + count])
    people = {one.person_id for one in some}
    works = works_of(people, on=on) if people else {}
    by_key = {work.affiliation: work for theirs in works.values() for work in theirs}
    levels = _levels_of(people, on)
    return [_ready(one, by_key[one.pk], tuple(levels.get(one.person_id, ())), on) for one in some]


def _levels_of(people: set[UUID], on: date) -> dict[UUID, list[Trained]]:
    """Return the levels held that day by each; one of a program that is no longer offered keeps its key as its name."""
    begun = Standing.objects.filter(person__in=people, since_on__lte=on).order_by("kind")
    held = list(begun.filter(Q(until_on=None) | Q(until_on__gt=on)))
    titles = level_titles({standing.kind for standing in held})
    levels: dict[UUID, list[Trained]] = {}
    for standing in held:
        trained = Trained(titles.get(standing.kind, standing.kind), standing.since_on)
        levels.setdefault(standing.person_id, []).append(trained)
    return levels


def _ready(affiliation: Affiliation, work: Work, levels: tuple[Trained, ...], on: date) -> Ready:
    is_named = bool(affiliation.person.legal_name)
    situation = Situation(on, is_restricted=True, is_named=is_named, employments=(work.employment,))
    return Ready(affiliation, levels, tuple(why_closed(situation)))


def everybody(registrar: Person, *, on: date) -> Iterator[Ready]:
    """Yield all of the present staff, a few hundred in memory at a time."""
    start = 0
    while some := staff_of(registrar, on=on, start=start, count=AT_ONCE):
        yield from some
        start += AT_ONCE


def headers() -> list[str]:
    return [
        _("Name"),
        _("E-mail address"),
        _("School code"),
        _("School"),
        _("Role"),
        _("First day"),
        _("First day away"),
        _("Confirmed on"),
        _("Trained"),
        _("Coverage"),
        _("Why not"),
    ]


def rows(staff: Iterable[Ready]) -> Iterator[list[object]]:
    for ready in staff:
        one = ready.affiliation
        yield [
            one.person.legal_name,
            one.person.email,
            one.school.code,
            one.school.name,
            str(ROLES[one.role]),
            one.starts_on,
            one.ends_on or "",
            localdate(one.confirmed_at) if one.confirmed_at else "",
            "; ".join(level.name for level in ready.levels),
            _("yes") if ready.is_covered else _("no"),
            "; ".join(ready.why),
        ]
