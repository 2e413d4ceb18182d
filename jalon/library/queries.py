"""What the catalogue shows: one query for the list, one for a program."""

from collections.abc import Mapping, Set
from contextlib import closing, suppress
from dataclasses import dataclass

from django.db import DatabaseError, connection
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from jalon.core.packs import Badge, Level, Pack
from jalon.core.protocols.citations import Citation, citation
from jalon.core.protocols.drawing import Grid, StepLine, pathway_svg, route_grid, step_lines
from jalon.core.protocols.model import Protocol
from jalon.core.protocols.sentences import Speaker
from jalon.core.typography import folded
from jalon.library.models import Program, Release, Withdrawal
from jalon.web.words import localised


@dataclass(frozen=True)
class Card:
    """A program in the list."""

    program: Program
    pack: Pack

    @property
    def minutes(self) -> int:
        return sum(level.minutes for level in self.pack.levels)


@dataclass(frozen=True)
class LevelCard:
    """A level on the page of its program, with what unlocks it."""

    level: Level
    badge: Badge
    before: Level | None
    lessons: int
    quizzes: int
    cases: int
    reflections: int


@dataclass(frozen=True)
class ProgramPage:
    program: Program
    pack: Pack
    levels: tuple[LevelCard, ...]
    withdrawal: Withdrawal | None


TITLES: dict[str, tuple[Mapping[str, str], Mapping[str, str]]] = {}


def catalogue(words: str) -> list[Card]:
    """Return the published programs that hold every word, by title in the language of the page."""
    programs = Program.objects.published().found_by(words)
    cards = [Card(program, program.current.pack) for program in programs if program.current]
    language = (get_language() or "fr")[:2]
    return sorted(cards, key=lambda card: folded(card.pack.title[language]))


def restricted_programs() -> list[Card]:
    """Return the published programs that are open only where an agreement is in force."""
    return [card for card in catalogue("") if card.pack.restricted]


def level_titles(keys: Set[str]) -> dict[str, str]:
    """Return the program and the level in the language of the page, by the key of the level: `program/level`.

    Names once read stay with this process: a version that renames a level is told after the next start.
    """
    if not keys <= TITLES.keys():
        packs = [program.current.pack for program in Program.objects.published() if program.current]
        TITLES.update({f"{pack.id}/{level.id}": (pack.title, level.title) for pack in packs for level in pack.levels})
    return {key: ", ".join(localised(text) for text in TITLES[key]) for key in keys & TITLES.keys()}


def read_current() -> None:
    """The packs that can be followed are known to this process, so that no visitor waits until they are read.

    A database that is not there yet, or a release that is not readable any more, stops no server: a page says so.
    """
    with suppress(DatabaseError), closing(connection):
        for release in Release.objects.filter(pk__in=Program.objects.published().values("current")):
            with suppress(ValueError):
                _ = release.pack


def program_page(program: Program) -> ProgramPage:
    """Return everything that the page of a published program shows."""
    assert program.current is not None
    pack = program.current.pack
    levels = tuple(_level_card(pack, level) for level in pack.levels)
    return ProgramPage(program, pack, levels, program.current.withdrawal)


@dataclass(frozen=True)
class PathwayDrawn:
    """The steps of a pathway: the diagram, and the same in words."""

    id: str
    title: str
    svg: SafeString
    steps: tuple[tuple[StepLine, Citation | None], ...]


@dataclass(frozen=True)
class RouteLine:
    """One row of the route, each cell with the heading of its column, and its source."""

    cells: tuple[tuple[str, str], ...]
    citation: Citation | None


@dataclass(frozen=True)
class BanLine:
    text: str
    citation: Citation | None


@dataclass(frozen=True)
class ProtocolPage:
    """A protocol as a partner reads it before signing: the route, the pathways, the bans, the sources."""

    title: str
    version: str
    grid: Grid
    rows: tuple[RouteLine, ...]
    pathways: tuple[PathwayDrawn, ...]
    bans: tuple[BanLine, ...]
    sources: tuple[Citation, ...]


def protocol_page(protocol: Protocol, language: str) -> ProtocolPage:
    """Return everything that the reading page of a protocol shows, in one language."""
    speaker = Speaker(protocol, language)
    cited = (citation(protocol, f"{source}#1", language) for source in protocol.sources)
    grid = route_grid(protocol, language)
    entries = (*protocol.route.rows, *protocol.route.impossible)
    return ProtocolPage(
        title=speaker.text("title"),
        version=str(protocol.version),
        grid=grid,
        rows=tuple(
            RouteLine(tuple(zip(grid.headings, row, strict=True))[:-1], citation(protocol, entry.cite, language))
            for row, entry in zip(grid.rows, entries, strict=True)
        ),
        pathways=tuple(
            PathwayDrawn(
                pathway,
                speaker.text(f"pathway/{pathway}"),
                SafeString(pathway_svg(protocol, pathway, language)),
                tuple(
                    (line, citation(protocol, protocol.steps[line.id].cite, language))
                    for line in step_lines(protocol, pathway, language)
                ),
            )
            for pathway in protocol.ranked
        ),
        bans=tuple(
            BanLine(speaker.text(f"never/{ban.id}"), citation(protocol, ban.cite, language)) for ban in protocol.never
        ),
        sources=tuple(one for one in cited if one),
    )


def _level_card(pack: Pack, level: Level) -> LevelCard:
    kinds = [key.partition("/")[0] for key in level.do]
    return LevelCard(
        level=level,
        badge=pack.badge_of(level),
        before=pack.level(level.unlock) if level.unlock else None,
        lessons=kinds.count("lesson"),
        quizzes=kinds.count("quiz"),
        cases=kinds.count("case"),
        reflections=kinds.count("reflection"),
    )
