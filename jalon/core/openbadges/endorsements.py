"""Endorsements: what somebody says, and signs, of an achievement, of an issuer or of a badge.

Source: Open Badges 3.0, sections "EndorsementCredential" and "EndorsementCredential Verification".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jalon.core.openbadges import jwt, status
from jalon.core.openbadges.dataintegrity import timestamp
from jalon.core.openbadges.documents import CONTEXT, Profile, Status, issuer_profile
from jalon.core.openbadges.members import ENDS, STARTS, moments_of, object_of, text_of, types_of
from jalon.core.openbadges.problems import Unreadable
from jalon.core.openbadges.submitted import Submitted
from jalon.core.openbadges.text import clean

MOST = 8
_TYPES = frozenset({"VerifiableCredential", "EndorsementCredential"})


@dataclass(frozen=True)
class Endorsement:
    """What is said of something.

    Args:
        id: the address of this endorsement.
        issuer: who says it, with the DID whose keys sign.
        endorsed: the id of the achievement, of the profile or of the credential.
        comment: in words; Markdown.
        name: a title.
        valid_from: whole seconds, with a time zone.
        status: its place in a status list, when it can be taken back.
    """

    id: str
    issuer: Profile
    endorsed: str
    comment: str
    name: str
    valid_from: datetime
    valid_until: datetime | None = None
    status: Status | None = None


@dataclass(frozen=True)
class Embedded:
    """An endorsement in a badge: a document or a compact token, if it is well made; and the id of what carries it."""

    content: Any
    endorsed: str


def endorsement_credential(said: Endorsement) -> dict[str, Any]:
    """Return the EndorsementCredential, without a proof.

    Raises:
        ValueError: a part that the standard demands is empty, or a moment has fractions of a second.
    """
    parts = {"id": said.id, "endorsed": said.endorsed, "name": clean(said.name), "comment": clean(said.comment)}
    if not all(part.strip() for part in parts.values()):
        raise ValueError("a part that the standard demands is empty")
    document: dict[str, Any] = {
        "@context": list(CONTEXT),
        "id": said.id,
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": parts["name"],
        "issuer": issuer_profile(said.issuer),
        "validFrom": timestamp(said.valid_from),
        "credentialSubject": {
            "id": said.endorsed,
            "type": ["EndorsementSubject"],
            "endorsementComment": parts["comment"],
        },
    }
    if said.valid_until:
        document["validUntil"] = timestamp(said.valid_until)
    if said.status:
        document["credentialStatus"] = status.entry(address=said.status.address, index=said.status.index)
    return document


def embedded(document: dict[str, Any]) -> list[Embedded]:
    """Return every endorsement in a document, those of its issuer, of its achievement and of endorsements included."""
    return list(_walk(document))


def _walk(value: Any) -> Iterator[Embedded]:
    if isinstance(value, dict):
        for name in ("endorsement", "endorsementJwt"):
            found = value.get(name, [])
            for content in found if isinstance(found, list) else [found]:
                yield Embedded(content, text_of(value.get("id")))
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _walk(inner)


def take_out(found: Embedded) -> Submitted:
    """Return an endorsement, of the right form and about what carries it; its proof is not yet checked.

    Raises:
        NotValid: it is not one, or it speaks of something else.
    """
    token = jwt.read(found.content) if isinstance(found.content, str) else None
    document = jwt.credential(token) if token else object_of(found.content)
    subject = object_of(document.get("credentialSubject"))
    if not types_of(document) >= _TYPES or not found.endorsed or subject.get("id") != found.endorsed:
        raise Unreadable("not-an-endorsement")
    if not moments_of(document, STARTS):
        raise Unreadable("incomplete")
    moments_of(document, ENDS)
    return Submitted(document, token)
