"""What Open Badges 3.0 demands of a badge beside its proof: which parts it has, and how they are written.

Source: Open Badges 3.0, section "Data Models", and its JSON schema of an AchievementCredential. An issuer may be named
by its address alone (`ProfileRef`), and a type of achievement that begins with `ext:` is the issuer's own.
"""

import re
from collections.abc import Callable
from typing import Any

from jalon.core.openbadges.contexts import CREDENTIALS, CREDENTIALS_FIRST
from jalon.core.openbadges.kinds import ACHIEVEMENT_TYPES
from jalon.core.openbadges.members import identifiers_of, object_of, types_of
from jalon.core.openbadges.problems import Unverifiable

_OPEN_BADGES = re.compile(r"https://purl\.imsglobal\.org/spec/ob/v3p0/context(-3\.\d\.\d)?\.json")


def check(document: dict[str, Any], *, hides_parts: bool) -> None:
    """Return if the badge has the parts that the standard demands, each written as it demands.

    Args:
        hides_parts: its holder may have left parts out (selective disclosure): only those that are there are looked at.
    Raises:
        Unverifiable: a part is missing, says nothing or is written otherwise.
    """
    subject = object_of(document.get("credentialSubject"))
    achievement = object_of(subject.get("achievement"))
    demanded: list[tuple[dict[str, Any], str, Callable[[Any], bool]]] = [
        (subject, "type", _has("AchievementSubject")),
        (achievement, "type", _has("Achievement")),
        (achievement, "id", _says),
        (achievement, "name", _says),
        (achievement, "description", _says),
        (achievement, "criteria", lambda criteria: hides_parts or _is_criteria(criteria)),
    ]
    if isinstance(document.get("issuer"), dict):
        demanded.append((document["issuer"], "type", _has("Profile")))
    optional = [(document, "name", _says), (achievement, "achievementType", _is_achievement_type)]
    is_whole = (
        _begins_as_it_should(document.get("@context"))
        and all(_holds(*part, may_lack=hides_parts) for part in demanded)
        and all(_holds(*part, may_lack=True) for part in optional)
        and (hides_parts or _names_somebody(subject))
    )
    if not is_whole:
        raise Unverifiable("incomplete")


def _holds(members: dict[str, Any], name: str, is_right: Callable[[Any], bool], *, may_lack: bool) -> bool:
    return is_right(members[name]) if name in members else may_lack


def _begins_as_it_should(contexts: Any) -> bool:
    """That of credentials, of either model, then that of badges; any other comes after them."""
    if not isinstance(contexts, list) or len(contexts) < 2 or contexts[0] not in (CREDENTIALS, CREDENTIALS_FIRST):
        return False
    return isinstance(contexts[1], str) and _OPEN_BADGES.fullmatch(contexts[1]) is not None


def _has(name: str) -> Callable[[Any], bool]:
    return lambda types: name in types_of({"type": types})


def _says(text: Any) -> bool:
    return isinstance(text, str) and bool(text.strip())


def _is_criteria(value: Any) -> bool:
    criteria = object_of(value)
    return _says(criteria.get("id")) or _says(criteria.get("narrative"))


def _is_achievement_type(value: Any) -> bool:
    return isinstance(value, str) and (value in ACHIEVEMENT_TYPES or (value.startswith("ext:") and value != "ext:"))


def _names_somebody(subject: dict[str, Any]) -> bool:
    return _says(subject.get("id")) or any(_says(item.get("identityHash")) for item in identifiers_of(subject))
