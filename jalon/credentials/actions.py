import secrets
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NoReturn
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.timezone import localdate

from jalon.accounts import actions as accounts
from jalon.accounts.models import Person
from jalon.core import codes, merkle
from jalon.core.dossier import Dossier, why_not_award
from jalon.core.openbadges import dataintegrity, jcs, jwt, status
from jalon.core.openbadges.keys import multikey
from jalon.core.refusals import insist
from jalon.credentials import compiled, keys, log, queries, requests, signer
from jalon.credentials.contexts import contexts
from jalon.credentials.models import Award, Checkpoint, Credential, CredentialQuerySet, Key, Revocation, StatusList
from jalon.credentials.seal import seal as apply_seal
from jalon.credentials.seal import self_signed_certificate
from jalon.journal import actions as journal
from jalon.library.models import Release
from jalon.notices import actions as notices
from jalon.web.jobs import after_commit, task
from jalon.web.rows import insert, insert_unless_taken, together, update

DRAWS = 4  # of entries of a list
MOST_DRAWS = 16


@transaction.atomic
def issue(
    *,
    holder: Person,
    level_key: str,
    release: Release,
    facts: Dossier,
    language: str,
    key: str = "",
    by: Person | None,
    at: datetime,
) -> Award:
    """The holder has this award, its first credential is reserved, and its signing follows the commit.

    Asked again for the same holder and level, the same award is the answer: there is never a second one.

    Args:
        level_key: program/level, for example `sexto/explorer`.
        facts: what is printed, frozen from now on.
        key: of the request; asked again with it, whatever happened since, the answer is the same.
        by: the reviewer; nothing when the evaluation was automatic.
    Raises:
        Refused: the dossier lacks a legal name or hours, or the key was used for something else.
    """
    insist(why_not_award(facts))
    plain = facts.as_json()
    stated = {name: value for name, value in plain.items() if name != "awarded_at"}
    request = requests.begin(key, "issue", holder.pk, level_key, release.sha256, language, stated, at=at)
    if request.outcome:
        return Award.objects.get(pk=request.outcome)
    award = Award(
        code=codes.new(secrets.randbelow),
        holder=holder,
        level_key=level_key,
        release=release,
        minutes=facts.minutes,
        awarded_on=facts.awarded_on,
        awarded_at=at,
        language=language,
        facts=plain,
    )
    if not insert_unless_taken(award, "holder_id", "level_key", "is_current"):
        return requests.end(request, Award.objects.get(holder=holder, level_key=level_key, is_current=True))
    _reserve(award, language=language, at=at)
    with together():
        _tell(award, at=at)
        journal.record("award.issued", by=by, at=at, about=award, facts={"level": level_key, "minutes": facts.minutes})
    return requests.end(request, award)


def _tell(award: Award, *, at: datetime) -> None:
    """What follows from a new award: the holder stands and is told."""
    accounts.stand(person=award.holder, kind=award.level_key, since_on=award.awarded_on, source=award.pk, at=at)
    notices.queue(to=award.holder, kind="award", at=at)


@transaction.atomic
def correct(*, award: Award, facts: Dossier, key: str = "", by: Person | None, at: datetime) -> Award:
    """A new version of the award says what is right and is linked to the old one, which counts no more.

    The old version is never edited: whoever checks it learns that it was replaced, and by which.

    Args:
        facts: the whole dossier of the new version; level, hours and release stay what they were.
    Raises:
        Refused: the award is revoked or replaced already, nothing differs, or something else than facts would.
    """
    request = requests.begin(key, "correct", award.pk, facts.as_json(), at=at)
    if request.outcome:
        return Award.objects.get(pk=request.outcome)
    award = Award.objects.select_for_update(of=("self",)).select_related("holder", "release").get(pk=award.pk)
    insist(why_not_award(facts) or queries.why_not_correct(award, facts))
    close([award])
    accounts.end_standing(source=award.pk, until_on=localdate(at), at=at)
    version = Award.objects.create(
        code=codes.new(secrets.randbelow),
        holder=award.holder,
        level_key=award.level_key,
        release=award.release,
        minutes=award.minutes,
        awarded_on=facts.awarded_on,
        awarded_at=award.awarded_at,
        language=award.language,
        facts=facts.as_json(),
        shares_answers=award.shares_answers,
        is_closed=award.is_closed,
        replaces=award,
    )
    for language in award.credentials.order_by("reserved_at").values_list("language", flat=True):
        _reserve(version, language=language, at=at)
    with together():
        _tell(version, at=at)
        journal.record("award.corrected", by=by, at=at, about=version, facts={"replaces": str(award.pk)})
    return requests.end(request, version)


@transaction.atomic
def offer(*, award: Award, language: str, key: str = "", at: datetime) -> Credential:
    """The award has a credential in this language too: a sibling with its own address and status index.

    The table holds one for each language (`credential_once_per_language`); the key answers after a revocation too.
    """
    request = requests.begin(key, "offer", award.pk, language, at=at)
    if request.outcome:
        return Credential.objects.get(pk=request.outcome)
    award = Award.objects.select_for_update(of=("self",)).get(pk=award.pk)
    insist(queries.why_not_use(award))
    found = award.credentials.filter(language=language).first() or _reserve(award, language=language, at=at)
    return requests.end(request, found)


def _reserve(award: Award, *, language: str, at: datetime) -> Credential:
    """A credential exists with its address, its status index and the digest of what it will say; it is signed later.

    The entry is drawn at random, and the table refuses one that is taken, even at this very instant. A list of which
    all draws were taken is more than half full, most likely, and is followed by a new one.
    """
    listed = queries.newest_list() or next_list(None)
    for drawn in range(1, MOST_DRAWS + 1):
        index = secrets.randbelow(status.ENTRIES)
        reserved = Credential(award=award, language=language, status_list=listed, status_index=index, reserved_at=at)
        reserved.payload = queries.sha256(jcs.canonical(queries.document_of(reserved)))
        if insert_unless_taken(reserved, "status_list_id", "status_index"):
            after_commit(sign_reserved, str(reserved.pk))
            return reserved
        listed = next_list(listed) if drawn % DRAWS == 0 else listed
    raise RuntimeError("no free entry was found in the status lists")


def next_list(current: StatusList | None) -> StatusList:
    """Return the list after this one; it is empty when it is new."""
    number = current.number + 1 if current else 1
    return StatusList.objects.get_or_create(number=number, defaults={"bits": status.empty()})[0]


@task()
def sign_reserved(credential_id: str) -> None:
    """It is signed unless its award ended meanwhile: then nobody asks for it any more."""
    with transaction.atomic():
        if waiting := queries.to_sign(UUID(credential_id)):
            _sign(waiting, at=timezone.now())


@transaction.atomic
def sign(*, credential_id: UUID, at: datetime) -> Credential:
    """The credential is signed as it was reserved, and the issuance log has its line, once; again, nothing changes.

    It takes no key: the credential itself, held while it is signed, says whether it is.

    Raises:
        KeyUnavailable: the private key cannot be read; the credential stays in preparation, with the same address.
        Refused: its award ended, or it would no longer say what was reserved: the site has another address, say.
    """
    credential = _held().get(pk=credential_id)
    if credential.signed is not None:
        return credential
    insist(queries.why_not_use(credential.award))
    return _sign(credential, at=at)


def _sign(credential: Credential, *, at: datetime) -> Credential:
    insist(queries.why_not_sign(credential, compiled.form_of(credential).digest(credential)))
    return _put_signature(credential, created=credential.reserved_at, at=at)


def _held() -> CredentialQuerySet:
    """Return credentials with what differs between two of them; nobody else signs one that is taken from here."""
    joined = Credential.objects.select_related("award", "status_list").select_for_update(of=("self",))
    return joined.defer("status_list__bits", "status_list__signed", "status_list__token")


@transaction.atomic
def sign_anew(*, credential_id: UUID, at: datetime) -> Credential:
    """The credential says the same at the same address, signed with the key in use: the one before is compromised.

    Raises:
        KeyUnavailable: the private key cannot be read.
        Refused: it would say something else than was reserved.
    """
    credential = _held().get(pk=credential_id)
    insist(queries.why_not_sign(credential, compiled.form_of(credential).digest(credential)))
    return _put_signature(credential, created=at, at=at)


def _put_signature(credential: Credential, *, created: datetime, at: datetime) -> Credential:
    key, private = signing_key("ED25519")
    credential.signed = compiled.form_of(credential).sign(
        credential, key=private, verification_method=queries.method_of(key), created=created.replace(microsecond=0)
    )
    credential.digest = queries.sha256(credential.signed)
    credential.signed_at, credential.jwt = at, ""
    with together():
        update(credential, "signed", "digest", "signed_at", "jwt")
        insert([log.line_of(credential=credential.pk, digest=credential.digest, kid=key.kid, at=at)])
        journal.record("credential.signed", by=None, at=at, about=credential, facts={"sha256": credential.digest})
    return credential


def signing_key(kind: str) -> tuple[Key, Ed25519PrivateKey]:
    """Return the Ed25519 key in use of this kind: its public half, and what signs.

    Raises:
        KeyUnavailable: none was made yet, or it cannot be reached.
    """
    key = queries.key_in_use(kind)
    return key, keys.ed25519(key.kid)


def state_as_jwt(*, credential: Credential) -> str:
    """The credential exists as a VC-JWT too (ES256), kept as it was first signed; so it takes no key.

    Raises:
        KeyUnavailable: the private key cannot be read.
        Refused: it would say something else than was reserved.
    """
    return credential.jwt or _sign_jwt(credential)


@transaction.atomic
def _sign_jwt(credential: Credential) -> str:
    credential = Credential.objects.select_for_update(of=("self",)).get(pk=credential.pk)
    if not credential.jwt:
        key = queries.key_in_use("P256")
        document = queries.document_of(credential)
        insist(queries.why_not_sign(credential, queries.sha256(jcs.canonical(document))))
        credential.jwt = jwt.sign(document, key=keys.p256(key.kid), alg="ES256", kid=queries.method_of(key))
        credential.save(update_fields=["jwt"])
        now = timezone.now()
        digest = queries.sha256(credential.jwt.encode())
        insert([log.line_of(credential=credential.pk, digest=digest, kid=key.kid, at=now)])
    return credential.jwt


@transaction.atomic
def revoke(*, award: Award, reason: str, key: str = "", by: Person | None, at: datetime) -> Revocation:
    """The award is revoked with a reason, and the status of each of its credentials says so.

    An award has one revocation at most: without the key, a second request is refused, and the first reason stands.
    """
    request = requests.begin(key, "revoke", award.pk, reason, at=at)
    if request.outcome:
        return Revocation.objects.get(pk=request.outcome)
    award = Award.objects.select_for_update(of=("self",)).get(pk=award.pk)
    insist(queries.why_not_revoke(award, reason))
    revocation = Revocation.objects.create(award=award, reason=reason.strip(), by=by, at=at)
    close([award])
    accounts.end_standing(source=award.pk, until_on=localdate(at), at=at)
    journal.record("award.revoked", by=by, at=at, about=award)
    return requests.end(request, revocation)


def close(awards: Iterable[Award]) -> None:
    """These awards are current no more and their entries are set; under the caller's locks."""
    ended = [award.pk for award in awards]
    Award.objects.filter(pk__in=ended).update(is_current=None)
    entries: dict[UUID, list[int]] = {}
    for list_id, index in Credential.objects.filter(award__in=ended).values_list("status_list_id", "status_index"):
        entries.setdefault(list_id, []).append(index)
    for listed in StatusList.objects.select_for_update(no_key=True).filter(pk__in=entries).order_by("number"):
        listed.bits = status.with_statuses(bytes(listed.bits), indexes=entries[listed.pk], is_set=True)
        listed.is_stale = True
        listed.save(update_fields=["bits", "is_stale"])


def publish_status(*, number: int, at: datetime) -> bytes:
    """The signed status list is served: signed again a second after an entry changed, or once a day.

    However many entries change within a second, the list is signed once for all of them.

    Raises:
        StatusList.DoesNotExist: no list has this number.
        KeyUnavailable: the list must be signed again and the private key cannot be read.
    """
    listed = StatusList.objects.defer("bits", "token").get(number=number)
    return listed.content if queries.is_fresh(listed, at=at) else _sign_status(number, at=at).content


def publish_status_as_jwt(*, number: int, at: datetime) -> str:
    """The same list as a VC-JWT (ES256), for the verifiers that read no other form; kept until the list changes."""
    publish_status(number=number, at=at)
    listed = StatusList.objects.defer("bits", "signed").get(number=number)
    return listed.token or _sign_status_token(number)


@transaction.atomic
def _sign_status(number: int, *, at: datetime) -> StatusList:
    listed = StatusList.objects.select_for_update(no_key=True).get(number=number)
    if not queries.is_fresh(listed, at=at):
        key, private = signing_key("ED25519")
        secured = dataintegrity.sign_eddsa(
            queries.status_document(listed, at=at),
            key=private,
            verification_method=queries.method_of(key),
            created=at.replace(microsecond=0),
            contexts=contexts(),
        )
        listed.signed, listed.signed_at, listed.is_stale, listed.token = jcs.canonical(secured), at, False, ""
        listed.save(update_fields=["signed", "signed_at", "is_stale", "token"])
    return listed


@transaction.atomic
def _sign_status_token(number: int) -> str:
    listed = StatusList.objects.select_for_update(no_key=True).get(number=number)
    if not listed.token:
        key = queries.key_in_use("P256")
        listed.token = jwt.sign(
            queries.status_as_signed(listed), key=keys.p256(key.kid), alg="ES256", kid=queries.method_of(key)
        )
        listed.save(update_fields=["token"])
    return listed.token


@transaction.atomic
def checkpoint(*, at: datetime) -> Checkpoint:
    """Every line of the issuance log is numbered, and the root over all of them is signed. Without a new line, the
    last checkpoint is still the right one.

    Raises:
        KeyUnavailable: the key of the log cannot be read.
    """
    key, private = signing_key("LOG")
    Key.objects.select_for_update().get(pk=key.pk)
    last = Checkpoint.objects.first()
    size = log.number_lines()
    if last and last.size == size:
        return last
    known, start = log.frontier_of(last)
    frontier, size = merkle.grown(known, start, log.leaves(start=start))
    made = Checkpoint(size=size, root=merkle.root_of(frontier).hex(), kid=key.kid, at=at)
    made.frontier = " ".join(one.hex() for one in frontier)
    made.signature = private.sign(jcs.canonical(log.note(made))).hex()
    made.save(force_insert=True)
    return made


@transaction.atomic
def create_key(*, kind: str, at: datetime) -> Key:
    """A new key of this kind is in use; the one before is retired and keeps verifying what it signed."""
    kid = keys.name_of(kind, at)
    private = keys.create(kind)
    Key.objects.select_for_update().filter(kind=kind, retired_at=None).update(retired_at=at)
    key = Key.objects.create(kid=kid, kind=kind, public=multikey(private.public_key()), created_at=at)
    keys.store(kid, private)
    if kind == "SEAL":
        assert isinstance(private, EllipticCurvePrivateKey)
        keys.store_certificate(kid, self_signed_certificate(private, name=settings.JALON_OPERATOR, at=at))
    journal.record("key.created", by=None, at=at, about=key, facts={"kind": kind})
    return key


def run_signer(*, ready: Callable[[], None]) -> NoReturn:
    """Sign for whoever may open the socket, until the process is stopped; this process alone reads the keys."""
    signer.serve(settings.JALON_SIGNER_SOCKET, keys.answer, ready=ready)


def seal(*, pdf: bytes, at: datetime) -> bytes:
    """Return the PDF with our seal: any later change of it is detected by any reader of PDF files.

    Raises:
        KeyUnavailable: the private key or its certificate cannot be read.
    """
    kid = queries.key_in_use("SEAL").kid
    return apply_seal(pdf, key=keys.p256(kid), certificate=keys.load_certificate(kid), at=at)
