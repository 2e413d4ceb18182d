"""A protocol drawn for readers: the route as a grid, the steps of a pathway as a list and as a diagram.

The diagram is one SVG without script, style or colour of its own: it takes the ink of the page around it.
Its description says in words all that it shows.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from jalon.core.protocols.model import Protocol, Row, Step
from jalon.core.protocols.order import layers
from jalon.core.protocols.sentences import Speaker

TITLES = {
    "fr": {
        "route": "Du constat au parcours",
        "row": "Ligne",
        "pathway": "Parcours",
        "any": "peu importe",
        "impossible": "Impossible",
        "source": "Source",
        "steps": "Étapes du parcours {}",
        "after": "Après",
        "start": "Dès le départ",
        "checked": "vérifié le {}",
        "paragraph": "par. {}",
    },
    "en": {
        "route": "From the facts to the pathway",
        "row": "Row",
        "pathway": "Pathway",
        "any": "any",
        "impossible": "Impossible",
        "source": "Source",
        "steps": "Steps of the pathway {}",
        "after": "After",
        "start": "From the start",
        "checked": "checked on {}",
        "paragraph": "par. {}",
    },
}

WIDTH, MARGIN, PAD, LINE, GAP = 720, 16, 12, 20, 28
LEFT, CHARACTERS = 64, 78


@dataclass(frozen=True, slots=True)
class Grid:
    """An HTML table: one heading per column, and cells of text; the first cell of a row is its heading."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step in words."""

    id: str
    action: str
    by: str
    condition: str
    needs: str
    within: str
    source: str


def route_grid(protocol: Protocol, language: str) -> Grid:
    """Return the route, one row per row of the table, then what is impossible."""
    words, speaker = TITLES[language], Speaker(protocol, language)
    inputs = protocol.route.inputs
    headings = (words["row"], *(speaker.text(f"fact/{fact}") for fact in inputs))
    rows = [*protocol.route.rows, *protocol.route.impossible]
    return Grid(
        caption=words["route"],
        headings=(*headings, words["pathway"], words["source"]),
        rows=tuple(_grid_row(speaker, row) for row in rows),
    )


def _grid_row(speaker: Speaker, row: Row) -> tuple[str, ...]:
    words = TITLES[speaker.language]
    cells = []
    for fact in speaker.protocol.route.inputs:
        values = [speaker.text(f"fact/{fact}/{value}") for value in row.cells.get(fact, ())]
        cells.append(speaker.say("or").join(values) or words["any"])
    led = speaker.text(f"pathway/{row.then}") if row.then else words["impossible"]
    return (row.id, *cells, led, source_words(speaker, row.cite))


def source_words(speaker: Speaker, cite: str | None) -> str:
    """Return a citation as the title of its source, the paragraph, and the day it was checked."""
    found = speaker.protocol.source_of(cite)
    if found is None:
        return cite or ""
    words, (source, paragraph) = TITLES[speaker.language], found
    said = f"{speaker.text(f'source/{source.id}')}, {words['paragraph'].format(paragraph)}"
    return f"{said}, {words['checked'].format(source.checked)}" if source.checked else said


def step_lines(protocol: Protocol, pathway: str, language: str) -> tuple[StepLine, ...]:
    """Return the steps of a pathway in the order in which they can be done."""
    speaker = Speaker(protocol, language)
    return tuple(_line(speaker, step) for layer in layers(protocol, pathway) for step in layer)


def _line(speaker: Speaker, step: Step) -> StepLine:
    return StepLine(
        id=step.id,
        action=speaker.text(f"action/{step.do}"),
        by=speaker.names("role", step.by),
        condition=speaker.cells(step.when),
        needs=speaker.names("milestone", step.needs) if step.needs else "",
        within=speaker.duration(step.within) if step.within else "",
        source=source_words(speaker, step.cite),
    )


@dataclass(frozen=True, slots=True)
class _Box:
    """A step placed in the diagram."""

    step: Step
    heading: tuple[str, ...]
    details: tuple[str, ...]
    top: int

    @property
    def lines(self) -> tuple[str, ...]:
        return (*self.heading, *self.details)

    @property
    def height(self) -> int:
        return 2 * PAD + LINE * len(self.lines)

    @property
    def bottom(self) -> int:
        return self.top + self.height


def pathway_svg(protocol: Protocol, pathway: str, language: str) -> str:
    """Return the steps of a pathway as one SVG: a box per step, an arrow from what gives to what needs."""
    speaker = Speaker(protocol, language)
    boxes = tuple(_placed(speaker, pathway))
    title = TITLES[language]["steps"].format(speaker.quoted(f"pathway/{pathway}"))
    height = boxes[-1].bottom + MARGIN if boxes else 2 * MARGIN
    said = [", ".join(box.lines) for box in boxes]
    described = " ".join(f"{place}. {line}." for place, line in enumerate(said, start=1))
    name = f"{protocol.id}-{pathway}-{language}"
    return "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img"',
            f' lang="{language}" aria-labelledby="{name}-title" aria-describedby="{name}-desc">',
            f'<title id="{name}-title">{escape(title)}</title>',
            f'<desc id="{name}-desc">{escape(described)}</desc>',
            '<g fill="none" stroke="currentColor" stroke-width="1.5">',
            *_shapes(boxes),
            '</g><g fill="currentColor" stroke="none" font-size="15">',
            *_words(boxes),
            "</g></svg>",
        ]
    )


def _placed(speaker: Speaker, pathway: str) -> Iterator[_Box]:
    top = MARGIN
    for layer in layers(speaker.protocol, pathway):
        for step in layer:
            heading = _wrapped(speaker.text(f"action/{step.do}"))
            details = tuple(line for part in _details(speaker, step) for line in _wrapped(part))
            box = _Box(step, heading, details, top)
            top = box.bottom + GAP
            yield box


def _wrapped(text: str) -> tuple[str, ...]:
    return tuple(textwrap.wrap(text, CHARACTERS, break_on_hyphens=False))


def _details(speaker: Speaker, step: Step) -> Iterator[str]:
    """Yield who does the step, on what condition, after what, and by when."""
    colon = speaker.say("colon")
    yield f"{speaker.say('by')}{colon}{speaker.names('role', step.by)}"
    if step.when:
        yield f"{speaker.say('if')}{colon}{speaker.cells(step.when)}"
    if step.needs:
        yield f"{speaker.say('needs')}{colon}{speaker.names('milestone', step.needs)}"
    if step.within:
        yield f"{speaker.say('within')}{colon}{speaker.duration(step.within)}"


def _shapes(boxes: Sequence[_Box]) -> Iterator[str]:
    """Yield the frames (dashed under a condition), and on the left a rail from each giver to what needs it."""
    for box in boxes:
        dashes = ' stroke-dasharray="6 4"' if box.step.when else ""
        frame = f'<rect x="{LEFT}" y="{box.top}" width="{WIDTH - LEFT - MARGIN}" height="{box.height}" rx="8"'
        yield f"{frame}{dashes}/>"
    free: list[int] = []
    for box in boxes:
        needing = [one for one in boxes if box.step.gives in one.step.needs and one.top > box.top]
        if not needing:
            continue
        start, end = box.bottom - PAD, needing[-1].top + PAD
        place = next((place for place, until in enumerate(free) if until < start), len(free))
        free[place : place + 1] = [end]
        rail = LEFT - 10 - 8 * place
        yield f'<path d="M{LEFT} {start}H{rail}V{end}"/>'
        for one in needing:
            yield f'<path d="M{rail} {one.top + PAD}H{LEFT}m-6 -4l6 4l-6 4"/>'


def _words(boxes: Sequence[_Box]) -> Iterator[str]:
    for box in boxes:
        for place, line in enumerate(box.lines):
            weight = ' font-weight="600"' if place < len(box.heading) else ""
            x, y = LEFT + PAD, box.top + PAD + LINE * place + 15
            yield f'<text x="{x}" y="{y}"{weight}>{escape(line)}</text>'
