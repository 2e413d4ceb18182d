"""An affiliation in words."""

from collections.abc import Iterable
from datetime import date
from functools import cache, partial
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from jalon.accounts.forms import ROLES
from jalon.accounts.imports import Difference
from jalon.accounts.models import Affiliation
from jalon.web import words
from jalon.web.templatetags.jalon import name_note, tag

register = template.Library()


@register.filter
def role_name(affiliation: Affiliation) -> Promise:
    """Return the role in words."""
    return ROLES[affiliation.role]


@register.filter
def changes_of(difference: Difference) -> list[str]:
    """Return in words what a line of a file changes: each value, with the one before it when there was one."""
    labels = {"role": _("Role"), "starts_on": _("First day"), "ends_on": _("First day away")}
    said = {name: [_value(name, one) for one in pair if one] for name, pair in difference.fields.items()}
    whole = {
        "new": _("New place of work"),
        "confirmed": _("The place of work is confirmed"),
        "asked": _("The person will be asked to add the school"),
    }
    return [
        *(whole[what] for what in difference.what if what in whole),
        *(_("%(label)s: %(value)s") % {"label": labels[name], "value": " → ".join(said[name])} for name in said),
    ]


def _value(name: str, value: str) -> str:
    return str(ROLES[value]) if name == "role" else words.day(date.fromisoformat(value))


@register.simple_tag
def affiliation_state(affiliation: Affiliation, today: date) -> SafeString:
    """Return the state as a pill: confirmed, to be confirmed, or ended with its day."""
    return _pill(affiliation.ends_on, affiliation.confirmed_at is not None, today)


def _pill(ends_on: date | None, is_confirmed: bool, today: date) -> SafeString:
    if ends_on and ends_on <= today:
        return tag(_("Ended on %(day)s") % {"day": words.day(ends_on)}, "plain")
    if not is_confirmed:
        return tag(_("To be confirmed"), "warn")
    if ends_on:
        return tag(_("Ends on %(day)s") % {"day": words.day(ends_on)}, "warn")
    return tag(_("Confirmed"), "ok")


LINE = """
<tr>
  <th scope="row" data-label="{name_label}">
    <a href="{here}{key}/">{name}</a><br><span class="hint">{email}</span>{note}
  </th>
  <td data-label="{school_label}">{school}</td>
  <td data-label="{role_label}">{role}</td>
  <td data-label="{state_label}">{state}</td>
  <td data-label="{action_label}">{confirm}{end}</td>
</tr>"""
CONFIRM = """
<button type="submit" formaction="{here}{key}/confirmation/" class="button button-primary">{act}{whose}</button>"""
END = """
<button type="submit" formaction="{here}{key}/end/" class="button button-quiet">{act}{whose}</button>"""


@register.simple_tag
def member_lines(lines: Iterable[Any], here: str, today: date) -> SafeString:
    """Return the lines of the table of members; their buttons belong to the form that is around it.

    In a template, fifty lines of fifteen variables took half of the time of the page.

    Args:
        lines: as `queries.page_of` gives them.
        here: the address of the page of members.
    """
    heads = {"name": _("Name"), "school": _("School"), "role": _("Role"), "state": _("State"), "action": _("Action")}
    here = escape(here)
    same = {"here": here, **{f"{name}_label": escape(label) for name, label in heads.items()}}
    confirm, gone, never = map(escape, (_("Confirm"), _("No longer works there"), _("Does not work there")))
    nameless, roles = escape(_("Name not given yet")), {role: escape(label) for role, label in ROLES.items()}
    pill = cache(partial(_pill, today=today))

    def line(one: Any) -> SafeString:
        key, name, is_confirmed = SafeString(one.pk), escape(one.name), one.confirmed_at is not None
        whose = SafeString(f'<span class="sr-only"> {name}</span>')
        is_here = one.ends_on is None or one.ends_on > today
        return format_html(
            LINE,
            **same,
            key=key,
            name=name or nameless,
            email=one.email,
            note=name_note(one.name),
            school=one.school_name,
            role=roles[one.role],
            state=pill(one.ends_on, is_confirmed),
            confirm=format_html(CONFIRM, here=here, key=key, act=confirm, whose=whose)
            if is_here and not is_confirmed
            else SafeString(),
            end=format_html(END, here=here, key=key, act=gone if is_confirmed else never, whose=whose)
            if one.ends_on is None
            else SafeString(),
        )

    return SafeString("".join(map(line, lines)))
