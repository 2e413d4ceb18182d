"""What trusted strangers publish: their keys and their status lists, asked for when a credential needs them.

An issuer is trusted when its name stands in JALON_TRUSTED_ISSUERS. Nothing is ever fetched for anybody else, so that
no file can make this site call an address of its choice. What could not be fetched is missing, never supposed.
"""

import re
import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from datetime import timedelta
from threading import Lock
from urllib.parse import unquote

from django.conf import settings
from django.utils import timezone

from jalon.attestations import cost, fetching
from jalon.core.openbadges import keys, status, strictjson, submitted
from jalon.core.openbadges.keys import PublicKey
from jalon.core.openbadges.problems import NotValid
from jalon.core.openbadges.submitted import MAX_DOCUMENT
from jalon.core.openbadges.verification import MAX_LIST, Keys

KEPT_SECONDS = 60.0
KEPT_AT_LEAST = 5.0  # so that a folder of badges asks once, whatever a list asks for
KEPT_MOST = 32
_SEGMENT = re.compile(r"[A-Za-z0-9._-]+")


def trusted() -> frozenset[str]:
    """Return the names of the issuers whose credentials are believed beside our own."""
    return frozenset(settings.JALON_TRUSTED_ISSUERS.replace(",", " ").split())


class Recent:
    """What was fetched less than a minute ago, or could not be: a folder of badges asks its issuer once.

    A status list that asks to be fetched sooner (`ttl`) is; none is kept for longer.
    """

    def __init__(self) -> None:
        self._found: OrderedDict[str, tuple[float, bytes | None]] = OrderedDict()
        self._lock = Lock()

    def get(self, address: str) -> bytes | None:
        with self._lock:
            until, content = self._found.get(address, (0.0, None))
        if time.monotonic() < until:
            return content
        patience = cost.patience()
        if not patience:
            return None
        try:
            content = fetching.fetch(address)
        except fetching.NotFetched:
            content = None
            if patience < fetching.SECONDS:  # it was not given its time: nothing is known of it
                return None
        with self._lock:
            self._found[address] = (time.monotonic() + kept_seconds(content), content)
            self._found.move_to_end(address)
            while len(self._found) > KEPT_MOST:
                self._found.popitem(last=False)
        return content

    def clear(self) -> None:
        with self._lock:
            self._found.clear()


def kept_seconds(content: bytes | None) -> float:
    """Return how long something fetched is kept. What a list asks for is not proven here, and can only shorten it."""
    try:
        document = submitted.read(content or b"", max_bytes=MAX_LIST).document
    except NotValid:
        return KEPT_SECONDS
    return max(KEPT_AT_LEAST, status.kept_for(document, timedelta(seconds=KEPT_SECONDS)).total_seconds())


RECENT = Recent()


def document_address(issuer: str) -> str:
    """Return where an issuer publishes its keys; nothing when its name does not say so.

    Source: did:web Method Specification, section "Read (Resolve)".
    """
    if issuer.startswith("https://"):
        return issuer
    host, *path = issuer.removeprefix("did:web:").split(":")
    if not issuer.startswith("did:web:") or not all(map(_SEGMENT.fullmatch, path)):
        return ""
    return f"https://{unquote(host)}/" + ("/".join((*path, "did.json")) if path else ".well-known/did.json")


class Documents(Mapping[str, bytes | None]):
    """Trusted issuer → the document of its keys, or None when it cannot be had now."""

    def __getitem__(self, issuer: str) -> bytes | None:
        address = document_address(issuer) if issuer in trusted() else ""
        if not address:
            raise KeyError(issuer)
        return RECENT.get(address)

    def __iter__(self) -> Iterator[str]:
        return (issuer for issuer in trusted() if document_address(issuer))

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Issuers(Mapping[str, Keys]):
    """Issuer → its keys: our own, and those of trusted issuers as they publish them now."""

    def __init__(self, own: Mapping[str, Keys]) -> None:
        self._own = own

    def __getitem__(self, issuer: str) -> Keys:
        if issuer in self._own:
            return self._own[issuer]
        if issuer not in trusted():
            raise KeyError(issuer)
        return published(issuer)

    def __iter__(self) -> Iterator[str]:
        yield from self._own
        yield from trusted() - self._own.keys()

    def __len__(self) -> int:
        return len(trusted() | self._own.keys())


def published(issuer: str) -> dict[str, PublicKey]:
    """Return verification method → key of a trusted issuer; nothing when it cannot be had or read now."""
    try:
        if issuer.startswith("did:key:"):
            key = keys.from_did_key(issuer)
            return {issuer: key, f"{issuer}#{issuer.removeprefix('did:key:')}": key}
        content = DOCUMENTS.get(issuer)
        if content is None:
            return {}
        document = strictjson.parse_object(content, max_bytes=MAX_DOCUMENT)
        return keys.published_keys(document, issuer, now=timezone.now())
    except NotValid:
        return {}


class Lists(Mapping[str, bytes | None]):
    """Address → the signed status list of a trusted issuer, or None when it cannot be had now.

    It is only asked once the proof of the credential that names it holds, and its issuer is trusted.
    """

    def __getitem__(self, address: str) -> bytes | None:
        return RECENT.get(address)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


DOCUMENTS = Documents()
LISTS = Lists()
