"""What an attestation says, in the words of one language; every fact comes from the frozen dossier."""

from base64 import b64encode
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from jalon.accounts.models import ROLES
from jalon.accounts.queries import name_shown
from jalon.attestations.paper import HEADING, Answer, Language, Sheet, lost_names, qr_code
from jalon.core import codes
from jalon.core.dossier import Basis, Dossier
from jalon.core.refusals import insist
from jalon.core.typography import quebec
from jalon.credentials import queries as credentials
from jalon.credentials.models import Award
from jalon.training.models import Submission
from jalon.web import words

SHORT_DIGEST = 12


def sheet_for(award: Award, *, language: str, with_answers: bool) -> Sheet:
    """Return every word of the attestation.

    Args:
        language: of the paper, `fr-ca` or `en-ca`, whatever the language of the page.
    """
    dossier = Dossier.from_json(award.facts)
    short: Language = "fr" if language == "fr-ca" else "en"
    with translation.override(language):
        return Sheet(
            language=short,
            heading=HEADING[short],
            program=dossier.program_title[short],
            level=_("%(level)s (level %(number)s)")
            % {"level": dossier.level_title[short], "number": dossier.level_number},
            description=dossier.badge_description[short],
            badge_alt=credentials.badge_of(award.release, dossier.level).alt[short],
            recipient=dossier.name,
            school=dossier.basis.school if dossier.basis else "",
            organisation=dossier.basis.body if dossier.basis else "",
            awarded_on=words.day(dossier.awarded_on),
            hours=words.hours(dossier.minutes),
            reviewer=dossier.decided_by or automatic(dossier),
            decided_on=words.day(dossier.decided_on or dossier.awarded_on) if dossier.decided_by else "",
            eligibility=eligibility(dossier.basis),
            release=f"{dossier.content.program} {dossier.content.version}",
            digest=dossier.content.sha256[:SHORT_DIGEST],
            issuer=dossier.issuer,
            issuer_address=dossier.issuer_url,
            code=codes.display(award.code),
            verification_url=credentials.link(award),
            time_zone=dossier.zone,
            answers=answers_of(award, dossier, short) if with_answers else None,
            cases=tuple(title[short] for title in dossier.cases),
            partners=tuple(partner[short] for partner in dossier.partners),
            french_partners=frozenset(
                partner[short] for partner in dossier.partners if partner["fr"] == partner[short]
            ),
            demonstration=_("Demonstration content: this is not the official training or kit.")
            if dossier.demonstration
            else "",
        )


def automatic(dossier: Dossier) -> str:
    """Say how a level without a reviewer was evaluated."""
    if dossier.recognised_by:
        return dossier.recognised_by
    if dossier.score is None:
        return _("Automatic evaluation")
    sentence = _("Automatic evaluation: quiz passed at %(score)s%%") % {"score": dossier.score}
    return quebec(sentence) if words.short_language() == words.FRENCH else sentence


def eligibility(basis: Basis | None) -> str:
    """Say on what the award rests: work at a school and who confirmed it, in the territory of a police service."""
    if basis is None:
        return _("Open program: no condition of employment.")
    facts = {
        "role": role(basis.role),
        "confirmed_on": words.day(basis.confirmed_on) if basis.confirmed_on else "",
        "domain": basis.confirmed_domain,
        "territory": basis.territory,
        "police": basis.police_service,
        "checked_on": words.day(basis.checked_on),
        "agreement": basis.agreement,
    }
    return f"{confirmation(basis)} {territory(basis)}" % facts


def confirmation(basis: Basis) -> str:
    """Say who answers for the place of work; a dossier of before that was asked says only when."""
    if not basis.confirmed_on:
        return "%(role)s."
    return {
        "REGISTRAR": _("%(role)s, affiliation confirmed by the school body on %(confirmed_on)s."),
        "DOMAIN": _(
            "%(role)s, affiliation confirmed on %(confirmed_on)s by a verified address of the school body (%(domain)s)."
        ),
    }.get(basis.confirmed_by, _("%(role)s, affiliation confirmed on %(confirmed_on)s."))


def territory(basis: Basis) -> str:
    """Say who polices the place and what was signed there, as far as it is known, and the day of the check."""
    if not basis.police_service:
        return _("Checked on %(checked_on)s.")
    if not basis.agreement:
        return _("Territory: %(territory)s, served by %(police)s. Checked on %(checked_on)s.")
    return _(
        "Territory: %(territory)s, served by %(police)s under agreement %(agreement)s with the prosecutor (DCPP). "
        "Checked on %(checked_on)s."
    )


def role(code: str) -> str:
    return str(
        {
            "TEACHER": _("Teaching"),
            "PROFESSIONAL": _("Professional"),
            "SUPPORT": _("Support staff"),
            "MANAGEMENT": _("Management"),
        }.get(code, ROLES.get(code, code))
    )


def answers_of(award: Award, dossier: Dossier, language: Language) -> tuple[Answer, ...]:
    """Return the questions with the answers as they were sent; nothing where the level asks none."""
    if not dossier.submission:
        return ()
    submission = Submission.objects.get(pk=dossier.submission)
    written: Language = "fr" if submission.language == "fr-ca" else "en"
    reflection = award.release.pack.reflections[submission.reflection]
    return tuple(
        Answer(question=one.ask[language], answer=submission.answers.get(one.id, ""), language=written)
        for one in reflection.questions
    )


@dataclass(frozen=True)
class Page:
    """What the page of an attestation shows; `is_whole`: the paper can draw every sign of its names; `qr`: as a
    `data:` address, what opens the page of the badge.
    """

    sheet: Sheet
    qr: str
    is_whole: bool
    has_answers: bool
    may_read: bool
    with_answers: bool
    paper: dict[str, str]


def page_of(award: Award, *, language: str, may_read: bool, asked: bool) -> Page | None:
    """Return what the page shows, or nothing while the award is still in preparation: then nothing is shown of it.

    Args:
        may_read: whether whoever asks may read the answers.
        asked: whether they want to.
    Raises:
        Refused: the award was revoked.
    """
    insist(credentials.why_not_use(award))
    if not award.credentials.exclude(signed_at=None).exists():
        return None
    has_answers = bool(award.facts["submission"])
    with_answers = has_answers and may_read and asked
    sheet = sheet_for(award, language=language, with_answers=with_answers)
    is_whole = not lost_names(sheet)
    sheet = replace(sheet, recipient=name_shown(award.holder_id, frozen=sheet.recipient))
    qr = f"data:image/svg+xml;base64,{b64encode(qr_code(sheet.verification_url)).decode()}"
    return Page(sheet, qr, is_whole, has_answers, may_read, with_answers, papers_of(award))


def papers_of(award: Award) -> dict[str, str]:
    """Return the addresses of the PDF without answers, by language: that of the page comes first."""
    code = codes.display(award.code)
    languages = ("fr", "en") if words.short_language() == words.FRENCH else ("en", "fr")
    return {short: reverse("files:paper", kwargs={"code": code, "language": short}) for short in languages}
