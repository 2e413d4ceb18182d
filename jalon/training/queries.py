"""Where a person stands in a program, in one query for the place and one for everything that they did."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.timezone import localdate

from jalon.accounts.models import Person
from jalon.agreements.queries import basis_of, grounds_of
from jalon.core.assessment import missing, outside, personal_hints
from jalon.core.dossier import Basis, Content, Dossier
from jalon.core.packs import Badge, Level, Pack, PracticeCase, Prompt, Quiz, Reflection
from jalon.core.progress import Progress
from jalon.credentials.models import Award
from jalon.library.models import Program, Release
from jalon.training.evidence import evaluated
from jalon.training.models import Draft, Enrolment, Submission, SubmissionQuerySet
from jalon.training.record import Record, Written, record_of

RECENT = 50
ENOUGH = 3


@dataclass(frozen=True)
class Place:
    """A level of a program: the release that the person follows, or the current one for a visitor."""

    program: Program
    release: Release
    pack: Pack
    level: Level
    enrolment: Enrolment | None = None

    @property
    def key(self) -> str:
        return self.pack.level_key(self.level)

    @property
    def badge(self) -> Badge:
        return self.pack.badge_of(self.level)

    @property
    def url(self) -> str:
        return reverse("training:level", args=[self.program.slug, self.level.id])


@dataclass(frozen=True)
class LevelCard:
    """One level on the page of a person's path."""

    place: Place
    progress: Progress
    code: str = ""
    is_open: bool = True

    @property
    def is_obtained(self) -> bool:
        return bool(self.code)

    @property
    def previous(self) -> Mapping[str, str]:
        """The title of the level to obtain first; empty when there is none."""
        before = self.place.pack.level(self.place.level.unlock) if self.place.level.unlock else None
        return before.title if before else {}


@dataclass(frozen=True)
class Answer:
    """One question of a reflection with its text."""

    prompt: Prompt
    text: str


@dataclass(frozen=True)
class Checked(Answer):
    """An answer before it is sent: what it lacks, and the passages that may name somebody."""

    is_missing: bool = False
    is_outside: bool = False
    hints: tuple[str, ...] = ()


def place(person: Person | None, slug: str, level_id: str) -> Place | None:
    """Return the level in the release that this person follows, else in the current one; or nothing."""
    enrolment = enrolments_of(person).filter(program__slug=slug).first() if person else None
    program = enrolment.program if enrolment else _program(slug)
    release = enrolment.release if enrolment else program.current if program else None
    if program is None or release is None:
        return None
    level = release.pack.level(level_id)
    return Place(program, release, release.pack, level, enrolment) if level else None


def enrolments_of(person: Person) -> QuerySet[Enrolment]:
    """Return the person's enrolments, newest first, without the heavy bytes of their releases."""
    found = Enrolment.objects.filter(person=person).select_related("program", "release")
    return found.defer("release__content").order_by("-started_at", "id")


def _program(slug: str) -> Program | None:
    return Program.objects.published().filter(slug=slug).first()


def cards_of(person: Person) -> list[LevelCard]:
    """Return every level of every program that the person follows, in order."""
    record = record_of(person)
    places = [
        Place(enrolment.program, enrolment.release, pack, level, enrolment)
        for enrolment in enrolments_of(person)
        for pack in [enrolment.release.pack]
        for level in pack.levels
    ]
    return [_card(place, record) for place in places]


def _card(place: Place, record: Record) -> LevelCard:
    return LevelCard(
        place,
        record.progress(place.enrolment, place.pack, place.level),
        code=record.obtained.get(place.key, ""),
        is_open=place.level.unlock is None or f"{place.pack.id}/{place.level.unlock}" in record.obtained,
    )


# Requests


def requests_of(person: Person) -> QuerySet[Submission]:
    """Return the person's requests with everything that their page shows."""
    return with_pack(Submission.objects.sent_by(person)).select_related("decision__by", "claim")


def with_pack(submissions: SubmissionQuerySet) -> SubmissionQuerySet:
    """Join the program and the release that a request belongs to, without the heavy bytes."""
    joined = submissions.select_related("enrolment__person", "enrolment__program", "enrolment__release")
    return joined.defer("enrolment__release__content")


def place_of(submission: Submission) -> Place:
    """Return the level that a request asks for.

    Raises:
        LookupError: its release has no such level.
    """
    enrolment = submission.enrolment
    pack = enrolment.release.pack
    level = pack.level(submission.level)
    if level is None:
        raise LookupError(submission.level)
    return Place(enrolment.program, enrolment.release, pack, level, enrolment)


def answers_of(submission: Submission) -> list[Answer]:
    """Return the questions with the answers as they were sent."""
    reflection = submission.enrolment.release.pack.reflections[submission.reflection]
    return [Answer(prompt, submission.answers.get(prompt.id, "")) for prompt in reflection.questions]


def award_of(submission: Submission) -> Award | None:
    """Return the award that the acceptance of a request made, at once or later; nothing while none is made."""
    decision = getattr(submission, "decision", None)
    if decision is None or decision.outcome != "ACCEPTED":
        return None
    if decision.award:
        return Award.objects.filter(pk=decision.award).first()
    enrolment = submission.enrolment
    key = f"{enrolment.release.pack.id}/{submission.level}"
    return Award.objects.standing().held_by(enrolment.person).filter(level_key=key).first()


def accepted_without_award(enrolment: Enrolment, level: Level) -> Submission | None:
    """Return the accepted request of a level that gave no award, because no agreement was in force that day."""
    accepted = enrolment.submissions.filter(level=level.id, decision__outcome="ACCEPTED", decision__award=None)
    key = enrolment.release.pack.level_key(level)
    if Award.objects.held_by(enrolment.person).filter(level_key=key).exists():
        return None
    return accepted.select_related("decision__by").first()


def unfinished() -> QuerySet[Enrolment]:
    """Return the enrolments whose award may have been held back: a quiz was passed, or a request accepted."""
    done = Q(tries__passed=True) | Q(submissions__decision__outcome="ACCEPTED", submissions__decision__award=None)
    waiting = Enrolment.objects.filter(done).distinct().select_related("person", "program", "release")
    return waiting.defer("release__content").order_by("started_at", "id")


def checked(reflection: Reflection, answers: Mapping[str, Written]) -> list[Checked]:
    """Return the answers as they would be sent, each with what it lacks and what may name somebody."""
    texts = {prompt.id: answers.get(prompt.id, Written()).text for prompt in reflection.questions}
    blank, uneven = missing(reflection, texts), outside(reflection, texts)
    return [
        Checked(
            prompt,
            texts[prompt.id],
            is_missing=prompt in blank,
            is_outside=prompt in uneven,
            hints=tuple(hint.excerpt for hint in personal_hints(texts[prompt.id])),
        )
        for prompt in reflection.questions
    ]


def usual_days(program: Program) -> int:
    """Return the usual (median) days from request to decision, rounded up; 0 while too few were decided."""
    decided = Submission.objects.filter(enrolment__program=program, decision__isnull=False)
    moments = decided.order_by("-decision__at").values_list("submitted_at", "decision__at")[:RECENT]
    days = [(decided_at - submitted_at) / timedelta(days=1) for submitted_at, decided_at in moments]
    return max(math.ceil(median(days)), 1) if len(days) >= ENOUGH else 0


def drafts_of(enrolment: Enrolment, reflection: str) -> dict[str, Draft]:
    """Return the present texts of a reflection, by question."""
    return {draft.question: draft for draft in enrolment.drafts.filter(reflection=reflection)}


# What an award states


def dossier_for(
    enrolment: Enrolment,
    level: Level,
    *,
    decided_by: Person | None,
    at: datetime,
    submission: Submission | None,
) -> Dossier:
    """Return what an award of this level states; the place of work is asked on the day of the request."""
    pack, release = enrolment.release.pack, enrolment.release
    decision = getattr(submission, "decision", None)
    decided_on = localdate(decision.at if decision else at)
    badge = pack.badge_of(level)
    return Dossier(
        name=enrolment.person.legal_name,
        level=level.id,
        level_number=level.number,
        program_title=pack.title,
        level_title=level.title,
        badge_name=badge.name,
        badge_description=badge.description,
        minutes=level.minutes,
        awarded_on=localdate(at),
        awarded_at=at,
        zone=settings.TIME_ZONE,
        issuer=settings.JALON_OPERATOR,
        issuer_url=settings.JALON_ORIGIN,
        content=Content(program=pack.id, version=release.version, sha256=release.sha256),
        basis=_basis(enrolment.person, asked_at=submission.submitted_at if submission else at, at=at),
        decided_by=decided_by.legal_name if decided_by else "",
        score=None if decided_by else _best_score(enrolment, pack, level),
        cases=tuple(one.title for one in pack.activities(level) if isinstance(one, PracticeCase)),
        submission=str(submission.pk) if submission else "",
        demonstration=pack.demonstration,
        partners=tuple(partner.name for partner in pack.partners),
        evaluated=evaluated(pack, level, accepted_on=decided_on),
        decided_on=decided_on if decided_by else None,
    )


def _basis(person: Person, *, asked_at: datetime, at: datetime) -> Basis | None:
    """Return where the person worked when they asked, confirmed, and the agreement there on the day of the award.

    Nothing when nobody confirmed any place.
    """
    on = localdate(at)
    grounds = grounds_of(person, on=on, worked_on=localdate(asked_at))
    return basis_of(grounds.affiliation, grounds.place, on=on) if grounds else None


def _best_score(enrolment: Enrolment, pack: Pack, level: Level) -> int | None:
    quizzes = [activity.id for activity in pack.activities(level) if isinstance(activity, Quiz)]
    return max(enrolment.tries.filter(quiz__in=quizzes).values_list("score", flat=True), default=None)
