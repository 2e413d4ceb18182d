"""The places of work of a person as they were known on a day: only for who asks about the past, never for a page.

What the tables keep: the moments of the declaration and of the confirmation; the journal keeps each leave date that was
written, corrected or taken back, and each refusal. docs/how-to/give-roles.md says what is not known.
"""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.utils.timezone import localdate

from jalon.accounts.models import Affiliation, Person
from jalon.agreements.queries import works_of_one
from jalon.core.gating import Employment, Written, as_known
from jalon.journal.models import Entry

# The first two are written where there was no leave date; the others say which one there was.
ENDS = ("affiliation.ended", "affiliation.refused", "affiliation.end_corrected", "affiliation.end_withdrawn")


def employments_as_known(person: Person, *, on: date) -> tuple[Employment, ...]:
    """Return the places of work that the person had declared by the end of that day, as they were known then."""
    written = _written(Affiliation.objects.filter(person=person))
    known = (as_known(work.employment, written[work.affiliation], on=on) for work in works_of_one(person, on=on))
    return tuple(one for one in known if one)


def _written(works: Collection[Affiliation]) -> dict[UUID, Written]:
    ends: dict[UUID, list[tuple[date, date | None]]] = {}
    acts = Entry.objects.filter(verb__in=ENDS, about_id__in=[one.pk for one in works])
    for key, at, facts in acts.order_by("at", "pk").values_list("about_id", "at", "facts"):
        before = facts.get("before")
        ends.setdefault(key, []).append((localdate(at), date.fromisoformat(before) if before else None))
    return {
        one.pk: Written(
            localdate(one.declared_at),
            localdate(one.confirmed_at) if one.confirmed_at else None,
            tuple(ends.get(one.pk, ())),
        )
        for one in works
    }
