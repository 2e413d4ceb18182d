"""Where the next step after a refusal is taken: the sentence says what to do, this leads there."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from jalon.core.refusals import Refusal
from jalon.web.wording import sentence

IN_THE_ACCOUNT = {"legal-name-missing", "work-ended", "work-missing", "work-to-come", "work-unconfirmed"}
BY_SCHOOL = {
    "agreement-elsewhere",
    "agreement-ended",
    "agreement-missing",
    "agreement-suspended",
    "agreement-to-come",
    "police-unknown",
    "school-unknown",
}


@dataclass(frozen=True)
class Reason:
    """A refusal in words, with the page of its next step when it has one."""

    sentence: str
    url: str = ""
    label: str = ""


def reason(refusal: Refusal) -> Reason:
    """Return the sentence of a refusal and where its next step is taken."""
    if refusal.code in IN_THE_ACCOUNT:
        return Reason(sentence(refusal), reverse("accounts:account"), _("Your account: name and school"))
    if refusal.code in BY_SCHOOL:
        url = f"{reverse('agreements:coverage')}?{urlencode({'q': refusal.facts.get('school', '')})}"
        return Reason(sentence(refusal), url, _("Your school and its coverage"))
    if refusal.code == "activity-locked" and "level" in refusal.facts:
        return Reason(sentence(refusal), str(refusal.facts["level"]), _("Page of the level"))
    return Reason(sentence(refusal))
