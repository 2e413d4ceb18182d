"""How far a person is in a level: the state of each step, the next one, what is left.

Activities are a closed union. Each kind leaves a `Trace` under the key `kind/id`. Only two rules ask the kind:
a reflection opens when all before it is done, and the minutes left in a lesson are those of its unread parts.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from jalon.core.packs import Activity, Lesson, Level, Pack, Reflection, activity_key


class State(Enum):
    LOCKED = "locked"
    TODO = "todo"
    STARTED = "started"
    SENT = "sent"
    TO_REWORK = "to_rework"
    DONE = "done"


@dataclass(frozen=True)
class Trace:
    """What a person left in one activity.

    Args:
        reached: the part of a lesson, or the key of a submission: where the person was last.
        count: what goes with the state: the best score of a quiz, the answers begun in a reflection.
        at: when the last of it happened.
    """

    state: State
    reached: str = ""
    count: int = 0
    at: datetime | None = None


UNTOUCHED: Final = Trace(State.TODO)


@dataclass(frozen=True)
class Step:
    """One activity of a level, as this person finds it."""

    activity: Activity
    state: State
    trace: Trace = UNTOUCHED
    is_next: bool = False

    @property
    def is_done(self) -> bool:
        return self.state is State.DONE

    @property
    def is_open(self) -> bool:
        return self.state is not State.LOCKED


@dataclass(frozen=True)
class Progress:
    steps: tuple[Step, ...]

    @property
    def total(self) -> int:
        return len(self.steps)

    @property
    def done(self) -> int:
        return sum(step.is_done for step in self.steps)

    @property
    def is_complete(self) -> bool:
        """Whether every step is done; a level asks for nothing more."""
        return self.done == self.total

    @property
    def is_begun(self) -> bool:
        return any(step.state not in {State.TODO, State.LOCKED} for step in self.steps)

    @property
    def minutes_left(self) -> int:
        return sum(_minutes_left(step) for step in self.steps)

    @property
    def next(self) -> Step | None:
        """Return the step to take now; none when all is done or waits for somebody else."""
        return next((step for step in self.steps if step.is_next), None)

    @property
    def sent(self) -> Step | None:
        """Return the step whose request waits for its answer; none when nothing was sent."""
        return next((step for step in self.steps if step.state is State.SENT), None)

    def step(self, activity: Activity) -> Step:
        return next(step for step in self.steps if step.activity == activity)


def progress(pack: Pack, level: Level, traces: Mapping[str, Trace]) -> Progress:
    """Return the steps of a level in their order, each with its state; one at most is the next.

    Args:
        traces: what the person left, by `kind/id`; keys of other levels are ignored.
    """
    steps: list[Step] = []
    has_next = False
    for activity in pack.activities(level):
        trace = traces.get(activity_key(activity), UNTOUCHED)
        state = _state(activity, trace, steps)
        is_next = not has_next and state in {State.TODO, State.STARTED, State.TO_REWORK}
        has_next = has_next or is_next
        steps.append(Step(activity, state, trace, is_next))
    return Progress(tuple(steps))


def minutes_left_in(lesson: Lesson, part: str) -> int:
    """Return the minutes of a lesson from this part on, this part included, rounded up."""
    ids = [one.id for one in lesson.parts]
    passed = ids.index(part) if part in ids else 0
    return math.ceil(lesson.minutes * (len(ids) - passed) / len(ids))


def _state(activity: Activity, trace: Trace, before: list[Step]) -> State:
    waits = isinstance(activity, Reflection) and not all(step.is_done for step in before)
    if waits and trace.state is State.TODO:
        return State.LOCKED
    return trace.state


def _minutes_left(step: Step) -> int:
    if step.state in {State.DONE, State.SENT}:
        return 0
    if isinstance(step.activity, Lesson):
        return minutes_left_in(step.activity, step.trace.reached)
    return step.activity.minutes
