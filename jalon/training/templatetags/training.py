"""The way into a program, for its page in the catalogue."""

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from jalon.accounts.models import Person
from jalon.library.models import Program
from jalon.training import queries
from jalon.web.templatetags.jalon import button_link

register = template.Library()


@register.simple_tag
def way_in(person: object, program: Program, *, starts: object = True) -> SafeString | str:
    """Return the one button into a program: start at its first level, or continue; nothing once all is obtained.

    Args:
        starts: whether somebody may begin it; whoever has begun goes on in any case.
    """
    cards = queries.cards_of(person) if isinstance(person, Person) else []
    mine = [card for card in cards if card.place.program == program]
    if mine:
        ahead = next((card.place.url for card in mine if card.is_open and not card.is_obtained), "")
        return button_link(_("Continue"), ahead, icon="next") if ahead else ""
    levels = program.current.pack.levels if program.current and starts else ()
    first = reverse("training:level", args=[program.slug, levels[0].id]) if levels else ""
    return button_link(_("Start"), first, icon="next") if first else ""
