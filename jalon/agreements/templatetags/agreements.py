"""The state of the agreement on which a badge rests, said today."""

from datetime import date

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from jalon.agreements.queries import agreement_called
from jalon.core.agreements import State
from jalon.core.dossier import Basis
from jalon.web.words import day

register = template.Library()


@register.simple_tag
def agreement_status(basis: Basis | None) -> str:
    """Say what the agreement on which an award rests is today; nothing when it rests on none that is known."""
    if basis is None or not basis.agreement:
        return ""
    agreement = agreement_called(basis.agreement, police_service=basis.police_service)
    if agreement is None:
        return ""
    today = timezone.localdate()
    on: date | None = None
    match agreement.state(today):
        case State.TO_COME:
            said, on = _("%(reference)s: in force from %(day)s."), agreement.period.starts_on
        case State.SUSPENDED:
            said = _("%(reference)s: suspended since %(day)s. The badge stays valid.")
            on = agreement.suspended_on(today)
        case State.ENDED:
            said, on = _("%(reference)s: ended on %(day)s. The badge stays valid."), agreement.ends_on
        case State.IN_FORCE:
            said = _("%(reference)s: in force today.")
    return said % {"reference": agreement.reference, "day": day(on) if on else ""}
