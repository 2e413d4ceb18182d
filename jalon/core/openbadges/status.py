"""Bitstring Status List 1.0: one bit an entry, and so many entries that a look-up tells nobody apart."""

import gzip
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from jalon.core.openbadges import contexts, multibase
from jalon.core.openbadges.dataintegrity import timestamp
from jalon.core.openbadges.problems import Unverifiable

ENTRIES = 131_072
MAX_ENTRIES = 2**23
PURPOSE = "revocation"
TTL = timedelta(minutes=1)
_MAX_ENCODED = 2**21


@dataclass(frozen=True)
class StatusList:
    """A list that was checked: its signature, its issuer, its period.

    Args:
        bits: uncompressed, 8 entries a byte, entry 0 the left-most bit of the first byte.
        valid_until: the list says nothing from this moment on.
    """

    address: str
    issuer: str
    purpose: str
    bits: bytes
    valid_until: datetime | None = None

    def is_set(self, index: int) -> bool:
        """Return the bit of one entry.

        Raises:
            Unverifiable: the list has no such entry.
        """
        if not 0 <= index < len(self.bits) * 8:
            raise Unverifiable("status-index-out-of-range")
        return bool(self.bits[index >> 3] & (0x80 >> (index & 7)))


def empty() -> bytes:
    """Return a list in which no entry is set."""
    return bytes(ENTRIES // 8)


def with_status(bits: bytes, *, index: int, is_set: bool) -> bytes:
    """Return the list with one entry changed.

    Args:
        bits: the uncompressed list, 8 entries a byte, at least 16 384 bytes.
        index: entry number from 0; entry 0 is the left-most bit of the first byte.
    Raises:
        ValueError: the list is shorter (it would weaken herd privacy), or has no such entry.
    Source: W3C Bitstring Status List 1.0, section "Bitstring Encoding".
    """
    return with_statuses(bits, indexes=(index,), is_set=is_set)


def with_statuses(bits: bytes, *, indexes: Iterable[int], is_set: bool) -> bytes:
    """Return the list with several entries changed to one value; see `with_status`."""
    changed = bytearray(_long_enough(bits))
    for index in indexes:
        if not 0 <= index < len(bits) * 8:
            raise ValueError("the list has no such entry")
        mask = 0x80 >> (index & 7)
        changed[index >> 3] = changed[index >> 3] | mask if is_set else changed[index >> 3] & ~mask
    return bytes(changed)


def encode(bits: bytes) -> str:
    """Return the `encodedList` of a list; the same bits always give the same text.

    Raises:
        ValueError: fewer than 131 072 entries.
    """
    return "u" + multibase.to_base64url(gzip.compress(_long_enough(bits), compresslevel=9, mtime=0))


def decode(encoded: str) -> bytes:
    """Return the uncompressed list of an `encodedList`.

    Raises:
        Unverifiable: not `u` + base64url + gzip, fewer than 131 072 entries, or more than 8 388 608: a small
            text that
            unpacks to a huge one is refused before it is unpacked.
    """
    if not encoded.startswith("u") or len(encoded) > _MAX_ENCODED:
        raise Unverifiable("status-list-not-readable")
    inflator = zlib.decompressobj(wbits=31)
    try:
        bits = inflator.decompress(multibase.from_base64url(encoded[1:]), MAX_ENTRIES // 8 + 1)
    except (ValueError, zlib.error) as error:
        raise Unverifiable("status-list-not-readable") from error
    if not inflator.eof or inflator.unused_data or len(bits) > MAX_ENTRIES // 8:
        raise Unverifiable("status-list-not-readable")
    if len(bits) * 8 < ENTRIES:
        raise Unverifiable("status-list-too-short")
    return bits


def entry(*, address: str, index: int) -> dict[str, Any]:
    """Return the `credentialStatus` of a credential: one object, for revocation."""
    return {
        "id": f"{address}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": PURPOSE,
        "statusListIndex": str(index),
        "statusListCredential": address,
    }


def status_list_credential(
    *, address: str, issuer: str, bits: bytes, valid_from: datetime, valid_for: timedelta
) -> dict[str, Any]:
    """Return the list as a credential, to be signed like any other.

    Args:
        address: where the list is served; also its `id`.
        issuer: the DID of the issuer of the credentials that point to the list.
        valid_from: the moment of signing, whole seconds.
        valid_for: after that the list must have been signed again; a stolen old list is worth nothing then.
    """
    return {
        "@context": [contexts.CREDENTIALS],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": timestamp(valid_from),
        "validUntil": timestamp(valid_from + valid_for),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": PURPOSE,
            "encodedList": encode(bits),
            "ttl": TTL // timedelta(milliseconds=1),
        },
    }


def kept_for(document: dict[str, Any], most: timedelta) -> timedelta:
    """Return how long a copy of a list may serve: what the list asks for, and never longer than `most`.

    It only ever shortens: `validUntil` ends a list whatever its `ttl` says, and a list without one is asked for again.
    Source: W3C Bitstring Status List 1.0, section "BitstringStatusListCredential" (`ttl`, in milliseconds).
    """
    subject = document.get("credentialSubject")
    ttl = subject.get("ttl") if isinstance(subject, dict) else None
    if not isinstance(ttl, (int, float)) or isinstance(ttl, bool) or ttl * 1_000 >= most / timedelta(microseconds=1):
        return most
    return timedelta(milliseconds=max(ttl, 0))


def _long_enough(bits: bytes) -> bytes:
    if not ENTRIES <= len(bits) * 8 <= MAX_ENTRIES:
        raise ValueError(f"a list has at least {ENTRIES} entries")
    return bits
