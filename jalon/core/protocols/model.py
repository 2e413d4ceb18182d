"""A protocol as read: closed data that never changes, and nothing that decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Literal, TypeAlias

from jalon.core.flaws import Text, said
from jalon.core.protocols.table import Table
from jalon.core.protocols.words import Version, citation_of

Level: TypeAlias = Literal["error", "warning"]
Cells: TypeAlias = Mapping[str, tuple[str, ...]]
Facts: TypeAlias = Mapping[str, str]
Texts: TypeAlias = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a file: the number of the check, the place as a dotted path, and a sentence in both languages."""

    check: int
    level: Level
    where: str
    message: Text

    def as_json(self, language: str) -> dict[str, object]:
        return {"check": self.check, "level": self.level, "where": self.where, "message": self.message[language]}


def error(check: int, where: str, fr: str, en: str) -> Problem:
    return Problem(check, "error", where, said(fr, en))


def warning(check: int, where: str, fr: str, en: str) -> Problem:
    return Problem(check, "warning", where, said(fr, en))


@dataclass(frozen=True, slots=True)
class Effective:
    """In force from `starts_on` to the day before `ends_on`, in these territories."""

    starts_on: date
    ends_on: date | None
    territories: tuple[str, ...]

    def covers(self, on: date, territory: str) -> bool:
        return territory in self.territories and self.starts_on <= on < (self.ends_on or date.max)


@dataclass(frozen=True, slots=True)
class Fact:
    """A closed list of values; "unknown" is never one of them, it is the absence of an answer."""

    id: str
    values: tuple[str, ...]
    known_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the route, or an impossible entry (then `then` is None); an absent input means any value."""

    id: str
    cells: Cells
    then: str | None
    cite: str | None


@dataclass(frozen=True, slots=True)
class Route:
    role: str
    inputs: tuple[str, ...]
    rows: tuple[Row, ...]
    impossible: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """An action that some roles must do in some pathways. `needs` and `gives` are milestones, never steps."""

    id: str
    do: str
    by: tuple[str, ...]
    pathways: tuple[str, ...]
    when: Cells
    needs: tuple[str, ...]
    gives: str | None
    within: timedelta | None
    cite: str | None

    def is_met(self, facts: Facts) -> bool:
        """Tell whether `when` holds: an unknown fact does not meet it."""
        return all(facts.get(fact) in cell for fact, cell in self.when.items())


@dataclass(frozen=True, slots=True)
class Ban:
    """What nobody may do, but for `spares`, once `starts` is reached and as long as `ends` is not."""

    id: str
    do: str
    spares: tuple[str, ...]
    starts: str | None
    ends: str | None
    cite: str | None

    @property
    def is_timeless(self) -> bool:
        return self.starts is None and self.ends is None


@dataclass(frozen=True, slots=True)
class Source:
    id: str
    checked: date | None
    paragraphs: int


@dataclass(frozen=True)
class Protocol:
    """One release of a protocol; what is derived from it is computed once and kept."""

    id: str
    version: Version
    effective: Effective
    roles: tuple[str, ...]
    events: tuple[str, ...]
    facts: Mapping[str, Fact]
    pathways: Mapping[str, int]
    route: Route
    steps: Mapping[str, Step]
    never: tuple[Ban, ...]
    sources: Mapping[str, Source]
    texts: Texts

    @cached_property
    def ranked(self) -> tuple[str, ...]:
        """The pathways, most protective first."""
        return tuple(sorted(self.pathways, key=lambda pathway: -self.pathways[pathway]))

    @cached_property
    def actions(self) -> tuple[str, ...]:
        """What a step or a ban names with `do`, in the order of the file."""
        done = [step.do for step in self.steps.values()]
        return tuple(dict.fromkeys([*done, *(ban.do for ban in self.never)]))

    @cached_property
    def milestones(self) -> tuple[str, ...]:
        """The events, then what the steps give."""
        given = [step.gives for step in self.steps.values() if step.gives]
        return tuple(dict.fromkeys([*self.events, *given]))

    @cached_property
    def steps_of(self) -> Mapping[str, tuple[Step, ...]]:
        """The steps of each pathway, in the order of the file."""
        steps = self.steps.values()
        return {name: tuple(step for step in steps if name in step.pathways) for name in self.pathways}

    @cached_property
    def steps_doing(self) -> Mapping[str, tuple[Step, ...]]:
        """The steps, of any pathway, that do an action."""
        steps = self.steps.values()
        return {action: tuple(step for step in steps if step.do == action) for action in self.actions}

    @cached_property
    def bans_on(self) -> Mapping[str, tuple[Ban, ...]]:
        """The bans on an action, in the order of the file."""
        return {action: tuple(ban for ban in self.never if ban.do == action) for action in self.actions}

    @cached_property
    def rows_table(self) -> Table:
        """The route as a diagram whose outcomes are sets of rows: bit n for row n; -1 is impossible."""
        return Table.grown(
            [len(self.facts[fact].values) for fact in self.route.inputs],
            rows=[self._box(row) for row in self.route.rows],
            barred=[self._box(entry) for entry in self.route.impossible],
        )

    @cached_property
    def table(self) -> Table:
        """The route as a diagram whose outcomes are sets of pathways: bit n for `ranked[n]`; 0 is none."""
        rows = [
            sum(1 << place for place, row in enumerate(self.route.rows) if row.then == pathway)
            for pathway in self.ranked
        ]

        def pathways(outcome: int) -> int:
            return sum(1 << place for place, led in enumerate(rows) if outcome > 0 and outcome & led)

        return self.rows_table.mapped(pathways)

    def _box(self, row: Row) -> tuple[int, ...]:
        """Return the values a row holds, one set of bits per input."""
        box = []
        for fact in self.route.inputs:
            values = self.facts[fact].values
            cell = row.cells.get(fact, values)
            box.append(sum(1 << place for place, value in enumerate(values) if value in cell))
        return tuple(box)

    def wording(self, key: str, language: str) -> str:
        """Return a text of the protocol, or its key when the text is missing."""
        return self.texts.get(key, {}).get(language) or key

    def source_of(self, cite: str | None) -> tuple[Source, int] | None:
        """Return the source and the paragraph a citation names."""
        found = citation_of(cite) if cite else None
        return (self.sources[found[0]], found[1]) if found and found[0] in self.sources else None


@dataclass(frozen=True, slots=True)
class EventEntry:
    """A line of a log: something from outside happened."""

    event: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ActionEntry:
    """A line of a log: somebody did something."""

    action: str
    role: str
    at: datetime


LogEntry: TypeAlias = EventEntry | ActionEntry
