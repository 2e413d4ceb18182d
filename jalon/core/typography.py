"""Quebec typography: spaces and apostrophes in French, and how words are compared without accents.

Source: Office québécois de la langue française, « Espacement avant et après les principaux signes de
ponctuation », vitrinelinguistique.oqlf.gouv.qc.ca/22039, read in November 2026.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

HARD = "\u00a0"
_SPACE = "[ \t\u00a0\u202f\u2009]"
_END = r"(?:[.…)»\]\"*_\s]|$)"
_UNITS = "h|min|ans|jours|km|m|cm|kg|ko|Mo|Go|ms"

_SPACING: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])"), "’"),
    (re.compile(rf"(?<=[^\s«]){_SPACE}+(?=[?!;]+(?::|{_END}))"), ""),
    (re.compile(rf"(?<=\S){_SPACE}+:(?={_END})"), HARD + ":"),
    (re.compile(rf"(?<=[^\s:]):(?={_END})"), HARD + ":"),
    (re.compile(rf"«{_SPACE}*(?=\S)"), "«" + HARD),
    (re.compile(rf"(?<=\S){_SPACE}*»"), HARD + "»"),
    (re.compile(rf"(?<=\d){_SPACE}*(?=[%$](?![\w(]))"), HARD),
    (re.compile(rf"(?<=\d){_SPACE}+(?=(?:{_UNITS})\b)"), HARD),
    (re.compile(rf"(?<=\d{HARD}h){_SPACE}+(?=\d)"), HARD),
    (re.compile(r"(?<![\d.,])(\d{1,3}) (?=\d{3}(?: \d{3})*(?!\d))"), r"\1" + HARD),
)


def quebec(text: str) -> str:
    """Return French text with Quebec's spaces and apostrophes; doing it twice changes nothing.

    No space before ; ! and ?; a no-break space before : % $, units and « h », inside « » and
    between thousands. Addresses (https://…) and hours written with a colon are left alone.
    """
    for pattern, replacement in _SPACING:
        text = pattern.sub(replacement, text)
    return text


@dataclass(frozen=True)
class SpacingFault:
    """A place where French text breaks a rule that a reader can see."""

    offset: int
    code: str
    shown: str


_FAULTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("space-before-mark", re.compile(rf"(?<=[^\s«]){_SPACE}+[?!;]+(?::|{_END})")),
    ("no-space-before-colon", re.compile(rf"[^\s:]:(?={_END})")),
    ("no-space-inside-guillemets", re.compile(r"«(?=\S)|(?<=\S)»")),
    ("no-space-before-sign", re.compile(r"\d[%$](?![\w(])")),
    ("straight-apostrophe", re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])")),
    ("thin-space", re.compile("\u202f|\u2009")),
)


def spacing_faults(text: str) -> Iterator[SpacingFault]:
    """Yield the faults that a reader sees, in the order of the rules.

    An ordinary space where a no-break one is due is no fault: `quebec` makes it no-break when
    a pack is read. The house tests hold catalogues and pages, which are shown as written, to it.
    """
    for code, pattern in _FAULTS:
        for match in pattern.finditer(text):
            around = text[max(match.start() - 12, 0) : match.end() + 8]
            yield SpacingFault(match.start(), code, " ".join(around.split()))


_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "’": " ", "'": " ", "ʼ": " "})


def folded(text: str) -> str:
    """Return the text as it is searched: no accent, no capital, no apostrophe, single spaces."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(bare.translate(_LIGATURES).casefold().split())
