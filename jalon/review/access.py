"""Who may read, claim and decide a request; every function returns the reason, or nothing."""

from datetime import datetime, timedelta

from django.utils.timezone import localdate

from jalon.accounts.models import Affiliation, Person
from jalon.core.calibration import is_drawn
from jalon.core.refusals import Refusal
from jalon.review.models import UNDOING, Claim, Decision, Outcome
from jalon.training.models import Submission


def why_not_read(person: Person, submission: Submission, *, at: datetime) -> Refusal | None:
    """Say why this person may not read the request: not a reviewer, one's own, or one of a colleague."""
    if not person.is_reviewer:
        return Refusal("reviewers-only")
    if submission.enrolment.person_id == person.pk:
        return Refusal("own-submission")
    if _work_together(person, submission.enrolment.person, at=at):
        return Refusal("same-school")
    return None


def why_not_decide(person: Person, submission: Submission, *, at: datetime) -> Refusal | None:
    """Say why this person may not decide, or hold the request for themselves, at this moment."""
    if reason := why_not_read(person, submission, at=at):
        return reason
    if submission.withdrawn_at:
        return Refusal("request-withdrawn", {"withdrawn_on": localdate(submission.withdrawn_at)})
    decision: Decision | None = getattr(submission, "decision", None)
    if decision is not None:
        return Refusal("already-decided", {"decided_on": localdate(decision.at)})
    claim = claim_of_another(person, submission, at=at)
    if claim is not None:
        return Refusal("claimed-by-another", {"reviewer": claim.reviewer.legal_name, "until": claim.until})
    return None


def why_not_undo(person: Person, decision: Decision, *, at: datetime) -> Refusal | None:
    """Say why a decision can no longer be undone: another's, an acceptance, too late, or answered meanwhile."""
    if decision.by_id != person.pk:
        return Refusal("decision-of-another")
    if decision.outcome != Outcome.TO_REWORK:
        return Refusal("acceptance-stands")
    if at - decision.at > UNDOING:
        return Refusal("undo-too-late", {"minutes": UNDOING // timedelta(minutes=1)})
    submission = decision.submission
    later = Submission.objects.filter(enrolment_id=submission.enrolment_id, level=submission.level)
    return Refusal("request-sent-again") if later.filter(round__gt=submission.round).exists() else None


def is_asked_again(person: Person, submission: Submission) -> bool:
    """Tell whether the decision stays hidden from this reviewer, whose second reading is still asked for."""
    decision: Decision | None = getattr(submission, "decision", None)
    is_open = decision is not None and decision.by_id != person.pk and not hasattr(submission, "second_reading")
    return is_open and is_drawn(submission.pk)


def why_not_read_again(person: Person, submission: Submission, *, at: datetime) -> Refusal | None:
    """Say why this person gives no second reading: not asked for, their own decision, or already given."""
    if reason := why_not_read(person, submission, at=at):
        return reason
    decision: Decision | None = getattr(submission, "decision", None)
    if decision is None or not is_drawn(submission.pk):
        return Refusal("second-reading-not-asked")
    if decision.by_id == person.pk:
        return Refusal("second-reading-of-own")
    return Refusal("second-reading-done") if hasattr(submission, "second_reading") else None


def claim_of_another(person: Person, submission: Submission, *, at: datetime) -> Claim | None:
    """Return the claim that somebody else holds now; a lapsed one holds nobody back."""
    claim: Claim | None = getattr(submission, "claim", None)
    return claim if claim is not None and claim.until > at and claim.reviewer_id != person.pk else None


def _work_together(person: Person, other: Person, *, at: datetime) -> bool:
    on = localdate(at)
    schools = Affiliation.objects.current(on).filter(person=other).values("school")
    return Affiliation.objects.current(on).filter(person=person, school__in=schools).exists()
