"""The verbs of the desk: hold a request, note, accept, return."""

from datetime import datetime, timedelta

from django.db import transaction

from jalon.accounts.models import Person
from jalon.core.refusals import Refusal, insist
from jalon.journal import actions as journal
from jalon.notices import actions as notices
from jalon.review import access
from jalon.review.models import UNDOING, Claim, Decision, Outcome, Remark, SecondReading
from jalon.training import actions as training
from jalon.training.models import Submission
from jalon.training.queries import place_of

LEASE = timedelta(minutes=60)


@transaction.atomic
def claim(*, submission: Submission, by: Person, at: datetime) -> Claim:
    """The request is this reviewer's for an hour from now; each act at the desk starts the hour again.

    Raises:
        Refused: somebody else reads it, it was decided or withdrawn, or this person may not review it.
    """
    submission = _locked(submission)
    insist(access.why_not_decide(by, submission, at=at))
    return _hold(submission, by, at=at)


@transaction.atomic
def release_claim(*, submission: Submission, by: Person, at: datetime) -> None:
    """Nobody is held back by this reviewer any more; private notes are kept until the decision."""
    Claim.objects.filter(submission=submission, reviewer=by, until__gt=at).update(until=at)


@transaction.atomic
def note(*, submission: Submission, by: Person, notes: str, at: datetime) -> Claim:
    """The reviewer's private notes are these, and the request stays theirs for an hour."""
    submission = _locked(submission)
    insist(access.why_not_decide(by, submission, at=at))
    held = _hold(submission, by, at=at)
    held.notes = notes
    held.save(update_fields=["notes"])
    return held


@transaction.atomic
def accept(*, submission: Submission, by: Person, at: datetime, advice: str = "") -> Decision:
    """The level is obtained: decision, hours, reserved credential, notice and journal, all or nothing.

    Where no agreement is in force today, the acceptance stands alone, the person is told that there is an answer, and
    the award follows when one is.
    The credential is signed after the commit. The same form sent again is the same decision.

    Raises:
        Refused: see `access.why_not_decide`; or the reviewer has no name to print.
    """
    submission = _locked(submission)
    if same := _same_decision(submission, Outcome.ACCEPTED, by=by, advice=advice):
        return same
    insist(access.why_not_decide(by, submission, at=at))
    insist(None if by.legal_name.strip() else Refusal("reviewer-name-missing"))
    enrolment, level = submission.enrolment, place_of(submission).level
    if training.why_no_award(enrolment, submission=submission, at=at):
        notice = notices.queue(to=enrolment.person, kind="answer", at=at)
        return _decide(submission, Outcome.ACCEPTED, by=by, at=at, advice=advice, notice=notice.pk)
    award = training.award(enrolment=enrolment, level=level, decided_by=by, at=at, submission=submission)
    return _decide(submission, Outcome.ACCEPTED, by=by, at=at, advice=advice, award=award.pk)


@transaction.atomic
def return_(*, submission: Submission, by: Person, advice: str, at: datetime) -> Decision:
    """The request goes back with advice; its answers can be changed and sent again.

    The notice leaves in ten minutes: until then the decision can be undone.

    Raises:
        Refused: see `access.why_not_decide`; or the advice is empty.
    """
    submission = _locked(submission)
    if same := _same_decision(submission, Outcome.TO_REWORK, by=by, advice=advice):
        return same
    insist(access.why_not_decide(by, submission, at=at))
    insist(None if advice.strip() else Refusal("advice-missing"))
    notice = notices.queue(to=submission.enrolment.person, kind="answer", at=at, not_before=at + UNDOING)
    return _decide(submission, Outcome.TO_REWORK, by=by, at=at, advice=advice, notice=notice.pk)


@transaction.atomic
def undo(*, decision: Decision, by: Person, at: datetime) -> Claim:
    """The request waits again, in the hands of the same reviewer, with the advice among the private notes.

    The notice never leaves; the journal keeps that there was a decision, and that it was undone.

    Raises:
        Refused: see `access.why_not_undo`.
    """
    submission = _locked(decision.submission)
    decision = submission.decision
    insist(access.why_not_undo(by, decision, at=at))
    if decision.notice:
        notices.take_back(decision.notice)
    advice = decision.advice
    decision.delete()
    journal.record("submission.return-undone", by=by, at=at, about=submission, facts={"round": submission.round})
    return Claim.objects.create(submission=submission, reviewer=by, until=at + LEASE, notes=advice)


@transaction.atomic
def read_again(*, submission: Submission, outcome: str, note: str, by: Person, at: datetime) -> SecondReading:
    """What another reviewer would have decided is kept beside the decision, which it does not change.

    Raises:
        Refused: see `access.why_not_read_again`.
    """
    submission = _locked(submission)
    insist(access.why_not_read_again(by, submission, at=at))
    made = SecondReading.objects.create(submission=submission, outcome=Outcome(outcome), note=note, by=by, at=at)
    is_alike = made.outcome == submission.decision.outcome
    journal.record("submission.read-again", by=by, at=at, about=submission, facts={"alike": is_alike})
    return made


@transaction.atomic
def add_remark(*, text_fr: str, text_en: str, by: Person, at: datetime) -> Remark:
    """Every reviewer can send this piece of advice, in the language of the person; the same one twice is one.

    Raises:
        Refused: a language is missing, or this person does not review.
    """
    insist(None if by.is_reviewer else Refusal("reviewers-only"))
    texts = {"text_fr": text_fr.strip(), "text_en": text_en.strip()}
    insist(None if all(texts.values()) else Refusal("remark-in-both-languages"))
    if same := Remark.objects.filter(**texts, retired_at=None).first():
        return same
    made = Remark.objects.create(**texts, by=by, added_at=at)
    journal.record("remark.added", by=by, at=at, about=made)
    return made


@transaction.atomic
def retire_remark(*, remark: Remark, by: Person, at: datetime) -> None:
    """Nobody can choose this remark any more; what was sent with it stays.

    Raises:
        Refused: this person does not review.
    """
    insist(None if by.is_reviewer else Refusal("reviewers-only"))
    if Remark.objects.filter(pk=remark.pk, retired_at=None).update(retired_at=at):
        journal.record("remark.retired", by=by, at=at, about=remark)


def _same_decision(submission: Submission, outcome: Outcome, *, by: Person, advice: str) -> Decision | None:
    """Return the decision that this very form already made: a double click is not a second decision."""
    made: Decision | None = getattr(submission, "decision", None)
    is_same = made is not None and (made.by_id, made.outcome, made.advice) == (by.pk, outcome, advice)
    return made if is_same else None


def _decide(submission: Submission, outcome: Outcome, *, by: Person, at: datetime, **columns: object) -> Decision:
    """The decision stands, and the claim with its private notes is gone."""
    decision = Decision.objects.create(submission=submission, outcome=outcome, by=by, at=at, **columns)
    Claim.objects.filter(submission=submission).delete()
    verb = "submission.accepted" if outcome == Outcome.ACCEPTED else "submission.returned"
    journal.record(verb, by=by, at=at, about=submission, facts={"round": submission.round})
    return decision


def _hold(submission: Submission, by: Person, *, at: datetime) -> Claim:
    held: Claim | None = getattr(submission, "claim", None)
    if held is None:
        return Claim.objects.create(submission=submission, reviewer=by, until=at + LEASE)
    if held.reviewer_id != by.pk:
        held.reviewer, held.notes = by, ""
    held.until = at + LEASE
    held.save()
    return held


def _locked(submission: Submission) -> Submission:
    """Return the request as it is now; nobody else claims, decides or withdraws it until the transaction ends."""
    rows = Submission.objects.select_for_update(of=("self",)).select_related(
        "enrolment__person", "enrolment__program", "enrolment__release"
    )
    return rows.defer("enrolment__release__content").get(pk=submission.pk)
