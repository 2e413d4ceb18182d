"""The verbs of agreements: record, suspend, reinstate, end; nothing that was recorded is ever written again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate

from jalon.accounts.models import Person
from jalon.agreements import access, parts
from jalon.agreements.models import Agreement, Change, Coordinator, Reminder, Report
from jalon.core import agreements as core
from jalon.core.periods import Period
from jalon.core.refusals import insist
from jalon.journal import actions as journal
from jalon.notices import actions as notices
from jalon.places.models import Body, PoliceService

# Days before its end on which the coordinators are told that an agreement ends.
REMINDERS = (180, 60, 14)


@dataclass(frozen=True)
class Terms:
    """What an agreement says.

    Args:
        kind: `PROSECUTOR` or `SCHOOL_BODY`.
        body: the school body that signed; nothing when the prosecutor did.
        ends_on: the last day, excluded.
        signatories: the roles that signed, never names; representatives: the roles to turn to.
        flows: what may pass, keys of `models.FLOWS`.
        places: codes of the municipalities and schools covered; none: the whole territory of the police service.
        digest: SHA-256 of the signed document, 64 hexadecimal digits; the document is never kept.
    """

    kind: str
    police_service: PoliceService
    reference: str
    starts_on: date
    ends_on: date
    body: Body | None = None
    signatories: Sequence[str] = ()
    representatives: Sequence[str] = ()
    flows: Sequence[str] = ()
    digest: str = ""
    places: Sequence[str] = ()

    @property
    def period(self) -> Period:
        return Period(self.starts_on, self.ends_on)


@transaction.atomic
def record(*, terms: Terms, by: Person | None, at: datetime) -> Agreement:
    """The agreement stands in the register; the same parties have no other one on any of its days.

    Said again by the same person, it is said once.

    Raises:
        Refused: its days meet those of another (both are told), the kinds are mixed, or the papers are incomplete.
    """
    police = PoliceService.objects.select_for_update().get(pk=terms.police_service.pk)
    insist(access.why_not_coordinate(by, police.pk))
    if known := recorded_already(terms, by=by):
        return known
    insist(access.why_not_record(kind=terms.kind, police_service=police, body=terms.body, period=terms.period))
    flows, digest = list(terms.flows), terms.digest
    insist(access.why_not_described(reference=terms.reference, digest=digest, flows=flows, police_service=police))
    insist(parts.why_not_places(terms.places, police=police, on=terms.starts_on))
    agreement = Agreement.objects.create(
        kind=terms.kind,
        police_service=police,
        body=terms.body,
        reference=terms.reference.strip(),
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        closes_on=terms.ends_on,
        places=list(terms.places),
        signatories=list(terms.signatories),
        representatives=list(terms.representatives),
        flows=list(terms.flows),
        digest=terms.digest,
        recorded_at=at,
        recorded_by=by,
    )
    facts = {"reference": agreement.reference, "starts_on": str(terms.starts_on), "ends_on": str(terms.ends_on)}
    journal.record("agreement.recorded", by=by, at=at, about=agreement, facts=facts)
    return agreement


def recorded_already(terms: Terms, *, by: Person | None) -> Agreement | None:
    """Return the agreement that this person recorded in these very terms, and that nothing ended since."""
    same = Agreement.objects.of_the_same_parties(
        kind=terms.kind, police_service=terms.police_service, body=terms.body
    ).filter(starts_on=terms.starts_on, ends_on=terms.ends_on, closes_on=terms.ends_on, recorded_by=by)
    names = ("signatories", "representatives", "flows", "places")
    known = same.filter(reference=terms.reference.strip(), digest=terms.digest).first() if by else None
    is_same = known and all(getattr(known, name) == list(getattr(terms, name)) for name in names)
    return known if is_same else None


def suspend(
    *, agreement: Agreement, on: date, reason: str, seen: int | None = None, by: Person | None, at: datetime
) -> Change:
    """From that day the agreement opens nothing; what people did is kept, and what they obtained stays valid."""
    return _change(agreement, core.Act.SUSPENDED, on=on, reason=reason, seen=seen, by=by, at=at)


def reinstate(
    *, agreement: Agreement, on: date, reason: str, seen: int | None = None, by: Person | None, at: datetime
) -> Change:
    """From that day the agreement is in force again."""
    return _change(agreement, core.Act.REINSTATED, on=on, reason=reason, seen=seen, by=by, at=at)


def end(
    *, agreement: Agreement, on: date, reason: str, seen: int | None = None, by: Person | None, at: datetime
) -> Change:
    """The agreement no longer holds from that day, earlier than signed; the same parties may sign another."""
    return _change(agreement, core.Act.ENDED, on=on, reason=reason, seen=seen, by=by, at=at)


def extend(
    *,
    agreement: Agreement,
    places: Sequence[str],
    on: date,
    reason: str,
    seen: int | None = None,
    by: Person | None,
    at: datetime,
) -> Change:
    """From that day an agreement for a part of a territory covers these places too.

    Args:
        places: codes of municipalities and schools that the police service serves that day.
    """
    return _change(agreement, core.Act.EXTENDED, on=on, reason=reason, seen=seen, by=by, at=at, places=tuple(places))


@transaction.atomic
def _change(
    agreement: Agreement,
    act: core.Act,
    *,
    on: date,
    reason: str,
    seen: int | None,
    by: Person | None,
    at: datetime,
    places: Sequence[str] = (),
) -> Change:
    """The change stands at the end of the history.

    Args:
        seen: how many changes the writer had seen; another number is refused, since nothing is replaced unseen.
    """
    police = PoliceService.objects.select_for_update().get(pk=agreement.police_service_id)
    agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    insist(access.why_not_coordinate(by, agreement.police_service_id))
    if known := access.said_already(agreement, act, on=on, reason=reason, by=by, places=places):
        return known
    insist(access.why_not_unseen(agreement, seen))
    insist(access.why_not_reason(reason))
    insist(core.why_not_change(agreement.term, act, on=on, today=localdate(at)))
    if act is core.Act.EXTENDED:
        insist(parts.why_not_extend(agreement, places, police=police, on=on))
    number = agreement.changes.count() + 1
    change = Change.objects.create(
        agreement=agreement, number=number, act=act, on=on, places=list(places), reason=reason.strip(), by=by, at=at
    )
    if act is core.Act.ENDED:
        agreement.closes_on = on
        agreement.save(update_fields=["closes_on"])
    journal.record(f"agreement.{act.lower()}", by=by, at=at, about=agreement, facts={"on": str(on), "number": number})
    return change


@transaction.atomic
def file_report(
    *, agreement: Agreement, year: int, filed_on: date, digest: str = "", by: Person | None, at: datetime
) -> Report:
    """The joint report of a school year is filed; said again, it is said once; of another day, the first one stands.

    Raises:
        Refused: it was filed on another day.
    """
    agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    insist(access.why_not_coordinate(by, agreement.police_service_id))
    insist(access.why_not_report(agreement, year=year, filed_on=filed_on, today=localdate(at)))
    if known := agreement.reports.filter(year=year).first():
        insist(access.why_not_report_again(known, filed_on=filed_on))
        return known
    report = Report.objects.create(agreement=agreement, year=year, filed_on=filed_on, digest=digest, by=by, at=at)
    journal.record("agreement.reported", by=by, at=at, about=agreement, facts={"year": year})
    return report


@transaction.atomic
def appoint(*, person: Person, police_service: PoliceService, at: datetime) -> Coordinator:
    """The person keeps the agreements of this territory; appointed again, nothing changes."""
    appointed, is_new = Coordinator.objects.get_or_create(person=person, police_service=police_service)
    if is_new:
        journal.record("coordinator.appointed", by=None, at=at, about=appointed, facts={"police": police_service.code})
    return appointed


@transaction.atomic
def dismiss(*, coordinator: Coordinator, at: datetime) -> None:
    """The person no longer keeps the agreements of this territory; the journal keeps that they did."""
    facts = {"police": coordinator.police_service.code}
    journal.record("coordinator.dismissed", by=None, at=at, about=coordinator, facts=facts)
    coordinator.delete()


@transaction.atomic
def remind(*, at: datetime) -> list[Reminder]:
    """The coordinators of each agreement that ends in 180, 60 or 14 days have a neutral notice, once for each.

    An agreement that the same parties have already renewed is passed over; run late, only the nearest reminder leaves.
    Where nobody keeps the territory, it waits for somebody who does.
    """
    today = localdate(at)
    horizon = today + timedelta(days=max(REMINDERS))
    ending = Agreement.objects.select_for_update(of=("self",)).ending_before(horizon, after=today)
    return [sent for agreement in ending.order_by("closes_on") if (sent := _remind(agreement, today=today, at=at))]


def _remind(agreement: Agreement, *, today: date, at: datetime) -> Reminder | None:
    left = (agreement.closes_on - today).days
    days = min(step for step in REMINDERS if left <= step)
    if _is_renewed(agreement) or agreement.reminders.filter(days__lte=days).exists():
        return None
    people = list(Person.objects.filter(coordinators__police_service=agreement.police_service_id, is_active=True))
    if not people:
        return None
    reminder = Reminder.objects.create(agreement=agreement, days=days, at=at)
    for person in people:
        notices.queue(to=person, kind="agreement", at=at)
    journal.record("agreement.reminded", by=None, at=at, about=agreement, facts={"days": days, "told": len(people)})
    return reminder


def _is_renewed(agreement: Agreement) -> bool:
    same = Agreement.objects.of_the_same_parties(
        kind=agreement.kind, police_service=agreement.police_service, body=agreement.body
    )
    return same.filter(starts_on__lte=agreement.closes_on, closes_on__gt=agreement.closes_on).exists()
