"""The typed pack: one program with its levels, activities, badges and sources, in every required language.

Every text is by language (`fr`, `en`); French texts already carry Quebec's spaces. A pack is only made
from files that pass every check, so what is named here exists.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from math import ceil
from typing import ClassVar, Literal, Protocol, TypeAlias, TypeVar

from jalon.core.cases.model import Case, Pages
from jalon.core.protocols.model import Protocol as ResponseProtocol
from jalon.core.protocols.words import why_not_id

Text: TypeAlias = Mapping[str, str]

LANGUAGES = ("fr", "en")
START = "start"
CITATION = re.compile(r"\[@([^\]\s]*)\]")


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


Named = TypeVar("Named", bound=_HasId)
QuestionType: TypeAlias = Literal["single", "multiple", "truefalse"]


def is_id(word: str) -> bool:
    """Say whether this can name something in a file: no other YAML reader takes it for another word."""
    return why_not_id(word) is None


@dataclass(frozen=True)
class Source:
    """A public document that a fact comes from, its address for each language, and the day somebody read it."""

    id: str
    title: Text
    url: Text
    checked: date


@dataclass(frozen=True)
class Partner:
    name: Text
    role: Text


@dataclass(frozen=True)
class Part:
    """One page of a lesson. `body` is Markdown; `lines` says where it starts in the file of each language."""

    id: str
    title: Text
    body: Text
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Lesson:
    kind: ClassVar[str] = "lesson"
    id: str
    title: Text
    minutes: int
    objective: Text
    parts: tuple[Part, ...]

    def part(self, part_id: str) -> Part | None:
        return _with_id(self.parts, part_id)


@dataclass(frozen=True)
class Option:
    """An answer that can be chosen; `why` is shown whether it is right or not."""

    id: str
    right: bool
    text: Text
    why: Text


@dataclass(frozen=True)
class Question:
    id: str
    type: QuestionType
    ask: Text
    options: tuple[Option, ...]
    sources: tuple[str, ...] = ()

    @property
    def right(self) -> frozenset[str]:
        return frozenset(option.id for option in self.options if option.right)


@dataclass(frozen=True)
class Quiz:
    kind: ClassVar[str] = "quiz"
    id: str
    title: Text
    minutes: int
    questions: tuple[Question, ...]

    def question(self, question_id: str) -> Question | None:
        return _with_id(self.questions, question_id)


@dataclass(frozen=True)
class Criterion:
    id: str
    text: Text


@dataclass(frozen=True)
class Prompt:
    """An open question of a reflection; `least` and `most` are the words hoped for, never a wall.

    With `quotes_cases`, its page recalls what the person chose in the practice cases of the level.
    """

    id: str
    ask: Text
    hint: Text
    least: int
    most: int
    quotes_cases: bool = False


@dataclass(frozen=True)
class Reflection:
    kind: ClassVar[str] = "reflection"
    id: str
    title: Text
    minutes: int
    intro: Text
    questions: tuple[Prompt, ...]
    criteria: tuple[Criterion, ...]

    def question(self, question_id: str) -> Prompt | None:
        return _with_id(self.questions, question_id)


@dataclass(frozen=True)
class PracticeCase:
    """A case as an activity: the story that the protocol judges, and its prose by scene and language."""

    kind: ClassVar[str] = "case"
    case: Case
    pages: Pages

    @property
    def id(self) -> str:
        return self.case.id

    @property
    def title(self) -> Text:
        return self.case.title

    @property
    def minutes(self) -> int:
        """How long it takes about: every scene at 100 words a minute, in steps of five, and ten to look back."""
        words = sum(len(page["fr"].split()) for page in self.pages.values())
        return 10 + max(5, 5 * ceil(words / 500))


Activity: TypeAlias = Lesson | Quiz | Reflection | PracticeCase


@dataclass(frozen=True)
class Badge:
    """What a level awards. `criteria` is Markdown; `svg` is 240 by 240, without script or link."""

    id: str
    name: Text
    description: Text
    criteria: Text
    alt: Text
    achievement_type: str
    svg: str
    tags: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Passing:
    """What obtains a level: per cent at the quiz, a clean replay of each case, a reviewer's acceptance."""

    quiz: int | None = None
    review: bool = False
    cases: bool = False

    @property
    def is_automatic(self) -> bool:
        return not self.review


@dataclass(frozen=True)
class Level:
    """`unlock` is the level to obtain before this one, if any; `do` lists activities in order.

    `summary` says in two lines what one learns there; its badge says what was done.
    """

    id: str
    number: int
    title: Text
    minutes: int
    unlock: str | None
    do: tuple[str, ...]
    passing: Passing
    badge: str
    summary: Text | None = None


@dataclass(frozen=True)
class Pack:
    id: str
    version: str
    demonstration: bool
    title: Text
    summary: Text
    description: Text
    audience: Text
    updated_on: date
    restricted: bool
    themes: tuple[Text, ...]
    partners: tuple[Partner, ...]
    sources: Mapping[str, Source]
    levels: tuple[Level, ...]
    lessons: Mapping[str, Lesson]
    quizzes: Mapping[str, Quiz]
    reflections: Mapping[str, Reflection]
    badges: Mapping[str, Badge]
    protocol: ResponseProtocol | None = None
    cases: Mapping[str, PracticeCase] = field(default_factory=dict)

    def level(self, level_id: str) -> Level | None:
        return _with_id(self.levels, level_id)

    def activity(self, key: str) -> Activity | None:
        """Return what `kind/id` names."""
        kind, _, name = key.partition("/")
        shelves: Mapping[str, Mapping[str, Activity]] = {
            Lesson.kind: self.lessons,
            Quiz.kind: self.quizzes,
            Reflection.kind: self.reflections,
            PracticeCase.kind: self.cases,
        }
        return shelves[kind].get(name) if kind in shelves else None

    def activities(self, level: Level) -> tuple[Activity, ...]:
        """Return the activities of a level in the order in which they are done."""
        return tuple(found for key in level.do if (found := self.activity(key)))

    def evaluated(self, level: Level) -> tuple[Activity, ...]:
        """Return the activities of a level that must be passed, in order; to have done the others is enough."""
        asked = {
            Quiz.kind: level.passing.quiz is not None,
            PracticeCase.kind: level.passing.cases,
            Reflection.kind: level.passing.review,
        }
        return tuple(one for one in self.activities(level) if asked.get(one.kind))

    def badge_of(self, level: Level) -> Badge:
        return self.badges[level.badge]

    def level_key(self, level: Level) -> str:
        """Return the name of a level among all programs, for example `sexto/explorer`."""
        return f"{self.id}/{level.id}"


def activity_key(activity: Activity) -> str:
    """Return `kind/id`, as a level lists it."""
    return f"{activity.kind}/{activity.id}"


def cited(markdown: str) -> tuple[str, ...]:
    """Return the sources that a text refers to by `[@source]`, each once, in the order they come."""
    return tuple(dict.fromkeys(CITATION.findall(markdown)))


def _with_id(items: tuple[Named, ...], wanted: str) -> Named | None:
    return next((item for item in items if item.id == wanted), None)
