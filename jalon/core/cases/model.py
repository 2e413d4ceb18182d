"""A practice case as read: a story whose choices name the actions of a protocol."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TypeAlias

from jalon.core.protocols.model import Facts
from jalon.core.protocols.words import Range, Version

Pages: TypeAlias = Mapping[str, Mapping[str, str]]
"""The prose of a case: scene → language → Markdown."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What one may do in a scene: the time passes, then the actions are done in order."""

    id: str
    does: tuple[str, ...]
    takes: timedelta
    to: str


@dataclass(frozen=True, slots=True)
class Scene:
    """A place in the story, played as one role. An ending has no role and no choice: the debrief follows."""

    id: str
    you_are: str | None
    reveals: tuple[str, ...]
    happens: tuple[str, ...]
    choices: tuple[Choice, ...]

    @property
    def is_ending(self) -> bool:
        return self.you_are is None

    def choice(self, name: str) -> Choice | None:
        return next((choice for choice in self.choices if choice.id == name), None)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A replay kept as a test: the choices, and the verdicts they must give (`never/BAN` for a ban)."""

    path: tuple[str, ...]
    expect: tuple[str, ...]


@dataclass(frozen=True)
class Case:
    id: str
    version: Version
    protocol: Range
    title: Mapping[str, str]
    pathway: str
    truth: Facts
    start: str
    scenes: Mapping[str, Scene]
    replays: tuple[Recorded, ...]

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles that some scene plays."""
        return frozenset(scene.you_are for scene in self.scenes.values() if scene.you_are)

    @cached_property
    def choices(self) -> frozenset[str]:
        """The ids of the choices of all scenes."""
        return frozenset(choice.id for scene in self.scenes.values() for choice in scene.choices)
