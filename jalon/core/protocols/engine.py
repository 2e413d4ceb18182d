"""One engine, two clients: `evaluate` judges a practice case, `plan` guides a real incident.

No clock and no I/O: the moment and the log are given, and the log is replayed from its start.
Source: the rules of protocols and practice cases, sections 5 and 6.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypeAlias

from jalon.core.protocols.history import History, replay
from jalon.core.protocols.model import Facts, LogEntry, Protocol, Step
from jalon.core.protocols.outlook import Outlook

Word: TypeAlias = Literal["never", "off_protocol", "not_your_role", "repeat", "early", "late", "ok"]
WORDS: tuple[Word, ...] = ("never", "off_protocol", "not_your_role", "repeat", "early", "late", "ok")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an action was worth at that moment: a word, the step or the ban it rests on, and the citation."""

    word: Word
    rule: str | None
    cite: str | None
    pathway: str
    missing: tuple[str, ...] = ()
    due_at: datetime | None = None

    def __str__(self) -> str:
        return f"never/{self.rule}" if self.word == "never" else self.word


@dataclass(frozen=True, slots=True)
class Due:
    """A step to do: `by` lists only the roles that are not banned from it now."""

    step: str
    action: str
    by: tuple[str, ...]
    due_at: datetime | None
    cite: str | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a real incident needs now."""

    pathway: str
    provisional: bool
    candidates: tuple[str, ...]
    next_question: str | None
    due: tuple[Due, ...]
    overdue: tuple[str, ...]
    forbidden: tuple[str, ...]
    done: tuple[str, ...]


def pathway_of(protocol: Protocol, facts: Facts) -> str:
    """Return the pathway of these facts: the most protective one while some input is unknown."""
    outlook = Outlook(protocol, facts)
    values = [value for value in outlook.known if value is not None]
    if len(values) < len(outlook.known):
        return outlook.pathway
    outcome = protocol.table.outcome(values)
    return next((pathway for place, pathway in enumerate(protocol.ranked) if outcome >> place & 1), outlook.pathway)


def evaluate(
    protocol: Protocol, *, facts: Facts, log: Sequence[LogEntry], role: str, action: str, at: datetime
) -> Verdict:
    """Judge one action: the first rule that applies decides.

    Args:
        facts: what is known; a fact that is absent is unknown.
        log: what came before, in any order; entries after `at` are ignored.
        at: the moment the action was done, with its offset.
    """
    pathway = pathway_of(protocol, facts)
    history = replay(protocol, log, at)
    if ban := history.first_ban(action, role):
        return Verdict("never", ban.id, ban.cite, pathway)
    step = next((step for step in protocol.steps_of[pathway] if step.do == action and step.is_met(facts)), None)
    if step is None:
        return Verdict("off_protocol", None, None, pathway)
    missing = tuple(milestone for milestone in step.needs if milestone not in history.reached)
    word = _word(history, step, role=role, at=at)
    return Verdict(word, step.id, step.cite, pathway, missing, history.due_at(step))


def _word(history: History, step: Step, *, role: str, at: datetime) -> Word:
    due_at = history.due_at(step)
    if role not in step.by:
        return "not_your_role"
    if step.id in history.done:
        return "repeat"
    if not history.is_ready(step):
        return "early"
    return "late" if due_at is not None and at > due_at else "ok"


def plan(protocol: Protocol, *, facts: Facts, log: Sequence[LogEntry], role: str, now: datetime) -> Plan:
    """Say what a real incident needs now: the pathway, the question that would settle it, steps and bans.

    While facts are unknown the pathway is the most protective one of all that remain possible.

    Args:
        role: who asks. It is never asked what it cannot know; the steps of all roles are listed.
        now: entries of the log after this moment are ignored.
    """
    outlook = Outlook(protocol, facts)
    history = replay(protocol, log, now)
    dues = [_due(history, step) for step in protocol.steps_of[outlook.pathway] if step.is_met(facts)]
    dues = [due for due in dues if due.by and due.step not in history.done]
    dues.sort(key=lambda due: due.due_at or datetime.max.replace(tzinfo=UTC))
    return Plan(
        pathway=outlook.pathway,
        provisional=outlook.is_provisional,
        candidates=outlook.candidates,
        next_question=_next_question(outlook, history, facts, role),
        due=tuple(due for due in dues if history.is_ready(protocol.steps[due.step])),
        overdue=tuple(due.step for due in dues if due.due_at is not None and due.due_at < now),
        forbidden=tuple(ban.id for ban in protocol.never if history.is_in_force(ban, role)),
        done=tuple(history.done),
    )


def _due(history: History, step: Step) -> Due:
    by = tuple(role for role in step.by if not history.first_ban(step.do, role))
    return Due(step.id, step.do, by, history.due_at(step), step.cite)


def _next_question(outlook: Outlook, history: History, facts: Facts, role: str) -> str | None:
    known_by = {fact.id: fact.known_by for fact in outlook.protocol.facts.values()}
    for fact in outlook.mattering():
        if role in known_by[fact]:
            return fact
    steps = outlook.protocol.steps_of[outlook.pathway]
    read = {fact for step in steps if step.id not in history.done for fact in step.when}
    asked = (fact for fact in known_by if fact in read and fact not in facts and role in known_by[fact])
    return next(asked, None)
