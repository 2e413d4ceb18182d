"""Read the files of a pack: form by `shapes`, meaning by `core`; every problem is told, with its file and line."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import ValidationError

from jalon.core import lessons, pack_rules
from jalon.core.cases.checks import check_case
from jalon.core.flaws import Flaw, said, spacing_flaws
from jalon.core.packs import LANGUAGES, Lesson, Pack, PracticeCase, is_id
from jalon.core.protocols.checks import check_protocol
from jalon.core.protocols.model import Problem as Fault
from jalon.core.protocols.model import Protocol
from jalon.core.typography import quebec
from jalon.library import shapes, typed
from jalon.library.markdownfile import TextFile, read_markdown
from jalon.library.sentences import form_sentence, unreadable_sentence
from jalon.library.yamlfile import Document, Unreadable, read_yaml

Files = Mapping[str, bytes]
Lines = Callable[[str], int]
S = TypeVar("S", bound=shapes.Shape)

MANIFEST = pack_rules.MANIFEST
PROTOCOL = "protocol.yaml"
_SCENE = re.compile(r"cases/([^/.]+)/(?:case\.yaml|scenes/([^/.]+)\.(fr|en)\.md)")
_ITEM = re.compile(r"(lessons|quizzes|reflections|badges)/([^/.]+)(\.fr\.md|\.en\.md|\.yaml|\.svg)")
_KIND = {"lessons": "lesson", "quizzes": "quiz", "reflections": "reflection", "badges": "badge"}
_SUFFIXES = {
    "lesson": (".fr.md", ".en.md"),
    "quiz": (".yaml",),
    "reflection": (".yaml",),
    "badge": (".yaml", ".svg"),
}


@dataclass(frozen=True)
class Problem:
    """What forbids publishing, at one line of one file, said in both languages."""

    file: str
    line: int
    message: Mapping[str, str]


def read_pack(files: Files) -> tuple[Pack | None, tuple[Problem, ...]]:
    """Return the pack, or every problem of its files in the order of file and line.

    Args:
        files: the bytes of each file by its path inside the folder, with `/`.
    """
    reader = _Reader(files)
    pack = reader.pack()
    told = {(one.file, one.line, one.message["en"]): one for one in reader.problems()}
    problems = tuple(told[place] for place in sorted(told))
    return (None if problems else pack), problems


def text_of(data: bytes) -> str:
    """Return a file as text: UTF-8, no byte-order mark, lines ended by LF.

    Raises:
        UnicodeDecodeError: it is in another encoding.
    """
    return data.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")


@lru_cache(maxsize=256)
def _parsed(text: str) -> Document:
    """The document of a file, read once in the life of a process; nobody changes its data."""
    return read_yaml(text.encode())


class _Reader:
    """Walks through the files of one pack and collects what is wrong; nothing stops at the first fault."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.flaws: list[Flaw] = []
        self.documents: dict[str, Lines] = {}
        self.unread: set[str] = set()
        self.names: dict[str, list[str]] = {kind: [] for kind in (*_SUFFIXES, "case")}
        self.scenes: dict[str, dict[str, dict[str, str]]] = {}

    def pack(self) -> Pack | None:
        self._sort_files()
        manifest = self._shaped(MANIFEST, shapes.ManifestShape)
        sources = None if manifest is None else set(manifest.sources)
        description = self._description(sources)
        shelves = typed.Shelves(
            lessons=self._shelf("lesson", lambda name: self._lesson(name, sources)),
            quizzes=self._shelf("quiz", self._quiz),
            reflections=self._shelf("reflection", self._reflection),
            badges=self._shelf("badge", self._badge),
            protocol=(protocol := self._protocol()),
            cases=self._shelf("case", lambda name: self._case(name, protocol)),
        )
        for quiz in shelves.quizzes.values():
            self.flaws += pack_rules.quiz_flaws(quiz, sources)
        for reflection in shelves.reflections.values():
            self.flaws += pack_rules.reflection_flaws(reflection)
        for badge in shelves.badges.values():
            self.flaws += pack_rules.badge_flaws(badge)
        if manifest is None:
            return None
        pack = typed.pack(manifest, description or {}, shelves)
        self.flaws += pack_rules.program_flaws(pack, self.unread)
        return pack

    def problems(self) -> Iterator[Problem]:
        for flaw in self.flaws:
            line = flaw.where if isinstance(flaw.where, int) else self._line(flaw.file, flaw.where)
            yield Problem(flaw.file, line, flaw.message)

    def _line(self, file: str, path: str) -> int:
        return self.documents[file](path) if file in self.documents else 1

    # Files

    def _sort_files(self) -> None:
        """Put every file on its shelf; what has no shelf, or no twin, is a flaw."""
        for path in sorted(self.files):
            item = _ITEM.fullmatch(path)
            if item and item[3] in _SUFFIXES[_KIND[item[1]]]:
                self._shelve(path, _KIND[item[1]], item[2])
            elif scene := _SCENE.fullmatch(path):
                self._shelve(path, "case", scene[1])
                self._keep_scene(path, *scene.groups())
            elif path not in {MANIFEST, PROTOCOL, *(f"program.{language}.md" for language in LANGUAGES)}:
                self._flaw(path, 1, "ce fichier n’a pas de place dans un contenu", "this file has no place in a pack")

    def _shelve(self, path: str, kind: str, name: str) -> None:
        if not is_id(name):
            self._flaw(path, 1, f"« {name} » n’est pas un identifiant", f"“{name}” is not an id")
        elif name not in self.names[kind]:
            self.names[kind].append(name)

    def _keep_scene(self, path: str, case: str, scene: str | None, language: str | None) -> None:
        """Keep the prose of a scene, for the checks of its case."""
        text = self._text(path) if scene and language else None
        if scene and language and text is not None:
            self.flaws += lessons.text_flaws(path, 1, text, language=language, sources=None)
            kept = quebec(text) if language == "fr" else text
            self.scenes.setdefault(case, {}).setdefault(scene, {})[language] = kept

    def _shelf(self, kind: str, read: Callable[[str], Any]) -> dict[str, Any]:
        found = {name: read(name) for name in self.names[kind]}
        self.unread |= {f"{kind}/{name}" for name, item in found.items() if item is None}
        return {name: item for name, item in found.items() if item is not None}

    def _flaw(self, file: str, where: str | int, fr: str, en: str) -> None:
        self.flaws.append(Flaw(file, where, said(fr, en)))

    def _text(self, path: str) -> str | None:
        if path not in self.files:
            self._flaw(path, 1, "ce fichier manque", "this file is missing")
            return None
        try:
            return text_of(self.files[path])
        except UnicodeDecodeError as error:
            line = self.files[path].count(b"\n", 0, error.start) + 1
            self._flaw(path, line, "le fichier n’est pas en UTF-8 à partir d’ici", "the file is not UTF-8 from here on")
            return None

    # Form

    def _document(self, path: str) -> Document | None:
        text = self._text(path)
        if text is None:
            return None
        try:
            document = _parsed(text)
        except Unreadable as error:
            self._unreadable(path, error)
            return None
        self.documents[path] = document.line_of
        for where, french in _french_texts(document.data, ()):
            self.flaws += spacing_flaws(path, where, french)
        return document

    def _shaped(self, path: str, shape: type[S]) -> S | None:
        document = self._document(path)
        return None if document is None else self._valid(path, document.data, shape)

    def _front(self, path: str, shape: type[S]) -> tuple[S | None, TextFile | None]:
        text = self._text(path)
        if text is None:
            return None, None
        try:
            file = read_markdown(text)
        except Unreadable as error:
            self._unreadable(path, error)
            return None, None
        self.documents[path] = file.line_of
        return self._valid(path, file.front.data, shape), file

    def _valid(self, path: str, data: Any, shape: type[S]) -> S | None:
        try:
            return shape.model_validate(data)
        except ValidationError as faults:
            for fault in faults.errors():
                where = ".".join(str(step) for step in fault["loc"])
                self.flaws.append(Flaw(path, where, form_sentence(fault)))
            return None

    def _unreadable(self, path: str, error: Unreadable) -> None:
        self.flaws.append(Flaw(path, error.line or 1, unreadable_sentence(error)))

    def _named(self, path: str, shape: Any, name: str) -> bool:
        if shape.id != name:
            self._flaw(
                path,
                "id",
                f"l’identifiant devrait être « {name} », comme le fichier",
                f"the id should be “{name}”, as the file",
            )
        return bool(shape.id == name)

    # Pieces

    def _description(self, sources: set[str] | None) -> dict[str, str] | None:
        texts: dict[str, str] = {}
        for language in LANGUAGES:
            path = f"program.{language}.md"
            front, file = self._front(path, shapes.ProgramFront)
            if file:
                self._text_flaws(path, file, language, sources)
                if not file.markdown.strip():
                    self._flaw(path, file.first_line, "la description est vide", "the description is empty")
            if front and file:
                texts[language] = quebec(file.markdown.strip()) if language == "fr" else file.markdown.strip()
        return texts if len(texts) == len(LANGUAGES) else None

    def _lesson(self, name: str, sources: set[str] | None) -> Lesson | None:
        files: dict[str, lessons.LessonFile] = {}
        for language in LANGUAGES:
            path = lessons.lesson_file_name(name, language)
            front, file = self._front(path, shapes.LessonFront)
            if file:
                self._text_flaws(path, file, language, sources)
            if front and file and self._named(path, front, name):
                files[language] = lessons.LessonFile(
                    path, front.id, front.title, front.minutes, front.objective, file.markdown, file.first_line
                )
        if len(files) < len(LANGUAGES):
            return None
        lesson, flaws = lessons.joined(files)
        self.flaws += flaws
        return lesson

    def _text_flaws(self, path: str, file: TextFile, language: str, sources: set[str] | None) -> None:
        self.flaws += lessons.text_flaws(path, file.first_line, file.markdown, language=language, sources=sources)
        if language == "fr" and isinstance(file.front.data, dict):
            for key in ("title", "objective"):
                self.flaws += spacing_flaws(path, key, str(file.front.data.get(key, "")))

    def _quiz(self, name: str) -> Any:
        path = pack_rules.quiz_file(name)
        shape = self._shaped(path, shapes.QuizShape)
        return typed.quiz(shape) if shape and self._named(path, shape, name) else None

    def _reflection(self, name: str) -> Any:
        path = pack_rules.reflection_file(name)
        shape = self._shaped(path, shapes.ReflectionShape)
        return typed.reflection(shape) if shape and self._named(path, shape, name) else None

    def _badge(self, name: str) -> Any:
        path = pack_rules.badge_file(name)
        shape = self._shaped(path, shapes.BadgeShape)
        svg = self._text(pack_rules.badge_drawing(name))
        return typed.badge(shape, svg) if shape and svg and self._named(path, shape, name) else None

    # Practice

    def _protocol(self) -> Protocol | None:
        """The protocol of the pack, when it has one and no check of it fails."""
        if PROTOCOL not in self.files:
            return None
        document = self._document(PROTOCOL)
        if document is None:
            return None
        report = check_protocol(document.data)
        self._refused(PROTOCOL, report.problems)
        return report.accepted

    def _case(self, name: str, protocol: Protocol | None) -> PracticeCase | None:
        path = f"cases/{name}/case.yaml"
        document = self._document(path)
        if document is None:
            return None
        pages = self.scenes.get(name, {})
        report = check_case(document.data, protocol=protocol, pages=pages)
        self._refused(path, report.problems)
        if report.accepted is None or not self._named(path, report.accepted, name):
            return None
        for scene in pages.keys() - report.accepted.scenes.keys():
            for language in pages[scene]:
                page = f"cases/{name}/scenes/{scene}.{language}.md"
                self._flaw(page, 1, f"le cas n’a pas de scène « {scene} »", f"the case has no scene “{scene}”")
        return PracticeCase(report.accepted, pages)

    def _refused(self, path: str, problems: Iterable[Fault]) -> None:
        """Note what stops a protocol or a case; their own rules check them."""
        for one in problems:
            if one.level == "error":
                where, told = "" if one.where == "file" else one.where, one.message
                self._flaw(path, where, f"contrôle {one.check} : {told['fr']}", f"check {one.check}: {told['en']}")


def _french_texts(node: Any, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield the dotted path and the words of every French text of a document."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "fr" and isinstance(value, str):
                yield ".".join((*path, "fr")), value
            else:
                yield from _french_texts(value, (*path, str(key)))
    elif isinstance(node, list):
        for position, item in enumerate(node):
            yield from _french_texts(item, (*path, str(position)))
