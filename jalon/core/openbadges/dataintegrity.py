"""Embedded proofs: `eddsa-rdfc-2022` made and checked; the suite of another proof is looked up here.

`Ed25519Signature2020`, of credentials on VC 1.1, is checked as well: the same steps under an older name.

Source: W3C Data Integrity 1.0 and Data Integrity EdDSA Cryptosuites 1.0, sections 3.2 and A.1.
"""

from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from jalon.core.openbadges import ecdsasd, jsonld, multibase, shapes
from jalon.core.openbadges.contexts import Contexts
from jalon.core.openbadges.keys import PublicKey
from jalon.core.openbadges.problems import Altered, Unreadable, Unverifiable

SUITE = "eddsa-rdfc-2022"


def timestamp(at: datetime) -> str:
    """Return a moment in UTC to the whole second, as `2026-03-02T14:05:09Z`.

    Raises:
        ValueError: the moment has no time zone, or a fraction of a second (it could not be written back
            exactly).
    """
    if at.tzinfo is None or at.microsecond:
        raise ValueError("a moment in a credential has a time zone and whole seconds")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def proof_options(*, verification_method: str, created: datetime) -> dict[str, Any]:
    """Return the proof before it is signed."""
    return {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": timestamp(created),
        "verificationMethod": verification_method,
        "proofPurpose": "assertionMethod",
    }


def sign_eddsa(
    document: dict[str, Any],
    *,
    key: ed25519.Ed25519PrivateKey,
    verification_method: str,
    created: datetime,
    contexts: Contexts,
) -> dict[str, Any]:
    """Return the document with its proof; the document given is not changed.

    Raises:
        NotValid: a part of the document would not be covered by the signature (see `jsonld.canonical`).
        ValueError: it already has a proof.
    """
    if "proof" in document:
        raise ValueError("the document already has a proof")
    options = proof_options(verification_method=verification_method, created=created)
    signature = key.sign(hash_data(document, options, contexts))
    return document | {"proof": options | {"proofValue": proof_value(signature)}}


def proof_value(signature: bytes) -> str:
    """Return the `proofValue` of an Ed25519 signature."""
    return "z" + multibase.to_base58(signature)


def hash_data(document: dict[str, Any], options: dict[str, Any], contexts: Contexts) -> bytes:
    """Return the 64 bytes that are signed: the digest of the proof options, then that of the document."""
    configuration = options | {"@context": document.get("@context")}
    return jsonld.digest(configuration, contexts) + jsonld.digest(document, contexts)


def proof_of(document: dict[str, Any]) -> dict[str, Any]:
    """Return the one proof of a document.

    Raises:
        Unreadable: there is none, or several, or it is not made for an assertion.
    """
    proof = document.get("proof")
    if isinstance(proof, list) and len(proof) == 1:
        proof = proof[0]
    if not isinstance(proof, dict):
        raise Unreadable("no-single-proof")
    if not isinstance(proof.get("verificationMethod"), str) or not isinstance(proof.get("proofValue"), str):
        raise Unreadable("proof-incomplete")
    return proof


def verify(document: dict[str, Any], *, key: PublicKey, contexts: Contexts) -> None:
    """Return if the proof of the document was made with this key; the owner of the key is not looked at.

    Raises:
        Altered: the signature does not match, or a member is not covered by it.
        Unverifiable: an unknown suite or context, a key of another kind, too much work.
        Unreadable: no single, complete proof.
    """
    proof = proof_of(document)
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    if options.pop("@context", document.get("@context")) != document.get("@context"):
        raise Altered("unexpected-context")
    if proof.get("proofPurpose") != "assertionMethod":
        raise Altered("not-an-assertion")
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    match proof.get("type"), proof.get("cryptosuite"):
        case ("DataIntegrityProof", "eddsa-rdfc-2022") | ("Ed25519Signature2020", None) if isinstance(
            key, ed25519.Ed25519PublicKey
        ):
            _verify_eddsa(unsecured, options, proof["proofValue"], key=key, contexts=contexts)
        case "DataIntegrityProof", "ecdsa-sd-2023" if isinstance(key, ec.EllipticCurvePublicKey):
            ecdsasd.verify(unsecured, options, proof["proofValue"], key=key, contexts=contexts)
        case ("DataIntegrityProof", "eddsa-rdfc-2022" | "ecdsa-sd-2023") | ("Ed25519Signature2020", None):
            raise Unverifiable("key-of-another-kind")
        case _:
            raise Unverifiable("suite-not-supported")


def verify_whole(document: dict[str, Any], *, key: PublicKey, contexts: Contexts) -> None:
    """Return if the proof holds as `verify` has it, and nobody could have left out that what it says has ended.

    Raises:
        Unverifiable: as `verify`; or selective disclosure, and its period or status need not be shown.
        NotValid: as `verify`.
    """
    verify(document, key=key, contexts=contexts)
    if not is_selective(document):
        return
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    if not ecdsasd.shows_its_period_and_status(unsecured, proof_of(document)["proofValue"], contexts):
        raise Unverifiable("may-hide-its-status")


def check_meaning(document: dict[str, Any], contexts: Contexts) -> None:
    """Return if each member means one thing, as an embedded proof demands; for a document that was signed as bytes.

    Raises:
        Unverifiable: a member has no defined meaning or can be read in two ways, an unknown context, too much work.
    """
    try:
        shapes.digest(document, contexts)
    except Unverifiable:
        raise
    except ValueError as error:
        raise Unverifiable("meaning-not-defined") from error


def is_selective(document: dict[str, Any]) -> bool:
    """Whether its holder may have left parts out."""
    return proof_of(document).get("cryptosuite") == "ecdsa-sd-2023"


def _verify_eddsa(
    document: dict[str, Any],
    options: dict[str, Any],
    value: str,
    *,
    key: ed25519.Ed25519PublicKey,
    contexts: Contexts,
) -> None:
    try:
        signature = multibase.from_base58(value[1:]) if value.startswith("z") else b""
        configuration = options | {"@context": document.get("@context")}
        key.verify(signature, shapes.digest(configuration, contexts) + shapes.digest(document, contexts))
    except InvalidSignature as error:
        raise Altered("signature-does-not-match") from error
    except Altered:
        raise
    except Unverifiable:
        raise
    except ValueError as error:
        raise Altered("signature-does-not-match") from error
