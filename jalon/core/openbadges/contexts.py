"""The JSON-LD contexts that may be read, each held to a digest that a person has reviewed."""

import copy
import hashlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jalon.core.openbadges import strictjson
from jalon.core.openbadges.problems import Unverifiable

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
DATA_INTEGRITY = "https://w3id.org/security/data-integrity/v2"
MULTIKEY = "https://w3id.org/security/multikey/v1"
CREDENTIALS_FIRST = "https://www.w3.org/2018/credentials/v1"
ED25519_2020 = "https://w3id.org/security/suites/ed25519-2020/v1"

DIGESTS: Mapping[str, str] = {
    CREDENTIALS: "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
    DATA_INTEGRITY: "67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4",
    MULTIKEY: "ba2c182de2d92f7e47184bcca8fcf0beaee6d3986c527bf664c195bbc7c58597",
    OPEN_BADGES: "3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json": (
        "00666ad080ba407687ed1846b7f5e7495f5019042b202a727de47c48a1755c53"
    ),
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json": (
        "5f3d9dd6288ef437ff8286cf95ffbff609c748a66f24a1e9450c45ca64be1571"
    ),
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json": (
        "87c06c81bc2317663bf288d740d94fddd2818c4342b186270ff6371dfaa63f93"
    ),
    "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json": (
        "880f1902d4158f2f33ce06af41b90719977cd1ea337a9de2e41edb3ff5e543d6"
    ),
    CREDENTIALS_FIRST: "00d7dd6d3ad8b920e3e550dd3a3d9090bffcac84cdbf943da6924b3e0a5c8bb8",
    ED25519_2020: "b9e1ab971fd8bf2c7553e0c4a9438e0b9450afde1ea1ca5b2492368b9f549588",
}


class ContextChanged(ValueError):
    """A context is missing or is not the one that was reviewed: nothing may be issued or verified with it."""


@dataclass(frozen=True)
class Contexts:
    """The contexts that expansion may use; every other address is refused.

    Args:
        documents: address → parsed context document.
    """

    documents: Mapping[str, dict[str, Any]]
    resolved: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    processed: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    shapes: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False, compare=False)

    def load(self, address: str, _options: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the context in the shape that PyLD asks of a document loader.

        Raises:
            Unverifiable: the address is not among those pinned.
        """
        if address not in self.documents:
            raise Unverifiable("unknown-context")
        return {
            "contentType": "application/ld+json",
            "contextUrl": None,
            "documentUrl": address,
            "document": copy.deepcopy(self.documents[address]),
            "tag": "static",
        }


def pinned(documents: Mapping[str, bytes]) -> Contexts:
    """Return the contexts, every one of which is byte for byte the one that was reviewed.

    Args:
        documents: address → the bytes of the context, for exactly the addresses of `DIGESTS`.
    Raises:
        ContextChanged: one is missing, added or different.
    """
    if documents.keys() != DIGESTS.keys():
        raise ContextChanged(f"not the pinned addresses: {sorted(documents.keys() ^ DIGESTS.keys())}")
    changed = [at for at, data in documents.items() if hashlib.sha256(data).hexdigest() != DIGESTS[at]]
    if changed:
        raise ContextChanged(f"not as reviewed: {sorted(changed)}")
    return Contexts({at: strictjson.parse_object(data, max_bytes=2**18) for at, data in documents.items()})
