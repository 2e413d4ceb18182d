"""The letter of a person whose school is not covered: to their superior, or to the police service. It names nobody."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from jalon.agreements.queries import Cover
from jalon.web.words import day

FILE_NAMES = {"fr-ca": "lettre.txt", "en-ca": "letter.txt"}


@dataclass(frozen=True)
class Letter:
    """A letter in words; blanks between brackets are for the person who signs."""

    to: str
    subject: str
    paragraphs: tuple[str, ...]
    signature: str
    written_on: str

    def as_text(self) -> str:
        parts = (self.written_on, self.to, self.subject, *self.paragraphs, self.signature)
        return "\r\n\r\n".join(parts) + "\r\n"


def written(cover: Cover, *, to: str) -> Letter:
    """Return the letter about a school without coverage.

    Args:
        to: `superior` or `police`.
    """
    facts = {"school": cover.school.name, "police": cover.place.police_service}
    is_named = bool(cover.place.police_service)
    if to == "police":
        addressee = _("To the management – %(police)s") if is_named else _("To the management of the police service")
        asked = _(
            "Would it be possible to tell us whether an agreement is being prepared, or how our school could express "
            "its interest? We would gladly meet the person in charge of prevention."
        )
    else:
        addressee = _("To the management – %(school)s")
        asked = (
            _("Would you agree to raise the question with our school body and with the police (%(police)s)?")
            if is_named
            else _("Would you agree to raise the question with our school body and with the police service?")
        )
    return Letter(
        to=addressee % facts,
        subject=_("Subject: training to respond when teenagers are caught up in sexting"),
        paragraphs=(
            _("Dear Madam or Sir,"),
            _(
                "I am a member of the school staff (%(school)s), and I wish to follow the training offered on "
                "responding when teenagers are caught up in sexting."
            )
            % facts,
            _(
                "Its badges are obtained only where the police service has signed an agreement with the Director of "
                "Criminal and Penal Prosecutions (DCPP), so that school, police and prosecutors act together."
            ),
            state(cover),
            asked % facts + " " + _("I am ready to help."),
            _("Thank you for the attention that you will give to this letter."),
        ),
        signature=_("[Name, role, school, telephone at work]"),
        written_on=day(cover.on),
    )


def state(cover: Cover) -> str:
    """Say in one sentence what is missing, as a fact and a date."""
    reason = cover.reason
    code = reason.code if reason else ""
    said = {
        "school-unknown": _("As of %(today)s, the register of the training site has no address for our school."),
        "police-unknown": _(
            "As of %(today)s, the register of the training site names no police service for our municipality."
        ),
        "agreement-missing": _(
            "As of %(today)s, the register of the training site shows no agreement for the police service (%(police)s)."
        ),
        "agreement-elsewhere": _(
            "As of %(today)s, the register of the training site shows an agreement for the police service (%(police)s) "
            "that is for other places of its territory."
        ),
        "agreement-to-come": _(
            "The register of the training site shows that the agreement of the police service (%(police)s) begins "
            "on %(on)s."
        ),
        "agreement-ended": _(
            "The register of the training site shows that the agreement of the police service (%(police)s) ended "
            "on %(on)s."
        ),
        "agreement-suspended": _(
            "The register of the training site shows that the agreement of the police service (%(police)s) has been "
            "suspended since %(on)s."
        ),
    }
    on = reason.facts.get("on") if reason else None
    facts = {"today": day(cover.on), "police": cover.place.police_service, "on": day(on) if on else ""}  # type: ignore[arg-type]
    return said[code] % facts if code else ""
