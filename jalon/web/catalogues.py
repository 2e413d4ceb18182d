"""The French catalogues: which sentences a subject says, which are missing or stale, and their compiled form.

English sentences are the keys; French is written by hand in `jalon/<subject>/locale/fr/LC_MESSAGES/django.po`.
Nothing here needs gettext or a configured site: `python -m jalon.web.catalogues` compiles before a start.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent
FRENCH = Path("locale/fr/LC_MESSAGES/django.po")
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
HEADER = b"""msgid ""
msgstr ""
"Language: fr\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

"""
Sentence = str | tuple[str, ...]
Key = tuple[str | None, Sentence]


@dataclass(frozen=True)
class Difference:
    """What keeps a catalogue from being complete."""

    subject: str
    missing: tuple[Key, ...]
    stale: tuple[Key, ...]

    def __bool__(self) -> bool:
        return bool(self.missing or self.stale)


def subjects() -> list[Path]:
    """Return the folders that hold a subject."""
    return sorted(folder.parent for folder in PACKAGE.glob("*/__init__.py"))


def said(subject: Path) -> dict[Key, list[tuple[str, int]]]:
    """Return every sentence of a subject with the places where it stands: in its code and in its templates."""
    found: dict[Key, list[tuple[str, int]]] = {}
    for path in sources(subject):
        place = path.relative_to(PACKAGE.parent).as_posix()
        for line, sentence, context in sentences(path):
            found.setdefault((context, sentence), []).append((place, line))
    return found


def sentences(path: Path) -> Iterator[tuple[int, Sentence, str | None]]:
    """Yield line, sentence and context of one file. A template is read line by line: Django turns it into calls
    whose indentation is no Python."""
    text = path.read_text()
    pieces = enumerate(templatize(text).splitlines()) if path.suffix != ".py" else [(0, text)]
    for before, code in pieces:
        lines = BytesIO(code.strip().encode() if path.suffix != ".py" else code.encode())
        for line, sentence, _comments, context in extract("python", lines, KEYWORDS, (), {"encoding": "utf-8"}):
            yield before + line, sentence, context


def sources(subject: Path) -> Iterator[Path]:
    yield from sorted(path for path in subject.rglob("*.py") if "migrations" not in path.parts)
    yield from sorted(path for path in subject.glob("templates/**/*") if path.suffix in {".html", ".txt"})


def catalogue(subject: Path) -> Catalog:
    """Return the French catalogue of a subject, empty when there is none."""
    path = subject / FRENCH
    if not path.exists():
        return Catalog(locale="fr", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale="fr", charset="utf-8", abort_invalid=True)


def difference(subject: Path) -> Difference:
    """Return the sentences without French, and the French that no sentence asks for any more."""
    wanted = said(subject)
    have = {(message.context, key(message.id)): message for message in catalogue(subject) if message.id}
    whole = {name for name, message in have.items() if is_whole(message.string or "") and not message.fuzzy}
    return Difference(
        subject.name,
        missing=tuple(name for name in sorted(wanted, key=repr) if name not in whole),
        stale=tuple(name for name in sorted(have, key=repr) if name not in wanted),
    )


def key(sentence: str | list[str] | tuple[str, ...]) -> Sentence:
    return sentence if isinstance(sentence, str) else tuple(sentence)


def is_whole(translation: str | list[str] | tuple[str, ...]) -> bool:
    return bool(translation) if isinstance(translation, str) else all(translation)


def write_missing(subject: Path) -> None:
    """The catalogue holds every sentence of the subject, sorted: those in French as they were, the others empty."""
    old, new = catalogue(subject), Catalog(locale="fr", charset="utf-8")
    for context, sentence in sorted(said(subject), key=repr):
        known = old.get(sentence if isinstance(sentence, str) else sentence[0], context)
        new.add(sentence, known.string if known else None, context=context)
    path = subject / FRENCH
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(HEADER)
        write_po(file, new, width=110, sort_output=True, omit_header=True, include_lineno=False)


def compile_catalogues() -> int:
    """Every .mo is as new as its .po. Return how many were written; a start with nothing to do is instant."""
    written = 0
    for path in sorted(PACKAGE.glob(f"*/{FRENCH.as_posix()}")):
        compiled = path.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime_ns >= path.stat().st_mtime_ns:
            continue
        partial = compiled.with_suffix(".mo.part")
        with partial.open("wb") as file:
            write_mo(file, catalogue(path.parents[3]))
        partial.replace(compiled)
        written += 1
    return written


if __name__ == "__main__":
    compile_catalogues()
