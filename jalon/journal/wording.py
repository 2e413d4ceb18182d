"""The sentence of every verb of the journal. A house test compares the verbs with `journal.record("…")` in the code.

A sentence never names a person: who did it stands beside it, and whom it is about is a key.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jalon.web import words

SENTENCES: dict[str, Promise] = {
    # people, roles and where they work
    "person.renamed": _("A person changed the name of their account."),
    "person.name_withdrawn": _("A former name is no longer shown on public pages."),
    "person.set": _("A person changed their preferences."),
    "person.address_added": _("A person added an e-mail address to their account."),
    "person.address_removed": _("A person removed an e-mail address from their account."),
    "person.primary_address_chosen": _("A person chose another primary e-mail address."),
    "person.joined": _("An unused account became part of the one of its person: %(works)s places of work."),
    "role.granted": _("A role was given: %(role)s."),
    "role.withdrawn": _("A role was taken away: %(role)s."),
    "factor.added": _("A second step of sign-in was set up: %(kind)s."),
    "factor.removed": _("A second step of sign-in was removed: %(kind)s."),
    "factor.reset": _("The second step of sign-in of a person was taken away, so that they set up another."),
    "registrar.appointed": _("A person may now confirm the staff of school body %(body)s."),
    "registrar.dismissed": _("A person no longer confirms the staff of school body %(body)s."),
    "coordinator.appointed": _("A person now keeps the agreements of territory %(police)s."),
    "coordinator.dismissed": _("A person no longer keeps the agreements of territory %(police)s."),
    "domain.added": _("Addresses ending in %(domain)s now confirm the staff of school body %(body)s."),
    "domain.removed": _("Addresses ending in %(domain)s no longer confirm the staff of school body %(body)s."),
    "affiliation.declared": _("A person said that they work at school %(school)s."),
    "affiliation.role_changed": _("A person said that their role there is another: %(role)s instead of %(before)s."),
    "affiliation.confirmed": _("A place of work was confirmed."),
    "affiliation.ended": _("A place of work ends on %(ends_on)s."),
    "affiliation.imported": _("A file of people brought a place of work."),
    "affiliation.import_changed": _("A file of people changed a place of work."),
    "affiliation.import_undone": _("A place of work is as it was before a file of people."),
    "affiliation.asked": _("The person was asked to add school %(school)s themselves."),
    "affiliation.refused": _("A place of work was refused: the person does not work there."),
    "affiliation.end_corrected": _("A leave date was corrected: %(ends_on)s instead of %(before)s (%(reason)s)."),
    "affiliation.end_withdrawn": _("A leave date was taken back: %(before)s (%(reason)s)."),
    "people.import_begun": _("The import of a file of people was begun."),
    "people.imported": _("A file of people was imported: %(people)s new accounts, %(works)s places of work."),
    "affiliation.import_removed": _("A place of work that a file of people had made is gone."),
    "people.import_stopped": _("An import of people was taken back, with %(wrong)s problems: %(undone)s lines undone."),
    "people.import_undone": _("An import of people was undone: %(undone)s lines; %(kept)s had changed since and stay."),
    "standing.given": _("The standing %(kind)s was given by an award."),
    "standing.ended": _("The standing %(kind)s has ended."),
    # places and agreements
    "places.imported": _("The register of places was filled (%(kind)s): %(added)s added, %(changed)s changed."),
    "agreement.recorded": _("Agreement %(reference)s was recorded, from %(starts_on)s to %(ends_on)s (excluded)."),
    "agreement.suspended": _("An agreement is suspended from %(on)s."),
    "agreement.reinstated": _("An agreement is in force again from %(on)s."),
    "agreement.extended": _("An agreement covers other places too from %(on)s."),
    "agreement.ended": _("An agreement ends on %(on)s."),
    "agreement.reported": _("The joint report of the school year that began in %(year)s was filed."),
    "agreement.reminded": _("The coordinators were told that an agreement ends in %(days)s days or less."),
    # programs and what people did
    "release.published": _("Version %(version)s of a program was published."),
    "release.withdrawn": _("Version %(version)s of a program was withdrawn."),
    "release.restored": _("Version %(version)s of a program was restored after its withdrawal."),
    "enrolment.started": _("A person began the program %(program)s."),
    "quiz.answered": _("A quiz was answered: %(quiz)s, try %(number)s."),
    "case.played": _("A practice case was played to its end: %(case)s, run %(number)s."),
    "submission.sent": _("A request was sent for review (round %(round)s)."),
    "submission.withdrawn": _("A request was taken back."),
    "submission.accepted": _("A request was accepted (round %(round)s)."),
    "submission.returned": _("A request was returned with advice (round %(round)s)."),
    "submission.return-undone": _("A return was undone: the request waits again (round %(round)s)."),
    "submission.read-again": _("A decided request was read a second time."),
    "remark.added": _("A piece of advice was saved for the reviewers."),
    "remark.retired": _("A saved piece of advice is no longer offered."),
    "hours.credited": _("Hours were recognized: %(minutes)s minutes."),
    # badges and attestations
    "award.issued": _("A badge was awarded: %(level)s."),
    "award.corrected": _("A badge was corrected: a new version takes its place."),
    "award.revoked": _("A badge was revoked."),
    "award.shared_answers": _("The holder of a badge shared their answers."),
    "award.closed": _("The holder of a badge closed its page to others."),
    "award.opened": _("The holder of a badge opened its page again."),
    "award.hid_answers": _("The holder of a badge no longer shares their answers."),
    "credential.signed": _("A credential was signed."),
    "credentials.checked": _("The badges of the site were checked one by one."),
    "batch.read": _("A list of badges to award was read: %(level)s."),
    "batch.begun": _("The awarding of a list of badges has begun."),
    "batch.finished": _("The awarding of a list of badges is finished."),
    "batch.withdrawn": _("A list of badges to award was withdrawn."),
    "key.created": _("A signing key was made (%(kind)s)."),
    "key.compromised": _("A signing key is no longer trusted since %(since)s."),
    "attestation.drawn_up": _("An attestation was drawn up (%(language)s)."),
}
ROLES: dict[str, Promise] = {
    "REVIEWER": _("reviewer"),
    "AUTHOR": _("author"),
    "PRIVACY_OFFICER": _("privacy officer"),
    "OPERATOR": _("operator"),
}
# The roles of a place of work, in the words in which `accounts.forms` offers them.
WORKS: dict[str, Promise] = {
    "TEACHER": _("teaching staff"),
    "PROFESSIONAL": _("professional staff"),
    "SUPPORT": _("support staff"),
    "MANAGEMENT": _("management"),
}
FACTORS: dict[str, Promise] = {
    "TOTP": _("app"),
    "WEBAUTHN": _("passkey"),
    "RECOVERY_CODES": _("recovery codes"),
}
REASONS: dict[str, Promise] = {
    "WRONG_DAY": _("the day was wrong"),
    "STAYS": _("the person stays, or has come back"),
    "WRONG_PERSON": _("it was another person, or another school"),
}
SUBJECTS: dict[str, Promise] = {
    "person": _("People"),
    "factor": _("Second step of sign-in"),
    "role": _("Roles"),
    "registrar": _("Roles: registrars"),
    "coordinator": _("Roles: coordinators"),
    "domain": _("Domains of school bodies"),
    "affiliation": _("Places of work"),
    "people": _("Imports of people"),
    "standing": _("Standings"),
    "places": _("Imports of places"),
    "agreement": _("Agreements"),
    "release": _("Versions of programs"),
    "enrolment": _("Enrolments"),
    "quiz": _("Quizzes"),
    "case": _("Cases played"),
    "submission": _("Requests"),
    "hours": _("Hours"),
    "award": _("Badges"),
    "credential": _("Credentials"),
    "credentials": _("Checks of the badges"),
    "batch": _("Lists of badges"),
    "remark": _("Saved advice"),
    "key": _("Keys"),
    "attestation": _("Attestations"),
}
# What a line is about, for the kinds that have a page of their own.
KINDS: dict[str, Promise] = {
    "accounts.person": _("Person"),
    "accounts.affiliation": _("Place of work"),
    "agreements.agreement": _("Agreement"),
    "training.submission": _("Request"),
    "credentials.award": _("Badge"),
    "credentials.batch": _("List of badges"),
    "library.release": _("Version of a program"),
}
A_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def sentence(verb: str, facts: Mapping[str, object]) -> str:
    """Return the sentence of a verb in the language of the page; a fact that an old line lacks is a dash."""
    said = {name: in_words(value) for name, value in facts.items()}
    return str(SENTENCES[verb]) % defaultdict(lambda: "–", said) if verb in SENTENCES else verb


def in_words(value: object) -> str:
    if isinstance(value, str) and A_DAY.fullmatch(value):
        return words.day(date.fromisoformat(value))
    return str({**ROLES, **WORKS, **FACTORS, **REASONS}.get(str(value), value))
