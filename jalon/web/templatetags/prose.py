"""`{% load prose %}{% prose part.body|text pack.sources %}`: the Markdown of a pack, then the notes it refers to.

`{% sources_of question pack.sources %}`: the sources of a question of a quiz.
"""

from collections.abc import Mapping

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from jalon.core.packs import Question, Source
from jalon.web import markdown

register = template.Library()


@register.simple_tag
def prose(
    text: str, sources: Mapping[str, Source] | None = None, *, top: int = 2, prefix: str = markdown.NOTE_PREFIX
) -> SafeString:
    """Return the text, then its notes: number, title, address, day checked, way back.

    Args:
        sources: those of the pack; without them, references are dropped.
        top: the level of the largest heading.
        prefix: another one for a second text of the same page.
    """
    rendered = markdown.render(text, sources=sources, top=top, prefix=prefix)
    context = {"notes": rendered.notes, "top": top, "prefix": prefix}
    notes = render_to_string("web/blocks/notes.html", context) if rendered.notes else ""
    return format_html('<div class="prose">{}</div>{}', rendered.html, notes)


@register.simple_tag
def sources_of(question: Question, sources: Mapping[str, Source]) -> SafeString | str:
    """Return the sources of a question of a quiz, told as under a lesson; nothing when it names none."""
    told = markdown.notes(question.sources, sources)
    return render_to_string("web/blocks/sources.html", {"notes": told}) if told else ""
