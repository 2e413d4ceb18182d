"""Public and private keys, the ways to write them down, and the DID documents that publish them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from jalon.core.openbadges import contexts, multibase
from jalon.core.openbadges.members import moments_of
from jalon.core.openbadges.problems import Unreadable, Unverifiable

PublicKey = ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey
PrivateKey = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
Kind = Literal["ed25519", "p256", "rsa"]

_ED25519 = b"\xed\x01"
_P256 = b"\x80\x24"
_RSA_BITS = range(2048, 8193)


def generate(kind: Kind) -> PrivateKey:
    """Return a new private key: Ed25519, P-256, or RSA of 3072 bits."""
    if kind == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    if kind == "p256":
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(public_exponent=65537, key_size=3072)


def kind_of(key: PublicKey | PrivateKey) -> Kind:
    """Return the kind of a key.

    Raises:
        Unverifiable: another curve, or an RSA key shorter than 2048 or longer than 8192 bits.
    """
    if isinstance(key, (ed25519.Ed25519PublicKey, ed25519.Ed25519PrivateKey)):
        return "ed25519"
    if isinstance(key, (rsa.RSAPublicKey, rsa.RSAPrivateKey)):
        if key.key_size in _RSA_BITS:
            return "rsa"
    elif isinstance(key.curve, ec.SECP256R1):
        return "p256"
    raise Unverifiable("key-not-accepted")


def export_private(key: PrivateKey) -> bytes:
    """Return the key as PEM (PKCS 8, not encrypted): the file that holds it is what protects it."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def import_private(pem: bytes) -> PrivateKey:
    """Return the private key of a PEM file.

    Raises:
        ValueError: not a PEM key, or a kind that is not used here.
    """
    key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, (ed25519.Ed25519PrivateKey, ec.EllipticCurvePrivateKey, rsa.RSAPrivateKey)):
        raise ValueError("not a kind of key that signs credentials")
    kind_of(key)
    return key


def export_public(key: PublicKey) -> bytes:
    """Return the public key as PEM."""
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def import_public(pem: bytes) -> PublicKey:
    """Return the public key of a PEM text.

    Raises:
        ValueError: not a PEM key, or a kind that is not used here.
    """
    key = serialization.load_pem_public_key(pem)
    if not isinstance(key, (ed25519.Ed25519PublicKey, ec.EllipticCurvePublicKey, rsa.RSAPublicKey)):
        raise ValueError("not a kind of key that signs credentials")
    kind_of(key)
    return key


def multikey(key: PublicKey) -> str:
    """Return the Multikey text of an Ed25519 or P-256 public key, such as `z6Mk…` or `zDna…`.

    Source: W3C Controlled Identifiers 1.0, section "Multikey".
    """
    return "z" + multibase.to_base58(multikey_bytes(key))


def multikey_bytes(key: PublicKey) -> bytes:
    """Return the multicodec bytes of an Ed25519 or P-256 public key."""
    if isinstance(key, ed25519.Ed25519PublicKey):
        return _ED25519 + key.public_bytes_raw()
    if isinstance(key, ec.EllipticCurvePublicKey) and kind_of(key) == "p256":
        point = serialization.PublicFormat.CompressedPoint
        return _P256 + key.public_bytes(serialization.Encoding.X962, point)
    raise ValueError("this kind of key has no Multikey text")


def from_multikey(text: str) -> PublicKey:
    """Return the public key of a Multikey text.

    Raises:
        Unverifiable: not base 58, not a kind of key accepted here, or not a point of the curve.
    """
    try:
        if not text.startswith("z"):
            raise ValueError("not base 58")
        return from_multikey_bytes(multibase.from_base58(text[1:]))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Unverifiable("key-not-accepted") from error


def from_multikey_bytes(data: bytes) -> PublicKey:
    """Return the public key of multicodec bytes.

    Raises:
        ValueError: another kind of key, another length, or not a point of the curve.
    """
    if data[:2] == _ED25519 and len(data) == 34:
        return ed25519.Ed25519PublicKey.from_public_bytes(data[2:])
    if data[:2] == _P256 and len(data) == 35:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), data[2:])
    raise ValueError("not a kind of key that is accepted")


def jwk(key: PublicKey) -> dict[str, str]:
    """Return the public key as a JSON Web Key (RFC 7517)."""
    if isinstance(key, ed25519.Ed25519PublicKey):
        return {"kty": "OKP", "crv": "Ed25519", "x": multibase.to_base64url(key.public_bytes_raw())}
    if isinstance(key, ec.EllipticCurvePublicKey):
        numbers = key.public_numbers()
        x, y = (multibase.to_base64url(part.to_bytes(32, "big")) for part in (numbers.x, numbers.y))
        return {"kty": "EC", "crv": "P-256", "x": x, "y": y}
    modulus, exponent = (_unsigned(part) for part in (key.public_numbers().n, key.public_numbers().e))
    return {"kty": "RSA", "n": modulus, "e": exponent}


def from_jwk(value: Mapping[str, Any]) -> PublicKey:
    """Return the public key of a JSON Web Key.

    Raises:
        Unverifiable: a private or symmetric key, or a kind of key not accepted here.
    """
    if "d" in value or "k" in value:
        raise Unverifiable("key-not-accepted")
    try:
        key = _from_jwk(value)
    except (KeyError, TypeError, ValueError, AttributeError, UnsupportedAlgorithm) as error:
        raise Unverifiable("key-not-accepted") from error
    kind_of(key)
    return key


def _from_jwk(value: Mapping[str, Any]) -> PublicKey:
    def number(name: str) -> int:
        return int.from_bytes(multibase.from_base64url(value[name]), "big")

    match value.get("kty"), value.get("crv"):
        case "OKP", "Ed25519":
            return ed25519.Ed25519PublicKey.from_public_bytes(multibase.from_base64url(value["x"]))
        case "EC", "P-256":
            return ec.EllipticCurvePublicNumbers(number("x"), number("y"), ec.SECP256R1()).public_key()
        case "RSA", _:
            return rsa.RSAPublicNumbers(number("e"), number("n")).public_key()
    raise ValueError("not a kind of key that is accepted")


def _unsigned(number: int) -> str:
    return multibase.to_base64url(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def did_key(key: PublicKey) -> str:
    """Return the `did:key` of a public key."""
    return f"did:key:{multikey(key)}"


def from_did_key(address: str) -> PublicKey:
    """Return the key that a `did:key`, with or without its fragment, is made of.

    Raises:
        Unverifiable: another DID method, a fragment that names another key, or a key not accepted here.
    """
    did, _, fragment = address.partition("#")
    text = did.removeprefix("did:key:")
    if text == did or (fragment and fragment != text):
        raise Unverifiable("key-not-accepted")
    return from_multikey(text)


def did_web(host: str, *path: str) -> str:
    """Return the `did:web` of a host (`example.org`, `localhost:8000`) and path segments."""
    return ":".join(("did:web", host.replace(":", "%3A"), *path))


def verification_method(method: str, key: PublicKey) -> dict[str, Any]:
    """Return the entry of a DID document that publishes a key.

    Args:
        method: `<did>#<fragment>`.
    """
    entry: dict[str, Any] = {"id": method, "controller": method.partition("#")[0]}
    if isinstance(key, rsa.RSAPublicKey):
        return entry | {"type": "JsonWebKey", "publicKeyJwk": jwk(key)}
    return entry | {"type": "Multikey", "publicKeyMultibase": multikey(key)}


class NoKey(ValueError):
    """An issuer has no key to publish, so it has no DID document."""


def did_document(did: str, keys: Mapping[str, PublicKey]) -> dict[str, Any]:
    """Return the DID document of an issuer; retired keys stay in it, so that what they signed still verifies.

    Args:
        keys: verification method (`<did>#<fragment>`) → public key.
    Raises:
        NoKey: there is none.
    """
    if not keys:
        raise NoKey(did)
    if any(method.partition("#")[0] != did for method in keys):
        raise ValueError("each verification method belongs to the DID")
    return {
        "@context": ["https://www.w3.org/ns/did/v1", contexts.MULTIKEY, "https://w3id.org/security/jwk/v1"],
        "id": did,
        "verificationMethod": [verification_method(method, key) for method, key in keys.items()],
        "assertionMethod": list(keys),
    }


def published_keys(document: Mapping[str, Any], did: str, *, now: datetime) -> dict[str, PublicKey]:
    """Return the keys with which this DID may assert: in `assertionMethod`, controlled by it, accepted, not ended.

    Args:
        document: a DID document, as read; it may come from anywhere.
        now: a key whose `revoked` or `expires` is not after it, or cannot be read, has ended.
    Raises:
        Unverifiable: it is the document of another DID.
    """
    if document.get("id") != did:
        raise Unverifiable("not-the-issuers-did-document")
    asserting = _list(document.get("assertionMethod"))
    methods = [*_list(document.get("verificationMethod")), *asserting]
    allowed = [item if isinstance(item, str) else _get(item, "id") for item in asserting]
    found: dict[str, PublicKey] = {}
    ended: set[str] = set()
    for entry in methods:
        method = _get(entry, "id")
        if not isinstance(method, str) or method not in allowed or _get(entry, "controller") != did:
            continue
        try:
            found[_absolute(method, did)] = _key_of(entry)
        except Unverifiable:
            continue
        if _has_ended(entry, now):
            ended.add(_absolute(method, did))
    return {method: key for method, key in found.items() if method not in ended}


def _has_ended(entry: dict[str, Any], now: datetime) -> bool:
    try:
        return any(end <= now for end in moments_of(entry, ("revoked", "expires")))
    except Unreadable:
        return True


def _key_of(entry: dict[str, Any]) -> PublicKey:
    text, value = entry.get("publicKeyMultibase"), entry.get("publicKeyJwk")
    if isinstance(text, str) and value is None:
        return from_multikey(text)
    if isinstance(value, dict) and text is None:
        return from_jwk(value)
    raise Unverifiable("key-not-accepted")


def _absolute(method: str, did: str) -> str:
    return did + method if method.startswith("#") else method


def _get(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
