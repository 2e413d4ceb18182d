"""The printing press: fixed templates and plain bytes in, a PDF or a picture out, alike on every machine.

Only the fonts of the installed packages are seen, and those of the folder that an operator names (`JALON_FONTS`),
never those of the system. Templates are ours alone: Typst has no time limit, so text of other people reaches it as
data files and is never part of a template.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Any, Final

import typst
from django.conf import settings
from fontTools.ttLib import TTCollection, TTFont

FACES: Final = {
    "font_source_sans_pro": ("SourceSansPro-Regular.otf", "SourceSansPro-Semibold.otf"),
    "font_source_serif_pro": ("SourceSerifPro-Regular.otf", "SourceSerifPro-Semibold.otf"),
}
# What the fonts inside Typst add, measured; a test draws every one of these characters.
EMBEDDED: Final = (
    (0x00A0, 0x00AC), (0x00AE, 0x0377), (0x0384, 0x04FF), (0x0531, 0x0556), (0x05D0, 0x05EA),
    (0x10D0, 0x10FF), (0x1E00, 0x1EFF), (0x2010, 0x2027), (0x2030, 0x2040), (0x2074, 0x208E),
    (0x20A0, 0x20BF), (0x2126, 0x214B), (0x2190, 0x23FF), (0x2460, 0x262F), (0x2713, 0x2718),
    (0x2729, 0x274B), (0xFB00, 0xFB06), (0xFFFD, 0xFFFD),
)  # fmt: skip
UNKNOWN: Final = "\N{REPLACEMENT CHARACTER}"
BREAK: Final = "\N{ZERO WIDTH SPACE}"
LONGEST_RUN: Final = 24
# A line breaks by itself after a hyphen before a letter.
_RUN = re.compile(rf"(?:[^\s-]|-(?![^\W\d_])){{{LONGEST_RUN}}}(?=[^\s-])")
_local = threading.local()


@cache
def _fonts() -> tuple[typst.Fonts, frozenset[str]]:
    """Read the fonts once, with the characters that every one of them can draw.

    The packages hold each face twice (.otf and .ttf) in one folder: the folder given to Typst holds one of
    each, so that the choice does not depend on the order of a directory. A first compilation loads them all.
    """
    with TemporaryDirectory(prefix="jalon-fonts-") as folder:
        covered: list[set[int]] = []
        for package, names in FACES.items():
            for name in names:
                with as_file(files(package) / "files" / name) as face:
                    copyfile(face, Path(folder, name))
                with TTFont(Path(folder, name), lazy=True) as font:
                    covered.append(set(font.getBestCmap()))
        folders = [folder, settings.JALON_FONTS] if settings.JALON_FONTS else [folder]
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=folders)
        sample = "".join(
            f'#text(font: "Source {kind} Pro", weight: "{weight}")[a]'
            for kind in ("Sans", "Serif")
            for weight in ("regular", "semibold")
        )
        typst.Compiler(font_paths=fonts, root=folder).compile(input=sample.encode(), format="pdf")
    own = map(chr, set.intersection(*covered))
    return fonts, frozenset(character for character in own if unicodedata.category(character)[0] != "C")


@cache
def drawable() -> tuple[frozenset[str], frozenset[str]]:
    """Return the characters of our own faces, and those that only the fonts inside Typst add (no marks)."""
    own = _fonts()[1]
    added = frozenset(
        character
        for first, last in EMBEDDED
        for character in map(chr, range(first, last + 1))
        if unicodedata.category(character)[0] not in "CMZ" and character not in own
    )
    return own, added


@cache
def further() -> tuple[frozenset[str], ...]:
    """Return what each font of the operator draws: letters, signs, and the marks that sit on them."""
    faces = (map(chr, font.getBestCmap() or ()) for font in _faces(settings.JALON_FONTS))
    return tuple(frozenset(sign for sign in face if unicodedata.category(sign)[0] not in "CZ") for face in faces)


def _faces(folder: str) -> Iterator[TTFont]:
    """Yield the fonts of a folder and of the folders in it, always in the same order."""
    for path in sorted(Path(folder).rglob("*")) if folder else ():
        if path.suffix.lower() in {".ttf", ".otf"}:
            with TTFont(path, lazy=True) as font:
                yield font
        elif path.suffix.lower() == ".ttc":
            with TTCollection(path, lazy=True) as several:
                yield from several


def printable(text: str) -> str:
    """Return the text as the fonts can draw it, its words unchanged.

    Composed (NFC); a space of any kind stays a space; control, format, private and surrogate characters
    disappear (they steer a screen or a reader and are no text), as does a mark whose letter is drawn by
    another font; what no font draws becomes U+FFFD: `is_whole` tells. A run of more than 24 characters
    without a space or a hyphen may break, by an invisible U+200B.
    """
    text = _composed(text)
    if not set(text) <= drawable()[0]:
        text = "".join(drawn for _, drawn in _drawn(text))
    return _RUN.sub(lambda run: run[0] + BREAK, text)


def is_whole(text: str) -> bool:
    """Tell whether the fonts draw every letter, mark and sign of a text."""
    text = _composed(text)
    return set(text) <= drawable()[0] or not any(
        drawn == UNKNOWN != given or (not drawn and unicodedata.category(given)[0] == "M")
        for given, drawn in _drawn(text)
    )


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def _drawn(text: str) -> Iterator[tuple[str, str]]:
    """Yield each character with what is drawn for it."""
    before = " "
    for character in text:
        drawn = _one(character, before)
        before = drawn or before
        yield character, drawn


def _one(character: str, before: str) -> str:
    own, added = drawable()
    category = unicodedata.category(character)
    if category[0] == "M":
        together = {character, before}
        return character if together <= own or any(together <= face for face in further()) else ""
    if character == "\n" or character in own or character in added or any(character in face for face in further()):
        return character
    if character in "\t\v\f\x85" or category[0] == "Z":
        return " "
    return "" if category in {"Cc", "Cf", "Co", "Cs"} else UNKNOWN


def pdf(inputs: Mapping[str, bytes], *, at: int) -> bytes:
    """Typeset `main.typ` as one file that is both PDF/A-3a and PDF/UA-1.

    Args:
        inputs: `main.typ` and the files it names; nothing else can be read.
        at: the moment written in the file, in seconds since 1970.
    Raises:
        typst.TypstError: the template breaks a rule of the two standards.
    """
    return _compile(inputs, format="pdf", pdf_standards=["a-3a", "ua-1"], timestamp=at)


def png(inputs: Mapping[str, bytes], *, pixels_per_inch: float) -> bytes:
    """Draw the single page of `main.typ` as a PNG."""
    return _compile(inputs, format="png", ppi=pixels_per_inch, timestamp=0)


def _compile(inputs: Mapping[str, bytes], **options: object) -> bytes:
    with TemporaryDirectory(prefix="jalon-empty-") as root:
        return bytes(_compiler().compile(input=dict(inputs), root=root, **options))


def _compiler() -> Any:  # the published types know no mapping of files
    """Return the compiler of this thread: one shared by two threads is refused by Typst while it works."""
    if not hasattr(_local, "compiler"):
        _local.compiler = typst.Compiler(font_paths=_fonts()[0])
    return _local.compiler
