"""The shared blocks of every page. `/components/` shows each in each state."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django import template
from django.forms import BaseForm, BoundField
from django.middleware.csrf import get_token
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jalon.core.typography import quebec as quebec_spacing
from jalon.web import fields, words
from jalon.web.icons import icon as draw_icon

register = template.Library()

ICON_OF = {"info": "info", "ok": "check", "warn": "warning", "bad": "warning", "demo": "info"}
TAG_ICON_OF = {"ok": "check", "bad": "warning", "warn": "clock", "locked": "lock"}


# Words


@register.filter
def quebec(text: str) -> str:
    """Return the text with the spacing of Quebec French; a text in English stays as it is."""
    if words.short_language() != words.FRENCH:
        return text
    spaced = quebec_spacing(str(text))
    return SafeString(spaced) if isinstance(text, SafeString) else spaced


@register.filter
def text(mapping: Mapping[str, str] | str) -> str:
    """Return the text of {"fr": …, "en": …} in the language of the page."""
    return words.localised(mapping)


@register.filter
def day(moment: date | None) -> str:
    """Return « 21 mars 2025 » or "March 21, 2025"."""
    return words.day(moment) if moment else ""


@register.filter
def clock(moment: datetime | None) -> str:
    """Return « 15 h 19 » or "3:19 p.m."."""
    return words.clock(moment) if moment else ""


@register.filter
def moment(at: datetime | None) -> str:
    """Return « 21 mars 2025, 15 h 19 »."""
    return words.moment(at) if at else ""


@register.filter
def hours(minutes: int) -> str:
    """Return « 3 h », « 4,5 h », « 20 min »."""
    return words.hours(minutes)


@register.filter
def word_count(text: str) -> str:
    """Return « 118 mots »."""
    return words.words(words.count_words(text))


@register.simple_tag
def when(moment: date) -> SafeString:
    """Return a <time> element: the day, and the time of day when there is one."""
    said = words.moment(moment) if isinstance(moment, datetime) else words.day(moment)
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), said)


# Small pieces


@register.simple_tag
def icon(name: str) -> SafeString:
    """Return a small drawing; write the word beside it."""
    return draw_icon(name)


@register.simple_tag
def page_header(title: str, *, kicker: str = "", lead: str = "") -> SafeString:
    """Return the heading of the page with an optional line above and an opening sentence below."""
    return format_html(
        '<header class="page-header">{}<h1>{}</h1>{}</header>',
        format_html('<p class="kicker">{}</p>', kicker) if kicker else "",
        title,
        format_html('<p class="lead">{}</p>', lead) if lead else "",
    )


@register.simple_tag
def back_link(url: str, label: str = "") -> SafeString:
    """Return the link back, for the block `crumbs`."""
    return format_html('<a class="back" href="{}">{}<span>{}</span></a>', url, draw_icon("back"), label or _("Back"))


@register.simple_tag
def tag(label: str, kind: str = "plain") -> SafeString:
    """Return a state as a pill. Kinds: plain, now, ok, warn, bad, locked, level1 to level4."""
    drawing = draw_icon(TAG_ICON_OF[kind]) if kind in TAG_ICON_OF else ""
    return format_html('<span class="tag tag-{}">{}{}</span>', kind, drawing, label)


@register.simple_tag
def name_note(name: str) -> SafeString:
    """Return the note under a name that mixes alphabets; nothing under another. It stands where names are believed."""
    said = words.mixed_name(name)
    if not said:
        return SafeString()
    return format_html('<span class="hint name-note">{}<span>{}</span></span>', draw_icon("info"), said)


@register.simple_tag
def progress(done: int, total: int, label: str = "") -> SafeString:
    """Return the progress in words, then as a bar. Without a label: « Étapes terminées : 3 sur 7 »."""
    said = label or ngettext("%(done)s of %(total)s step completed", "%(done)s of %(total)s steps completed", total) % {
        "done": done,
        "total": total,
    }
    return format_html(
        '<div class="progress"><p>{}</p><progress value="{}" max="{}" aria-label="{}">{}</progress></div>',
        said, done, max(total, 1), said, said,
    )  # fmt: skip


@register.simple_tag
def button(label: str, kind: str = "primary", *, name: str = "", value: str = "", icon: str = "") -> SafeString:
    """Return a submit button. Kinds: primary, secondary, quiet, danger."""
    own = format_html(' name="{}" value="{}"', name, value) if name else ""
    return format_html(
        '<button type="submit" class="button button-{}"{}>{}</button>', kind, own, with_icon(label, icon)
    )


@register.simple_tag
def button_link(label: str, url: str, kind: str = "primary", *, icon: str = "") -> SafeString:
    """Return a link with the look of a button: it goes somewhere, it changes nothing."""
    return format_html('<a class="button button-{}" href="{}">{}</a>', kind, url, with_icon(label, icon))


@register.simple_tag(takes_context=True)
def post_button(context: Context, label: str, url: str, kind: str = "secondary", *, icon: str = "") -> SafeString:
    """Return a form of one button that posts to the address."""
    return format_html(
        '<form method="post" action="{}" class="one-button">'
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}">{}</form>',
        url,
        get_token(context["request"]),
        button(label, kind, icon=icon),
    )


def with_icon(label: str, name: str) -> SafeString:
    """Return the label with its drawing: before the word, except the one that points forward."""
    if not name:
        return format_html("{}", label)
    pair = (label, draw_icon(name)) if name == "next" else (draw_icon(name), label)
    return format_html("{}{}", *pair)


# Panels


@register.simple_block_tag
def notice(content: str, kind: str = "info", title: str = "") -> SafeString:
    """Return a panel. Kinds: info, ok, warn, bad, demo."""
    heading = format_html('<p class="notice-title">{}</p>', title) if title else ""
    return format_html(
        '<div class="notice notice-{}">{}<div class="notice-body">{}{}</div></div>',
        kind,
        draw_icon(ICON_OF[kind]),
        heading,
        content,
    )


@register.simple_block_tag
def card(content: str, title: str, *, url: str = "", kicker: str = "", level: int = 2, icon: str = "") -> SafeString:
    """Return a card; with an address, its title is the link and the entire card can be clicked."""
    heading = format_html('<a href="{}">{}</a>', url, title) if url else title
    return format_html(
        '<article class="card{}">{}{}<h{} class="card-title">{}</h{}>{}</article>',
        " card-link" if url else "",
        draw_icon(icon) if icon else "",
        format_html('<p class="kicker">{}</p>', kicker) if kicker else "",
        level, heading, level, content,
    )  # fmt: skip


@register.simple_block_tag
def fold(content: str, summary: str, *, is_open: bool = False) -> SafeString:
    """Return what can be unfolded."""
    return format_html(
        '<details class="fold"{}><summary>{}</summary><div class="fold-body">{}</div></details>',
        SafeString(" open") if is_open else "", summary, content,
    )  # fmt: skip


@register.simple_block_tag
def do_list(content: str, title: str = "") -> SafeString:
    """Return what to do: write <li>…</li> inside."""
    return advice("do", title or _("Do"), content)


@register.simple_block_tag
def avoid_list(content: str, title: str = "") -> SafeString:
    """Return what to avoid: write <li>…</li> inside."""
    return advice("avoid", title or _("Avoid"), content)


def advice(kind: str, title: str, content: str) -> SafeString:
    drawing = draw_icon("check" if kind == "do" else "cross")
    return format_html(
        '<section class="advice advice-{}"><h3>{}{}</h3><ul>{}</ul></section>', kind, drawing, title, content
    )


# Lists


@register.simple_block_tag
def task_list(content: str) -> SafeString:
    """Return the path of a level; write `task` blocks inside."""
    return format_html('<ol class="tasks">{}</ol>', content)


@register.simple_block_tag
def task(content: str, title: str, state: str = "todo", *, url: str = "", status: str = "") -> SafeString:
    """Return one stretch of the path. States: done, now, todo, locked. The content is the hint under the title."""
    kind = {"done": "plain", "now": "now", "locked": "locked"}.get(state, "todo")
    heading = format_html('<a href="{}">{}</a>', url, title) if url else format_html("<span>{}</span>", title)
    hint = format_html('<div class="hint">{}</div>', content) if content.strip() else ""
    return format_html(
        '<li class="task task-{}"><div class="task-text"><p class="task-title">{}</p>{}</div>{}</li>',
        state, heading, hint, tag(status or task_status(state), kind),
    )  # fmt: skip


def task_status(state: str) -> str:
    return {"done": _("Completed"), "now": _("In progress"), "locked": _("Locked")}.get(state, _("To do"))


@register.simple_block_tag
def summary_list(content: str) -> SafeString:
    """Return pairs of name and value; write `summary_row` blocks inside."""
    return format_html('<dl class="summary">{}</dl>', content)


@register.simple_block_tag
def summary_row(content: str, label: str, *, change: str = "", change_label: str = "") -> SafeString:
    """Return one pair; with an address in `change`, a link to change it that says what it changes."""
    link = format_html(
        '<dd class="summary-change"><a href="{}">{}<span class="sr-only"> {}</span></a></dd>',
        change, change_label or _("Change"), label,
    ) if change else ""  # fmt: skip
    return format_html('<div class="summary-row"><dt>{}</dt><dd>{}</dd>{}</div>', label, content, link)


@register.simple_block_tag
def timeline(content: str) -> SafeString:
    """Return what happened, in order; write `event` blocks inside."""
    return format_html('<ol class="timeline">{}</ol>', content)


@register.simple_block_tag
def event(content: str, title: str, at: date | None = None, state: str = "done") -> SafeString:
    """Return one event. States: done, now, todo (without a date)."""
    said = format_html('<p class="hint">{}</p>', when(at)) if at else ""
    return format_html('<li class="event event-{}"><p class="event-title">{}</p>{}{}</li>', state, title, said, content)


@register.simple_tag
def data_table(caption: str, headers: Iterable[str], rows: Iterable[Iterable[object]]) -> SafeString:
    """Return a table whose rows become cards on a phone. The first cell of a row names it."""
    names = [str(header) for header in headers]
    lines = [cells(names, list(row)) for row in rows]
    return format_html(
        '<div class="table-box"><table class="table"><caption>{}</caption>'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>",
        caption,
        format_html_join("", '<th scope="col">{}</th>', ((name,) for name in names)),
        format_html_join("", "<tr>{}</tr>", ((line,) for line in lines)),
    )


def cells(names: list[str], row: list[object]) -> SafeString:
    first = format_html('<th scope="row" data-label="{}">{}</th>', names[0], row[0])
    rest = format_html_join("", '<td data-label="{}">{}</td>', zip(names[1:], row[1:], strict=True))
    return first + rest


# Forms


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """Return the field with its label, hint, errors and, for a long text, the number of words."""
    return fields.draw(bound)


@register.simple_tag
def error_summary(form: BaseForm) -> SafeString:
    """Return the list of errors, each with a link to its field; nothing when the form is right."""
    if not form.errors:
        return SafeString()
    told = {"listed": fields.wrong(form), "general": form.non_field_errors()}
    return render_to_string("web/blocks/errors.html", told)


@register.simple_tag
def search_box(url: str, label: str, value: str = "", *, look: str = "primary") -> SafeString:
    """Return a search form (GET, field q); beside another first step of the page, its look is "secondary"."""
    return render_to_string("web/blocks/search.html", {"url": url, "label": label, "value": value, "look": look})


@register.simple_block_tag
def answer(content: str, label: str, *, is_right: bool, is_chosen: bool) -> SafeString:
    """Return an option of a quiz after the answer: chosen or not, right or not, in words, then why."""
    chosen = _("Your answer") if is_chosen else ""
    return format_html(
        '<li class="answer answer-{}{}"><p class="answer-head">{}{}</p>'
        '<p class="answer-label">{}</p><div class="answer-why">{}</div></li>',
        "right" if is_right else "wrong", " answer-chosen" if is_chosen else "",
        tag(_("Right"), "ok") if is_right else tag(_("Not this one"), "plain"),
        tag(chosen, "now") if chosen else "", label, content,
    )  # fmt: skip


@register.simple_tag
def autosave(url: str, key: str, revision: int, *, device: bool = True) -> SafeString:
    """Return the attributes of a form that saves itself.

    Args:
        url: POST of text, revision and csrfmiddlewaretoken, answered by JSON (see docs/explanation/look.md).
        key: names the copy on the device: person, attempt and question.
        revision: what the server has now.
        device: False on a shared computer: nothing is kept on it.
    """
    own = {
        "autosave-url": url,
        "autosave-key": key if device else "",
        "autosave-revision": revision,
        "say-saved": _("Saved at {time}"),
        "say-offline": _("Offline: your text is kept on this device"),
        "say-unsaved": _("Not saved yet: keep this page open"),
        "say-signed-out": _("Sign in again: your text is kept"),
    }
    return format_html("data-autosave {}", format_html_join(" ", 'data-{}="{}"', own.items()))


@register.simple_tag
def autosave_status(saved_at: datetime | None = None) -> SafeString:
    """Return the status line and the conflict view, hidden until two texts differ. It goes inside the form."""
    return render_to_string("web/blocks/autosave.html", {"saved_at": saved_at})
