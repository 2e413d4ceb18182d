"""The verbs of a leave date: noted, corrected, taken back. The journal keeps every one that there was, and why."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from jalon.accounts import letters
from jalon.accounts.access import why_not_register
from jalon.accounts.models import Affiliation, Person
from jalon.core.refusals import Refusal, insist
from jalon.journal import actions as journal

# Why a leave date was not right; the words are in the form and in the journal.
REASONS = ("WRONG_DAY", "STAYS", "WRONG_PERSON")


@dataclass(frozen=True)
class Conflict:
    """Somebody changed the leave date after the page was shown: it is this one now, or there is none."""

    ends_on: date | None


@transaction.atomic
def set_leave(
    *, affiliation: Affiliation, ends_on: date | None, seen: date | None, reason: str, by: Person, at: datetime
) -> Affiliation | Conflict:
    """The leave date is as this registrar says, and the person is told when it was another one.

    Args:
        ends_on: the first day away; nothing takes the leave date back.
        seen: the leave date that the page showed; when it is another one by now, nothing is changed.
        reason: one of `REASONS`; not needed for a first leave date.
    """
    locked = Affiliation.objects.select_for_update(of=("self",)).select_related("school", "person")
    affiliation = locked.get(pk=affiliation.pk)
    insist(why_not_register(by, affiliation.school.body_id))
    before = affiliation.ends_on
    if before == ends_on:
        return affiliation
    if before != seen:
        return Conflict(before)
    insist(why_not_leave(affiliation, ends_on, reason=reason))
    affiliation.ends_on = ends_on
    affiliation.was_ended_by_body = ends_on is not None and by.pk != affiliation.person_id
    affiliation.save(update_fields=["ends_on", "was_ended_by_body"])
    _record(affiliation, before, reason=reason, by=by, at=at)
    return affiliation


def why_not_leave(affiliation: Affiliation, ends_on: date | None, *, reason: str) -> Refusal | None:
    """Say why the place of work cannot have this leave date, or none."""
    if affiliation.ends_on and reason not in REASONS:
        return Refusal("leave-reason-missing")
    if ends_on and ends_on < affiliation.starts_on:
        return Refusal("leave-before-start", {"starts_on": affiliation.starts_on})
    same = Affiliation.objects.filter(person=affiliation.person_id, school=affiliation.school_id, ends_on=None)
    is_doubled = ends_on is None and same.exclude(pk=affiliation.pk).exists()
    return Refusal("affiliation-doubled") if is_doubled else None


def _record(affiliation: Affiliation, before: date | None, *, reason: str, by: Person, at: datetime) -> None:
    if before is None:
        facts = {"ends_on": str(affiliation.ends_on)}
        journal.record("affiliation.ended", by=by, at=at, about=affiliation, facts=facts)
        return
    facts = {"before": str(before), "reason": reason}
    if affiliation.ends_on:
        facts["ends_on"] = str(affiliation.ends_on)
        journal.record("affiliation.end_corrected", by=by, at=at, about=affiliation, facts=facts)
    else:
        journal.record("affiliation.end_withdrawn", by=by, at=at, about=affiliation, facts=facts)
    letters.send(affiliation.person, "news", "accounts:account")
