"""The sentence of every refusal: what happened, what is safe, what to do next. Never a blame, never a code word.

A subject adds its sentences here, in English, and their French in the catalogue of `jalon.web`.
A house test compares the codes with `Refusal("…")` in the entire code.
"""

from collections.abc import Mapping
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jalon.core.refusals import Refusal
from jalon.web import wording_accounts, wording_credentials, wording_places, words

SENTENCES: dict[str, Promise] = {
    # accounts: names, schools, who may
    "name-empty": _("A name is needed to print an attestation. Nothing was changed; write your name with its letters."),
    "name-too-long": _(
        "This name is longer than %(longest)s characters and would not fit on an attestation. "
        "Nothing was changed; shorten it as it appears on your official papers."
    ),
    "name-characters": _(
        "These characters cannot be printed in a name: %(characters)s. "
        "Nothing was changed; remove them and save again. "
        "Accents, hyphens and apostrophes are welcome."
    ),
    "sign-in-again": _("Your session has ended. Your text is kept; sign in again, then send it."),
    "reviewers-only": _(
        "This page is for the people who review requests. Nothing was changed. "
        "If you should have access to it, write to the person in charge of the site."
    ),
    "registrars-only": _(
        "This page is for the people who confirm the staff of this school body. Nothing was changed. "
        "If you should have access to it, write to the person in charge of the site."
    ),
    "affiliation-known": _("You already work at this school, and it is confirmed. There is nothing more to do."),
    "affiliation-ended": _(
        "This person no longer works at this school since %(ended_on)s, so it cannot be confirmed. "
        "The register keeps what was there; the person can add the school again."
    ),
    # library: packs that cannot be published
    "pack-no-folder": _("%(folder)s is not a folder. Nothing was changed; name the folder that holds pack.yaml."),
    "pack-too-large": _(
        "This folder is too large to be a pack: at most %(files)s files and %(megabytes)s MB. "
        "Nothing was changed; check that it is the right folder."
    ),
    "pack-has-problems": _(
        "This pack cannot be published yet (problems: %(count)s). The first is in %(file)s, line %(line)s: "
        "%(problem)s. What was published before is unchanged; correct the files, then publish again."
    ),
    "version-already-published": _(
        "Version %(version)s of %(program)s is already published with other content, and a published version never "
        "changes. Raise the version in pack.yaml, then publish again."
    ),
    "version-not-newer": _(
        "Version %(version)s comes before %(current)s, which is published. Nothing was changed; "
        "raise the version in pack.yaml, then publish again."
    ),
    "release-withdrawn": _(
        "Version %(version)s of this program was withdrawn on %(withdrawn_on)s: %(reason)s. Nobody begins it any more; "
        "whoever has begun goes on. Nothing was changed; come back once another version is published."
    ),
    "release-withdrawn-before": _(
        "Version %(version)s is already withdrawn, and the reason that was given first stands: %(reason)s. "
        "Nothing was changed."
    ),
    "withdrawal-needs-reason": _(
        "Whoever reads this version will ask why it was withdrawn. "
        "Nothing was changed; write a reason that names nobody."
    ),
    "withdrawal-reason-too-long": _(
        "This reason is longer than %(longest)s characters. Nothing was changed; write it in fewer words."
    ),
    # training: who may follow, answer, write, send
    "work-missing": _(
        "This program is reserved for school staff. You may read every lesson; to obtain its badges, "
        "add your school to your account, and your school body confirms it."
    ),
    "work-unconfirmed": _(
        "This program is reserved for school staff, and nobody has yet confirmed that you work at %(school)s. "
        "You may read every lesson meanwhile. Your school body can confirm it on the page of its members."
    ),
    "work-ended": _(
        "This program is reserved for school staff, and your work at %(school)s ended on %(ended_on)s. "
        "What you did is kept. Add your present school to your account to go on."
    ),
    "work-to-come": _(
        "This program is reserved for school staff. Your work at %(school)s begins on %(starts_on)s: "
        "you may read every lesson until then."
    ),
    "legal-name-missing": _(
        "Your account has no name yet, and the attestation prints it. What you did is kept. "
        "Write your name in your account, then come back."
    ),
    "level-locked": _(
        "This level opens when the level %(previous)s is obtained. You may read its lessons meanwhile; nothing is lost."
    ),
    "activity-locked": _(
        "This step opens when the steps before it are completed. What you have done is kept; "
        "the page of the level shows the next step."
    ),
    "quiz-incomplete": _(
        "A question of the quiz has no answer, so no try was kept. Go back: your choices are still there; "
        "answer every question, then see your result."
    ),
    "step-answered": _("This step was already answered, and its answer stands. Here is where you are in the case."),
    "choice-not-offered": _(
        "This choice belongs to another moment of the case, so it was not kept. Here is where you are; nothing is lost."
    ),
    "case-unfinished": _(
        "This case has not reached its end yet. Every choice is kept; go on from where you are, then look back."
    ),
    "look-back-incomplete": _(
        "A question has no answer yet, so nothing was kept. Go back: your texts are still there; "
        "a few words are enough."
    ),
    "request-waiting": _(
        "Your answers were sent on %(submitted_on)s and wait for a reviewer, so they do not change now. "
        "The text on this page was not saved. If the request comes back to you, you can change them."
    ),
    "request-accepted": _("These answers were accepted, so they do not change any more. The level is obtained."),
    "answer-too-long": _(
        "This text is longer than %(longest)s signs, so it was not saved. It is still on your page: "
        "shorten it, then save."
    ),
    "answers-missing": _(
        "A question has no answer yet, so nothing was sent. What you have written is kept: "
        "answer it, then check and send."
    ),
    "answers-changed": _(
        "An answer changed after you opened the page to send, so nothing was sent. Everything is kept: "
        "check your answers again, then send."
    ),
    "request-claimed": _(
        "A reviewer is reading your request, so it can no longer be taken back. You will have an answer soon, "
        "and you can change your answers if it comes back to you."
    ),
    "withdrawal-too-late": _(
        "A request can be taken back during %(minutes)s minutes after sending, and that time has passed. "
        "It waits for a reviewer; you can change your answers if it comes back to you."
    ),
    # review: who may read, hold and decide
    "own-submission": _("This request is your own: somebody else reviews it. Nothing was changed."),
    "same-school": _(
        "This request comes from a person of your own school: somebody else reviews it. Nothing was changed."
    ),
    "request-withdrawn": _("This request was taken back on %(withdrawn_on)s. There is nothing to decide."),
    "already-decided": _(
        "This request was already decided, on %(decided_on)s. That decision stands; nothing was changed."
    ),
    "claimed-by-another": _(
        "%(reviewer)s is reading this request until %(until)s, so nothing was changed. "
        "Take another one from the queue, or come back later."
    ),
    "advice-missing": _(
        "A request goes back with advice only, so nothing was changed. Go back and write what the person could change."
    ),
    "decision-of-another": _(
        "Another reviewer made this decision, so only that person can undo it. Nothing was changed."
    ),
    "acceptance-stands": _(
        "An acceptance is not undone: the badge is issued at once. Nothing was changed; "
        "if it is a mistake, ask the person in charge to revoke the badge with a reason."
    ),
    "undo-too-late": _(
        "A return can be undone during %(minutes)s minutes, and that time has passed: the person was told. "
        "Nothing was changed; the request comes back when the answers are sent again."
    ),
    "request-sent-again": _(
        "The person has already sent the answers again, so the return stands. Nothing was changed; "
        "the new request is in the queue."
    ),
    "second-reading-not-asked": _("This request asks for no second reading. Nothing was changed."),
    "second-reading-of-own": _("You decided this request: its second reading is for another reviewer."),
    "second-reading-done": _("The second reading of this request was already given. Nothing was changed."),
    "remark-in-both-languages": _(
        "A saved piece of advice has its words in French and in English. Nothing was changed; write both."
    ),
    "reviewer-name-missing": _(
        "The attestation prints the name of who accepts, and your account has none, so nothing was changed. "
        "Write your name in your account, then accept."
    ),
    # credentials and attestations
    "hours-missing": _(
        "This level recognizes no hours yet, so no attestation can be printed. Nothing was changed; the "
        "person in charge of the program must add them."
    ),
    "key-unavailable": _(
        "The badge cannot be signed at this moment. It is reserved with its address and will be ready as soon "
        "as the key is back; there is nothing to do."
    ),
    "revocation-needs-reason": _(
        "A badge is revoked with a reason, which whoever checks it will read. Nothing was changed; write the reason."
    ),
    "revocation-reason-too-long": _(
        "The reason is longer than %(longest)s characters. Nothing was changed; shorten it."
    ),
    "already-revoked": _("This badge is already revoked, and its first reason stands. Nothing was changed."),
    "award-revoked": _(
        "This badge was revoked: nothing new is issued from it. Whoever checks it still sees that it existed, "
        "and why it ended."
    ),
    **wording_places.SENTENCES,
    **wording_accounts.SENTENCES,
    **wording_credentials.SENTENCES,
    "award-replaced": _(
        "This badge was corrected: a new version took its place, and its page leads there. Nothing was changed; "
        "use the new version."
    ),
    "correction-changes-nothing": _(
        "The new version would say the same as the present one, so none was made. Check what is to be corrected."
    ),
    "correction-too-large": _(
        "A correction keeps the level, the hours and the published content of a badge. Nothing was changed; to change "
        "those, revoke the badge and award another."
    ),
    "payload-changed": _(
        "The badge would no longer say what was reserved for it, so it was not signed. Nothing was changed; put the "
        "address and the version of the site back as they were, or void it."
    ),
    "request-key-used": _(
        "This form was already sent with other choices, and that first act stands. Nothing was changed; open the page "
        "again, then send."
    ),
    "badge-closed": _(
        "The holder of this badge closed its page and its files to others. Nothing else is known of it from here; ask "
        "the person for the file of the attestation, which can be checked on the page Verify."
    ),
    "asked-too-much": _(
        "Within a few minutes, your network asked for many codes that do not exist, or had very many files checked. "
        "Nothing was looked at this time, and nothing is lost. Wait a minute, then try again."
    ),
    "answers-not-shared": _(
        "The holder of this badge did not share the answers. The badge itself can be checked; ask the holder "
        "for the attestation with its answers."
    ),
}

# What the page answers when it is not 409 (Conflict): who may not is 403, what ended for good is 410,
# what is only out of reach for now is 503, what was asked too often is 429.
FORBIDDEN: frozenset[str] = frozenset(
    {"answers-not-shared", "badge-closed", "own-submission", "registrars-only", "reviewers-only", "same-school"}
    | wording_places.FORBIDDEN
    | wording_accounts.FORBIDDEN
)
GONE: frozenset[str] = frozenset({"award-replaced", "award-revoked"})
LATER: frozenset[str] = frozenset({"key-unavailable"})
TOO_MUCH: frozenset[str] = frozenset({"asked-too-much"})


def sentence(refusal: Refusal, *, program: str = "") -> str:
    """Return the sentence of a refusal, in the language of the page, its facts in words.

    Args:
        program: the words for the program, on a page that is not that of a program.

    Raises:
        KeyError: the code has no sentence.
    """
    return str(SENTENCES[refusal.code]) % {"program": program or gettext("this program"), **in_words(refusal.facts)}


def status(refusal: Refusal) -> int:
    """Return the HTTP status that carries the refusal."""
    if refusal.code in GONE:
        return 410
    if refusal.code in LATER:
        return 503
    if refusal.code in TOO_MUCH:
        return 429
    return 403 if refusal.code in FORBIDDEN else 409


def in_words(facts: Mapping[str, object]) -> dict[str, str]:
    """Return the facts as a person reads them: a day, a moment, a number, a text of the right language."""
    return {name: said(value) for name, value in facts.items()}


def said(value: object) -> str:
    match value:
        case None:
            return gettext("further notice")
        case datetime():
            return words.moment(value)
        case date():
            return words.day(value)
        case Mapping():
            return words.localised(value)
        case int() | float():
            return words.number(value)
        case _:
            return str(value)
