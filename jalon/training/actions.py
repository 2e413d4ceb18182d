"""The verbs of learning: enrol, read, answer, write, send, take back; and the award that follows."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.timezone import localdate

from jalon.accounts.models import Person
from jalon.core.assessment import judge, unanswered, words
from jalon.core.packs import Lesson, Level, Quiz, Reflection
from jalon.core.progress import Progress
from jalon.core.refusals import Refusal, Refused, insist
from jalon.credentials import actions as credentials
from jalon.credentials.models import Award
from jalon.hours import actions as hours
from jalon.journal import actions as journal
from jalon.library import actions as library
from jalon.library.access import why_not_start
from jalon.library.models import Program
from jalon.notices import actions as notices
from jalon.training import access, queries
from jalon.training.models import Draft, DraftVersion, Enrolment, QuizTry, Reading, Submission
from jalon.training.record import record_of

VERSIONS_KEPT = 10
VERSION_GAP = timedelta(minutes=5)
LONGEST_ANSWER = 20_000


@dataclass(frozen=True)
class Conflict:
    """Two texts of one answer: what was being saved, and what is there. Nothing was overwritten."""

    mine: str
    theirs: str
    revision: int
    saved_at: datetime


@transaction.atomic
def enrol(*, person: Person, program: Program, at: datetime) -> Enrolment:
    """The person follows the program in its current release, once; asked again, the same enrolment answers.

    Raises:
        Refused: the program was withdrawn or is reserved, or the legal name is missing.
    """
    program = library.locked(program)
    person = Person.objects.select_for_update().get(pk=person.pk)
    if existing := Enrolment.objects.filter(person=person, program=program).first():
        return existing
    release = program.current
    if release is None:
        raise Program.DoesNotExist
    insist(why_not_start(release))
    insist(next(iter(access.why_not_enrol(person, release.pack, on=localdate(at))), None))
    enrolment = Enrolment.objects.create(person=person, program=program, release=release, started_at=at)
    journal.record("enrolment.started", by=person, at=at, about=enrolment, facts={"program": program.slug})
    return enrolment


# Reading


@transaction.atomic
def finish_part(*, enrolment: Enrolment, level: Level, lesson: Lesson, part: str, at: datetime) -> Reading:
    """The next part is where the person comes back to; after the last one, the lesson is finished."""
    enrolment = locked(enrolment)
    ids = [one.id for one in lesson.parts]
    following = ids[ids.index(part) + 1 :]
    reading = Reading.objects.filter(enrolment=enrolment, lesson=lesson.id).first()
    reading = reading or Reading(enrolment=enrolment, lesson=lesson.id)
    reading.part, reading.opened_at = following[0] if following else part, at
    if not following and reading.finished_at is None:
        reading.finished_at = at
    reading.save()
    obtain_when_complete(enrolment, level, at=at)
    return reading


# Quizzes


@transaction.atomic
def answer_quiz(
    *,
    enrolment: Enrolment,
    level: Level,
    quiz: Quiz,
    answers: Mapping[str, list[str]],
    form: UUID,
    at: datetime,
) -> QuizTry:
    """One more try is kept, judged; the level is awarded when this completes it.

    Args:
        answers: ids of the chosen options by id of question.
        form: names the sheet; the same sheet sent again is the same try; with other answers, it is another one.
    Raises:
        Refused: the level is closed to this person, or a question has no answer.
    """
    enrolment = locked(enrolment)
    result = judge(quiz, answers)
    given = {one.question.id: sorted(one.chosen) for one in result.judged}
    changed = uuid5(form, json.dumps(given))
    known = {one.form: one for one in enrolment.tries.filter(form__in=(form, changed))}
    if same := next((one for one in known.values() if one.answers == given), None):
        return same
    insist(why_closed(enrolment, level, at=at))
    insist(Refusal("quiz-incomplete") if unanswered(quiz, answers) else None)
    attempt = QuizTry.objects.create(
        enrolment=enrolment,
        quiz=quiz.id,
        number=enrolment.tries.filter(quiz=quiz.id).count() + 1,
        form=changed if form in known else form,
        answers=given,
        score=result.percent,
        passed=result.passes(level.passing.quiz or 0),
        at=at,
    )
    facts = {"quiz": quiz.id, "number": attempt.number, "score": attempt.score}
    journal.record("quiz.answered", by=enrolment.person, at=at, about=attempt, facts=facts)
    obtain_when_complete(enrolment, level, at=at)
    return attempt


# Reflections


@transaction.atomic
def save_draft(
    *,
    enrolment: Enrolment,
    level: Level,
    reflection: Reflection,
    question: str,
    text: str,
    revision: int,
    at: datetime,
) -> Draft | Conflict:
    """The answer has this text, or both texts come back because somebody saved another one meanwhile.

    Args:
        revision: the one that the person was editing; 0 when nothing was saved yet.
    Raises:
        Refused: the answer cannot be changed now, or it is beyond all measure.
    """
    enrolment = locked(enrolment)
    draft = Draft.objects.filter(enrolment=enrolment, reflection=reflection.id, question=question).first()
    draft = draft or Draft(enrolment=enrolment, reflection=reflection.id, question=question, saved_at=at)
    if draft.text == text and draft.revision:
        return draft
    insist(_why_not_write(enrolment, level, reflection))
    insist(Refusal("answer-too-long", {"longest": LONGEST_ANSWER}) if len(text) > LONGEST_ANSWER else None)
    if draft.revision != revision:
        return Conflict(mine=text, theirs=draft.text, revision=draft.revision, saved_at=draft.saved_at)
    return _write(draft, text, at=at, keeps=_is_worth_keeping(draft, text))


@transaction.atomic
def restore_version(
    *, enrolment: Enrolment, level: Level, reflection: Reflection, question: str, revision: int, at: datetime
) -> Draft:
    """An earlier text is the present one again; the text that it replaces is kept as a version.

    Raises:
        DraftVersion.DoesNotExist: that version is no longer kept.
    """
    enrolment = locked(enrolment)
    insist(_why_not_write(enrolment, level, reflection))
    draft = Draft.objects.get(enrolment=enrolment, reflection=reflection.id, question=question)
    text = draft.versions.get(revision=revision).text
    return draft if draft.text == text else _write(draft, text, at=at, keeps=bool(draft.text))


def _is_worth_keeping(draft: Draft, text: str) -> bool:
    """Keep a text that stood a while, or that loses half of its words: ten versions tell hours."""
    if not draft.text:
        return False
    last = draft.versions.first()
    stood = last is None or draft.saved_at - last.saved_at >= VERSION_GAP
    return stood or 2 * words(text) < words(draft.text)


def _write(draft: Draft, text: str, *, at: datetime, keeps: bool) -> Draft:
    if keeps:
        DraftVersion.objects.create(draft=draft, revision=draft.revision, text=draft.text, saved_at=draft.saved_at)
        kept = draft.versions.values("pk")[:VERSIONS_KEPT]
        draft.versions.exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()
    draft.text, draft.saved_at, draft.revision = text, at, draft.revision + 1
    draft.save()
    return draft


@transaction.atomic
def submit(
    *,
    enrolment: Enrolment,
    level: Level,
    reflection: Reflection,
    round: int,
    revisions: Mapping[str, int],
    language: str,
    at: datetime,
) -> Submission:
    """The answers wait for a reviewer, unchanged for ever; the same form sent again is the same request.

    Args:
        round: which request this form makes: 1, then one more after each that came back.
        revisions: the revision of each answer that the person checked.
    Raises:
        Refused: the level is closed, an answer is missing or changed, or a request already waits.
    """
    enrolment = locked(enrolment)
    sent = list(enrolment.submissions.filter(level=level.id).order_by("round"))
    if same := next((one for one in sent if one.round == round), None):
        return same
    insist(why_closed(enrolment, level, at=at) or _why_not_write(enrolment, level, reflection))
    insist(Refusal("answers-changed") if round != len(sent) + 1 else None)
    drafts = queries.drafts_of(enrolment, reflection.id)
    insist(access.why_not_send(reflection, drafts, revisions=revisions))
    submission = Submission.objects.create(
        enrolment=enrolment,
        level=level.id,
        reflection=reflection.id,
        round=round,
        answers={prompt.id: drafts[prompt.id].text for prompt in reflection.questions},
        language=language,
        submitted_at=at,
    )
    journal.record("submission.sent", by=enrolment.person, at=at, about=submission, facts={"round": round})
    _tell_reviewers(submission, at=at)
    return submission


def _tell_reviewers(submission: Submission, *, at: datetime) -> None:
    """The reviewers know that the queue is no longer empty: one message for the first request, none for the next."""
    if Submission.objects.awaiting_review().exclude(pk=submission.pk).exists():
        return
    reviewers = Person.objects.filter(is_reviewer=True, is_active=True).exclude(pk=submission.enrolment.person_id)
    for reviewer in reviewers:
        notices.queue(to=reviewer, kind="review", at=at)


@transaction.atomic
def withdraw(*, submission: Submission, at: datetime) -> Submission:
    """The request is taken back and its answers can be changed again; asked twice, it was taken back once.

    Raises:
        Refused: it was decided, a reviewer reads it, or it was sent too long ago.
    """
    submission = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
    if submission.withdrawn_at:
        return submission
    insist(access.why_not_withdraw(submission, at=at))
    submission.withdrawn_at = at
    submission.save(update_fields=["withdrawn_at"])
    journal.record("submission.withdrawn", by=submission.enrolment.person, at=at, about=submission)
    return submission


# The award


@transaction.atomic
def obtain(*, enrolment: Enrolment, level: Level, at: datetime) -> Award | None:
    """The level is awarded if all its steps are done and nothing closes it; else nothing happens.

    A request that was accepted while no agreement was in force gives its award here, with its reviewer.

    Raises:
        Refused: every step is done but the level is closed to this person.
    """
    enrolment = locked(enrolment)
    if accepted := queries.accepted_without_award(enrolment, level):
        return award(enrolment=enrolment, level=level, decided_by=accepted.decision.by, at=at, submission=accepted)
    if _may_obtain(enrolment, level):
        insist(why_closed(enrolment, level, at=at))
    return obtain_when_complete(enrolment, level, at=at)


@transaction.atomic
def award(
    *,
    enrolment: Enrolment,
    level: Level,
    decided_by: Person | None,
    at: datetime,
    submission: Submission | None = None,
) -> Award:
    """The person holds the level: its facts are frozen, its hours recognised, its credential reserved. Once.

    Its key is what it is given for: a request or, without one, a level of the enrolment gives one award for ever.

    Args:
        decided_by: the reviewer who accepted; nothing when the quiz decided.
        submission: the accepted request; the place of work is asked on the day that it was sent, the agreement today.

    Raises:
        Refused: no agreement is in force; the accepted request is kept, and `obtain` goes through when one is.
    """
    enrolment = locked(enrolment)
    pack = enrolment.release.pack
    key = pack.level_key(level)
    if existing := Award.objects.standing().held_by(enrolment.person).filter(level_key=key).first():
        return existing
    insist(why_no_award(enrolment, submission=submission, at=at))
    facts = queries.dossier_for(enrolment, level, decided_by=decided_by, at=at, submission=submission)
    made = credentials.issue(
        holder=enrolment.person,
        level_key=key,
        release=enrolment.release,
        facts=facts,
        language=enrolment.person.language,
        key=f"submission:{submission.pk}" if submission else f"enrolment:{enrolment.pk}:{level.number}",
        by=decided_by,
        at=at,
    )
    hours.credit(
        person=enrolment.person,
        minutes=level.minutes,
        earned_on=localdate(at),
        award=made.pk,
        title={tongue: f"{pack.title[tongue]} – {level.title[tongue]}" for tongue in ("fr", "en")},
        at=at,
    )
    return made


def why_no_award(enrolment: Enrolment, *, submission: Submission | None, at: datetime) -> Refusal | None:
    """Say why an accepted request gives no award now; the acceptance stands, and the award follows."""
    if submission is None:
        return None
    asked_on, on, pack = localdate(submission.submitted_at), localdate(at), enrolment.release.pack
    level, obtained = queries.place_of(submission).level, _obtained_by(enrolment.person)
    if reason := access.why_not_after(pack, level, on=on, obtained=obtained):
        return reason
    return access.why_not_award(enrolment.person, pack, asked_on=asked_on, on=on)


def obtain_waiting(*, at: datetime) -> list[Award]:
    """Every award that a closed territory held back and that may be made now is made, one transaction each."""
    waiting = [(enrolment, level) for enrolment in queries.unfinished() for level in enrolment.release.pack.levels]
    found = (_obtained(enrolment, level, at=at) for enrolment, level in waiting)
    return [made for made in found if made is not None]


def _obtained(enrolment: Enrolment, level: Level, *, at: datetime) -> Award | None:
    try:
        return obtain(enrolment=enrolment, level=level, at=at)
    except Refused:
        return None


def obtain_when_complete(enrolment: Enrolment, level: Level, *, at: datetime) -> Award | None:
    """The level is awarded when every step is done, the level is open, and no award was made or revoked."""
    if not _may_obtain(enrolment, level) or why_closed(enrolment, level, at=at):
        return None
    return award(enrolment=enrolment, level=level, decided_by=None, at=at)


def _may_obtain(enrolment: Enrolment, level: Level) -> bool:
    key = enrolment.release.pack.level_key(level)
    return (
        level.passing.is_automatic
        and _progress(enrolment, level).is_complete
        and not Award.objects.held_by(enrolment.person).filter(level_key=key).exists()
    )


# What the verbs ask under their lock


def locked(enrolment: Enrolment) -> Enrolment:
    """Return the enrolment as it is now; nobody else changes what it holds until the transaction ends."""
    rows = Enrolment.objects.select_for_update(of=("self",)).select_related("person", "program", "release")
    return rows.defer("release__content").get(pk=enrolment.pk)


def why_closed(enrolment: Enrolment, level: Level, *, at: datetime) -> Refusal | None:
    pack, obtained = enrolment.release.pack, _obtained_by(enrolment.person)
    reasons = access.why_not_do(enrolment.person, pack, level, on=localdate(at), obtained=obtained)
    return next(iter(reasons), None)


def _obtained_by(person: Person) -> set[str]:
    return set(Award.objects.standing().held_by(person).values_list("level_key", flat=True))


def _progress(enrolment: Enrolment, level: Level) -> Progress:
    return record_of(enrolment.person).progress(enrolment, enrolment.release.pack, level)


def _why_not_write(enrolment: Enrolment, level: Level, reflection: Reflection) -> Refusal | None:
    sent = enrolment.submissions.sent().filter(level=level.id).order_by("-round").first()
    return access.why_not_write(_progress(enrolment, level), reflection, sent=sent)
