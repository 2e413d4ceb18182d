"""The words of a verdict: what was found, what it means, what to do next. Never a blame, never a code word."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from jalon.core.openbadges.verification import Outcome


@dataclass(frozen=True)
class Words:
    """Args: kind: of notice, `ok`, `warn` or `bad`; `next` says what to do."""

    kind: str
    title: Promise
    meaning: Promise
    next: Promise


ASK_HOLDER = _("Ask the person for the original file, or for the code printed on the attestation.")
REPAIRED = _("One slip was put right to read the code. Compare it with the paper, symbol by symbol:")
_NO_CREDENTIAL = _("This file holds no credential that can be read.")
_TWO_WAYS = _("We found no credential that can be read in one way only.")
VERDICTS: Mapping[Outcome, Words] = {
    "valid": Words(
        "ok",
        _("Valid"),
        _("We issued this, nothing in it was changed, and it has not been revoked."),
        _("Compare the name and the date below with your record."),
    ),
    "revoked": Words(
        "bad",
        _("Revoked"),
        _("We issued this, then took it back. It is no longer valid."),
        _("The page of the badge gives the date and the reason. Questions: write to the issuer."),
    ),
    "expired": Words(
        "warn",
        _("Expired"),
        _("We issued this and nothing was changed, but its period is over."),
        _("Ask the person whether the training was done again."),
    ),
    "not_yet_valid": Words(
        "warn",
        _("Not valid yet"),
        _("The period of this credential has not begun."),
        _("Check it again from the date that it states."),
    ),
    "replaced": Words(
        "warn",
        _("Replaced"),
        _("A corrected version took the place of this one."),
        _("Ask the person for the new version; the old one no longer counts."),
    ),
    "altered": Words(
        "bad",
        _("Altered"),
        _("This is not, byte for byte, what was issued: a part of it was changed after it was signed."),
        _(
            "Do not rely on it. A file that was printed, annotated or saved again also changes: "
            "use the original, or the code."
        ),
    ),
    "unknown_issuer": Words(
        "bad",
        _("Not issued by us"),
        _("It is signed, but not with a key of an issuer that we know. Whoever signed it may have written any name."),
        ASK_HOLDER,
    ),
    "unverifiable": Words(
        "warn",
        _("Cannot be verified now"),
        _("Nothing shows that it is false, and nothing proves that it is true."),
        _("Try again later, or use the code printed on the attestation."),
    ),
    "unreadable": Words(
        "warn",
        _("Not readable"),
        _NO_CREDENTIAL,
        ASK_HOLDER,
    ),
}
# Of a trusted issuer that is not us: its name stands below, and the badge has no page here.
OF_ANOTHER: Mapping[Outcome, Words] = {
    "valid": Words(
        "ok",
        _("Valid"),
        _("A trusted issuer signed this, nothing in it was changed, and it has not been revoked."),
        _("Compare the name, the date and the issuer below with your record."),
    ),
    "revoked": Words(
        "bad",
        _("Revoked"),
        _("A trusted issuer signed this, then took it back. It is no longer valid."),
        _("Questions: write to the issuer named below."),
    ),
    "expired": Words(
        "warn",
        _("Expired"),
        _("A trusted issuer signed this and nothing was changed, but its period is over."),
        _("Ask the person whether the training was done again."),
    ),
}
# What was typed is no document: these say it better than the words of the verdict.
OF_A_CODE: Mapping[str, Words] = {
    "code-not-readable": Words(
        "warn",
        _("Code not readable"),
        _("A code has thirty symbols, in six groups of five. This is not one, even with a slip repaired."),
        _(
            "Compare the symbols with the paper one by one: there is no letter O, no letter I and no letter S, "
            "but the digits 0, 1 and 5."
        ),
    ),
    "code-unknown": Words(
        "warn",
        _("Unknown code"),
        _("It is written as our codes are, but no award here has it."),
        _("Check that it was copied from an attestation of this site; if so, that attestation was not made by us."),
    ),
    "page-closed": Words(
        "info",
        _("Closed by its holder"),
        _("The holder of this badge closed its page: the code alone says nothing of it."),
        _("Ask the person for the file of the attestation, and check it here."),
    ),
    "in-preparation": Words(
        "info",
        _("In preparation"),
        _("The award is recorded, and its signature is on the way."),
        _("Try again in a few minutes: the code stays the same."),
    ),
}
# Of a status list: no badge is valid because its list is, so that the title of a valid badge is never given to it.
A_LIST = "status-list"
_WHAT_A_LIST_IS = _(
    "This is not a badge. It is a status list: it says by number, without a name, which badges were revoked."
)
_ASK_FOR_A_BADGE = _(
    "To check a badge, ask the person for its original file, or for the code printed on the attestation."
)
_WE_SIGNED = _("We signed it.")
_ANOTHER_SIGNED = _("A trusted issuer signed it.")
_NOT_CHECKED = _("Its signature could not be checked.")
OF_A_LIST: Mapping[Outcome, Promise] = {
    "valid": _("Nothing in it was changed, and it is in force."),
    "expired": _("Its period is over: a newer list took its place."),
    "not_yet_valid": _("Its period has not begun."),
    "altered": _("It was changed after it was signed: it says nothing."),
    "unknown_issuer": _("It is not signed by us, nor by an issuer that we know."),
    "unverifiable": _NOT_CHECKED,
    "unreadable": _NOT_CHECKED,
}
_NOT_WHOLE = _("The signature does not match the text.")
_NOT_COVERED = _("It holds something that its signature does not cover.")
_AMBIGUOUS = _("Its text could be read in two ways.")
_INCOMPLETE = _("A part that Open Badges demands is missing from the credential, or is written otherwise.")
_STATUS = _("The list that would say whether it was revoked could not be read.")
_NOT_SUPPORTED = _("It is signed in a way that we do not know how to check.")
_STRANGER = _("Its signature is not by a key of the issuer that it names.")
REASONS: Mapping[str, Promise] = {
    "file-too-large": _("The file is larger than 5 MB. Nothing was read."),
    "too-large": _("What it holds is larger than any credential."),
    # PDF files and archives
    "pdf-not-as-issued": _("The PDF carries one of our credentials, but it is not a file that we made."),
    "not-a-pdf": _("The file is damaged: it cannot be opened as a PDF."),
    "too-many-attachments": _("The PDF carries too many attachments. None was read."),
    "attachment-too-large": _("What is attached to the PDF is too large for a credential."),
    "attachment-unreadable": _("What is attached to the PDF is packed in a way that we do not open."),
    "checking-is-busy": _("Too many files are being checked just now. Try again in a minute."),
    "too-much-work": _("Checking it asks for more work than any honest file does. It was left aside."),
    "damaged-archive": _("The archive is damaged or protected. Nothing in it was read."),
    "archive-in-archive": _("An archive inside an archive is not opened."),
    "archive-too-large": _("The archive holds more than 100 files, or more than 50 MB. Nothing in it was read."),
    "archive-too-slow": _(
        "The archive asks for more work than any honest one does: this file was not checked. Check it alone."
    ),
    "too-many-strangers": _(
        "The archive holds many PDF files that we did not make: this one was not opened. Check it alone."
    ),
    # Images
    "no-credential": _NO_CREDENTIAL,
    "several-credentials": _("The file carries several credentials, so that nobody can tell which one is meant."),
    "damaged-png": _("The image is damaged, or something was added to it."),
    "not-an-svg": _("The drawing is damaged, or something was added to it."),
    "document-type": _("The drawing begins with a declaration that we do not read, for safety."),
    "baked-otherwise": _("The image carries a credential in a form that programs would read differently."),
    "compressed-credential": _("The image carries a credential in a form that programs would read differently."),
    "picture-does-not-match": _("The drawing is not the one that was issued with this credential."),
    "drawing-pasted": _("The text of a drawing changes when it is pasted here. Choose its file instead."),
    # The text itself
    "not-a-credential": _NO_CREDENTIAL,
    "not-an-open-badge": _NO_CREDENTIAL,
    "not-a-token": _NO_CREDENTIAL,
    "not-utf-8": _NO_CREDENTIAL,
    "not-json": _NO_CREDENTIAL,
    "not-an-object": _NO_CREDENTIAL,
    "lone-surrogate": _AMBIGUOUS,
    "not-a-number": _AMBIGUOUS,
    "number-not-plain": _AMBIGUOUS,
    "number-too-precise": _AMBIGUOUS,
    "repeated-key": _AMBIGUOUS,
    "too-deep": _AMBIGUOUS,
    "no-achievement": _INCOMPLETE,
    "no-issuer": _INCOMPLETE,
    "incomplete": _INCOMPLETE,
    "not-a-moment": _INCOMPLETE,
    "no-single-proof": _("It bears no signature, or more than one."),
    "proof-incomplete": _("Its signature is incomplete."),
    # The signature
    "signature-does-not-match": _NOT_WHOLE,
    "second-proof-does-not-match": _("It carries a second signature, inside it, that does not match the text."),
    "second-proof-not-checked": _("It carries a second signature, inside it, that could not be checked."),
    "claims-disagree": _("Its envelope and its text do not say the same."),
    "not-an-assertion": _("The signature was not made to issue anything."),
    "unexpected-context": _("The meaning of its words was replaced."),
    **dict.fromkeys(
        (
            "bad-language", "described-twice", "empty-member", "nested-array", "not-an-address", "not-json-ld",
            "nothing-signed", "relative-address", "undefined-term", "unsigned-member",
        ),
        _NOT_COVERED,
    ),
    "key-compromised": _(
        "The key that signed it has been in other hands, and our record does not show that we issued this before."
    ),
    "issuer-not-known": _("The issuer that it names is not one that we know."),
    "key-not-known": _STRANGER,
    "key-in-header": _STRANGER,
    "key-not-the-issuers": _STRANGER,
    **dict.fromkeys(
        (
            "algorithm-not-accepted", "header-not-understood", "key-not-accepted", "key-of-another-kind",
            "proof-not-readable", "suite-not-supported", "unknown-context",
        ),
        _NOT_SUPPORTED,
    ),
    "meaning-not-defined": _(
        "It uses words whose meaning is not defined, or can be read in two ways: "
        "another reader might see something else."
    ),
    "issuer-not-reachable": _("The issuer could not be reached."),
    "not-the-issuers-did-document": _("The issuer could not be reached."),
    # What others say of it
    "endorsement-altered": _("It carries an endorsement that was changed after it was signed."),
    "endorsement-by-a-stranger": _("It carries an endorsement by somebody that we do not know."),
    "endorsement-ended": _("It carries an endorsement that does not hold today."),
    **dict.fromkeys(
        ("endorsement-not-checked", "not-an-endorsement"), _("It carries an endorsement that could not be checked.")
    ),
    # The status
    **dict.fromkeys(
        (
            "status-index-out-of-range", "status-list-expired", "status-list-not-authentic", "status-list-not-readable",
            "may-hide-its-status", "status-list-too-short", "status-not-available", "not-a-status-list",
        ),
        _STATUS,
    ),
    "status-not-supported": _("Its status is stated in a way that we do not know how to read."),
}  # fmt: skip


# There is a credential, but two readers may see two.
DOUBLED = {"several-credentials", "baked-otherwise", "compressed-credential"}


def words_of_a_list(verdict: Outcome, *, is_anothers: bool = False) -> Words:
    """Return what a status list is, who signed it, and what to ask for instead."""
    words = VERDICTS[verdict]
    if verdict == "valid":
        words = replace(words, kind="info", title=_("Status list"))
    said = [_WHAT_A_LIST_IS, OF_A_LIST[verdict]]
    if verdict in ("valid", "expired", "not_yet_valid"):
        said.insert(1, _ANOTHER_SIGNED if is_anothers else _WE_SIGNED)
    return replace(words, meaning=format_lazy(" ".join(["{}"] * len(said)), *said), next=_ASK_FOR_A_BADGE)


def words_of(verdict: Outcome, reason: str, *, is_anothers: bool = False) -> Words:
    """Return the words of a verdict, its meaning made precise by the reason.

    Args:
        is_anothers: a trusted issuer that is not us signed it.
    """
    if reason == A_LIST:
        return words_of_a_list(verdict, is_anothers=is_anothers)
    words = OF_A_CODE.get(reason) or (OF_ANOTHER.get(verdict) if is_anothers else None) or VERDICTS[verdict]
    sentence = REASONS.get(reason)
    if verdict == "unreadable" and (sentence is _AMBIGUOUS or reason in DOUBLED):
        words = replace(words, meaning=_TWO_WAYS)
    if sentence is None or sentence is words.meaning:
        return words
    return replace(words, meaning=format_lazy("{} {}", words.meaning, sentence))
