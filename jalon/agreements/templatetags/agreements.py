"""The state of the agreement on which a badge rests, said today."""

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
    facts = {
        "reference": agreement.reference,
        "from": day(agreement.period.starts_on),
        "until": day(agreement.ends_on),
        "since": day(agreement.suspended_on(today) or today),
    }
    sentences = {
        State.TO_COME: _("%(reference)s: in force from %(from)s."),
        State.IN_FORCE: _("%(reference)s: in force today."),
        State.SUSPENDED: _("%(reference)s: suspended since %(since)s. The badge stays valid."),
        State.ENDED: _("%(reference)s: ended on %(until)s. The badge stays valid."),
    }
    return sentences[agreement.state(today)] % facts
