"""Who may enrol, answer and send; every function returns the reason, or nothing."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.utils.timezone import localdate

from jalon.accounts.models import Person
from jalon.agreements.past import employments_as_known
from jalon.agreements.queries import employments_of, grounds_of
from jalon.core.assessment import missing
from jalon.core.cases.model import Case
from jalon.core.cases.replay import Playthrough
from jalon.core.gating import Previous, Situation, why_closed, why_not_covered, why_not_next, why_not_staff
from jalon.core.packs import Level, Pack, Reflection
from jalon.core.progress import Progress, State
from jalon.core.refusals import Refusal
from jalon.training.models import Draft, Submission

WITHDRAWAL = timedelta(minutes=30)


def why_not_enrol(person: Person, pack: Pack, *, on: date) -> list[Refusal]:
    """Return every reason why the person may read the program but not follow it."""
    return why_closed(_situation(person, pack, on=on))


def why_not_then(person: Person, pack: Pack, *, on: date) -> list[Refusal]:
    """Return every reason why the person could not follow the program on that day, as it was known then."""
    employments = employments_as_known(person, on=on) if pack.restricted else ()
    return why_closed(replace(_situation(person, pack, on=on), employments=employments))


def why_not_do(person: Person, pack: Pack, level: Level, *, on: date, obtained: Collection[str]) -> list[Refusal]:
    """Return every reason why the level gives this person no award on this day.

    Args:
        obtained: the levels that the person holds, as `program/level`.
    """
    return why_closed(_situation(person, pack, on=on, previous=_previous(pack, level, obtained)))


def why_not_award(person: Person, pack: Pack, *, asked_on: date, on: date) -> Refusal | None:
    """Say why an accepted request makes no award that day: no confirmed place of work, or no agreement in force there.

    Args:
        asked_on: the day of the request, on which the place of work is asked; of several, one covered is enough.
        on: the day of the award, on which the agreement is asked.
    """
    if not pack.restricted:
        return None
    grounds = grounds_of(person, on=on, worked_on=asked_on)
    if grounds is None:
        return why_not_staff(_situation(person, pack, on=asked_on))
    return why_not_covered(grounds.affiliation.school.name, grounds.place, on=on)


def why_not_after(pack: Pack, level: Level, *, on: date, obtained: Collection[str]) -> Refusal | None:
    """Say why the level cannot follow: the one that opens it is not held, or no longer."""
    previous = _previous(pack, level, obtained)
    return why_not_next(Situation(on=on, is_restricted=pack.restricted, previous=previous))


def _situation(person: Person, pack: Pack, *, on: date, previous: Previous | None = None) -> Situation:
    return Situation(
        on=on,
        is_restricted=pack.restricted,
        is_named=bool(person.legal_name.strip()),
        employments=employments_of(person, on=on) if pack.restricted else (),
        previous=previous,
    )


def _previous(pack: Pack, level: Level, obtained: Collection[str]) -> Previous | None:
    before = pack.level(level.unlock) if level.unlock else None
    return Previous(before.title, pack.level_key(before) in obtained) if before else None


def why_not_choose(case: Case, played: Playthrough, *, position: int, scene: str, choice: str) -> Refusal | None:
    """Say why a choice does not count: this step was answered, or the choice is not one of where the person stands."""
    if position <= len(played.path):
        return Refusal("step-answered")
    is_here = position == len(played.path) + 1 and scene == played.scene
    return None if is_here and case.scenes[scene].choice(choice) else Refusal("choice-not-offered")


def why_not_write(progress: Progress, reflection: Reflection, *, sent: Submission | None) -> Refusal | None:
    """Say why an answer cannot be changed now: it is not its turn, it was sent, or it was accepted."""
    step = progress.step(reflection)
    if step.state is State.LOCKED:
        return Refusal("activity-locked")
    if step.state is State.SENT and sent is not None:
        return Refusal("request-waiting", {"submitted_on": localdate(sent.submitted_at)})
    if step.state is State.DONE:
        return Refusal("request-accepted")
    return None


def why_not_send(
    reflection: Reflection, drafts: Mapping[str, Draft], *, revisions: Mapping[str, int]
) -> Refusal | None:
    """Say why the answers cannot leave: one is missing, or one changed after the person checked them."""
    if missing(reflection, {question: draft.text for question, draft in drafts.items()}):
        return Refusal("answers-missing")
    if revisions != {question: draft.revision for question, draft in drafts.items()}:
        return Refusal("answers-changed")
    return None


def why_not_withdraw(submission: Submission, *, at: datetime) -> Refusal | None:
    """Say why a request can no longer be taken back: decided, being read, or sent too long ago."""
    if decision := getattr(submission, "decision", None):
        return Refusal("already-decided", {"decided_on": localdate(decision.at)})
    if is_being_read(submission, at=at):
        return Refusal("request-claimed")
    if at - submission.submitted_at > WITHDRAWAL:
        return Refusal("withdrawal-too-late", {"minutes": WITHDRAWAL // timedelta(minutes=1)})
    return None


def is_being_read(submission: Submission, *, at: datetime) -> bool:
    """Tell whether a reviewer holds the request now."""
    claim = getattr(submission, "claim", None)
    return claim is not None and claim.until > at
