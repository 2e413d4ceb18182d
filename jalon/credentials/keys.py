"""Private keys, outside the database: a file each in JALON_KEYS, or a variable of the environment. Only the verbs of
this subject may import it.

With JALON_SIGNER=process this process cannot read them at all: it asks the signer, over a socket.
"""

import os
import re
import secrets
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from jalon.credentials import signer
from jalon.credentials.queries import KeyUnavailable

PrivateKey = Ed25519PrivateKey | EllipticCurvePrivateKey


def create(kind: str) -> PrivateKey:
    """Return a new private key of a kind of `models.KEY_KINDS`."""
    return Ed25519PrivateKey.generate() if kind in {"ED25519", "LOG"} else generate_private_key(SECP256R1())


def store(kid: str, key: PrivateKey) -> None:
    """The key is in its file, readable by its owner only; a file that exists is never overwritten."""
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    _write(path_of(kid), pem)


def ed25519(kid: str) -> Ed25519PrivateKey:
    """Return the private key.

    Raises:
        KeyUnavailable: the file is absent, not readable, or holds something else.
    """
    if settings.JALON_SIGNER == "process":
        return signer.RemoteEd25519(Path(settings.JALON_SIGNER_SOCKET), kid)
    key = _load(kid)
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnavailable
    return key


def p256(kid: str) -> EllipticCurvePrivateKey:
    """Return the private key.

    Raises:
        KeyUnavailable: the file is absent, not readable, or holds something else.
    """
    if settings.JALON_SIGNER == "process":
        return signer.RemoteP256(Path(settings.JALON_SIGNER_SOCKET), kid)
    key = _load(kid)
    if not isinstance(key, EllipticCurvePrivateKey):
        raise KeyUnavailable
    return key


def _load(kid: str) -> object:
    """Return the private key of the environment, else of the file."""
    try:
        written = os.environ.get(variable_of(kid), "").encode() or path_of(kid).read_bytes()
        return serialization.load_pem_private_key(written, password=None)
    except (OSError, ValueError) as problem:
        raise KeyUnavailable from problem


def variable_of(kid: str) -> str:
    """Return the name of the variable that may hold a key (PEM) instead of a file."""
    return "JALON_KEY_" + re.sub(r"\W", "_", kid).upper()


def answer(what: str, kid: str, data: bytes) -> bytes:
    """Answer a question that the signer was asked.

    Raises:
        KeyUnavailable: the key cannot be read here either.
        ValueError: it was asked for something else.
    """
    if re.fullmatch(r"[a-z0-9]+-[0-9T]+-[0-9a-f]+", kid) is None:
        raise ValueError(kid)
    key = _load(kid)
    match what, key:
        case "certificate", _:
            return load_certificate_here(kid).public_bytes(serialization.Encoding.PEM)
        case "public", Ed25519PrivateKey() | EllipticCurvePrivateKey():
            form = serialization.PublicFormat.SubjectPublicKeyInfo
            return key.public_key().public_bytes(serialization.Encoding.DER, form)
        case "sign", Ed25519PrivateKey():
            return key.sign(data)
        case "sign", EllipticCurvePrivateKey():
            return key.sign(data, ECDSA(hashes.SHA256(), deterministic_signing=True))
    raise ValueError(what)


def store_certificate(kid: str, certificate: x509.Certificate) -> None:
    """The certificate of a seal lies beside its key."""
    _write(path_of(kid).with_suffix(".crt"), certificate.public_bytes(serialization.Encoding.PEM))


def load_certificate(kid: str) -> x509.Certificate:
    """Return the certificate of a seal, by the signer when the folder is closed to this process."""
    if settings.JALON_SIGNER == "process":
        found = signer.ask(Path(settings.JALON_SIGNER_SOCKET), "certificate", kid)
        return x509.load_pem_x509_certificate(found)
    return load_certificate_here(kid)


def load_certificate_here(kid: str) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(path_of(kid).with_suffix(".crt").read_bytes())
    except (OSError, ValueError) as problem:
        raise KeyUnavailable from problem


def name_of(kind: str, at: datetime) -> str:
    """Return a new key id, which is also the file's name: kind, moment, and a part drawn at random."""
    return f"{kind.lower()}-{at:%Y%m%dT%H%M%S}-{secrets.token_hex(6)}"


def path_of(kid: str) -> Path:
    return Path(settings.JALON_KEYS) / f"{kid}.pem"


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
