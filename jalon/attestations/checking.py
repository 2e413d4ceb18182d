"""Says what a file or a code is worth. It fails closed: what could not be checked is never valid."""

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from threading import BoundedSemaphore
from typing import Any

from jalon.attestations import cost, ours, proofs, reading, strangers, verdicts
from jalon.attestations.models import Attestation
from jalon.core import codes
from jalon.core.dossier import Dossier
from jalon.core.openbadges import baking, status, submitted, verification
from jalon.core.openbadges.keys import PublicKey
from jalon.core.openbadges.members import types_of
from jalon.core.openbadges.problems import NotValid
from jalon.core.openbadges.verification import Known, Outcome, Verdict
from jalon.credentials import queries as credentials
from jalon.credentials.addresses import parse_address
from jalon.credentials.contexts import contexts
from jalon.credentials.models import Award, Credential, StatusList

Check = Callable[[dict[str, Any], PublicKey], None]
MAX_BYTES = 5 * 1024 * 1024
MAX_MEMBERS = 100
MAX_UNPACKED = 50 * 1024 * 1024
MAX_CHILDREN = 5
MAX_CPU = 2.0  # for what is submitted, archive or not; an honest one of a hundred badges takes less than half a second
MAX_WAIT = 10.0  # on the clock, archive or not: whoever waits for a child or for an issuer spends nothing
# Files that a process looks at at a time, each with a child: whoever only opens a page never stands behind them.
_DESKS = BoundedSemaphore(proofs.CREW.most)
LIST_TYPES = frozenset({"BitstringStatusListCredential", "StatusList2021Credential"})
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    RuntimeError,
    OSError,
    EOFError,
    ValueError,
)
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
PLAIN = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
# Only of these may be told what the document says: their proof holds.
PROVEN: frozenset[Outcome] = frozenset({"valid", "revoked", "expired", "not_yet_valid", "replaced"})


@dataclass(frozen=True)
class Finding:
    """What was found for one file or code.

    Args:
        source: the name of the file, or the code as it was typed.
        reason: a short stable code, empty for a valid badge; `verdicts.py` has its sentence. `status-list`: it is no
            badge, and the verdict is that of the list.
        code, holder, achievement, issuer: what the document says, once its proof holds; empty otherwise.
        awarded_on: a day, such as 2026-03-02.
        issuer_name: what a trusted issuer that is not us calls itself; empty for our own, and so is `code` for its.
        is_repaired: a slip of the pen was put right to read the code: it is another one than was typed.
    """

    source: str
    verdict: Outcome
    reason: str = ""
    code: str = ""
    holder: str = ""
    achievement: str = ""
    awarded_on: str = ""
    issuer: str = ""
    issuer_name: str = ""
    is_repaired: bool = False


class OurLists(Mapping[str, status.StatusList | bytes | None]):
    """Our own status lists by address, read from the database when one is asked for: no network, never stale. Those of
    others are asked for where they are published.
    """

    def __getitem__(self, address: str) -> status.StatusList | bytes | None:
        number = address.rpartition("/")[2]
        if not number.isascii() or not number.isdigit() or credentials.status_address(int(number[:9])) != address:
            return strangers.LISTS[address]
        listed = StatusList.objects.filter(number=int(number)).first()
        if listed is None:
            raise KeyError(address)
        return status.StatusList(address, credentials.issuer_did(), status.PURPOSE, bytes(listed.bits))

    def __iter__(self) -> Iterator[str]:
        return (credentials.status_address(number) for number in StatusList.objects.values_list("number", flat=True))

    def __len__(self) -> int:
        return StatusList.objects.count()


class OurVersions(Mapping[str, str]):
    """Id of a credential that was corrected → id of the one that replaces it, read when one is asked for."""

    def __getitem__(self, address: str) -> str:
        parsed = parse_address(address)
        found = Award.objects.filter(replaces__code=parsed.code).first() if parsed else None
        if parsed is None or found is None:
            raise KeyError(address)
        return credentials.credential_address(found.code, parsed.language)

    def __iter__(self) -> Iterator[str]:
        old = Credential.objects.filter(award__replacement__isnull=False).values_list("award__code", "language")
        return (credentials.credential_address(code, credentials.LANGUAGES[language]) for code, language in old)

    def __len__(self) -> int:
        return Credential.objects.filter(award__replacement__isnull=False).count()


def known(*, check: Check = proofs.check_apart) -> Known:
    """Return what this site knows: its own keys, retired ones included, its own status lists, what was replaced; and
    what trusted issuers publish.

    Args:
        check: of proofs; in a child, because anybody may have written the document, unless it is from our own tables.
    """
    own, compromised = ours.signing_keys()
    return Known(
        contexts(),
        strangers.Issuers({credentials.issuer_did(): own}),
        OurLists(),
        did_documents=strangers.DOCUMENTS,
        replaced=OurVersions(),
        compromised=compromised,
        older_contexts=strangers.trusted() - {credentials.issuer_did()},
        own=frozenset({credentials.issuer_did()}),
        check=check,
        check_meaning=proofs.check_meaning_apart,
    )


def check_file(source: str, content: bytes, *, now: datetime) -> list[Finding]:
    """Say what each credential of a file is worth; a .zip gives one finding for each of its files.

    No more than `MAX_CPU` seconds of processor time are spent, those of the children included: what would need more is
    left aside, and what was not reached is not checked. After `MAX_WAIT` seconds no issuer is waited for.
    """
    if not _DESKS.acquire(blocking=False):
        return [Finding(source, "unverifiable", "checking-is-busy")]
    try:
        with cost.at_most(MAX_CPU, waiting=MAX_WAIT):
            return _check_file(source, content, now)
    finally:
        _DESKS.release()


def _check_file(source: str, content: bytes, now: datetime) -> list[Finding]:
    if len(content) > MAX_BYTES:
        return [Finding(source, "unreadable", "file-too-large")]
    if content.startswith(b"PK\x03\x04"):
        return check_zip(source, content, now=now)
    if content.startswith(b"%PDF"):
        return [check_pdf(source, content, now=now)]
    content = as_written(content)
    if is_status_list(content):
        return [check_status_list(source, content, now=now)]
    found = finding(source, verification.verify(content, known=known(), now=now))
    return [found if is_picture_right(content, found) else Finding(source, "altered", "picture-does-not-match")]


def check_text(text: str, *, now: datetime) -> list[Finding]:
    """Say what a document is worth that was pasted: as its file would be, but for the lines that a field takes away.

    A drawing that lost them is not the one that was issued, and nobody changed it: its file is asked for.
    """
    found = check_file("", text.replace("\r\n", "\n").encode(), now=now)
    lost = Finding("", "unverifiable", "drawing-pasted")
    return [lost if one.reason == "picture-does-not-match" else one for one in found]


def as_written(content: bytes) -> bytes:
    """Return a text without what editors and mail programs add to it, and no reader takes for a part of it.

    It is a byte order mark, and the line breaks in and around a token. A picture stays as it is.
    """
    text = content.removeprefix(BYTE_ORDER_MARK)
    beginning = text[:80].lstrip()
    if beginning.startswith(b"eyJ"):
        return b"".join(text.split())
    return text if beginning[:1] in (b"{", b"<") else content


def is_picture_right(content: bytes, found: Finding) -> bool:
    """Tell whether a credential is in the picture in which we hand it out, where it is ours and in a PNG."""
    is_to_be_looked_at = (
        found.verdict == "valid" and found.issuer == credentials.issuer_did() and baking.is_png(content)
    )
    parsed = codes.parse(found.code) if is_to_be_looked_at else None
    return not is_to_be_looked_at or (parsed is not None and ours.is_our_picture(content, parsed.code))


def check_code(text: str, *, now: datetime) -> Finding:
    """Say what the award of a printed code is worth, slips of the pen forgiven."""
    parsed = codes.parse(text)
    if parsed is None:
        return Finding(text, "unreadable", "code-not-readable")
    try:
        verdict = ours.verdict_of(parsed.code, now=now)
    except ours.Closed:
        return Finding(text, "unverifiable", "page-closed")
    if verdict:
        return replace(finding(text, verdict), is_repaired=parsed.repaired)
    code = codes.display(parsed.code)
    is_reserved = Award.objects.filter(code=parsed.code).exists()
    return Finding(text, "unverifiable", "in-preparation" if is_reserved else "code-unknown", code=code)


def check_pdf(source: str, content: bytes, *, now: datetime) -> Finding:
    """Say what a PDF is worth: one of ours is valid only as the very bytes that we made."""
    kept = Attestation.objects.filter(sha256=sha256(content).hexdigest()).only("award_id", "language").first()
    if kept is not None:
        credential = Credential.objects.get(award=kept.award_id, language=kept.language)
        ours_known = known(check=proofs.check_here)
        return finding(source, verification.verify(credential.content, known=ours_known, now=now))
    try:
        attached = reading.attached_credentials(content)
    except reading.NotReadable as problem:
        return Finding(source, "unreadable", problem.reason)
    if len(attached) != 1:
        return Finding(source, "unreadable", "several-credentials" if attached else "no-credential")
    verdict = verification.verify(attached[0], known=known(), now=now)
    is_ours = verdict.issuer == credentials.issuer_did() or verdict.verdict in PROVEN
    return Finding(source, "altered", "pdf-not-as-issued") if is_ours else finding(source, verdict)


def is_our_paper(content: bytes) -> bool:
    """Tell whether these are the very bytes of an attestation that we made."""
    return Attestation.objects.filter(sha256=sha256(content).hexdigest()).exists()


def check_zip(source: str, content: bytes, *, now: datetime) -> list[Finding]:
    """Check each file of an archive, within limits of number and size; an archive in an archive is not opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [one for one in archive.infolist() if not one.filename.endswith("/")]
            if len(members) > MAX_MEMBERS or sum(one.file_size for one in members) > MAX_UNPACKED:
                return [Finding(source, "unreadable", "archive-too-large")]
            found = list(_check_members(source, archive, members, now))
    except DAMAGED:
        return [Finding(source, "unreadable", "damaged-archive")]
    return found or [Finding(source, "unreadable", "no-credential")]


def _check_members(
    source: str, archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], now: datetime
) -> Iterator[Finding]:
    strangers = 0
    for member in members:
        name = f"{source}/{member.filename}"
        if not cost.patience() or not cost.left():
            yield Finding(name, "unverifiable", "archive-too-slow")
            continue
        content = _unpacked(archive, member)
        if content is None or content.startswith(b"PK\x03\x04"):
            yield Finding(name, "unreadable", "file-too-large" if content is None else "archive-in-archive")
            continue
        strangers += content.startswith(b"%PDF") and not is_our_paper(content)
        if strangers > MAX_CHILDREN:
            yield Finding(name, "unverifiable", "too-many-strangers")
        elif not is_no_credential(content):
            yield from map(_unless_it_was_cut_short, _check_file(name, content, now))


def _unless_it_was_cut_short(found: Finding) -> Finding:
    """Return what was found in an archive; a file for which too little time was left may well be an honest one."""
    was_cut = found.verdict == "unverifiable" and not cost.left()
    return Finding(found.source, "unverifiable", "archive-too-slow") if was_cut else found


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes | None:
    """Return a file of an archive, or nothing when it is too large.

    Raises:
        ValueError: it is packed in a way whose cost is not known beforehand.
    """
    if member.compress_type not in PLAIN:
        raise ValueError("packing")
    if member.file_size > MAX_BYTES:
        return None
    with archive.open(member) as file:
        return file.read(MAX_BYTES + 1)


def is_no_credential(content: bytes) -> bool:
    """Tell whether this is a sound JSON document that does not even claim to be signed, as a folder may hold."""
    document = _object(content)
    return document is not None and not document.keys() & {"proof", "credentialSubject"}


def is_status_list(content: bytes) -> bool:
    """Tell whether this says that it is a status list, as a document or as a token, whatever it is worth."""
    try:
        document = _object(content) or submitted.read(content, max_bytes=verification.MAX_LIST).document
    except NotValid:
        return False
    return bool(types_of(document) & LIST_TYPES)


def check_status_list(source: str, content: bytes, *, now: datetime) -> Finding:
    """Say whether a status list is signed by a known issuer and still current; whatever is found, it is no badge."""
    found = finding(source, verification.verify_status_list(content, known=known(), now=now))
    return replace(found, reason=verdicts.A_LIST)


def finding(source: str, verdict: Verdict) -> Finding:
    """Return a verdict as a finding; what no proof covers is not repeated as a fact."""
    if verdict.verdict not in PROVEN:
        return Finding(source, verdict.verdict, verdict.reason)
    is_ours = verdict.issuer == credentials.issuer_did()
    return Finding(
        source,
        verdict.verdict,
        verdict.reason,
        code=verdict.code if is_ours else "",
        holder=verdict.holder,
        achievement=verdict.achievement,
        awarded_on=verdict.awarded_on,
        issuer=verdict.issuer,
        issuer_name="" if is_ours else verdict.issuer_name or verdict.issuer,
    )


def dossiers_of(found: Iterable[Finding]) -> dict[str, Dossier]:
    """Return our own dossiers of the valid findings by their code, to be shown beside them: one query for all."""
    by_code = {parsed.code: one.code for one in found if one.verdict == "valid" and (parsed := codes.parse(one.code))}
    awards = Award.objects.filter(code__in=by_code).values_list("code", "facts") if by_code else ()
    return {by_code[code]: Dossier.from_json(facts) for code, facts in awards}


def _object(content: bytes) -> dict[str, Any] | None:
    """Return a JSON object, if it is one and as short as what is read: parsed, it takes thirty times more."""
    if len(content) > verification.MAX_LIST:
        return None
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None
