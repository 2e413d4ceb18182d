"""Says whether a credential is valid. It fails closed: what could not be checked is never valid.

The order is that of the certification guide: form, proof, status, period, endorsements. A valid signature by a key
that is not a known issuer's is not a valid credential. What the standard demands of the form of a badge is said after
the period: an altered badge is altered and a revoked one revoked, whatever they lack.
"""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from jalon.core.openbadges import dataintegrity, endorsements, form, jwt, keys, status, strictjson
from jalon.core.openbadges.contexts import Contexts
from jalon.core.openbadges.documents import CONTEXT
from jalon.core.openbadges.endorsements import Embedded
from jalon.core.openbadges.keys import PublicKey
from jalon.core.openbadges.members import (
    ENDS,
    STARTS,
    holder_of,
    is_index,
    issuer_of,
    moment_of,
    moments_of,
    object_of,
    refuse_texts_written_otherwise,
    text_of,
    types_of,
)
from jalon.core.openbadges.problems import Altered, NotValid, UnknownIssuer, Unreadable, Unverifiable
from jalon.core.openbadges.status import StatusList
from jalon.core.openbadges.submitted import MAX_DOCUMENT, Submitted, check_picture, digest, read, take_out

Ended = Literal["revoked", "expired", "not_yet_valid", "replaced"]
Outcome = Literal["valid", Ended, "altered", "unknown_issuer", "unverifiable", "unreadable"]
Keys = Mapping[str, PublicKey]

MAX_LIST = 2**20
MAX_STATUSES = 8
_BADGE_TYPES = frozenset({"OpenBadgeCredential", "AchievementCredential"})
_ONLY_INFORM = frozenset({"refresh", "message"})


@dataclass(frozen=True)
class Known:
    """What the verifier knows.

    Args:
        issuers: DID of a known issuer → verification method → public key, retired keys included.
        status_lists: address → the signed list, or one already read by `read_status_list`; None when fetching
            failed.
        did_documents: DID of a stranger → its document; None when fetching failed.
        replaced: id of a credential → id of the one that replaces it.
        compromised: method of a key that others may have used → SHA-256, in hexadecimal, of what may still be
            believed of it: a moment written in a credential proves nothing then.
        older_contexts: known issuers whose credentials may name an earlier revision of the context.
        own: issuers whose tokens are made here, from documents that were read as JSON-LD: theirs are not read again.
        check: checks an embedded proof as `dataintegrity.verify_whole` does, elsewhere or with a memory; None for here.
        check_meaning: checks the document of a token as `dataintegrity.check_meaning` does, likewise.
    """

    contexts: Contexts
    issuers: Mapping[str, Keys]
    status_lists: Mapping[str, bytes | StatusList | None] = field(default_factory=dict)
    did_documents: Mapping[str, bytes | None] = field(default_factory=dict)
    replaced: Mapping[str, str] = field(default_factory=dict)
    compromised: Mapping[str, Container[str]] = field(default_factory=dict)
    older_contexts: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    check: Callable[[dict[str, Any], PublicKey], None] | None = None
    check_meaning: Callable[[dict[str, Any]], None] | None = None


@dataclass(frozen=True)
class Verdict:
    """What was found, with what the document says; only a valid one may be believed.

    Args:
        reason: a short stable code, empty when valid.
        code: of the attestation. holder: the name as awarded. issuer: the DID. awarded_on: `2026-03-02`.
        document: the credential as read, without a token's envelope.
    """

    verdict: Outcome
    reason: str = ""
    credential_id: str = ""
    code: str = ""
    holder: str = ""
    achievement: str = ""
    awarded_on: str = ""
    issuer: str = ""
    issuer_name: str = ""
    replaced_by: str = ""
    document: dict[str, Any] | None = None


def verify(payload: bytes, *, known: Known, now: datetime) -> Verdict:
    """Say what a credential is worth.

    Args:
        payload: a JSON document, a compact token, a baked PNG or a baked SVG.
        now: with a time zone.
    """
    try:
        submitted = take_out(payload)
    except NotValid as problem:
        return Verdict(_outcome(problem), problem.reason)
    return judge(submitted, known=known, now=now)


def judge(submitted: Submitted, *, known: Known, now: datetime) -> Verdict:
    """Say what a credential that was taken out is worth."""
    verdict = _described(submitted.document)
    try:
        _check(submitted, known, now)
    except _Judged as judged:
        return replace(verdict, verdict=judged.outcome, reason=judged.reason, replaced_by=judged.replaced_by)
    except NotValid as problem:
        return replace(verdict, verdict=_outcome(problem), reason=problem.reason)
    return replace(verdict, verdict="valid", reason="")


def read_status_list(data: bytes, *, known: Known, now: datetime) -> StatusList:
    """Return a signed status list, checked: proof, known issuer, period, length.

    Args:
        data: a JSON document with an embedded proof, or a compact token.
    Raises:
        NotValid: any of them fails; outside its period it is judged as a credential is.
    """
    submitted = read(data, max_bytes=MAX_LIST)
    document = submitted.document
    subject = document.get("credentialSubject")
    if "BitstringStatusListCredential" not in types_of(document) or not isinstance(subject, dict):
        raise Unverifiable("not-a-status-list")
    _check_proof(submitted, known, now)
    _check_period(document, now)
    purpose, encoded = subject.get("statusPurpose"), subject.get("encodedList")
    if subject.get("type") not in ("BitstringStatusList", ["BitstringStatusList"]):
        raise Unverifiable("not-a-status-list")
    if not isinstance(purpose, str) or not isinstance(encoded, str):
        raise Unverifiable("not-a-status-list")
    until = moment_of(document["validUntil"]) if "validUntil" in document else None
    address = str(document.get("id", ""))
    return StatusList(address, issuer_of(document), purpose, status.decode(encoded), until)


def verify_status_list(data: bytes, *, known: Known, now: datetime) -> Verdict:
    """Say what a signed status list is worth, as a document of its own."""
    try:
        listed = read_status_list(data, known=known, now=now)
    except _Judged as judged:
        return Verdict(judged.outcome, judged.reason, issuer=issuer_of(read(data, max_bytes=MAX_LIST).document))
    except NotValid as problem:
        return Verdict(_outcome(problem), problem.reason)
    return Verdict("valid", credential_id=listed.address, issuer=listed.issuer)


class _Judged(Exception):
    """The proof holds and the credential is nevertheless not valid."""

    def __init__(self, outcome: Outcome, reason: str, replaced_by: str = "") -> None:
        super().__init__(reason)
        self.outcome: Outcome = outcome
        self.reason = reason
        self.replaced_by = replaced_by


def _outcome(problem: NotValid) -> Outcome:
    outcomes: dict[str, Outcome] = {
        "altered": "altered",
        "unknown_issuer": "unknown_issuer",
        "unreadable": "unreadable",
    }
    return outcomes.get(problem.verdict, "unverifiable")


def _described(document: dict[str, Any]) -> Verdict:
    subject = object_of(document.get("credentialSubject"))
    issuer = document.get("issuer")
    return Verdict(
        verdict="unverifiable",
        credential_id=text_of(document.get("id")),
        code=text_of(subject.get("licenseNumber")),
        holder=holder_of(subject),
        achievement=text_of(object_of(subject.get("achievement")).get("name")),
        awarded_on=next((text_of(document[name]) for name in ("awardedDate", *STARTS) if name in document), "")[:10],
        issuer=text_of(issuer.get("id") if isinstance(issuer, dict) else issuer),
        issuer_name=text_of(object_of(issuer).get("name")),
        document=document,
    )


def _check(submitted: Submitted, known: Known, now: datetime) -> None:
    _check_form(submitted.document)
    _check_proof(submitted, known, now)
    check_picture(submitted)
    try:
        _check_status(submitted.document, known, now)
    except NotValid:
        # What has ended has ended, whatever its status may be.
        _check_period(submitted.document, now)
        raise
    _check_period(submitted.document, now)
    form.check(submitted.document, hides_parts=not submitted.token and dataintegrity.is_selective(submitted.document))
    _check_endorsements(submitted.document, known, now)


def _check_form(document: dict[str, Any]) -> None:
    types = types_of(document)
    if "VerifiableCredential" not in types or not types & _BADGE_TYPES:
        raise Unreadable("not-an-open-badge")
    subject = document.get("credentialSubject")
    if not isinstance(subject, dict) or not isinstance(subject.get("achievement"), dict):
        raise Unreadable("no-achievement")
    if not isinstance(document.get("id"), str) or not moments_of(document, STARTS):
        raise Unreadable("incomplete")
    moments_of(document, ENDS)
    refuse_texts_written_otherwise(document)


def _check_proof(submitted: Submitted, known: Known, now: datetime) -> None:
    document, token = submitted.document, submitted.token
    issuer = issuer_of(document)
    method = token.kid if token else dataintegrity.proof_of(document)["verificationMethod"]
    own = known.issuers.get(issuer, {}).get(method)  # looked up once: what is fetched may be gone the second time
    is_known = own is not None
    key = own or _stranger(method, issuer, known, now)
    if is_known and not token and issuer not in known.older_contexts:
        _check_context(document)
    if token:
        jwt.verify(token, key=key)
        if issuer in known.own and jwt.is_upper(token):
            raise Altered("signature-does-not-match")
    elif known.check:
        known.check(document, key)
    else:
        dataintegrity.verify_whole(document, key=key, contexts=known.contexts)
    if not is_known:
        raise UnknownIssuer("issuer-not-known")
    if token:
        _check_inside(token, document, known, now)
    if method in known.compromised and digest(submitted) not in known.compromised[method]:
        raise Unverifiable("key-compromised")


def _check_inside(token: jwt.Token, document: dict[str, Any], known: Known, now: datetime) -> None:
    """What a token is wrapped around holds too: its own proof, where it has one, and the meaning of its words.

    Open Badges 3.0, section "Proof Formats", lets a verifier be content with any one proof. Here each must hold, by the
    same issuer: a reader who looks at the other one alone must not come to another conclusion.
    """
    if "proof" in document:
        try:
            _check_proof(Submitted(jwt.carried(token), None), known, now)
        except Altered as problem:
            raise Altered("second-proof-does-not-match") from problem
        except NotValid as problem:
            raise Unverifiable("second-proof-not-checked") from problem
    if issuer_of(document) not in known.own:
        _check_meaning({name: value for name, value in document.items() if name != "proof"}, known)


def _check_meaning(document: dict[str, Any], known: Known) -> None:
    """Refuse words that no context defines, or that it defines otherwise: a token signs bytes, not what they mean."""
    if known.check_meaning:
        known.check_meaning(document)
    else:
        dataintegrity.check_meaning(document, known.contexts)


def _check_context(document: dict[str, Any]) -> None:
    """Refuse another revision of a context: what an address means is signed, the address itself is not."""
    context = document.get("@context")
    is_list = "BitstringStatusListCredential" in types_of(document)
    if context != list(CONTEXT) and not (is_list and context == list(CONTEXT[:1])):
        raise Altered("unexpected-context")


def _stranger(method: str, issuer: str, known: Known, now: datetime) -> PublicKey:
    """Return the key of somebody who is not known: a match says that the text is whole, not whose it is."""
    did = method.partition("#")[0]
    if did.startswith("did:key:"):
        return keys.from_did_key(method)
    try:
        data = known.did_documents[did]
    except KeyError as missing:
        raise UnknownIssuer("key-not-known" if issuer in known.issuers else "issuer-not-known") from missing
    if data is None:
        raise Unverifiable("issuer-not-reachable")
    try:
        published = keys.published_keys(strictjson.parse_object(data, max_bytes=MAX_DOCUMENT), did, now=now)
    except Unreadable as problem:
        raise Unverifiable("not-the-issuers-did-document") from problem
    if method not in published:
        raise UnknownIssuer("key-not-the-issuers")
    return published[method]


def _check_endorsements(document: dict[str, Any], known: Known, now: datetime) -> None:
    """What is said of the badge inside it holds as well: that is a part of its verification (Open Badges 3.0)."""
    waiting = endorsements.embedded(document)
    while waiting:
        if len(waiting) > endorsements.MOST:
            raise Unverifiable("too-much-work")
        waiting = [more for found in waiting for more in _check_endorsement(found, known, now)]


def _check_endorsement(found: Embedded, known: Known, now: datetime) -> list[Embedded]:
    """Return what a token carries in its turn; what a document carries was found in the badge already."""
    try:
        submitted = endorsements.take_out(found)
        _check_proof(submitted, known, now)
        _check_status(submitted.document, known, now)
        _check_period(submitted.document, now)
    except _Judged as judged:
        raise Unverifiable("endorsement-ended") from judged
    except Altered as problem:
        raise Unverifiable("endorsement-altered") from problem
    except UnknownIssuer as problem:
        raise Unverifiable("endorsement-by-a-stranger") from problem
    except NotValid as problem:
        raise Unverifiable("endorsement-not-checked") from problem
    return endorsements.embedded(submitted.document) if submitted.token else []


def _check_status(document: dict[str, Any], known: Known, now: datetime) -> None:
    replaced_by = known.replaced.get(text_of(document.get("id")), "")
    if replaced_by:
        raise _Judged("replaced", "replaced", replaced_by)
    entries = document.get("credentialStatus", [])
    entries = entries if isinstance(entries, list) else [entries]
    if len(entries) > MAX_STATUSES:
        raise Unverifiable("too-much-work")
    unknown: NotValid | None = None
    for entry in entries:
        try:
            _check_entry(object_of(entry), issuer_of(document), known, now)
        except NotValid as problem:
            unknown = problem
    if unknown:
        raise Unverifiable(unknown.reason)


def _check_entry(entry: dict[str, Any], issuer: str, known: Known, now: datetime) -> None:
    purpose, address, index = (entry.get(name) for name in ("statusPurpose", "statusListCredential", "statusListIndex"))
    if entry.get("type") not in ("BitstringStatusListEntry", ["BitstringStatusListEntry"]):
        raise Unverifiable("status-not-supported")
    if not isinstance(address, str) or not isinstance(index, str) or not is_index(index):
        raise Unverifiable("status-not-supported")
    if entry.get("statusSize", 1) != 1:
        raise Unverifiable("status-not-supported")
    found = _status_list(address, known, now)
    if found.address != address or found.issuer != issuer or found.purpose != purpose:
        raise Unverifiable("status-list-not-authentic")
    is_set = found.is_set(int(index))
    if is_set and purpose in ("revocation", "suspension"):
        raise _Judged("revoked", purpose)
    if is_set and purpose not in _ONLY_INFORM:
        raise Unverifiable("status-not-supported")


def _status_list(address: str, known: Known, now: datetime) -> StatusList:
    found = known.status_lists.get(address)
    if found is None:
        raise Unverifiable("status-not-available")
    if isinstance(found, bytes):
        try:
            return read_status_list(found, known=known, now=now)
        except (NotValid, _Judged) as problem:
            raise Unverifiable("status-list-not-authentic") from problem
    if found.valid_until is not None and found.valid_until <= now:
        raise Unverifiable("status-list-expired")
    return found


def _check_period(document: dict[str, Any], now: datetime) -> None:
    proof = dataintegrity.proof_of(document) if "proof" in document else {}
    if any(start > now for start in moments_of(document, STARTS)):
        raise _Judged("not_yet_valid", "not-yet-valid")
    if any(end <= now for end in (*moments_of(document, ENDS), *moments_of(proof, ("expires",)))):
        raise _Judged("expired", "expired")
