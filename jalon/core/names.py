"""A legal name as that person writes it: nothing is dropped, and what cannot be printed is refused.

A name that mixes scripts is never refused, it may be somebody's true name; but it is told, wherever a name is believed.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from fontTools.unicodedata import script as script_of

from jalon.core.refusals import Refusal

LONGEST = 120
_PUNCTUATION = frozenset("'’ʼ`´.,()·‧-‐‑–")
_STACKED = re.compile(r"\w?[\u0300-\u036f]{4,}")
_VARIATION_SELECTORS = range(0xFE00, 0xFE10)
_MATHEMATICAL = range(0x1D400, 0x1D800)  # letters and figures of formulas, that look like ours
_PAST_LATIN = "\u0250"  # every letter before it is Latin
_OF_NO_SCRIPT = frozenset({"Zyyy", "Zinh", "Zzzz"})
# What is usually written together, as in the "highly restrictive" profile of UTS 39.
_TOGETHER = tuple(frozenset(scripts.split()) for scripts in ("Latn Hani Hira Kana", "Latn Hani Bopo", "Latn Hani Hang"))


def clean_name(text: str) -> str:
    """Return the name in composed form (É is one letter) with single ordinary spaces and none at the ends."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def why_not_name(text: str) -> Refusal | None:
    """Say why this cannot be printed as a legal name: empty, too long, or a sign that no name holds.

    Refused: control and direction marks, emoji, symbols, letters of formulas, piles of accents. Letters of every
    script, their accents, hyphens and apostrophes are welcome.
    """
    name = clean_name(text)
    if not any(unicodedata.category(sign).startswith("L") for sign in name):
        return Refusal("name-empty")
    if len(name) > LONGEST:
        return Refusal("name-too-long", {"longest": LONGEST})
    if refused := [sign for sign in name if not _is_welcome(sign)]:
        return Refusal("name-characters", {"characters": " ".join(dict.fromkeys(map(_shown, refused)))})
    if pile := _STACKED.search(unicodedata.normalize("NFD", name)):
        return Refusal("name-characters", {"characters": pile.group()[:1]})
    return None


def _is_welcome(sign: str) -> bool:
    category = unicodedata.category(sign)
    if ord(sign) in _MATHEMATICAL:
        return False
    if category == "Mn":
        return ord(sign) not in _VARIATION_SELECTORS
    return category[0] == "L" or category in {"Mc", "Nd"} or sign == " " or sign in _PUNCTUATION


def _shown(sign: str) -> str:
    visible = sign.isprintable() and unicodedata.category(sign) != "Mn"
    return sign if visible else f"U+{ord(sign):04X}"


@dataclass(frozen=True)
class Stretch:
    """Letters of one script that follow each other, with their accents. Args: script: its code in ISO 15924."""

    letters: str
    script: str


def mixed_in(name: str) -> list[Stretch]:
    """Return what is not of the main script of a name, in its order; nothing when there is nothing to look at.

    The main script is that of the most letters. Accents, figures that everybody uses, hyphens and apostrophes are of
    no script. Two scripts that are usually written together, such as Han and kana, are as one.
    """
    if not name or max(name) < _PAST_LATIN:
        return []
    stretches = list(_stretches(name))
    counts = Counter(one.script for one in stretches for _ in one.letters)
    families = [*_TOGETHER, *(frozenset({script}) for script in counts)]
    main = max(families, key=lambda family: (sum(counts[script] for script in family), "Latn" in family))
    return list(dict.fromkeys(one for one in stretches if one.script not in main))


def _stretches(name: str) -> Iterator[Stretch]:
    letters, of = "", ""
    for sign in name:
        script = _script(sign)
        if letters and (script == of or unicodedata.category(sign)[0] == "M"):
            letters += sign
            continue
        if letters:
            yield Stretch(letters, of)
        letters, of = (sign, script) if script else ("", "")
    if letters:
        yield Stretch(letters, of)


def _script(sign: str) -> str:
    """Return the script of a sign; nothing for an accent, and for what several scripts have in common."""
    script: str = script_of(sign)
    return "" if script in _OF_NO_SCRIPT or unicodedata.category(sign)[0] == "M" else script
