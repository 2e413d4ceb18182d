"""An affiliation in words."""

from datetime import date

from django import template
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from jalon.accounts.forms import ROLES
from jalon.accounts.imports import Difference
from jalon.accounts.models import Affiliation
from jalon.web import words
from jalon.web.templatetags.jalon import tag

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
    if affiliation.ends_on and affiliation.ends_on <= today:
        return tag(_("Ended on %(day)s") % {"day": words.day(affiliation.ends_on)}, "plain")
    if not affiliation.confirmed_at:
        return tag(_("To be confirmed"), "warn")
    if affiliation.ends_on:
        return tag(_("Ends on %(day)s") % {"day": words.day(affiliation.ends_on)}, "warn")
    return tag(_("Confirmed"), "ok")
