"""What a partner reads on paper: what changed between two protocols, the drawings of one, the outline of a case."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path

from jalon.core.cases.model import Case, Pages
from jalon.core.cases.player import page_of
from jalon.core.protocols.drawing import Grid, pathway_svg, route_grid
from jalon.core.protocols.model import Protocol
from jalon.core.protocols.reading import LANGUAGES
from jalon.core.protocols.sentences import Speaker, differences
from jalon.library.casefolder import read_pages
from jalon.library.protocol_cli import Answer, Refusal, accepted_protocol, checked_case


def diff_files(before: Path, after: Path, *, language: str) -> Answer:
    """Say in sentences what changed in meaning from one protocol to the other."""
    try:
        said = differences(accepted_protocol(before), accepted_protocol(after), language)
    except Refusal as refused:
        return Answer(1, error=refused.message[language])
    nothing = {"fr": "Rien ne change dans le sens.", "en": "Nothing changes in meaning."}[language]
    return Answer(0, {"changes": list(said)}, said or (nothing,))


def draw_file(path: Path, *, out: Path, language: str) -> Answer:
    """Write the route as an HTML table and the steps of each pathway as an SVG, in both languages."""
    try:
        protocol = accepted_protocol(path)
        out.mkdir(parents=True, exist_ok=True)
        written = []
        for name, content in drawings_of(protocol):
            (out / name).write_text(content, encoding="utf-8")
            written.append(str(out / name))
    except Refusal as refused:
        return Answer(1, error=refused.message[language])
    except OSError as fault:
        told = {"fr": "{} ne peut pas être écrit ({})", "en": "{} cannot be written ({})"}[language]
        return Answer(1, error=told.format(out, fault.strerror))
    return Answer(0, {"files": written}, tuple(written))


def drawings_of(protocol: Protocol) -> Iterator[tuple[str, str]]:
    """Yield the name and the content of each file, in a fixed order."""
    for language in LANGUAGES:
        yield f"route.{language}.html", table_page(route_grid(protocol, language), language)
        for pathway in protocol.ranked:
            yield f"{pathway}.{language}.svg", pathway_svg(protocol, pathway, language) + "\n"


def table_page(grid: Grid, language: str) -> str:
    """Return one plain page that holds the route; it prints as it is."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in grid.headings)
    rows = "".join(
        f'<tr><th scope="row">{escape(first)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in rest)}</tr>\n'
        for first, *rest in grid.rows
    )
    caption = escape(grid.caption)
    return (
        f'<!doctype html>\n<html lang="{language}-CA"><meta charset="utf-8"><title>{caption}</title>\n'
        f"<table><caption>{caption}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody></table>\n</html>\n"
    )


def outline_file(protocol: Path, path: Path, *, language: str) -> Answer:
    """Write a case as indented text: each scene once, its choices, what they do, where they lead."""
    try:
        rules, case = accepted_protocol(protocol), checked_case(protocol, path)
    except Refusal as refused:
        return Answer(1, error=refused.message[language])
    lines = tuple(outline(rules, case, read_pages(path.parent), language))
    return Answer(0, {"case": case.id, "outline": list(lines)}, lines)


def outline(protocol: Protocol, case: Case, pages: Pages, language: str) -> Iterator[str]:
    """Yield the lines of an outline, every scene in the order in which the story first reaches it."""
    speaker = Speaker(protocol, language)
    yield f"{case.title[language]} ({case.id} {case.version})"
    waiting, seen = [case.start], set()
    while waiting:
        name = waiting.pop(0)
        if name in seen:
            continue
        seen.add(name)
        scene, page = case.scenes[name], page_of(pages, name, language)
        yield ""
        yield f"{name}" + (f" – {speaker.text(f'role/{scene.you_are}')}" if scene.you_are else "")
        yield from (f"  {line}" for line in page.introduction.splitlines() if line)
        for choice in scene.choices:
            block = page.block(choice.id)
            done = ", ".join(speaker.text(f"action/{action}") for action in choice.does) or "–"
            yield f"  * {block.label if block else choice.id}"
            yield f"      {done} ({speaker.duration(choice.takes) if choice.takes else '–'}) → {choice.to}"
        waiting += [choice.to for choice in scene.choices]
