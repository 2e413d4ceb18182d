"""The issuance log: a line for each thing that was signed, numbered at each checkpoint, and a root that speaks for all.

Lines are written by those who sign, side by side and without a number, so that nobody waits for anybody. A checkpoint
numbers those that have none, and signs the root; kept elsewhere too, it shows any change of what came before it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.db import connection
from django.db.models import Max

from jalon.core import merkle
from jalon.core.openbadges import jcs
from jalon.core.openbadges import keys as multikeys
from jalon.core.refusals import Refusal
from jalon.credentials.models import Checkpoint, Issuance, Key
from jalon.web.reading import in_pieces

CHUNK = 5_000
FORM = "jalon-issuance-log-1"


def line_of(*, credential: UUID, digest: str, kid: str, at: datetime) -> Issuance:
    """Return a line, not yet written: this was signed with this key.

    Args:
        digest: SHA-256 of the signed bytes.
    """
    return Issuance(credential=credential, digest=digest, kid=kid, at=at)


def said(line: Issuance) -> dict[str, str]:
    """Return everything that a line says."""
    return {
        "at": line.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "credential": str(line.credential),
        "digest": line.digest,
        "key": line.kid,
    }


def leaf(line: Issuance) -> bytes:
    """Return the hash of a line."""
    return merkle.leaf(jcs.canonical(said(line)))


def leaves(*, start: int, stop: int | None = None) -> Iterator[bytes]:
    """Yield the hashes of numbered lines, a few thousand in memory at a time."""
    lines = Issuance.objects.filter(number__gte=start)
    lines = lines.filter(number__lt=stop) if stop is not None else lines
    return map(leaf, in_pieces(lines, by="number", size=CHUNK))


def number_lines() -> int:
    """Every line has its number, in the order of their moments; return how long the log is. Under the caller's lock."""
    highest = Issuance.objects.aggregate(highest=Max("number"))["highest"]
    size = 0 if highest is None else highest + 1
    table = connection.ops.quote_name(Issuance._meta.db_table)
    statement = (
        f"UPDATE {table} SET number = ranked.place FROM ("  # noqa: S608 - the only part is the name of our own table
        f"SELECT id, %s + ROW_NUMBER() OVER (ORDER BY at, id) - 1 AS place FROM {table} WHERE number IS NULL"
        f") AS ranked WHERE {table}.id = ranked.id"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [size])
        return size + max(int(cursor.rowcount), 0)


def frontier_of(checkpoint: Checkpoint | None) -> tuple[merkle.Frontier, int]:
    if checkpoint is None:
        return (), 0
    return tuple(bytes.fromhex(one) for one in checkpoint.frontier.split()), checkpoint.size


def note(checkpoint: Checkpoint) -> dict[str, object]:
    """Return what a checkpoint says; its signature covers exactly this, in canonical form."""
    return {
        "form": FORM,
        "origin": settings.JALON_ORIGIN,
        "size": checkpoint.size,
        "root": checkpoint.root,
        "at": checkpoint.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "key": checkpoint.kid,
    }


def as_file(checkpoint: Checkpoint) -> bytes:
    """Return a checkpoint to be kept elsewhere: on paper, in a mail, on another machine."""
    return json.dumps({**note(checkpoint), "signature": checkpoint.signature}, indent=2).encode() + b"\n"


# Vouching


@dataclass(frozen=True)
class Anchored:
    """The digests of what a key signed before it was compromised: those that the log held at its last checkpoint then.

    A moment written in a credential proves nothing once the key is in other hands; its place in the log does.
    """

    kid: str
    size: int

    def __contains__(self, digest: object) -> bool:
        return Issuance.objects.filter(digest=digest, kid=self.kid, number__lt=self.size).exists()


def anchored(key: Key) -> Anchored:
    before = Checkpoint.objects.filter(at__lte=key.compromised_from).order_by("-size").first()
    return Anchored(key.kid, before.size if before else 0)


# Verifying


def problems(outside: Sequence[Mapping[str, object]] = ()) -> Iterator[Refusal]:
    """Say everything in which the log is not what its checkpoints say that it was.

    Args:
        outside: checkpoints that were kept elsewhere: without one, whoever can write everywhere can hide everything.
    """
    wanted: dict[int, list[str]] = {}
    for checkpoint in Checkpoint.objects.order_by("size"):
        wanted.setdefault(checkpoint.size, []).append(checkpoint.root)
        if not is_signed(note(checkpoint), checkpoint.signature):
            yield Refusal("log-checkpoint-not-signed", {"size": checkpoint.size})
    for kept in outside:
        if found := why_not_trust(kept):
            yield found
        else:
            wanted.setdefault(int(str(kept["size"])), []).append(str(kept["root"]))
    yield from _compare(wanted)


def _compare(wanted: Mapping[int, list[str]]) -> Iterator[Refusal]:
    """Walk the log once, and compare its root at each length for which one is known."""
    frontier: merkle.Frontier = ()
    size = 0
    for upto in sorted(wanted):
        frontier, size = merkle.grown(frontier, size, _contiguous(size, upto))
        if size < upto:
            yield Refusal("log-cut", {"size": size, "expected": upto})
            return
        if any(root != merkle.root_of(frontier).hex() for root in wanted[upto]):
            yield Refusal("log-changed", {"size": upto})
    if Issuance.objects.exclude(number=None).count() != size:
        yield Refusal("log-longer-than-its-checkpoint", {"size": size})


def _contiguous(start: int, stop: int) -> Iterator[bytes]:
    """Yield the hashes of the lines that follow each other without a gap."""
    lines = Issuance.objects.filter(number__gte=start, number__lt=stop)
    for expected, line in enumerate(in_pieces(lines, by="number", size=CHUNK), start):
        if line.number != expected:
            return
        yield leaf(line)


def why_not_trust(outside: Mapping[str, object]) -> Refusal | None:
    """Say why a checkpoint from elsewhere is none of ours."""
    stated = {name: outside.get(name) for name in ("form", "origin", "size", "root", "at", "key")}
    is_whole = stated["form"] == FORM and isinstance(stated["size"], int) and isinstance(stated["root"], str)
    if not is_whole or not is_signed(stated, str(outside.get("signature", ""))):
        return Refusal("log-checkpoint-not-ours")
    if is_doubtful(stated):
        return Refusal("log-checkpoint-compromised", {"key": str(stated["key"])})
    return None


def is_signed(stated: Mapping[str, object], signature: str) -> bool:
    """Tell whether a key of the log signed this, whatever its state today."""
    key = Key.objects.filter(kid=str(stated["key"]), kind="LOG").first()
    public = multikeys.from_multikey(key.public) if key else None
    if not isinstance(public, Ed25519PublicKey):
        return False
    try:
        public.verify(bytes.fromhex(signature), jcs.canonical(dict(stated)))
    except (InvalidSignature, ValueError):
        return False
    return True


def is_doubtful(stated: Mapping[str, object]) -> bool:
    """Tell whether this says that it was signed when others may have used its key."""
    key = Key.objects.get(kid=str(stated["key"]))
    if key.compromised_from is None:
        return False
    try:
        return datetime.fromisoformat(str(stated["at"])) >= key.compromised_from
    except (TypeError, ValueError):
        return True
