"""The signer as a process of its own: it alone can read the private keys, the others ask it over a Unix socket.

One line of JSON asks, one line answers. The socket is for the signer's user and group; what it signs is what it is
asked to sign, so that the socket is to be guarded like the site itself, but a copy of the site holds no key.
"""

import base64
import json
import os
import socket
import socketserver
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn, cast

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import load_der_public_key

from jalon.credentials.queries import KeyUnavailable

MAX_LINE = 2**20
TIMEOUT = 5.0
Answer = Callable[[str, str, bytes], bytes]


class SignerUnavailable(KeyUnavailable):
    """The signer does not answer, or it has no such key."""


def ask(path: Path, what: str, kid: str, data: bytes = b"") -> bytes:
    """Return what the signer answers.

    Args:
        what: "sign", "public" (the public key, DER) or "certificate" (PEM).
    Raises:
        SignerUnavailable: nobody listens, it takes too long, or it refuses.
    """
    question = {"what": what, "kid": kid, "data": base64.b64encode(data).decode()}
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(TIMEOUT)
            line.connect(str(path))
            line.sendall(json.dumps(question).encode() + b"\n")
            with line.makefile("rb") as answers:
                said = json.loads(answers.readline(MAX_LINE))
        return base64.b64decode(said["answer"])
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise SignerUnavailable from problem


class _Handler(socketserver.StreamRequestHandler):
    timeout = TIMEOUT

    def handle(self) -> None:
        try:
            question = json.loads(self.rfile.readline(MAX_LINE))
            data = base64.b64decode(question["data"], validate=True)
            found = cast(_Server, self.server).answer(str(question["what"]), str(question["kid"]), data)
            said: Mapping[str, str] = {"answer": base64.b64encode(found).decode()}
        except Exception as problem:  # whatever is asked, the signer goes on, and says no more than the kind of problem
            said = {"problem": type(problem).__name__}
        self.wfile.write(json.dumps(said).encode() + b"\n")


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    request_queue_size = 128
    answer: Answer


def serve(path: Path, answer: Answer, *, ready: Callable[[], None] = lambda: None) -> NoReturn:
    """Answer until the process is stopped; the socket is for this user and its group."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    before = os.umask(0o117)
    try:
        server = _Server(str(path), _Handler)
    finally:
        os.umask(before)
    server.answer = answer
    ready()
    with server:
        server.serve_forever()
    raise SystemExit


class RemoteEd25519(ed25519.Ed25519PrivateKey):
    """A key that is elsewhere: it signs, and shows its public half only."""

    def __init__(self, path: Path, kid: str) -> None:
        self._path, self._kid = path, kid

    def sign(self, data: Any) -> bytes:
        return ask(self._path, "sign", self._kid, bytes(data))

    def public_key(self) -> ed25519.Ed25519PublicKey:
        return cast(ed25519.Ed25519PublicKey, load_der_public_key(ask(self._path, "public", self._kid)))

    def private_bytes_raw(self) -> bytes:
        raise SignerUnavailable

    def private_bytes(self, *_: object) -> bytes:
        raise SignerUnavailable

    def __copy__(self) -> "RemoteEd25519":
        return self

    def __deepcopy__(self, memo: object) -> "RemoteEd25519":
        return self


class RemoteP256(ec.EllipticCurvePrivateKey):
    """A P-256 key that is elsewhere: it signs with SHA-256, and shows its public half only."""

    def __init__(self, path: Path, kid: str) -> None:
        self._path, self._kid = path, kid

    def sign(self, data: Any, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:
        return ask(self._path, "sign", self._kid, bytes(data))

    def public_key(self) -> ec.EllipticCurvePublicKey:
        return cast(ec.EllipticCurvePublicKey, load_der_public_key(ask(self._path, "public", self._kid)))

    @property
    def curve(self) -> ec.EllipticCurve:
        return ec.SECP256R1()

    @property
    def key_size(self) -> int:
        return 256

    def exchange(self, *_: object) -> bytes:
        raise SignerUnavailable

    def private_numbers(self) -> ec.EllipticCurvePrivateNumbers:
        raise SignerUnavailable

    def private_bytes(self, *_: object) -> bytes:
        raise SignerUnavailable

    def __copy__(self) -> "RemoteP256":
        return self

    def __deepcopy__(self, memo: object) -> "RemoteP256":
        return self
