"""Everything that a person did, in one query: a union whose rows all have the same seven columns."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from django.db.models import Case, CharField, F, IntegerField, Max, Q, QuerySet, UUIDField, Value, When
from django.db.models.functions import Cast, Coalesce

from jalon.accounts.models import Person
from jalon.core.packs import Level, Pack, Reflection
from jalon.core.progress import Progress, State, Trace, progress
from jalon.credentials.models import Award
from jalon.training.models import CaseRun, Draft, Enrolment, QuizTry, Reading, Submission

WITHDRAWN = "WITHDRAWN"
TEXTS = {"draft", "blank"}
OUTCOMES = {"": State.SENT, "ACCEPTED": State.DONE, "TO_REWORK": State.TO_REWORK}


@dataclass(frozen=True)
class Written:
    """The present text of an answer, as it was read; a verb reads it again under its lock."""

    text: str = ""
    revision: int = 0
    saved_at: datetime | None = None


@dataclass(frozen=True)
class Record:
    """What a person did in every program.

    Args:
        traces: by enrolment, then by `kind/id`.
        obtained: the code of the award of each level that the person holds, by `program/level`.
        ended: the code of the last award of a level that was revoked or replaced, by `program/level`.
        texts: by enrolment and reflection, then by question.
        sent: how many requests were made, withdrawn ones too, by enrolment and reflection.
    """

    traces: Mapping[UUID, Mapping[str, Trace]] = field(default_factory=dict)
    obtained: Mapping[str, str] = field(default_factory=dict)
    ended: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[tuple[UUID, str], Mapping[str, Written]] = field(default_factory=dict)
    sent: Mapping[tuple[UUID, str], int] = field(default_factory=dict)

    def answers(self, enrolment: Enrolment, reflection: Reflection) -> Mapping[str, Written]:
        """Return the present texts of a reflection, by question; a question never opened is absent."""
        return self.texts.get((enrolment.pk, reflection.id), {})

    def next_round(self, enrolment: Enrolment, reflection: Reflection) -> int:
        return self.sent.get((enrolment.pk, reflection.id), 0) + 1

    def progress(self, enrolment: Enrolment | None, pack: Pack, level: Level) -> Progress:
        return progress(pack, level, self.traces.get(enrolment.pk, {}) if enrolment else {})


def record_of(person: Person) -> Record:
    """Return everything that the person did in all programs, in one query."""
    arms = [arm(person) for arm in (_readings, _tries, _runs, _drafts, _submissions, _awards)]
    rows = [_Row(*row) for row in arms[0].union(*arms[1:], all=True)]
    return Record(
        traces=_traces(row for row in rows if row.kind in TRACES and row.state != WITHDRAWN),
        obtained={row.name: row.state for row in rows if row.kind == "award"},
        ended={row.name: row.state for row in sorted(rows, key=lambda row: row.at) if not row.kind},
        texts=_texts(row for row in rows if row.kind in TEXTS),
        sent=Counter((row.enrolment, row.name) for row in rows if row.kind == "submission"),
    )


def _traces(rows: Iterable["_Row"]) -> dict[UUID, dict[str, Trace]]:
    traces: dict[UUID, dict[str, Trace]] = {}
    for row in sorted(rows, key=lambda row: (row.rank, row.number)):
        shelf, trace = TRACES[row.kind]
        traces.setdefault(row.enrolment, {})[f"{shelf}/{row.name}"] = trace(row)
    return traces


def _texts(rows: Iterable["_Row"]) -> dict[tuple[UUID, str], dict[str, Written]]:
    texts: dict[tuple[UUID, str], dict[str, Written]] = {}
    for row in rows:
        texts.setdefault((row.enrolment, row.name), {})[row.state] = Written(row.reached, row.number, row.at)
    return texts


@dataclass(frozen=True)
class _Row:
    kind: str
    enrolment: UUID
    name: str
    state: str
    reached: str
    number: int
    at: datetime

    @property
    def rank(self) -> int:
        """A submission is read after the drafts that it was made of, so that it wins."""
        return 1 if self.kind == "submission" else 0


# How a row of each kind becomes a trace, and under which kind of activity.
TRACES: Mapping[str, tuple[str, Callable[[_Row], Trace]]] = {
    "lesson": ("lesson", lambda row: Trace(_done(row), reached=row.reached, at=row.at)),
    "quiz": ("quiz", lambda row: Trace(_done(row), count=row.number, at=row.at)),
    "case": ("case", lambda row: Trace(_done(row), count=row.number, at=row.at)),
    "draft": ("reflection", lambda row: Trace(State.STARTED, at=row.at)),
    "submission": (
        "reflection",
        lambda row: Trace(OUTCOMES[row.state], reached=str(UUID(row.reached)), count=row.number, at=row.at),
    ),
}


def _done(row: _Row) -> State:
    return State.DONE if row.state else State.STARTED


def _text(words: str) -> Value:
    return Value(words, output_field=CharField())


def _word(condition: Q, words: str) -> Case:
    return Case(When(condition, then=_text(words)), default=_text(""), output_field=CharField())


Rows: TypeAlias = QuerySet[Any, Any]
NOBODY = Value(None, output_field=UUIDField())
ZERO = Value(0, output_field=IntegerField())


def _readings(person: Person) -> Rows:
    finished = _word(Q(finished_at__isnull=False), "finished")
    rows = Reading.objects.filter(enrolment__person=person).order_by()
    return rows.values_list(_text("lesson"), "enrolment_id", "lesson", finished, "part", ZERO, "opened_at")


def _tries(person: Person) -> Rows:
    rows = QuizTry.objects.filter(enrolment__person=person).order_by().values("enrolment_id", "quiz")
    rows = rows.annotate(outcome=Max(_word(Q(passed=True), "passed")))
    return rows.values_list(_text("quiz"), "enrolment_id", "quiz", "outcome", _text(""), Max("score"), Max("at"))


def _runs(person: Person) -> Rows:
    """A case is done by a clean run whose six questions were answered: no result shows before."""
    rows = CaseRun.objects.filter(enrolment__person=person).order_by().values("enrolment_id", "case")
    clean = Max(_word(Q(is_clean=True, debriefed_at__isnull=False), "clean"))
    rows = rows.annotate(outcome=clean, runs=Max("number"), last_at=Max("started_at"))
    return rows.values_list(_text("case"), "enrolment_id", "case", "outcome", _text(""), "runs", "last_at")


def _drafts(person: Person) -> Rows:
    kind = Case(When(text="", then=_text("blank")), default=_text("draft"), output_field=CharField())
    rows = Draft.objects.filter(enrolment__person=person).order_by()
    return rows.values_list(kind, "enrolment_id", "reflection", "question", "text", "revision", "saved_at")


def _submissions(person: Person) -> Rows:
    outcome = Case(
        When(withdrawn_at__isnull=False, then=_text(WITHDRAWN)),
        default=Coalesce(F("decision__outcome"), _text("")),
        output_field=CharField(),
    )
    rows = Submission.objects.sent_by(person).order_by()
    key = Cast("id", CharField())
    return rows.values_list(_text("submission"), "enrolment_id", "reflection", outcome, key, "round", "submitted_at")


def _awards(person: Person) -> Rows:
    """Those that stand, and those that were revoked or replaced, under no kind."""
    rows = Award.objects.held_by(person).order_by()
    return rows.values_list(
        _word(Q(is_current=True), "award"), NOBODY, "level_key", "code", _text(""), ZERO, "awarded_at"
    )
