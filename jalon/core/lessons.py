"""A lesson is written once in each language; both files must hold the same parts, in the same order.

A part starts with `## Title {#id}` and is one page of the reader; smaller headings start with `###`.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from jalon.core.flaws import Flaw, said, spacing_flaws
from jalon.core.packs import CITATION, LANGUAGES, Lesson, Part, is_id
from jalon.core.typography import quebec

_HEADING = re.compile(r"(#{1,6})[ ]+(.*?)[ ]*")
_PART = re.compile(r"(.+?)[ ]+\{#([^}]*)\}")
_FENCE = re.compile(r"[ ]{0,3}(`{3,}|~{3,})")
_REFUSED: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile(r"!\["), "une image n’est pas permise dans un texte", "an image is not allowed in a text"),
    (
        re.compile(r"<(?!https?:)/?[A-Za-z!][^>]*>"),
        "le HTML n’est pas lu; écrivez en Markdown",
        "HTML is not read; write Markdown",
    ),
)


@dataclass(frozen=True)
class Section:
    """A heading with what follows it; `body_line` is the first line of the text after it."""

    id: str
    title: str
    body: str
    line: int
    body_line: int


@dataclass(frozen=True)
class LessonFile:
    """One language of a lesson. `first_line` is where its Markdown starts, after the front matter."""

    file: str
    id: str
    title: str
    minutes: int
    objective: str
    markdown: str
    first_line: int


def lesson_file_name(lesson_id: str, language: str) -> str:
    return f"lessons/{lesson_id}.{language}.md"


def lines_of(markdown: str) -> Iterator[tuple[int, str, bool]]:
    """Yield offset from 0, line, and whether the line is prose (not inside a fenced block)."""
    fence = ""
    for offset, line in enumerate(markdown.split("\n")):
        mark = _FENCE.match(line)
        if fence:
            yield offset, line, False
            if mark and mark[1].startswith(fence) and not line.strip(" `~"):
                fence = ""
        elif mark:
            fence = mark[1]
            yield offset, line, False
        else:
            yield offset, line, True


def sections(written: LessonFile) -> tuple[list[Section], list[Flaw]]:
    """Split a lesson into its parts, and say what is no part."""
    heads: list[tuple[int, str, str]] = []
    flaws: list[Flaw] = []
    rows = written.markdown.split("\n")
    for offset, line, is_prose in lines_of(written.markdown):
        heading = _HEADING.fullmatch(line) if is_prose else None
        if heading and len(heading[1]) <= 2:
            part = _PART.fullmatch(heading[2])
            if len(heading[1]) == 2 and part and is_id(part[2]):
                heads.append((offset, part[2], part[1]))
            else:
                flaws.append(Flaw(written.file, written.first_line + offset, _NO_PART))
        elif line.strip() and not heads and not flaws:
            flaws.append(Flaw(written.file, written.first_line + offset, _BEFORE))
    ends = [offset for offset, _, _ in heads[1:]] + [len(rows)]
    return [
        Section(
            id=part_id,
            title=title,
            body="\n".join(rows[offset + 1 : end]).strip("\n"),
            line=written.first_line + offset,
            body_line=written.first_line + offset + 1 + _blank(rows[offset + 1 : end]),
        )
        for (offset, part_id, title), end in zip(heads, ends, strict=False)
    ], flaws


_NO_PART = said(
    "une partie commence par « ## Titre {#p1} »; un sous-titre commence par « ### »",
    "a part starts with “## Title {#p1}”; a smaller heading starts with “###”",
)
_BEFORE = said("ce texte vient avant la première partie", "this text comes before the first part")


def _blank(rows: list[str]) -> int:
    return next((count for count, row in enumerate(rows) if row.strip()), 0)


def joined(files: Mapping[str, LessonFile]) -> tuple[Lesson | None, list[Flaw]]:
    """Return the lesson that both files hold together, or what keeps them apart.

    Args:
        files: every required language.
    """
    split = {language: sections(files[language]) for language in LANGUAGES}
    flaws = [flaw for _, found in split.values() for flaw in found]
    french, english = (split[language][0] for language in LANGUAGES)
    flaws += _own_flaws(files["fr"], french)
    flaws += _own_flaws(files["en"], english)
    flaws += _differences(files["fr"], files["en"], french, english)
    return (None, flaws) if flaws else (_lesson(files["fr"], files["en"], french, english), [])


def _own_flaws(written: LessonFile, parts: list[Section]) -> Iterator[Flaw]:
    if not parts:
        yield Flaw(written.file, written.first_line, said("la leçon n’a aucune partie", "the lesson has no part"))
    seen: set[str] = set()
    for part in parts:
        if part.id in seen:
            yield Flaw(
                written.file,
                part.line,
                said(f"la partie {part.id} est déjà plus haut", f"the part {part.id} is already above"),
            )
        if not part.body:
            yield Flaw(written.file, part.line, said(f"la partie {part.id} est vide", f"the part {part.id} is empty"))
        seen.add(part.id)


def _differences(fr: LessonFile, en: LessonFile, french: list[Section], english: list[Section]) -> Iterator[Flaw]:
    if fr.minutes != en.minutes:
        yield Flaw(
            en.file,
            1,
            said(
                f"{en.minutes} minutes ici, {fr.minutes} dans {fr.file}",
                f"{en.minutes} minutes here, {fr.minutes} in {fr.file}",
            ),
        )
    in_french, in_english = [part.id for part in french], [part.id for part in english]
    if in_french != in_english:
        yield Flaw(
            en.file,
            en.first_line,
            said(
                f"les parties sont {_listed(in_english)} ici, et {_listed(in_french)} dans {fr.file}",
                f"the parts are {_listed(in_english)} here, and {_listed(in_french)} in {fr.file}",
            ),
        )


def _listed(ids: Collection[str]) -> str:
    return ", ".join(ids) or "–"


def _lesson(fr: LessonFile, en: LessonFile, french: list[Section], english: list[Section]) -> Lesson:
    parts = tuple(
        Part(
            id=one.id,
            title={"fr": quebec(one.title), "en": other.title},
            body={"fr": quebec(one.body), "en": other.body},
            lines={"fr": one.body_line, "en": other.body_line},
        )
        for one, other in zip(french, english, strict=True)
    )
    return Lesson(
        id=fr.id,
        title={"fr": quebec(fr.title), "en": en.title},
        minutes=fr.minutes,
        objective={"fr": quebec(fr.objective), "en": en.objective},
        parts=parts,
    )


def text_flaws(
    file: str, first_line: int, markdown: str, *, language: str, sources: Collection[str] | None
) -> Iterator[Flaw]:
    """Yield what no text of a pack may hold: an image, HTML, an unknown source, faulty French spacing.

    Args:
        first_line: the line of the file where this Markdown starts.
        sources: the ids listed in pack.yaml; nothing when that file could not be read.
    """
    for offset, line, is_prose in lines_of(markdown):
        if is_prose:
            for pattern, fr, en in _REFUSED:
                if pattern.search(line):
                    yield Flaw(file, first_line + offset, said(fr, en))
        for source in CITATION.findall(line):
            if sources is not None and source not in sources:
                yield Flaw(file, first_line + offset, unknown_source(source))
    if language == "fr":
        yield from spacing_flaws(file, first_line, markdown)


def unknown_source(source: str) -> Mapping[str, str]:
    return said(f"la source « {source} » n’est pas dans pack.yaml", f"the source “{source}” is not in pack.yaml")
