"""What credentials are made of, and what is known of them. Nothing here writes."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import translation

from jalon.core import codes, packs
from jalon.core.dossier import Dossier, Evaluated
from jalon.core.openbadges import documents, keys, status
from jalon.core.refusals import Refusal, Refused
from jalon.credentials import log
from jalon.credentials.models import (
    LONGEST_REASON,
    Award,
    Credential,
    CredentialQuerySet,
    Key,
    StatusList,
)
from jalon.library.models import Release
from jalon.web.prepared import KEY, Prepared

LANGUAGES = {"fr-ca": "fr", "en-ca": "en"}
FULL = {"fr": "fr-CA", "en": "en-CA"}
STATUS_TTL = timedelta(days=1)
STATUS_LIFE = timedelta(days=7)
STATUS_GAP = timedelta(seconds=1)
NAMES = {"fr": "Français", "en": "English"}
CREDENTIAL_KINDS = ("ED25519", "P256")


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def address(name: str, **parts: str | int) -> str:
    """Return the full address of a page or document, always under our own origin and in French (the root)."""
    return settings.JALON_ORIGIN + _path(name, *parts.items())


@lru_cache(1_000)
def _path(name: str, *parts: tuple[str, str | int]) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return reverse(name, kwargs=dict(parts))


# The issuer and its keys


def issuer_did() -> str:
    """Return the issuer's did:web, made of our own origin."""
    return keys.did_web(urlsplit(settings.JALON_ORIGIN).netloc)


def method_of(key: Key) -> str:
    return f"{issuer_did()}#{key.kid}"


class KeyUnavailable(Refused):
    """A signing key cannot be read: what waits for it stays in preparation, with the same address."""

    def __init__(self) -> None:
        super().__init__(Refusal("key-unavailable"))


def key_in_use(kind: str) -> Key:
    """Return the key that signs today.

    Raises:
        KeyUnavailable: none was made yet: `./dev manage credentials keys`.
    """
    if rows := _in_use(kind):
        return Key.from_db(connection.alias, KEY_COLUMNS, rows[0])
    raise KeyUnavailable


KEY_COLUMNS = [field.attname for field in Key._meta.concrete_fields]
_in_use = Prepared(lambda kind: Key.objects.filter(kind=kind, retired_at=None).values_list(*KEY_COLUMNS))


def issuer_profile(name: str) -> documents.Profile:
    """Return the issuer under its name at the award; no e-mail address, which would be signed for ever."""
    return documents.Profile(issuer_did(), name, url=f"{settings.JALON_ORIGIN}/")


def our_keys() -> dict[str, keys.PublicKey]:
    """Return verification method → public key, for every key that ever signed a credential."""
    return {method_of(key): keys.from_multikey(key.public) for key in Key.objects.filter(kind__in=CREDENTIAL_KINDS)}


def compromised_keys() -> dict[str, log.Anchored]:
    """Return verification method → what may still be believed of it, for each key that others may have used."""
    declared = Key.objects.filter(kind__in=CREDENTIAL_KINDS).exclude(compromised_from=None)
    return {method_of(key): log.anchored(key) for key in declared}


def did_document() -> dict[str, object]:
    """Return did.json: retired keys stay in it, so that what they signed stays verifiable; a compromised one does not,
    because a stranger cannot tell what it signed before from what was forged since.
    """
    trusted = Key.objects.filter(kind__in=CREDENTIAL_KINDS, compromised_from=None)
    return keys.did_document(issuer_did(), {method_of(key): keys.from_multikey(key.public) for key in trusted})


# Documents


def credential_address(code: str, language: str) -> str:
    return address("documents:credential", code=codes.display(code), language=language)


@dataclass(frozen=True)
class Achieved:
    """What one level of one release recognises; its address names the release, so it never changes."""

    program: str
    version: str
    level: str
    minutes: int
    badge: packs.Badge
    evaluated: tuple[packs.Activity, ...] = ()
    mark: int | None = None

    def address(self, language: str) -> str:
        parts = {"slug": self.program, "version": self.version, "level": self.level, "language": language}
        return address("documents:achievement", **parts)

    def image(self) -> str:
        parts = {"slug": self.program, "version": self.version, "level": self.level}
        return address("documents:achievement_image", **parts)

    def page(self, language: str) -> str:
        """Return the path of the page for people, in one language."""
        with translation.override(FULL[language].lower()):
            return reverse("credentials:achievement", args=[self.program, self.version, self.level])

    @property
    def hours(self) -> Decimal:
        return (Decimal(self.minutes) / 60).quantize(Decimal("0.01"))


def badge_of(release: Release, level_id: str) -> packs.Badge:
    """Return the texts and the drawing of the badge of a level, as they were published."""
    return achieved(release, "", level_id).badge


def link(award: Award) -> str:
    """Return the address that is printed and shared: the public page of the badge."""
    return address("credentials:badge", code=codes.display(award.code))


def achieved(release: Release, slug: str, level_id: str) -> Achieved:
    """Return what this level of this release recognises.

    Raises:
        LookupError: the release has no such level.
    """
    level = release.pack.level(level_id)
    if level is None:
        raise LookupError(level_id)
    pack, mark = release.pack, level.passing.quiz
    return Achieved(slug, release.version, level_id, level.minutes, pack.badge_of(level), pack.evaluated(level), mark)


def achievement(what: Achieved, *, language: str) -> documents.Achievement:
    """Return the Achievement in one language; `related` names its sibling in the other."""
    other = "en" if language == "fr" else "fr"
    return documents.Achievement(
        id=what.address(language),
        name=what.badge.name[language],
        description=what.badge.description[language],
        criteria=what.badge.criteria[language],
        criteria_url=what.address(language),
        achievement_type=what.badge.achievement_type,
        language=FULL[language],
        related=(documents.Related(what.address(other), FULL[other]),),
        image=documents.Image(what.image(), what.badge.alt[language]),
        tags=tuple(tag[language] for tag in what.badge.tags),
        version=what.version,
        hours=what.hours,
        results=tuple(_result(what, one, language) for one in what.evaluated),
    )


def _result(what: Achieved, activity: packs.Activity, language: str) -> documents.ResultDescription:
    """Return what can be reached in an activity: in a quiz a share of right answers, elsewhere to be done with it."""
    address, name = f"{what.address(language)}#{packs.activity_key(activity)}", activity.title[language]
    if isinstance(activity, packs.Quiz):
        return documents.ResultDescription(address, name, "Percent", required=what.mark)
    return documents.ResultDescription(address, name)


def with_all_to_sign() -> CredentialQuerySet:
    """Return credentials with what their documents are made of, and without what is heavy (one query)."""
    joined = Credential.objects.select_related("award__release__program", "status_list")
    return joined.defer("award__release__content", "status_list__bits", "status_list__signed", "status_list__token")


def to_sign(credential_id: UUID) -> Credential | None:
    """Return a credential that waits for its signature, with what it will say; nobody else signs it meanwhile."""
    for *own, number in _waiting(credential_id):
        found = Credential.from_db(connection.alias, WAITING, own[: len(WAITING)])
        found.award = Award.from_db(connection.alias, WAITING_AWARD, own[len(WAITING) :])
        found.status_list = StatusList.from_db(connection.alias, ["id", "number"], [found.status_list_id, number])
        return found
    return None


# In the order of their tables, as `from_db` wants them.
WAITING = ["id", "award_id", "language", "status_list_id", "status_index", "reserved_at", "payload", "signed_at"]
WAITING_AWARD = ["id", "code", "release_id", "awarded_on", "awarded_at", "facts"]
_waiting = Prepared(
    lambda key: (
        Credential.objects.in_preparation()
        .filter(pk=key)
        .values_list(*WAITING, *(f"award__{name}" for name in WAITING_AWARD), "status_list__number")
    ),
    mark=KEY,
    holds=Credential,
)


def document_of(credential: Credential) -> dict[str, object]:
    """Return the OpenBadgeCredential, not yet signed; the same award always gives the same document."""
    return documents.open_badge_credential(awarded(credential))


def awarded(credential: Credential) -> documents.AwardedCredential:
    """Return what the document of a credential is made of."""
    award = credential.award
    dossier = Dossier.from_json(award.facts)
    language = LANGUAGES[credential.language]
    what = achieved(award.release, dossier.content.program, dossier.level)
    drawing = sha256(what.badge.svg.encode())
    shown = achievement(what, language=language)
    described = {one.id: one for one in shown.results}
    passed = [described[f"{shown.id}#{one.activity}"] for one in dossier.evaluated]
    return documents.AwardedCredential(
        id=credential_address(award.code, language),
        issuer=issuer_profile(dossier.issuer),
        achievement=replace(shown, results=tuple(passed)),
        subject_id=subject_of(award),
        valid_from=award.awarded_at.replace(microsecond=0),
        awarded_on=award.awarded_on,
        status=documents.Status(status_address(credential.status_list.number), credential.status_index),
        holder_name=dossier.name,
        code=codes.display(award.code),
        hours=what.hours,
        evidence=evidence([one.name for one in passed], dossier.evaluated, language),
        results=tuple(documents.Result(status="Completed", result_description=one.id) for one in passed),
        pictures=(documents.Picture(what.image(), "image/svg+xml", bytes.fromhex(drawing)),),
    )


def evidence(names: Iterable[str], evaluated: Iterable[Evaluated], language: str) -> tuple[documents.Evidence, ...]:
    """Return what was done for each activity that was passed: its name, as published, and the words of the award."""
    told = zip(names, evaluated, strict=True)
    return tuple(documents.Evidence(name, one.narrative[language]) for name, one in told)


def subject_of(award: Award) -> str:
    """Return an identifier of the holder that is different in each award, so that nobody can join two of them."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, settings.JALON_ORIGIN + award.code)}"


# Status lists


def status_address(number: int) -> str:
    return address("documents:status", number=number)


def newest_list() -> StatusList | None:
    """Return the status list with the highest number, without its entries; nothing before the first."""
    rows = _newest()
    return StatusList.from_db(connection.alias, ["id", "number"], rows[0]) if rows else None


_newest = Prepared(lambda _: StatusList.objects.order_by("-number").values_list("id", "number")[:1])


def status_document(listed: StatusList, *, at: datetime) -> dict[str, object]:
    return status.status_list_credential(
        address=status_address(listed.number),
        issuer=issuer_did(),
        bits=bytes(listed.bits),
        valid_from=at.replace(microsecond=0),
        valid_for=STATUS_LIFE,
    )


def status_as_signed(listed: StatusList) -> dict[str, Any]:
    """Return the list that is served, without its proof."""
    served = json.loads(listed.content)
    return {name: value for name, value in served.items() if name != "proof"}


def is_fresh(listed: StatusList, *, at: datetime) -> bool:
    """Tell whether the signed list may be served: nothing changed since but within a second, and it is of today.

    One that was signed within the next second is of a request that overtook this one. One that was signed later is not
    served: the clock was set back, and the list would hide what changes meanwhile.
    """
    if listed.signed is None or listed.signed_at is None:
        return False
    return listed.signed_at - STATUS_GAP < at < listed.signed_at + (STATUS_GAP if listed.is_stale else STATUS_TTL)


def why_not_revoke(award: Award, reason: str) -> Refusal | None:
    if not reason.strip():
        return Refusal("revocation-needs-reason")
    if len(reason.strip()) > LONGEST_REASON:
        return Refusal("revocation-reason-too-long", {"longest": LONGEST_REASON})
    if hasattr(award, "revocation"):
        return Refusal("already-revoked")
    return None if award.is_current else Refusal("award-replaced")


def why_not_correct(award: Award, facts: Dossier) -> Refusal | None:
    """Say why a new version may not say this: a correction changes facts, never the level, its hours or its release."""
    if ended := why_not_use(award):
        return ended
    before = Dossier.from_json(award.facts)
    if facts == before:
        return Refusal("correction-changes-nothing")
    fixed = ("level", "minutes", "content", "submission", "issuer", "issuer_url")
    if any(getattr(facts, name) != getattr(before, name) for name in fixed):
        return Refusal("correction-too-large")
    return None


def why_not_sign(credential: Credential, digest: str) -> Refusal | None:
    """Say why a credential that would say what has this digest is not signed: it is not what was reserved."""
    is_reserved = credential.payload in ("", digest)
    return None if is_reserved else Refusal("payload-changed")


def why_not_use(award: Award) -> Refusal | None:
    """Say why nothing is signed, drawn up or handed out for an award any more."""
    if award.is_current:
        return None
    return Refusal("award-replaced" if hasattr(award, "replacement") else "award-revoked")
