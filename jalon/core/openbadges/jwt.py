"""VC-JWT as Open Badges 3.0 has it: the payload is the credential, with `iss`, `jti`, `nbf` and `sub` added.

RS256 and ES256 only, the two that public validators accept. A key never comes from the token itself.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

from jalon.core.openbadges import jcs, keys, multibase, strictjson
from jalon.core.openbadges.keys import PublicKey
from jalon.core.openbadges.problems import Altered, UnknownIssuer, Unreadable, Unverifiable

Algorithm = Literal["RS256", "ES256"]

MAX_BYTES = 2**17
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256, FIPS 186-5
_KINDS = {"RS256": "rsa", "ES256": "p256"}
_HEADER = frozenset({"alg", "kid", "typ"})
_KEYS_IN_HEADER = frozenset({"jwk", "jku", "x5u", "x5c"})
_CLAIMS = frozenset({"iss", "jti", "nbf", "sub", "exp", "iat"})
_TYPES = frozenset({"JWT", "vc+jwt"})


@dataclass(frozen=True)
class Token:
    """A token that was read, and not yet checked.

    Args:
        signed: the ASCII bytes that the signature covers.
    """

    algorithm: str
    kid: str
    payload: dict[str, Any]
    signed: bytes
    signature: bytes


def sign(
    document: dict[str, Any],
    *,
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey,
    alg: Algorithm,
    kid: str,
) -> str:
    """Return the compact token of a credential.

    Args:
        document: a credential with `id`, `issuer`, `validFrom` and a subject with an `id`.
        kid: the verification method of the issuer, `<did>#<fragment>`.
    Raises:
        ValueError: the key is not of the kind that the algorithm asks for, or the document lacks a part.
    """
    if _KINDS[alg] != keys.kind_of(key):
        raise ValueError("the key is not of the kind that the algorithm asks for")
    header = jcs.canonical({"alg": alg, "kid": kid, "typ": "JWT"})
    payload = jcs.canonical(document | _claims(document))
    signed = f"{multibase.to_base64url(header)}.{multibase.to_base64url(payload)}"
    return f"{signed}.{multibase.to_base64url(_signature(key, signed.encode('ascii')))}"


def read(token: str, *, max_bytes: int = MAX_BYTES) -> Token:
    """Return the parts of a compact token, each read in the one way in which it can be written.

    Args:
        max_bytes: of the credential in it.
    Raises:
        Unreadable: not a compact token, or not strict JSON, or not canonical base64url.
        UnknownIssuer: the token brings its own key.
        Unverifiable: another algorithm, an unknown type, or a header member that would have to be understood.
    """
    if len(token) > MAX_BYTES:
        raise Unreadable("too-large")
    try:
        first, second, third = token.split(".")
        parts = [multibase.from_base64url(part) for part in (first, second, third)]
    except ValueError as error:
        raise Unreadable("not-a-token") from error
    header = strictjson.parse_object(parts[0], max_bytes=4096)
    _refuse_header(header)
    payload = strictjson.parse_object(parts[1], max_bytes=max_bytes)
    signed = f"{first}.{second}".encode("ascii")
    return Token(header["alg"], header["kid"], payload, signed, parts[2])


def verify(token: Token, *, key: PublicKey) -> None:
    """Return if the token was signed with this key; the owner of the key is not looked at.

    Raises:
        Altered: the signature does not match.
        Unverifiable: the key is of another kind than the algorithm asks for.
    """
    if _KINDS.get(token.algorithm) != keys.kind_of(key):
        raise Unverifiable("key-of-another-kind")
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(token.signature, token.signed, padding.PKCS1v15(), hashes.SHA256())
        elif isinstance(key, ec.EllipticCurvePublicKey) and len(token.signature) == 64:
            r, s = (int.from_bytes(half, "big") for half in (token.signature[:32], token.signature[32:]))
            key.verify(utils.encode_dss_signature(r, s), token.signed, ec.ECDSA(hashes.SHA256()))
        else:
            raise Altered("signature-does-not-match")
    except InvalidSignature as error:
        raise Altered("signature-does-not-match") from error


def is_upper(token: Token) -> bool:
    """Whether this is the signature that anybody can write instead of ours: of (r, s) and (r, n - s), which are both
    valid, we write the lower. Other issuers may write either.
    """
    return token.algorithm == "ES256" and int.from_bytes(token.signature[32:], "big") > _ORDER // 2


def lowered(compact: str) -> str:
    """Return a token of ours with the lower of its two signatures."""
    token = read(compact)
    if not is_upper(token):
        return compact
    s = _ORDER - int.from_bytes(token.signature[32:], "big")
    return f"{token.signed.decode()}.{multibase.to_base64url(token.signature[:32] + s.to_bytes(32, 'big'))}"


def credential(token: Token) -> dict[str, Any]:
    """Return the credential that a token carries, in the shape of Open Badges 3.0 on VC 2.0.

    A credential on VC 1.1 (`vc` claim, `issuanceDate`, `expirationDate`) is brought to that shape. An embedded proof is
    kept, and not yet checked.
    Raises:
        Altered: the claims of the token and the members of the credential disagree, or there are two credentials.
        Unverifiable: it is addressed to somebody; a badge is for whoever reads it.
    """
    claims = token.payload
    if "aud" in claims:
        raise Unverifiable("header-not-understood")
    if "vc" in claims and claims.keys() & {"credentialSubject", "proof"}:
        raise Altered("claims-disagree")
    document = _of_first_model(claims) if isinstance(claims.get("vc"), dict) else carried(token)
    for name, value in _claims(document, strict=False).items():
        if name in claims and claims[name] != value:
            raise Altered("claims-disagree")
    for name, claim in (("validFrom", "nbf"), ("validUntil", "exp")):
        if claim in claims and name not in document:
            document[name] = _moment(claims[claim])
    return document


def carried(token: Token) -> dict[str, Any]:
    """Return what a token was wrapped around, nothing added: what a proof embedded in it was made for."""
    inside = token.payload.get("vc")
    if isinstance(inside, dict):
        return inside
    return {name: value for name, value in token.payload.items() if name not in _CLAIMS}


def _of_first_model(claims: dict[str, Any]) -> dict[str, Any]:
    document = dict(claims["vc"])
    for name, old, claim in (("validFrom", "issuanceDate", "nbf"), ("validUntil", "expirationDate", "exp")):
        if old in document:
            document.setdefault(name, document[old])
        elif claim in claims:
            document.setdefault(name, _moment(claims[claim]))
    for name, claim in (("id", "jti"), ("issuer", "iss")):
        if claim in claims:
            document.setdefault(name, claims[claim])
    subject = document.get("credentialSubject")
    if "sub" in claims and isinstance(subject, dict):
        document["credentialSubject"] = {"id": claims["sub"]} | subject
    return document


def _claims(document: dict[str, Any], *, strict: bool = True) -> dict[str, Any]:
    issuer, subject = document.get("issuer"), document.get("credentialSubject")
    claims = {
        "iss": issuer.get("id") if isinstance(issuer, dict) else issuer,
        "jti": document.get("id"),
        "nbf": _seconds(document.get("validFrom")),
        "sub": subject.get("id") if isinstance(subject, dict) else None,
    }
    if strict and not all(claims.values()):
        raise ValueError("a token needs id, issuer, validFrom and the id of the subject")
    if "validUntil" in document:
        claims["exp"] = _seconds(document["validUntil"])
    return {name: value for name, value in claims.items() if value is not None}


def _seconds(moment: Any) -> int | None:
    try:
        parsed = datetime.fromisoformat(moment)
    except (TypeError, ValueError):
        return None
    return int(parsed.timestamp()) if parsed.tzinfo else None


def _moment(seconds: Any) -> str:
    if isinstance(seconds, bool):
        raise Altered("claims-disagree")
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (TypeError, ValueError, OverflowError, OSError) as error:
        raise Altered("claims-disagree") from error


def _signature(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, data: bytes) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    r, s = utils.decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + min(s, _ORDER - s).to_bytes(32, "big")


def _refuse_header(header: dict[str, Any]) -> None:
    if header.keys() & _KEYS_IN_HEADER:
        raise UnknownIssuer("key-in-header")
    if not header.keys() <= _HEADER:
        raise Unverifiable("header-not-understood")
    alg, typ, kid = header.get("alg"), header.get("typ", "JWT"), header.get("kid")
    if not isinstance(alg, str) or alg not in _KINDS:
        raise Unverifiable("algorithm-not-accepted")
    if not isinstance(typ, str) or typ not in _TYPES or not isinstance(kid, str):
        raise Unverifiable("header-not-understood")
