"""The queue and the desk, in few queries. Nothing here names the person whose request it is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.timezone import localdate

from jalon.accounts.models import Person
from jalon.core.calibration import Turnaround, agreement, is_drawn, turnaround
from jalon.core.packs import Level, Pack, Reflection
from jalon.library.models import Program
from jalon.review.models import UNDOING, Claim, Decision, Outcome, Remark, SecondReading
from jalon.training.models import Submission, SubmissionQuerySet
from jalon.training.queries import Answer, answers_of, place_of, with_pack

MARKS = (7, 3)
SHOWN = 50
RECENT = 200


@dataclass(frozen=True)
class Waiting:
    """One line of the queue. `mark` is 7 or 3 when the request is that many days old, else 0."""

    submission: Submission
    pack: Pack
    level: Level
    claim: Claim | None
    mark: int
    is_mine: bool


@dataclass(frozen=True)
class Queue:
    """The oldest requests first; `total` counts those that are not shown too."""

    rows: list[Waiting]
    total: int


@dataclass(frozen=True)
class Desk:
    """Everything that the desk shows of one request.

    Args:
        earlier: the rounds before this one that came back, each with its decision.
        claim: who reads it now; a lapsed claim is nobody's.
    """

    submission: Submission
    pack: Pack
    level: Level
    reflection: Reflection
    answers: list[Answer]
    earlier: list[Submission]
    claim: Claim | None
    decision: Decision | None

    @property
    def second(self) -> SecondReading | None:
        """The second reading, when one was given."""
        return getattr(self.submission, "second_reading", None)


@dataclass(frozen=True)
class Figures:
    """What the last two hundred decisions tell.

    Args:
        agreement: per cent of the second readings that say as the decision; `readings` counts them.
        undoable: what this reviewer sent back less than ten minutes ago, if anything that was not sent again since.
        to_read_again: the requests that ask for a second reading, the oldest decision first.
    """

    turnaround: Turnaround | None
    agreement: int | None
    readings: int
    undoable: Decision | None
    to_read_again: list[Submission]


def queue_of(reviewer: Person, *, at: datetime, program: str = "", language: str = "", age: str = "") -> Queue:
    """Return what this reviewer may take: never their own request, nor one from a colleague.

    Args:
        age: at least this many days; all when empty.
    """
    waiting = awaiting(reviewer, at=at)
    if age:
        waiting = waiting.filter(submitted_at__lte=at - timedelta(days=int(age)))
    if program:
        waiting = waiting.filter(enrolment__program__slug=program)
    if language:
        waiting = waiting.filter(language=language)
    rows = [_line(submission, reviewer, at=at) for submission in waiting[:SHOWN]]
    return Queue(rows, len(rows) if len(rows) < SHOWN else waiting.count())


def figures_for(reviewer: Person, *, at: datetime) -> Figures:
    """Return the figures of the queue for this reviewer, in one query."""
    readable = Submission.objects.reviewable_by(reviewer, localdate(at)).filter(pk=OuterRef("submission"))
    sent = OuterRef("submission__enrolment"), OuterRef("submission__level"), OuterRef("submission__round")
    later = Submission.objects.filter(enrolment=sent[0], level=sent[1], round__gt=sent[2])
    rows = Decision.objects.select_related("submission__second_reading").defer("submission__answers")
    rows = rows.annotate(is_readable=Exists(readable), is_sent_again=Exists(later))
    decided = list(rows.order_by("-at", "id")[:RECENT])
    read = [one for one in decided if hasattr(one.submission, "second_reading")]
    mine = [one for one in decided if one.by_id == reviewer.pk and one.outcome == Outcome.TO_REWORK]
    asked = [one for one in decided if is_drawn(one.submission_id) and one not in read]
    return Figures(
        turnaround=turnaround(one.at - one.submission.submitted_at for one in decided),
        agreement=agreement([(one.outcome, one.submission.second_reading.outcome) for one in read]),
        readings=len(read),
        undoable=next((one for one in mine if at - one.at <= UNDOING and not one.is_sent_again), None),
        to_read_again=[one.submission for one in reversed(asked) if one.is_readable and one.by_id != reviewer.pk],
    )


def remarks() -> list[Remark]:
    """Return the saved pieces of advice that can be chosen."""
    return list(Remark.objects.filter(retired_at=None))


def awaiting(reviewer: Person, *, at: datetime) -> SubmissionQuerySet:
    found = Submission.objects.awaiting_review().reviewable_by(reviewer, localdate(at))
    return with_pack(found).select_related("claim__reviewer").order_by("submitted_at", "id")


def next_for(reviewer: Person, *, at: datetime) -> Submission | None:
    """Return the oldest request that nobody else reads now."""
    free = awaiting(reviewer, at=at).exclude(claim__in=Claim.objects.filter(until__gt=at).exclude(reviewer=reviewer))
    return free.first()


def desk_of(submission_id: UUID) -> Submission | None:
    """Return the request with all that its desk shows, in one query."""
    rows = with_pack(Submission.objects.filter(pk=submission_id))
    return rows.select_related("claim__reviewer", "decision__by", "second_reading__by").first()


def desk(submission: Submission, *, at: datetime) -> Desk:
    place = place_of(submission)
    claim: Claim | None = getattr(submission, "claim", None)
    return Desk(
        submission=submission,
        pack=place.pack,
        level=place.level,
        reflection=place.pack.reflections[submission.reflection],
        answers=answers_of(submission),
        earlier=_earlier(submission),
        claim=claim if claim is not None and claim.until > at else None,
        decision=getattr(submission, "decision", None),
    )


def programs() -> list[Program]:
    return list(Program.objects.published())


def _earlier(submission: Submission) -> list[Submission]:
    rounds = Submission.objects.filter(enrolment_id=submission.enrolment_id, level=submission.level)
    return list(rounds.filter(round__lt=submission.round, decision__isnull=False).select_related("decision"))


def _line(submission: Submission, reviewer: Person, *, at: datetime) -> Waiting:
    place = place_of(submission)
    claim: Claim | None = getattr(submission, "claim", None)
    held = claim if claim is not None and claim.until > at else None
    age = at - submission.submitted_at
    return Waiting(
        submission,
        place.pack,
        place.level,
        held,
        mark=next((days for days in MARKS if age >= timedelta(days=days)), 0),
        is_mine=held is not None and held.reviewer_id == reviewer.pk,
    )
