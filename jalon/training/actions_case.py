"""The verbs of practice cases: begin a run, choose, look back. Every run and every choice is kept."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from jalon.core.cases.questions import QUESTIONS
from jalon.core.cases.replay import play
from jalon.core.packs import Level, PracticeCase
from jalon.core.refusals import Refusal, insist
from jalon.journal import actions as journal
from jalon.training import access
from jalon.training.actions import locked, obtain_when_complete, why_closed
from jalon.training.models import CaseChoice, CaseRun, Enrolment
from jalon.training.queries_case import protocol_of


@transaction.atomic
def begin_case(*, enrolment: Enrolment, level: Level, case: PracticeCase, number: int, at: datetime) -> CaseRun:
    """One more run of the case waits at its first scene; the same button pressed twice begins one.

    Args:
        number: which run this button begins: 1, then one more after each.
    Raises:
        Refused: the level is closed to this person.
    """
    enrolment = locked(enrolment)
    begun = enrolment.runs.filter(case=case.id)
    if same := begun.filter(number=number).first():
        return same
    insist(why_closed(enrolment, level, at=at))
    return CaseRun.objects.create(enrolment=enrolment, case=case.id, number=begun.count() + 1, started_at=at)


@transaction.atomic
def choose(
    *, run: CaseRun, level: Level, case: PracticeCase, position: int, scene: str, choice: str, at: datetime
) -> CaseRun | Refusal:
    """The choice is kept, and at an ending the run is judged; or the reason comes back and nothing changed.

    A step that has this very answer already is answered: the same form sent twice is one choice.

    Args:
        position: which step of the run, from 1.
    Raises:
        Refused: the level is closed to this person today; the run waits where it is.
    """
    enrolment = locked(run.enrolment)
    run = enrolment.runs.get(pk=run.pk)
    protocol, path = protocol_of(enrolment), run.path
    if path[position - 1 : position] == (choice,):
        return run
    insist(why_closed(enrolment, level, at=at))
    played = play(protocol, case.case, path)
    if reason := access.why_not_choose(case.case, played, position=position, scene=scene, choice=choice):
        return reason
    CaseChoice.objects.create(run=run, position=position, scene=scene, choice=choice, at=at)
    played = play(protocol, case.case, (*path, choice))
    if played.has_ended:
        run.finished_at, run.is_clean = at, played.is_clean
        run.save(update_fields=["finished_at", "is_clean"])
        facts = {"case": case.id, "number": run.number, "clean": run.is_clean}
        journal.record("case.played", by=enrolment.person, at=at, about=run, facts=facts)
    return run


@transaction.atomic
def look_back(*, run: CaseRun, level: Level, answers: Mapping[str, str], at: datetime) -> CaseRun:
    """The six answers are kept and the result is open; the first answers stand. It may complete the level.

    Args:
        answers: texts by id of question, as in `core.cases.questions`.
    Raises:
        Refused: the level is closed to this person today, no ending was reached yet, or a question has no answer.
    """
    enrolment = locked(run.enrolment)
    run = enrolment.runs.get(pk=run.pk)
    if run.debriefed_at:
        return run
    insist(why_closed(enrolment, level, at=at))
    insist(None if run.finished_at else Refusal("case-unfinished"))
    kept = {question.id: answers.get(question.id, "").strip() for question in QUESTIONS}
    insist(None if all(kept.values()) else Refusal("look-back-incomplete"))
    run.answers, run.debriefed_at = kept, at
    run.save(update_fields=["answers", "debriefed_at"])
    obtain_when_complete(enrolment, level, at=at)
    return run
