"""A flaw is what forbids publishing a pack: where it is, and what to do about it, in both languages."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from jalon.core.typography import quebec, spacing_faults

Text = Mapping[str, str]


@dataclass(frozen=True)
class Flaw:
    """`where` is a dotted path of a YAML file, as `levels.explorer.do`, or the line of a text file."""

    file: str
    where: str | int
    message: Text


def said(fr: str, en: str) -> Text:
    """Return one sentence in both languages, the French one with Quebec's spaces."""
    return {"fr": quebec(fr), "en": en}


class Said(ValueError):
    """What cannot be done, and why, in both languages."""

    def __init__(self, fr: str, en: str) -> None:
        super().__init__(en)
        self.message = said(fr, en)


_SPACING: Mapping[str, Text] = {
    "space-before-mark": said(
        "au Québec, pas d’espace avant « ; », « ! » et « ? »",
        "in Quebec French there is no space before ; ! and ?",
    ),
    "no-space-before-colon": said(
        "il manque l’espace avant le deux-points", "a space is missing before the colon (French)"
    ),
    "no-space-inside-guillemets": said(
        "il manque une espace à l’intérieur des guillemets",
        "a space is missing inside the French quotation marks",
    ),
    "no-space-before-sign": said(
        "il manque l’espace avant le signe % ou $", "a space is missing before % or $ (French)"
    ),
    "straight-apostrophe": said(
        "l’apostrophe droite devient une apostrophe courbe (’)",
        "the straight apostrophe becomes a curved one (’)",
    ),
    "thin-space": said("l’espace fine n’est pas employée ici", "the thin space is not used here"),
}


def spacing_flaws(file: str, where: str | int, text: str) -> Iterator[Flaw]:
    """Yield what Quebec's typography forbids in a French text.

    Args:
        where: the dotted path of the text, or its first line; each flaw of a text file gets its own line.
    """
    for fault in spacing_faults(text):
        at = where + text.count("\n", 0, fault.offset) if isinstance(where, int) else where
        rule = _SPACING[fault.code]
        shown = fault.shown
        yield Flaw(file, at, {"fr": f"{rule['fr']}\u00a0: «\u00a0{shown}\u00a0»", "en": f"{rule['en']}: “{shown}”"})
