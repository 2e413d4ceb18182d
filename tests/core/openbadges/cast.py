"""A fictional issuer, one badge, one person, and what a verifier knows of them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from jalon.core.openbadges import dataintegrity, documents, jcs, jwt, keys, status
from jalon.core.openbadges.verification import Known
from jalon.credentials.contexts import contexts

MONDAY = datetime(2026, 3, 2, 15, 19, tzinfo=UTC)
DID = "did:web:jalon.example"
METHOD = f"{DID}#key-1"
TOKEN_METHOD = f"{DID}#key-2"
LIST = "https://jalon.example/credentials/status/1"
INDEX = 90_210
KEY = ed25519.Ed25519PrivateKey.from_private_bytes(sha256(b"a fictional issuer").digest())
TOKEN_KEY = ec.derive_private_key(int.from_bytes(sha256(b"a fictional issuer").digest(), "big") >> 1, ec.SECP256R1())
OTHER_KEY = ed25519.Ed25519PrivateKey.from_private_bytes(sha256(b"somebody else").digest())

SVG = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n'
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 240" role="img">\n'
    b'  <title>Un jalon au bord d\'un sentier</title>\n  <path d="M120 20v200" stroke="#0A595F"/>\n</svg>\n'
)

ACHIEVEMENT = documents.Achievement(
    id="https://jalon.example/achievements/sexto/explorer/fr",
    name="Explorateur",
    description="Comprendre le phénomène et guider les jeunes\u00a0: « d’abord écouter ».",
    criteria="- Suivre les *leçons*\n- Réussir le questionnaire à 80\u00a0%",
    language="fr-CA",
    tags=("sexto",),
    related=(documents.Related("https://jalon.example/achievements/sexto/explorer/en", "en-CA"),),
    image=documents.Image("https://jalon.example/badge.svg", "Un jalon au bord d’un sentier"),
)

AWARDED = documents.AwardedCredential(
    id="https://jalon.example/credentials/7K3M/fr.json",
    issuer=documents.Profile(DID, "Jalon (démonstration)", "https://jalon.example/"),
    achievement=ACHIEVEMENT,
    subject_id="urn:uuid:6f1d3c1e-2a57-4c6e-9d59-0a6f1c0f5a11",
    valid_from=MONDAY,
    awarded_on=date(2026, 3, 2),
    status=documents.Status(LIST, INDEX),
    holder_name="Élodie Exemple-Fictive",
    code="7K3M9-RT4WX",
    hours=Decimal("4.5"),
    pictures=(documents.Picture("https://jalon.example/badge.svg", "image/svg+xml", sha256(SVG).digest()),),
)


def sign(document: dict[str, Any], *, key: ed25519.Ed25519PrivateKey = KEY, method: str = METHOD) -> dict[str, Any]:
    """Return the document, signed by the fictional issuer on that Monday."""
    return dataintegrity.sign_eddsa(document, key=key, verification_method=method, created=MONDAY, contexts=contexts())


def document() -> dict[str, Any]:
    """Return the document, made anew: a test may change it."""
    return documents.open_badge_credential(AWARDED)


@cache
def credential() -> bytes:
    """Return the credential as it is stored: canonical bytes."""
    return jcs.canonical(sign(document()))


@cache
def token() -> str:
    return jwt.sign(document(), key=TOKEN_KEY, alg="ES256", kid=TOKEN_METHOD)


@cache
def status_list(*, revoked: tuple[int, ...] = (), issued_at: datetime = MONDAY, purpose: str = "revocation") -> bytes:
    bits = status.with_statuses(status.empty(), indexes=revoked, is_set=True)
    listed = status.status_list_credential(
        address=LIST, issuer=DID, bits=bits, valid_from=issued_at, valid_for=timedelta(days=7)
    )
    listed["credentialSubject"]["statusPurpose"] = purpose
    return jcs.canonical(sign(listed))


def known(**changes: Any) -> Known:
    """Return what a verifier knows: the issuer, its keys, and a status list in which nothing is set."""
    usual: dict[str, Any] = {
        "contexts": contexts(),
        "issuers": {DID: {METHOD: KEY.public_key(), TOKEN_METHOD: TOKEN_KEY.public_key()}},
        "status_lists": {LIST: status_list()},
    }
    return Known(**usual | changes)


def did_document() -> dict[str, Any]:
    return keys.did_document(DID, {METHOD: KEY.public_key(), TOKEN_METHOD: TOKEN_KEY.public_key()})
