"""The attestation on paper: frozen facts in, one PDF out. No clock, no database, no network.

The file is PDF/A-3a and PDF/UA-1 at once and carries the signed credential. Identical input gives
identical bytes.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Final, Literal

import segno

from jalon.attestations import press

Language = Literal["fr", "en"]
HEADING: Final[Mapping[Language, str]] = {
    "fr": "Preuve et attestation de développement professionnel",
    "en": "Proof and attestation of professional development",
}
_LONG = {"description", "issuer_address"}


@dataclass(frozen=True, slots=True)
class Answer:
    """A question in the language of the paper, with its answer in the language in which it was written."""

    question: str
    answer: str
    language: Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Every word that varies on an attestation, already worded in its language and frozen at the award.

    Plain text: no markup is read. Line breaks count in `description`, `issuer_address` and the answers only.
    """

    language: Language
    heading: str
    program: str
    level: str
    description: str
    badge_alt: str
    recipient: str
    school: str
    organisation: str
    awarded_on: str
    hours: str
    reviewer: str  # a name, with the day of the decision; or the words for an automatic evaluation, without a day
    decided_on: str = ""
    eligibility: str
    release: str
    digest: str  # short: the first characters are enough to compare by eye
    issuer: str
    issuer_address: str
    code: str  # with or without hyphens; printed in groups of five
    verification_url: str
    time_zone: str
    answers: tuple[Answer, ...] | None  # None: the holder keeps them; empty: the level asks no question
    cases: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    french_partners: frozenset[str] = frozenset()  # those whose name is French on an English paper too
    demonstration: str = ""  # the notice; empty outside a demonstration

    @property
    def written_in(self) -> Language | None:
        """The language in which the answers were sent, where it is not that of the paper."""
        languages = {answer.language for answer in self.answers or ()} - {self.language}
        return languages.pop() if languages else None


def typeset(document: Sheet, *, badge_svg: bytes, credential: bytes, made_at: datetime) -> bytes:
    """Return the PDF of one attestation, ready to be sealed.

    Args:
        badge_svg: our own drawing of the badge, square.
        credential: the signed JSON, attached unchanged as `credential.json`.
        made_at: aware; written in the file, so the same moment is needed for the same bytes.
    Raises:
        ValueError: `made_at` has no time zone.
    """
    if made_at.tzinfo is None:
        raise ValueError("made_at needs a time zone")
    given = inputs(document, badge_svg=badge_svg, credential=credential)
    return press.pdf(given, at=int(made_at.timestamp()))


def inputs(document: Sheet, *, badge_svg: bytes, credential: bytes) -> dict[str, bytes]:
    """Return the template with everything that it reads, by file name."""
    return {
        "main.typ": _template(),
        "data.json": json.dumps(_words(document), ensure_ascii=False).encode(),
        "badge.svg": badge_svg,
        "qr.svg": qr_code(document.verification_url),
        "credential.json": credential,
    }


def qr_code(address: str) -> bytes:
    """Return the QR of an address as SVG: level M, four modules of quiet zone.

    The mask is fixed: any mask reads as well on so short a text, and weighing all eight takes four times
    as long.
    """
    drawing = io.BytesIO()
    segno.make(address, error="m", micro=False, boost_error=False, mask=3).save(
        drawing, kind="svg", border=4, xmldecl=False, svgns=True, nl=False, dark="#17212B", light="#FFFFFF"
    )
    return drawing.getvalue()


def grouped(code: str) -> str:
    """Return a code in groups of five, the way it is read aloud."""
    symbols = code.replace("-", "").replace(" ", "")
    return "-".join(symbols[start : start + 5] for start in range(0, len(symbols), 5))


def _words(document: Sheet) -> dict[str, object]:
    """Return what the template reads: every text as the fonts can draw it."""
    words: dict[str, object] = {
        field.name: _line(value) if field.name not in _LONG else press.printable(value)
        for field in fields(document)
        if isinstance(value := getattr(document, field.name), str)
    }
    words |= {
        "code": grouped(document.code),
        "verification_url": document.verification_url,
        "title": f"{words['heading']} – {words['level']}",
        "cases": [_line(case) for case in document.cases],
        "partners": [
            {"name": _line(partner), "french": partner in document.french_partners} for partner in document.partners
        ],
        "answers": None
        if document.answers is None
        else [
            {"question": _line(each.question), "answer": press.printable(each.answer), "language": each.language}
            for each in document.answers
        ],
        "written_in": document.written_in,
        "names_lost": lost_names(document),
        "answers_lost": any(not press.is_whole(each.answer) for each in document.answers or ()),
    }
    return words


def lost_names(document: Sheet) -> list[str]:
    """Return the names that the fonts cannot draw whole: the paper says so, and the file keeps them as they are."""
    names = (document.recipient, document.school, document.organisation, document.reviewer, document.issuer)
    return [name for name in names if not press.is_whole(name)]


def _line(text: str) -> str:
    return " ".join(press.printable(text).split("\n"))


@cache
def _template() -> bytes:
    return (files("jalon.attestations") / "typst" / "attestation.typ").read_bytes()
