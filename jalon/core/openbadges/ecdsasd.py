"""Derived proofs `ecdsa-sd-2023` (selective disclosure), checked; Jalon does not issue them.

Source: W3C Data Integrity ECDSA Cryptosuites 1.0, sections 3.5 and 3.6.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

from jalon.core.openbadges import cbor, jsonld, keys, multibase
from jalon.core.openbadges.contexts import Contexts
from jalon.core.openbadges.problems import Altered, Unverifiable

_HEADER = b"\xd9\x5d\x01"
_MAX_STATEMENTS = 2_000
_VOCABULARY = "https://www.w3.org/2018/credentials#"
_STATUS = f"<{_VOCABULARY}credentialStatus>"
_PERIOD = frozenset({f"<{_VOCABULARY}validFrom>", f"<{_VOCABULARY}validUntil>"})
_LABEL = re.compile(r"_:(c14n\d+)(?=[ ])")


@dataclass(frozen=True)
class DerivedProof:
    """What the `proofValue` of a derived proof holds."""

    base_signature: bytes
    public_key: bytes
    signatures: tuple[bytes, ...]
    labels: dict[str, str]
    mandatory: frozenset[int]


def verify(
    document: dict[str, Any],
    options: dict[str, Any],
    value: str,
    *,
    key: ec.EllipticCurvePublicKey,
    contexts: Contexts,
) -> None:
    """Return if each statement was signed under this key, and none that the issuer demands is missing.

    Args:
        document: the document without its proof.
        options: the proof without its `proofValue`.
    Raises:
        Altered: a statement or the set of demanded statements is not as signed.
        Unverifiable: the proof cannot be read, or is a base proof, which is not meant to be shown.
    """
    proof = read(value)
    disclosed = statements(document, proof.labels, contexts)
    if len(disclosed) > _MAX_STATEMENTS or any(index >= len(disclosed) for index in proof.mandatory):
        raise Altered("signature-does-not-match")
    mandatory = [text for index, text in enumerate(disclosed) if index in proof.mandatory]
    others = [text for index, text in enumerate(disclosed) if index not in proof.mandatory]
    if len(others) != len(proof.signatures):
        raise Altered("signature-does-not-match")
    configuration = options | {"@context": document.get("@context")}
    signed = b"".join(
        (
            jsonld.digest(configuration, contexts),
            proof.public_key,
            hashlib.sha256("".join(mandatory).encode()).digest(),
        )
    )
    _check(key, proof.base_signature, signed)
    own = _public_key(proof.public_key)
    for signature, text in zip(proof.signatures, others, strict=True):
        _check(own, signature, text.encode())


def shows_its_period_and_status(document: dict[str, Any], value: str, contexts: Contexts) -> bool:
    """Whether the holder could have hidden neither the period nor the status, nor a part of them.

    They are there, and each of their statements is among those that the issuer demands.

    Args:
        document: the document without its proof.
        value: the `proofValue`.
    """
    if not all(name in document for name in ("validFrom", "validUntil", "credentialStatus")):
        return False
    proof = read(value)
    disclosed = [text.split(" ", 2) for text in statements(document, proof.labels, contexts)]
    entries = {rest.removesuffix(" .\n") for _, predicate, rest in disclosed if predicate == _STATUS}
    return all(
        index in proof.mandatory
        for index, (subject, predicate, _) in enumerate(disclosed)
        if predicate in _PERIOD or predicate == _STATUS or subject in entries
    )


def read(value: str) -> DerivedProof:
    """Return the parts of a derived proof.

    Raises:
        Unverifiable: the value is not a well-formed derived proof.
    """
    try:
        data = multibase.from_base64url(value[1:]) if value.startswith("u") else b""
        if not data.startswith(_HEADER):
            raise ValueError("not a derived proof")
        return _derived(cbor.decode(data[len(_HEADER) :]))
    except ValueError as error:
        raise Unverifiable("proof-not-readable") from error


def _derived(parts: Any) -> DerivedProof:
    match parts:
        case [bytes() as base, bytes() as key, list() as signatures, dict() as labels, list() as mandatory]:
            if not all(isinstance(item, bytes) for item in (*signatures, *labels.values())):
                raise ValueError("signatures and labels are bytes")
            if not all(isinstance(item, int) and item >= 0 for item in (*labels, *mandatory)):
                raise ValueError("indexes are counted from 0")
            named = {f"c14n{index}": "u" + multibase.to_base64url(label) for index, label in labels.items()}
            if len(set(named.values())) != len(named) or len(set(mandatory)) != len(mandatory):
                raise ValueError("a label or an index is repeated")
            return DerivedProof(base, key, tuple(signatures), named, frozenset(mandatory))
    raise ValueError("not a derived proof")


def statements(document: dict[str, Any], labels: dict[str, str], contexts: Contexts) -> list[str]:
    """Return the canonical lines, sorted, with the blank nodes named as the issuer named them."""

    def renamed(match: re.Match[str]) -> str:
        if match[1] not in labels:
            raise Altered("signature-does-not-match")
        return f"_:{labels[match[1]]}"

    found: list[str] = []
    for text in jsonld.canonical_lines(jsonld.quads(document, contexts)):
        head, quote, tail = text.partition('"')
        literal, closing, end = tail.rpartition('"')
        found.append(_LABEL.sub(renamed, head) + quote + literal + closing + _LABEL.sub(renamed, end))
    return sorted(found)


def _public_key(data: bytes) -> ec.EllipticCurvePublicKey:
    try:
        key = keys.from_multikey_bytes(data)
    except ValueError as error:
        raise Unverifiable("proof-not-readable") from error
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise Unverifiable("proof-not-readable")
    return key


def _check(key: ec.EllipticCurvePublicKey, signature: bytes, data: bytes) -> None:
    if len(signature) != 64 or keys.kind_of(key) != "p256":
        raise Altered("signature-does-not-match")
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    try:
        key.verify(utils.encode_dss_signature(r, s), data, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as error:
        raise Altered("signature-does-not-match") from error
