"""Open Badges 3.0 documents, written so that every reader agrees on them.

Every set is an array, even of one; nothing is null or empty; text is cleaned before it is signed.
"""

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from jalon.core.openbadges import contexts, status
from jalon.core.openbadges.dataintegrity import timestamp
from jalon.core.openbadges.kinds import ACHIEVEMENT_TYPES
from jalon.core.openbadges.text import clean

CONTEXT = (contexts.CREDENTIALS, contexts.OPEN_BADGES)


@dataclass(frozen=True)
class Profile:
    """The issuer.

    Args:
        id: the DID whose keys sign.
    """

    id: str
    name: str
    url: str = ""
    email: str = ""
    description: str = ""


@dataclass(frozen=True)
class Image:
    """A picture that is shown; `caption` says what is seen."""

    id: str
    caption: str = ""


@dataclass(frozen=True)
class Related:
    """The same achievement in another language, or another version of it.

    Args:
        language: `fr-CA` or `en-CA`.
    """

    id: str
    language: str = ""
    version: str = ""


@dataclass(frozen=True)
class Alignment:
    """A published objective, competency or credential that the achievement answers to."""

    name: str
    url: str
    description: str = ""
    code: str = ""
    framework: str = ""
    type: str = ""


@dataclass(frozen=True)
class ResultDescription:
    """What can be reached in a part of the achievement; a result refers to it by its `id`.

    Args:
        type: `Status`, reached or not; or `Percent`, from 0 to 100.
        required: per cent that must be reached.
    """

    id: str
    name: str
    type: Literal["Status", "Percent"] = "Status"
    required: int | None = None


@dataclass(frozen=True)
class Achievement:
    """What is recognised, in one language.

    Args:
        criteria: Markdown.
        achievement_type: one of `ACHIEVEMENT_TYPES`, or `ext:` and a name of our own.
        related: the siblings in the other languages.
        hours: the hours that it is worth (`creditsAvailable`).
    """

    id: str
    name: str
    description: str
    criteria: str
    language: str
    achievement_type: str = "CertificateOfCompletion"
    criteria_url: str = ""
    image: Image | None = None
    tags: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()
    alignments: tuple[Alignment, ...] = ()
    version: str = ""
    code: str = ""
    hours: Decimal | None = None
    results: tuple[ResultDescription, ...] = ()


@dataclass(frozen=True)
class Evidence:
    """What was done to obtain it. Answers are personal: they are here only when the holder said so.

    Args:
        narrative: Markdown.
    """

    name: str
    narrative: str = ""
    id: str = ""
    description: str = ""
    genre: str = ""


@dataclass(frozen=True)
class Result:
    """A result; its value is text, and may be left out: `Completed` alone tells that it was reached, and no mark."""

    value: str = ""
    status: str = ""
    result_description: str = ""


@dataclass(frozen=True)
class Status:
    """The place of a credential in a status list."""

    address: str
    index: int


@dataclass(frozen=True)
class Picture:
    """A drawing that carries the credential, by its digest: then a changed drawing is found too.

    Args:
        id: its address.
        media_type: `image/svg+xml` or `image/png`.
        sha256: of the drawing before the credential is put in it.
    """

    id: str
    media_type: str
    sha256: bytes


@dataclass(frozen=True)
class AwardedCredential:
    """One achievement, awarded to one person, in one language.

    Args:
        id: the address of this credential.
        subject_id: opaque, `urn:uuid:…`; never derived from the person.
        valid_from: whole seconds, with a time zone; not later than the signature.
        awarded_on: the day in the place where it was awarded.
        holder_name: as the person wrote it; left out when empty.
        code: the code of the attestation (`licenseNumber`).
        hours: hours recognised (`creditsEarned`).
    """

    id: str
    issuer: Profile
    achievement: Achievement
    subject_id: str
    valid_from: datetime
    awarded_on: date
    status: Status | None
    holder_name: str = ""
    code: str = ""
    hours: Decimal | None = None
    valid_until: datetime | None = None
    narrative: str = ""
    evidence: tuple[Evidence, ...] = ()
    results: tuple[Result, ...] = ()
    pictures: tuple[Picture, ...] = ()
    activity: tuple[date, date] | None = None


def open_badge_credential(awarded: AwardedCredential) -> dict[str, Any]:
    """Return the credential, without a proof.

    Raises:
        ValueError: a part that the standard demands is empty, or a moment has fractions of a second.
    """
    return _filled(
        {
            "@context": list(CONTEXT),
            "id": _needed(awarded.id),
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "name": _needed(awarded.achievement.name),
            "issuer": issuer_profile(awarded.issuer),
            "validFrom": timestamp(awarded.valid_from),
            "validUntil": timestamp(awarded.valid_until) if awarded.valid_until else None,
            "awardedDate": _noon(awarded.awarded_on),
            "credentialSubject": _subject(awarded),
            "credentialStatus": _status(awarded.status),
            "evidence": [_evidence(item) for item in awarded.evidence],
            "relatedResource": [_picture(item) for item in awarded.pictures],
        }
    )


def issuer_profile(profile: Profile) -> dict[str, Any]:
    """Return the Profile of an issuer."""
    return _filled(
        {
            "id": _needed(profile.id),
            "type": ["Profile"],
            "name": _needed(profile.name),
            "url": profile.url,
            "email": profile.email,
            "description": clean(profile.description),
        }
    )


def achievement(value: Achievement) -> dict[str, Any]:
    """Return the Achievement.

    Raises:
        ValueError: a part that the standard demands is empty, or the type is not in the closed list.
    """
    if value.achievement_type not in ACHIEVEMENT_TYPES and not value.achievement_type.startswith("ext:"):
        raise ValueError(f"not a type of achievement: {value.achievement_type}")
    return _filled(
        {
            "id": _needed(value.id),
            "type": ["Achievement"],
            "achievementType": value.achievement_type,
            "name": _needed(value.name),
            "description": _needed(value.description),
            "criteria": _filled({"id": value.criteria_url, "narrative": _needed(value.criteria)}),
            "inLanguage": _needed(value.language),
            "image": _image(value.image),
            "tag": [clean(tag) for tag in value.tags],
            "related": [_related(item) for item in value.related],
            "alignment": [_alignment(item) for item in value.alignments],
            "version": value.version,
            "humanCode": value.code,
            "creditsAvailable": _hours(value.hours),
            "resultDescription": [_result_description(item) for item in value.results],
        }
    )


def _subject(awarded: AwardedCredential) -> dict[str, Any]:
    start, end = awarded.activity or (None, None)
    return _filled(
        {
            "id": _needed(awarded.subject_id),
            "type": ["AchievementSubject"],
            "identifier": _holder(awarded.holder_name),
            "achievement": achievement(awarded.achievement),
            "licenseNumber": awarded.code,
            "creditsEarned": _hours(awarded.hours),
            "narrative": clean(awarded.narrative),
            "activityStartDate": start.isoformat() if start else None,
            "activityEndDate": end.isoformat() if end else None,
            "result": [_result(item) for item in awarded.results],
        }
    )


def _holder(name: str) -> list[dict[str, Any]]:
    name = clean(name)
    shown = {"type": "IdentityObject", "hashed": False, "identityHash": name, "identityType": "name"}
    return [shown] if name else []


def _related(item: Related) -> dict[str, Any]:
    members = {"id": _needed(item.id), "type": ["Related"]}
    return _filled(members | {"inLanguage": item.language, "version": item.version})


def _alignment(item: Alignment) -> dict[str, Any]:
    return _filled(
        {
            "type": ["Alignment"],
            "targetName": _needed(item.name),
            "targetUrl": _needed(item.url),
            "targetDescription": clean(item.description),
            "targetCode": item.code,
            "targetFramework": clean(item.framework),
            "targetType": item.type,
        }
    )


def _result_description(item: ResultDescription) -> dict[str, Any]:
    is_share = item.type == "Percent"
    return _filled(
        {
            "id": _needed(item.id),
            "type": ["ResultDescription"],
            "name": _needed(item.name),
            "resultType": item.type,
            "valueMin": "0" if is_share else "",
            "valueMax": "100" if is_share else "",
            "requiredValue": "" if item.required is None else str(item.required),
        }
    )


def _evidence(item: Evidence) -> dict[str, Any]:
    return _filled(
        {
            "id": item.id,
            "type": ["Evidence"],
            "name": _needed(item.name),
            "narrative": clean(item.narrative),
            "description": clean(item.description),
            "genre": clean(item.genre),
        }
    )


def _result(item: Result) -> dict[str, Any]:
    members = {"type": ["Result"], "value": clean(item.value), "status": item.status}
    return _filled(members | {"resultDescription": item.result_description})


def _image(image: Image | None) -> dict[str, Any] | None:
    if image is None:
        return None
    return _filled({"id": _needed(image.id), "type": "Image", "caption": clean(image.caption)})


def _picture(picture: Picture) -> dict[str, Any]:
    return {
        "id": _needed(picture.id),
        "mediaType": picture.media_type,
        "digestSRI": digest_sri(picture.sha256),
    }


def digest_sri(sha256: bytes) -> str:
    """Return a SHA-256 in the form of subresource integrity."""
    return "sha256-" + b64encode(sha256).decode("ascii")


def _status(place: Status | None) -> dict[str, Any] | None:
    return status.entry(address=place.address, index=place.index) if place else None


def _hours(hours: Decimal | None) -> int | float | None:
    if hours is None:
        return None
    if hours < 0 or hours != round(hours, 2):
        raise ValueError("hours have at most two decimals")
    return int(hours) if hours == int(hours) else float(hours)


def _noon(day: date) -> str:
    """Return a day as a moment that falls on that day in nearly every time zone, and tells nothing more."""
    return f"{day.isoformat()}T12:00:00Z"


def _needed(text: str) -> str:
    text = clean(text)
    if not text.strip():
        raise ValueError("a part that the standard demands is empty")
    return text


def _filled(members: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is empty: nothing null or empty is ever signed."""
    return {name: value for name, value in members.items() if not _is_empty(value)}


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, (str, Iterable)) and not value)
