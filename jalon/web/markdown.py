"""Markdown of packs as safe HTML: headings, lists, quotations, links, and `[@source]` as numbered notes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from html import escape

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from jalon.core.packs import CITATION, Source
from jalon.web import words

NOTE_PREFIX = "note"
_HEADINGS = {f"h{level}" for level in range(1, 7)}
_TAGS = _HEADINGS | {"p", "ul", "ol", "li", "blockquote", "pre", "hr", "strong", "em", "a", "sup", "span", "code", "br"}
_SCHEMES = {"https", "http", "mailto", "tel"}
_ATTRIBUTES = {"a": {"href", "id"}, "sup": {"class"}, "span": {"class"}, "ol": {"start"}}


@dataclass(frozen=True)
class Note:
    """A source as it stands under a text; the first reference to it has the id `anchor` + `-ref`."""

    number: int
    anchor: str
    title: str
    url: str
    checked: date


@dataclass(frozen=True)
class Rendered:
    html: SafeString
    notes: tuple[Note, ...]


def render(
    markdown: str, *, sources: Mapping[str, Source] | None = None, top: int = 2, prefix: str = NOTE_PREFIX
) -> Rendered:
    """Return safe HTML, and the notes that belong under it, numbered from 1 in the order of their first reference.

    Args:
        sources: what `[@id]` may refer to; a reference to anything else is dropped.
        top: the level of the largest heading on the page (2 for `<h2>`); smaller ones follow.
        prefix: begins the ids of the notes; another one for a second text of the same page.
    """
    known = sources or {}
    html, cited = _html(markdown, frozenset(known), top, prefix)
    return Rendered(mark_safe(html), notes(cited, known, prefix=prefix))  # noqa: S308 -- cleaned by nh3


def notes(cited: Iterable[str], sources: Mapping[str, Source], *, prefix: str = NOTE_PREFIX) -> tuple[Note, ...]:
    """Return these sources as they stand under a text, numbered from 1, in the language of the page."""
    return tuple(_note(number, sources[name], prefix) for number, name in enumerate(cited, start=1))


def _note(number: int, source: Source, prefix: str) -> Note:
    return Note(
        number, f"{prefix}-{number}", words.localised(source.title), words.localised(source.url), source.checked
    )


@lru_cache(maxsize=512)
def _html(markdown: str, known: frozenset[str], top: int, prefix: str) -> tuple[str, tuple[str, ...]]:
    parser = MarkdownIt("commonmark", {"html": False}).disable("image")
    parser.inline.ruler.before("link", "citation", _citation)
    cited: list[str] = []
    parser.add_render_rule("citation", lambda _, tokens, at, *rest: _reference(tokens[at], known, cited, prefix))
    tokens = parser.parse(markdown)
    _shift_headings(tokens, top)
    html = parser.renderer.render(tokens, parser.options, {})
    safe = nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None)
    return safe, tuple(cited)


def _citation(state: StateInline, silent: bool) -> bool:
    """Read `[@source]` where it stands; markdown-it calls this at every place of a line."""
    match = CITATION.match(state.src, state.pos)
    if not match:
        return False
    if not silent:
        state.pending = state.pending.rstrip(" ")
        token = state.push("citation", "", 0)
        token.content = match[1]
    state.pos = match.end()
    return True


def _reference(token: Token, known: frozenset[str], cited: list[str], prefix: str) -> str:
    name = token.content
    if name not in known:
        return ""
    is_first = name not in cited
    if is_first:
        cited.append(name)
    number = cited.index(name) + 1
    anchor = f"{prefix}-{number}"
    own = f' id="{escape(anchor)}-ref"' if is_first else ""
    label = f'<span class="sr-only">Note </span>{number}'
    return f'<sup class="note-ref"><a href="#{escape(anchor)}"{own}>{label}</a></sup>'


def _shift_headings(tokens: Sequence[Token], top: int) -> None:
    """The largest heading of the text becomes a heading of level `top`, whatever the author began with."""
    headings = [token for token in tokens if token.type in {"heading_open", "heading_close"}]
    if not headings:
        return
    shift = top - min(int(token.tag[1]) for token in headings)
    for token in headings:
        token.tag = f"h{min(int(token.tag[1]) + shift, 6)}"
