"""Checks a credential of our own by its code, in two short queries: the path that a printed code takes.

What is stored was read and its proof checked once; both are remembered by the digest of the stored bytes. Keys, status
and what replaced it are read from the tables each time. The text of the queries is made once in a process: making it
costs ten times what answering it does.
"""

from datetime import datetime
from functools import lru_cache
from hashlib import sha256

from django.db import connection

from jalon.attestations.raster import badge_png
from jalon.core.openbadges import baking, dataintegrity, keys, status, verification
from jalon.core.openbadges.keys import PublicKey
from jalon.core.openbadges.submitted import Submitted, take_out
from jalon.core.openbadges.verification import Known, Verdict
from jalon.credentials import log, queries
from jalon.credentials.contexts import contexts
from jalon.credentials.models import Award, Credential, Key

MOST_READ = 500
MOST_PIXELS = 1_024
_COLUMNS = ("signed", "status_list__number", "status_list__bits", "award__replacement__code", "award__is_closed")


class Closed(Exception):
    """Nothing is said of an award by its code alone."""


def verdict_of(code: str, *, now: datetime) -> Verdict | None:
    """Return what the first credential of an award is worth now; nothing when none is signed.

    Args:
        code: thirty symbols, as stored.
    Raises:
        Closed: the holder closed its page: a code alone says nothing of it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_credential_statement(connection.vendor), [code])
        found = cursor.fetchone()
    if found is None:
        return None
    stored, number, bits, replacement, is_closed = found
    if is_closed:
        raise Closed
    content = bytes(stored)
    submitted = _read(content)
    issuer, address = queries.issuer_did(), queries.status_address(number)
    own, compromised = signing_keys()
    known = Known(
        contexts(),
        {issuer: own},
        {address: status.StatusList(address, issuer, status.PURPOSE, bytes(bits))},
        replaced={str(submitted.document["id"]): replacement} if replacement else {},
        compromised=compromised,
        check=lambda _document, key: _check(content, keys.multikey_bytes(key)),
    )
    return verification.judge(submitted, known=known, now=now)


def is_our_picture(png: bytes, code: str) -> bool:
    """Tell whether a PNG is, but for the credential in it, the badge of this award as we draw it.

    The digest of the drawing (SVG) is signed; that of the PNG made of it is not, so it is made again.

    Args:
        code: thirty symbols, as stored.
    """
    picture = baking.picture_of_png(png)
    pixels = int.from_bytes(picture[16:20], "big")
    award = Award.objects.select_related("release").filter(code=code).first()
    if award is None or not 0 < pixels <= MOST_PIXELS:
        return False
    return sha256(picture).digest() == _drawn(queries.badge_of(award.release, award.facts["level"]).svg, pixels)


@lru_cache(maxsize=64)
def _drawn(svg: str, pixels: int) -> bytes:
    return sha256(badge_png(svg.encode(), pixels=pixels)).digest()


def signing_keys() -> tuple[dict[str, PublicKey], dict[str, log.Anchored]]:
    """Return verification method → key, retired ones included, and what may be believed of a compromised one."""
    issuer = queries.issuer_did()
    with connection.cursor() as cursor:
        cursor.execute(*_key_statement(connection.vendor))
        found = cursor.fetchall()
    own = {f"{issuer}#{kid}": _public(public) for kid, public, _ in found}
    is_any_compromised = any(since is not None for _, _, since in found)
    return own, queries.compromised_keys() if is_any_compromised else {}


@lru_cache
def _credential_statement(_vendor: str) -> str:
    """Return the query for the first signed credential of an award; its one parameter is the code."""
    signed = Credential.objects.filter(award__code="", signed_at__isnull=False).order_by("reserved_at")
    statement, parameters = signed.values_list(*_COLUMNS)[:1].query.sql_with_params()
    assert len(parameters) == 1, parameters
    return str(statement)


@lru_cache
def _key_statement(_vendor: str) -> tuple[str, tuple[str, ...]]:
    signing = Key.objects.filter(kind__in=queries.CREDENTIAL_KINDS).order_by()
    statement, parameters = signing.values_list("kid", "public", "compromised_from").query.sql_with_params()
    return str(statement), tuple(map(str, parameters))


@lru_cache(maxsize=64)
def _public(text: str) -> PublicKey:
    return keys.from_multikey(text)


@lru_cache(maxsize=MOST_READ)
def _check(content: bytes, key: bytes) -> None:
    """The proof of a stored credential holds; only one that held is remembered.

    Raises:
        NotValid: as `dataintegrity.verify`.
    """
    dataintegrity.verify(_read(content).document, key=keys.from_multikey_bytes(key), contexts=contexts())


@lru_cache(maxsize=MOST_READ)
def _read(content: bytes) -> Submitted:
    """Return a stored credential as it was read once; nobody changes it."""
    return take_out(content)
