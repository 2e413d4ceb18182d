"""Who may keep the agreements of a territory, and what may be recorded: the reason why not, or nothing."""

import re
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from jalon.accounts.access import for_role
from jalon.accounts.models import Person
from jalon.agreements.models import FLOWS, Agreement, Change, Coordinator, Report
from jalon.core import agreements as core
from jalon.core.periods import Period, facts_of, why_not_period
from jalon.core.refusals import Refusal
from jalon.places.models import Body, PoliceService

LONGEST_REASON = 500


def why_not_coordinate(person: Person | None, police_service: UUID | None = None) -> Refusal | None:
    """Say why this person may not keep the agreements of this police service; without one, of any.

    Args:
        person: nobody stands for the operator at the command line.
    """
    if person is None:
        return None
    where = {"police_service": police_service} if police_service else {}
    is_coordinator = Coordinator.objects.filter(person=person, **where).exists()
    return None if is_coordinator else Refusal("coordinators-only")


coordinator_only = for_role(why_not_coordinate)


def why_not_parties(kind: str, body: Body | None) -> Refusal | None:
    """Say why these parties make no agreement of this kind: a school body signs one kind only."""
    if kind == core.Kind.PROSECUTOR and body is not None:
        return Refusal("agreement-with-body")
    if kind == core.Kind.SCHOOL_BODY and body is None:
        return Refusal("agreement-without-body")
    return None


def why_not_record(*, kind: str, police_service: PoliceService, body: Body | None, period: Period) -> Refusal | None:
    """Say why the same parties cannot have this agreement too: the two periods share a day. Ask it under the lock."""
    if reason := why_not_parties(kind, body) or why_not_period(period.starts_on, period.ends_on):
        return reason
    if reason := core.why_not_term(core.Kind(kind), period):
        return reason
    same = Agreement.objects.of_the_same_parties(kind=kind, police_service=police_service, body=body)
    if met := same.overlapping(period).order_by("starts_on").first():
        facts = facts_of(period, Period(met.starts_on, met.closes_on))
        return Refusal("agreement-overlap", {"reference": met.reference, **facts})
    return None


def why_not_described(
    *, reference: str, digest: str, flows: list[str], police_service: PoliceService
) -> Refusal | None:
    """Say why the papers of an agreement cannot be recorded: no reference, one that is taken, or no digest at all.

    Another territory's references are never told; one that was ended on its first day leaves its own free.
    """
    if not reference.strip():
        return Refusal("reference-missing")
    if Agreement.objects.lasting().filter(police_service=police_service, reference=reference.strip()).exists():
        return Refusal("reference-taken", {"reference": reference.strip()})
    if digest and not re.fullmatch(r"[0-9a-f]{64}", digest):
        return Refusal("digest-malformed")
    return Refusal("flow-unknown") if set(flows) - set(FLOWS) else None


def why_not_reason(reason: str) -> Refusal | None:
    """Say why a reason cannot be kept: there is none, or it is longer than a register holds."""
    if not reason.strip():
        return Refusal("agreement-reason-missing")
    return Refusal("agreement-reason-too-long", {"longest": LONGEST_REASON}) if len(reason) > LONGEST_REASON else None


def said_already(
    agreement: Agreement, act: core.Act, *, on: date, reason: str, by: Person | None, places: Sequence[str] = ()
) -> Change | None:
    """Return the last change when this person recorded this very one: a button pressed twice says one thing once."""
    last = agreement.changes.order_by("number").last()
    if last is None or by is None:
        return None
    said = (act, on, reason.strip(), list(places), by.pk)
    return last if (last.act, last.on, last.reason, last.places, last.by_id) == said else None


def why_not_report_again(known: Report, *, filed_on: date) -> Refusal | None:
    """Say why a report that is filed cannot be filed on another day: history is not rewritten."""
    return None if known.filed_on == filed_on else Refusal("report-filed", {"filed_on": known.filed_on})


def why_not_unseen(agreement: Agreement, seen: int | None) -> Refusal | None:
    """Say why a change cannot be recorded: its history grew since the page that was filled in.

    Args:
        seen: the number of changes that this page showed; nothing when the writer saw none of it.
    """
    return None if seen is None or seen == agreement.changes.count() else Refusal("agreement-changed")


def why_not_report(agreement: Agreement, *, year: int, filed_on: date, today: date) -> Refusal | None:
    """Say why the joint report of a school year cannot be filed: another kind of agreement, a year outside it, or a day
    that has not come.
    """
    if agreement.kind != core.Kind.SCHOOL_BODY:
        return Refusal("report-of-another-kind")
    school_year = Period(date(year, 7, 1), date(year + 1, 7, 1))
    if not school_year.overlaps(Period(agreement.starts_on, agreement.closes_on)) or filed_on < school_year.starts_on:
        return Refusal("report-outside-period", {"starts_on": agreement.starts_on, "ends_on": agreement.closes_on})
    return Refusal("report-to-come") if filed_on > today else None
