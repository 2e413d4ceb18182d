"""Checks embedded proofs, and the meaning of tokens: our own right here, others in a child that can be killed.

A proof that held is remembered by the digest of the document and the key: the same document need not be canonicalised
again. Everything else (issuer, status, period) is looked at each time.
"""

import json
from collections import OrderedDict
from hashlib import sha256
from threading import Lock
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from jalon.attestations.sandbox import Busy, Stopped
from jalon.attestations.workers import Crew
from jalon.core.openbadges import dataintegrity, jsonld, keys
from jalon.core.openbadges.contexts import CREDENTIALS_FIRST, ED25519_2020
from jalon.core.openbadges.documents import CONTEXT
from jalon.core.openbadges.keys import PublicKey
from jalon.core.openbadges.problems import Altered, NotValid, UnknownIssuer, Unreadable, Unverifiable
from jalon.credentials.contexts import contexts

OLDER = (CONTEXT[0], "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json")
FIRST = (CREDENTIALS_FIRST, "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json", ED25519_2020)
MOST_REMEMBERED = 10_000
CREW = Crew(f"{__name__}:answer")
_KINDS: dict[str, type[NotValid]] = {kind.verdict: kind for kind in (Altered, UnknownIssuer, Unreadable, Unverifiable)}


class _Held:
    """The proofs that held, the latest ones."""

    def __init__(self) -> None:
        self._names: OrderedDict[bytes, None] = OrderedDict()
        self._lock = Lock()

    def __contains__(self, name: bytes) -> bool:
        with self._lock:
            if name in self._names:
                self._names.move_to_end(name)
            return name in self._names

    def add(self, name: bytes) -> None:
        with self._lock:
            self._names[name] = None
            while len(self._names) > MOST_REMEMBERED:
                self._names.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._names.clear()


HELD = _Held()


def check_here(document: dict[str, Any], key: PublicKey) -> None:
    """Return if the proof holds. Only for documents that we keep ourselves.

    Raises:
        NotValid: as `dataintegrity.verify_whole`.
    """
    name = _name(document, key)
    if name not in HELD:
        dataintegrity.verify_whole(document, key=key, contexts=contexts())
        HELD.add(name)


def check_apart(document: dict[str, Any], key: PublicKey) -> None:
    """Return if the proof holds, worked out in a child with limits of time and memory.

    Raises:
        NotValid: as `dataintegrity.verify_whole`; `too-much-work` when a limit was reached.
    """
    _apart(_name(document, key), {"document": document, "key": keys.multikey(key)})


def check_meaning_apart(document: dict[str, Any]) -> None:
    """Return if each member of a token's document means one thing, worked out in the same child.

    Raises:
        NotValid: as `dataintegrity.check_meaning`; `too-much-work` when a limit was reached.
    """
    _apart(_digest(b"meaning", document), {"document": document})


def _apart(name: bytes, question: dict[str, Any]) -> None:
    if name in HELD:
        return
    try:
        found = CREW.ask(question)
    except Busy as busy:
        raise Unverifiable("checking-is-busy") from busy
    except Stopped as stopped:
        raise Unverifiable("too-much-work") from stopped
    if found:
        raise _KINDS[found["verdict"]](found["reason"])
    HELD.add(name)


def answer(question: dict[str, Any] | None) -> dict[str, str] | None:
    """Answer in the child: nothing when the proof holds (without a key: the meaning), else the verdict and reason."""
    if question is None:
        _make_ready()
        return None
    document = question["document"]
    try:
        if "key" in question:
            dataintegrity.verify_whole(document, key=keys.from_multikey(question["key"]), contexts=contexts())
        else:
            dataintegrity.check_meaning(document, contexts())
    except NotValid as problem:
        return {"verdict": problem.verdict, "reason": problem.reason}
    return None


def _make_ready() -> None:
    """All that the first document would make the libraries load is loaded, while files can still be opened."""
    for context in (CONTEXT, OLDER, FIRST):
        badge = {"type": ["VerifiableCredential", "OpenBadgeCredential"], "name": "A"}
        jsonld.digest({"@context": list(context), "id": "urn:uuid:0", **badge}, contexts())
    kind, key = ec.ECDSA(hashes.SHA256()), ec.generate_private_key(ec.SECP256R1())
    key.public_key().verify(key.sign(b"", kind), b"", kind)


def _name(document: dict[str, Any], key: PublicKey) -> bytes:
    """Return the digest of a document and a key, of a kind that embedded proofs are made with."""
    if keys.kind_of(key) == "rsa":
        raise Unverifiable("key-of-another-kind")
    return _digest(keys.multikey_bytes(key), document)


def _digest(kind: bytes, document: dict[str, Any]) -> bytes:
    return sha256(kind + json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()).digest()
