"""Members of a document that anybody may have written, read without a surprise."""

from datetime import UTC, datetime
from typing import Any

from jalon.core.openbadges.problems import Unreadable

STARTS = ("validFrom", "issuanceDate")
ENDS = ("validUntil", "expirationDate")
"""From when, until when a credential holds: the names of VC 2.0, and those of VC 1.1. Where both stand, both count."""


def issuer_of(document: dict[str, Any]) -> str:
    """Return the name of the issuer, written alone or as a Profile.

    Raises:
        Unreadable: there is none.
    """
    issuer = document.get("issuer")
    name = issuer.get("id") if isinstance(issuer, dict) else issuer
    if not isinstance(name, str) or not name:
        raise Unreadable("no-issuer")
    return name


def types_of(document: dict[str, Any]) -> frozenset[str]:
    """Return the types that are texts."""
    types = document.get("type")
    found = types if isinstance(types, list) else [types]
    return frozenset(item for item in found if isinstance(item, str))


def moment_of(text: Any) -> datetime:
    """Return a moment, in UTC.

    Raises:
        Unreadable: it is none, or has no time zone, or is before the year 1 or after the year 9999 in UTC.
    """
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as error:
        raise Unreadable("not-a-moment") from error
    raise Unreadable("not-a-moment")


def moments_of(document: dict[str, Any], names: tuple[str, ...]) -> list[datetime]:
    """Return the moments under those of these names that are there.

    Raises:
        Unreadable: one of them is no moment.
    """
    return [moment_of(document[name]) for name in names if name in document]


def holder_of(subject: dict[str, Any]) -> str:
    """Return the name of the holder, where it is written in clear."""
    for item in identifiers_of(subject):
        if item.get("identityType") == "name" and item.get("hashed") is False:
            return text_of(item.get("identityHash"))
    return ""


def refuse_texts_written_otherwise(document: dict[str, Any]) -> None:
    """Return if what a verdict repeats is written as texts: in a list of one, the signature would hold all the same.

    Raises:
        Unreadable: it is not.
    """
    subject = object_of(document.get("credentialSubject"))
    texts = [document.get("awardedDate", ""), subject.get("licenseNumber", "")]
    texts += [object_of(part).get("name", "") for part in (document.get("issuer"), subject.get("achievement"))]
    for item in identifiers_of(subject):
        texts += [item.get("identityType", ""), item.get("identityHash", "")]
        texts += [] if isinstance(item.get("hashed", False), bool) else [None]
    if not all(isinstance(text, str) for text in texts):
        raise Unreadable("incomplete")


def identifiers_of(subject: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what names the holder, written alone or in a list; empty for what is no object."""
    identifiers = subject.get("identifier", [])
    return [object_of(item) for item in (identifiers if isinstance(identifiers, list) else [identifiers])]


def is_index(text: str) -> bool:
    """Tell whether this is the number of an entry, written in the one way."""
    return text.isascii() and text.isdigit() and len(text) <= 9 and (text == "0" or text[0] != "0")


def object_of(value: Any) -> dict[str, Any]:
    """Return an object, empty when the value is none."""
    return value if isinstance(value, dict) else {}


def text_of(value: Any) -> str:
    """Return a text, empty when the value is none."""
    return value if isinstance(value, str) else ""
