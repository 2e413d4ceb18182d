"""Playing a path through a case with a simulated clock; every action is judged by the protocol.

Source: the rules of protocols and practice cases, section 8.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from jalon.core.cases.model import Case, Scene
from jalon.core.flaws import Said
from jalon.core.protocols.engine import Verdict, evaluate, pathway_of
from jalon.core.protocols.model import ActionEntry, EventEntry, LogEntry, Protocol, Step
from jalon.core.protocols.words import later

START = datetime(2000, 1, 3, 8, 0, tzinfo=UTC)


class NotOffered(Said):
    """A choice that the scene does not offer; the message names both."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One action of a path with its verdict. `after` is the simulated time since the start."""

    scene: str
    choice: str
    role: str
    action: str
    after: timedelta
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Playthrough:
    """Where a path led: the scenes and when each was entered, what was judged and what was revealed."""

    path: tuple[str, ...]
    scenes: tuple[str, ...]
    entered: tuple[timedelta, ...]
    judged: tuple[Judged, ...]
    log: tuple[LogEntry, ...]
    revealed: tuple[str, ...]
    has_ended: bool
    is_clean: bool

    @property
    def verdicts(self) -> tuple[str, ...]:
        """The verdicts as they are recorded: a word, or `never/BAN`."""
        return tuple(str(judged.verdict) for judged in self.judged)

    @property
    def scene(self) -> str:
        return self.scenes[-1]

    @property
    def after(self) -> timedelta:
        """The simulated time that the path took."""
        return self.entered[-1]


def play(protocol: Protocol, case: Case, path: Sequence[str]) -> Playthrough:
    """Play the choices of a path from the start; a path that stops before an ending is where it stopped.

    Raises:
        NotOffered: a choice is not one of its scene (an ending offers none).
    """
    player = _Player(protocol, case)
    for name in path:
        player.choose(name)
    return Playthrough(
        path=tuple(path),
        scenes=tuple(player.scenes),
        entered=tuple(player.entered),
        judged=tuple(player.judged),
        log=tuple(player.log),
        revealed=tuple(player.revealed),
        has_ended=player.scene.is_ending,
        is_clean=is_clean(protocol, case, player.judged),
    )


class _Player:
    """The clock, the log and the place in the story. The verdicts use the truth, whatever was revealed."""

    def __init__(self, protocol: Protocol, case: Case) -> None:
        self.protocol = protocol
        self.case = case
        self.now = START
        self.scenes: list[str] = []
        self.entered: list[timedelta] = []
        self.judged: list[Judged] = []
        self.revealed: dict[str, None] = {}
        self.log: list[LogEntry] = [EventEntry(protocol.events[0], START)]
        self._enter(case.start)

    @property
    def scene(self) -> Scene:
        return self.case.scenes[self.scenes[-1]]

    def _enter(self, name: str) -> None:
        self.scenes.append(name)
        self.entered.append(self.now - START)
        self.revealed.update(dict.fromkeys(self.scene.reveals))
        self.log += [EventEntry(event, self.now) for event in self.scene.happens]

    def choose(self, name: str) -> None:
        scene = self.scene
        choice = scene.choice(name)
        if choice is None or scene.you_are is None:
            offered = ", ".join(choice.id for choice in scene.choices)
            fr = f"la scène {scene.id} n’offre pas le choix {name}; elle offre {offered or 'rien : c’est une fin'}"
            en = f"the choice {name} is not offered in the scene {scene.id}, which offers"
            raise NotOffered(fr, f"{en} {offered or 'nothing: it is an ending'}")
        self.now = later(self.now, choice.takes)
        for action in choice.does:
            self._do(action, scene.you_are, name)
        self._enter(choice.to)

    def _do(self, action: str, role: str, choice: str) -> None:
        verdict = evaluate(self.protocol, facts=self.case.truth, log=self.log, role=role, action=action, at=self.now)
        self.judged.append(Judged(self.scenes[-1], choice, role, action, self.now - START, verdict))
        self.log.append(ActionEntry(action, role, self.now))


def required_steps(protocol: Protocol, case: Case) -> tuple[Step, ...]:
    """Return the steps of the pathway, their `when` met by the truth, that some scene's role can do."""
    pathway = pathway_of(protocol, case.truth)
    return tuple(
        step for step in protocol.steps_of[pathway] if step.is_met(case.truth) and not case.roles.isdisjoint(step.by)
    )


def is_clean(protocol: Protocol, case: Case, judged: Iterable[Judged]) -> bool:
    """Tell whether nothing banned was done and every required step was done, in order and in time."""
    verdicts = [line.verdict for line in judged]
    done = {verdict.rule for verdict in verdicts if verdict.word == "ok"}
    banned = any(verdict.word == "never" for verdict in verdicts)
    return not banned and all(step.id in done for step in required_steps(protocol, case))
