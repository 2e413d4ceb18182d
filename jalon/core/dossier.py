"""The frozen facts of an award: everything that is printed, as it was on the day of the award.

Editing a program, a school or a name later never changes a dossier; it is stored as plain JSON beside the award.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Self

from jalon.core.refusals import Refusal

Text = Mapping[str, str]


@dataclass(frozen=True)
class Basis:
    """Why the person was eligible: where they worked, who confirmed it when, who polices that place, what was signed.

    Args:
        territory: the municipality of the school.
        agreement: the reference of the agreement in force on the day that was checked; empty when none was asked.
        confirmed_by: `REGISTRAR` of the school body, or `DOMAIN`, a verified address of its mail domain; empty in a
            dossier that was frozen before this was asked.
        confirmed_domain: that mail domain; empty otherwise.
    """

    school: str
    body: str
    role: str
    territory: str
    police_service: str
    confirmed_on: date | None
    checked_on: date
    agreement: str = ""
    confirmed_by: str = ""
    confirmed_domain: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return plain data, its days in ISO 8601."""
        confirmed_on = self.confirmed_on and self.confirmed_on.isoformat()
        return {**vars(self), "confirmed_on": confirmed_on, "checked_on": self.checked_on.isoformat()}


@dataclass(frozen=True)
class Content:
    """The release that was followed."""

    program: str
    version: str
    sha256: str


@dataclass(frozen=True)
class Evaluated:
    """An activity that had to be passed, and was. It bears no mark and no answer.

    Args:
        activity: `kind/id`, as its release lists it.
        narrative: what was done, in words (Markdown).
    """

    activity: str
    narrative: Text

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        """Read what a dossier keeps of it."""
        return cls(plain["activity"], plain["narrative"])


@dataclass(frozen=True)
class Dossier:
    """What an award states. Texts are by language: `fr` and `en`.

    Args:
        name: the legal name as the person wrote it.
        level: the id of the level in its program, for example `explorer`.
        minutes: hours recognised, in minutes.
        awarded_at: the moment of the award, with its offset.
        zone: the time zone in which `awarded_on` is a day, for example America/Toronto.
        decided_by: the reviewer's name; empty when the evaluation was automatic.
        decided_on: the day of that decision, which a closed territory may part from the day of the award; nothing when
            nobody decided, and in a dossier of before this was kept.
        score: per cent obtained in an automatic evaluation.
        cases: titles of the practice cases done.
        recognised_by: who answers for a level that was obtained elsewhere and entered from a list; empty otherwise.
        evaluated: what was passed to obtain the level; nothing where nobody here evaluated it, and in a dossier of
            before this was kept.
        submission: the key of the accepted submission, whose answers may be printed.
    """

    name: str
    level: str
    level_number: int
    program_title: Text
    level_title: Text
    badge_name: Text
    badge_description: Text
    minutes: int
    awarded_on: date
    awarded_at: datetime
    zone: str
    issuer: str
    issuer_url: str
    content: Content
    basis: Basis | None = None
    decided_by: str = ""
    score: int | None = None
    cases: tuple[Text, ...] = ()
    submission: str = ""
    demonstration: bool = True
    partners: tuple[Text, ...] = field(default=())
    recognised_by: str = ""
    evaluated: tuple[Evaluated, ...] = ()
    decided_on: date | None = None

    def as_json(self) -> dict[str, Any]:
        """Return plain data: days and moments in ISO 8601, nothing else than text, numbers and lists."""
        return {
            **vars(self),
            "awarded_on": self.awarded_on.isoformat(),
            "awarded_at": self.awarded_at.isoformat(),
            "content": dict(vars(self.content)),
            "basis": self.basis and self.basis.as_json(),
            "cases": list(self.cases),
            "partners": list(self.partners),
            "evaluated": [dict(vars(one)) for one in self.evaluated],
            "decided_on": self.decided_on and self.decided_on.isoformat(),
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        """Read what `as_json` wrote; a stored dossier reads back equal."""
        return cls(
            **{
                **plain,
                "awarded_on": date.fromisoformat(plain["awarded_on"]),
                "awarded_at": datetime.fromisoformat(plain["awarded_at"]),
                "content": Content(**plain["content"]),
                "basis": _basis(plain["basis"]) if plain["basis"] else None,
                "cases": tuple(plain["cases"]),
                "partners": tuple(plain["partners"]),
                "evaluated": tuple(Evaluated.from_json(one) for one in plain.get("evaluated", ())),
                "decided_on": _day(plain.get("decided_on")),
            }
        )


def _basis(plain: Mapping[str, Any]) -> Basis:
    days = {name: _day(plain[name]) for name in ("checked_on", "confirmed_on")}
    return Basis(**{**plain, **days})


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def why_not_award(dossier: Dossier) -> Refusal | None:
    """Say what an award still lacks: nothing is printed without a legal name or without hours."""
    if not dossier.name.strip():
        return Refusal("legal-name-missing")
    if dossier.minutes <= 0:
        return Refusal("hours-missing")
    return None
