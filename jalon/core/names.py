"""A legal name as that person writes it: nothing is dropped, and what cannot be printed is refused."""

import re
import unicodedata

from jalon.core.refusals import Refusal

LONGEST = 120
_PUNCTUATION = frozenset("'’ʼ`´.,()·‧-‐‑–")
_STACKED = re.compile(r"\w?[\u0300-\u036f]{4,}")
_VARIATION_SELECTORS = range(0xFE00, 0xFE10)


def clean_name(text: str) -> str:
    """Return the name in composed form (É is one letter) with single ordinary spaces and none at the ends."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def why_not_name(text: str) -> Refusal | None:
    """Say why this cannot be printed as a legal name: empty, too long, or a sign that no name holds.

    Refused: control and direction marks, emoji, symbols, piles of accents. Letters of every script,
    their accents, hyphens and apostrophes are welcome.
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
    if category == "Mn":
        return ord(sign) not in _VARIATION_SELECTORS
    return category[0] == "L" or category in {"Mc", "Nd"} or sign == " " or sign in _PUNCTUATION


def _shown(sign: str) -> str:
    visible = sign.isprintable() and unicodedata.category(sign) != "Mn"
    return sign if visible else f"U+{ord(sign):04X}"
