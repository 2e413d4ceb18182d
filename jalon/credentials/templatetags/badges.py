"""`{% load badges %}{% signed_files badge %}`: the documents of a badge, in each language in which it is signed."""

from uuid import uuid4

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from jalon.credentials.queries import NAMES
from jalon.credentials.shown import Badge

register = template.Library()

# By address; the baked images are made by the subject that draws (`attestations`).
FORMS: tuple[tuple[Promise, str, dict[str, str]], ...] = (
    (_("Badge image (PNG)"), "files:baked", {"form": "png"}),
    (_("Badge drawing (SVG)"), "files:baked", {"form": "svg"}),
    (_("Signed credential (JSON-LD)"), "documents:credential", {}),
    (_("Signed credential (JWT)"), "documents:jwt", {}),
)
LINK = '<a href="{}" hreflang="{}"><span class="sr-only">{}, </span><span lang="{}">{}</span></a>'


@register.simple_tag
def form_key() -> SafeString:
    """Return the hidden key of a form, drawn with its page: see `credentials.forms.FormKey`."""
    return format_html('<input type="hidden" name="key" value="{}">', uuid4())


@register.simple_tag
def signed_files(badge: Badge) -> SafeString:
    """Return the list of the documents, each with a link for each language."""
    forms = ((str(label), links(badge, str(label), name, extra)) for label, name, extra in FORMS)
    return format_html('<ul class="files">{}</ul>', format_html_join("", "<li><span>{}</span> {}</li>", forms))


def links(badge: Badge, label: str, name: str, extra: dict[str, str]) -> SafeString:
    def parts(language: str) -> tuple[str, ...]:
        url = reverse(name, kwargs={"code": badge.code, "language": language, **extra})
        return url, language, label, language, NAMES[language]

    return format_html_join(" ", LINK, map(parts, badge.languages))
