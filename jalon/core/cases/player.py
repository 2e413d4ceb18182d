"""What a player sees at one moment of a case: the scene, the role, the time that passed, what is known by then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from jalon.core.cases.model import Case, Pages
from jalon.core.cases.pages import Block, ScenePage, read_page
from jalon.core.cases.replay import play
from jalon.core.protocols.model import Protocol
from jalon.core.protocols.sentences import Speaker

# The four dimensions. A fact belongs to the one whose id begins its own; the facts of no dimension are urgent.
DIMENSIONS = {
    "fr": {"amorce": "Amorce", "nature": "Nature", "intentions": "Intentions", "etendue": "Étendue"},
    "en": {"amorce": "Trigger", "nature": "Nature", "intentions": "Intentions", "etendue": "Extent"},
}
URGENT = {"fr": "Urgence", "en": "Urgency"}


@dataclass(frozen=True, slots=True)
class Known:
    """The facts of one dimension that were revealed so far, each in words: what it is, and its value."""

    title: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """One step of a path.

    Args:
        number: from 1.
        role: in words; empty at an ending.
        elapsed: the simulated time in words; empty at the start.
        offered: the choices of the scene, in its order.
        chosen: what was chosen here, when this step is answered.
    """

    number: int
    scene: str
    introduction: str
    role: str
    elapsed: str
    known: tuple[Known, ...]
    offered: tuple[Block, ...]
    chosen: Block | None

    @property
    def is_ending(self) -> bool:
        return not self.role


def moment(protocol: Protocol, case: Case, pages: Pages, path: Sequence[str], *, number: int, language: str) -> Moment:
    """Return the step of this number on a path; the one after the last choice waits for an answer.

    Args:
        number: from 1 to one more than the choices made.
        language: `fr` or `en`.

    Raises:
        NotOffered: a choice before it is not one of its scene.
    """
    played = play(protocol, case, path[: number - 1])
    scene = case.scenes[played.scene]
    page = page_of(pages, scene.id, language)
    speaker = Speaker(protocol, language)
    chosen = path[number - 1] if number <= len(path) else ""
    return Moment(
        number=number,
        scene=scene.id,
        introduction=page.introduction,
        role=speaker.text(f"role/{scene.you_are}") if scene.you_are else "",
        elapsed=speaker.duration(played.after) if played.after else "",
        known=tuple(known(speaker, case, played.revealed)),
        offered=tuple(block for choice in scene.choices if (block := page.block(choice.id))),
        chosen=page.block(chosen),
    )


def page_of(pages: Pages, scene: str, language: str) -> ScenePage:
    return read_page(pages[scene][language])


def label_of(pages: Pages, scene: str, choice: str, language: str) -> str:
    """Return the words of a choice."""
    block = page_of(pages, scene, language).block(choice)
    return block.label if block else choice


def known(speaker: Speaker, case: Case, revealed: Iterable[str]) -> Iterator[Known]:
    """Yield what was revealed: the urgent facts first, then one group for each dimension that has facts."""
    names = DIMENSIONS[speaker.language]
    groups: dict[str, list[tuple[str, str]]] = {key: [] for key in ("", *names)}
    for fact in revealed:
        dimension = next((one for one in names if fact.startswith(f"{one}_")), "")
        title = speaker.text(f"fact/{fact}")
        groups[dimension].append((without(title, names.get(dimension, "")), _value(speaker, case, fact)))
    for key, facts in groups.items():
        if facts:
            yield Known(names.get(key, URGENT[speaker.language]), tuple(facts))


def _value(speaker: Speaker, case: Case, fact: str) -> str:
    return speaker.text(f"fact/{fact}/{case.truth[fact]}")


def without(title: str, dimension: str) -> str:
    """Return the name of a fact without its dimension, which already stands above it."""
    rest = title.removeprefix(dimension).lstrip("\u00a0\u202f ") if dimension else title
    if rest == title or not rest.startswith(":"):
        return title
    rest = rest[1:].strip()
    return rest[:1].upper() + rest[1:]


def turning_point(path: Sequence[str], other: Sequence[str]) -> int:
    """Return the place, from 0, of the first choice in which two paths differ; 0 when they do not."""
    pairs = zip(path, other, strict=False)
    return next((place for place, (one, two) in enumerate(pairs) if one != two), 0)
