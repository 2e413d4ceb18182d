"""Fetches what an issuer publishes, and nothing else: over https, from public addresses only, without a redirect.

A name is resolved once, every answer must be public, and the connection goes to the very address that was checked.
"""

import http.client
import ipaddress
import re
import socket
import ssl
from collections.abc import Sequence
from contextlib import suppress
from threading import BoundedSemaphore, Thread
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from jalon.attestations import cost

MOST_BYTES = 2**20
SECONDS = 5.0
PORT = 443
_SLOTS = BoundedSemaphore(8)
# A name with at least one dot, whose last part is no number: an address written as a number is not a name.
_HOST = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])")
_PATH = re.compile(r"[A-Za-z0-9._~:/?=+,;!$()*@&%-]*")
# Blocks that reach a private network by another name: NAT64 and 6to4.
_TUNNELS = [ipaddress.ip_network(block) for block in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")]


class NotFetched(OSError):
    """Nothing was received; its text says why, for the log of the operator."""


def fetch(address: str) -> bytes:
    """Return what is published at an address, at most 1 MB, within five seconds in all; less where `cost` has less.

    Raises:
        NotFetched: the setting does not allow it, the address is not public, or it did not answer as it should.
    """
    parts = _parts(address)
    if not is_allowed(parts.hostname or ""):
        raise NotFetched("not allowed")
    if not _SLOTS.acquire(blocking=False):
        raise NotFetched("too many at once")
    attempt = _Attempt(parts)
    attempt.start()
    attempt.join(min(SECONDS, cost.patience()))
    if attempt.is_alive():
        attempt.stop()
        raise NotFetched("too slow")
    if attempt.problem is not None:
        raise NotFetched(str(attempt.problem)) from attempt.problem
    return attempt.content


def is_allowed(host: str) -> bool:
    """Tell whether the setting lets this host be asked: nobody, anybody, or those of a list."""
    allowed = settings.JALON_FETCH
    return bool(host) and (allowed == "any" or (allowed != "off" and host in allowed.replace(",", " ").split()))


def _parts(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        is_plain = parts.scheme == "https" and parts.netloc in (parts.hostname, f"{parts.hostname}:443")
    except ValueError as problem:
        raise NotFetched("not an address") from problem
    if not is_plain or not _HOST.fullmatch(parts.hostname or "") or not _PATH.fullmatch(f"{parts.path}{parts.query}"):
        raise NotFetched("not a plain https address")
    return parts


def public_address(host: str) -> str:
    """Return the address to connect to.

    Raises:
        NotFetched: one of the answers is not a public address: then none is used.
    """
    answers = resolve(host)
    if not answers or not all(map(is_public, answers)):
        raise NotFetched("not a public address")
    return answers[0]


def is_public(answer: str) -> bool:
    address = ipaddress.ip_address(answer.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped or any(address in block for block in _TUNNELS):
            return False
        if address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def resolve(host: str) -> Sequence[str]:
    """Return every address that a name has."""
    found = socket.getaddrinfo(host, PORT, type=socket.SOCK_STREAM)
    return [str(sockaddr[0]) for *_, sockaddr in found]


def connect(address: str) -> socket.socket:
    return socket.create_connection((address, PORT), timeout=SECONDS)


def tls() -> ssl.SSLContext:
    return ssl.create_default_context()


class _Attempt(Thread):
    """One request, in a thread of its own: five seconds are five seconds, however slowly the bytes come."""

    def __init__(self, parts: SplitResult) -> None:
        super().__init__(daemon=True)
        self._host = parts.hostname or ""
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._socket: socket.socket | None = None
        self._is_stopped = False
        self.content = b""
        self.problem: Exception | None = None

    def run(self) -> None:
        try:
            self.content = self._received()
        except (OSError, ValueError, http.client.HTTPException) as problem:
            self.problem = problem
        finally:
            self.stop()
            _SLOTS.release()

    def stop(self) -> None:
        """Whatever is being waited for is given up."""
        self._is_stopped = True
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
            with suppress(OSError):
                self._socket.close()

    def _received(self) -> bytes:
        raw = connect(public_address(self._host))
        self._socket = raw
        if self._is_stopped:
            raise NotFetched("too slow")
        self._socket = secured = tls().wrap_socket(raw, server_hostname=self._host)
        connection = _Connection(self._host, secured)
        connection.request("GET", self._path, headers={"Accept-Encoding": "identity", "User-Agent": "Jalon"})
        response = connection.getresponse()
        try:
            return self._content_of(response)
        finally:
            response.close()
            connection.close()

    def _content_of(self, response: http.client.HTTPResponse) -> bytes:
        if response.status != http.HTTPStatus.OK:
            raise NotFetched(f"status {response.status}")
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise NotFetched("packed")
        content = response.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise NotFetched("too large")
        return content


class _Connection(http.client.HTTPConnection):
    """A connection that is open already, to the address that was checked; it is never opened again."""

    def __init__(self, host: str, opened: Any) -> None:
        super().__init__(host)
        self.sock = opened

    def connect(self) -> None:
        raise NotFetched("the connection was closed")
