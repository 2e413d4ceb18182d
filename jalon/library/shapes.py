"""The form of the files of a pack: which keys, which values. What they mean together is checked in `core`."""

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from jalon.core.packs import is_id

_VERSION = re.compile(r"(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_URL = re.compile(r"https?://[^\s<>\"]+\.[^\s<>\"]+")


def _id(word: str) -> str:
    if not is_id(word):
        raise PydanticCustomError("id", "not an id")
    return word


def _version(word: str) -> str:
    if not _VERSION.fullmatch(word):
        raise PydanticCustomError("version", "not a version")
    return word


def _day(word: object) -> date:
    try:
        if isinstance(word, str) and _DAY.fullmatch(word):
            return date.fromisoformat(word)
    except ValueError:
        pass
    raise PydanticCustomError("day", "not a day")


def _url(word: str) -> str:
    if not _URL.fullmatch(word):
        raise PydanticCustomError("url", "not an address")
    return word


def _filled(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("blank", "no words")
    return text


Id = Annotated[str, AfterValidator(_id)]
Version = Annotated[str, AfterValidator(_version)]
Day = Annotated[date, BeforeValidator(_day)]
Url = Annotated[str, AfterValidator(_url)]
Words = Annotated[str, AfterValidator(_filled)]
Minutes = Annotated[int, Field(ge=1, le=6_000)]
Count = Annotated[int, Field(ge=0, le=10_000)]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Both(Shape):
    fr: Words
    en: Words


def _both(languages: list[str]) -> list[str]:
    if set(languages) != {"fr", "en"} or len(languages) != 2:
        raise PydanticCustomError("languages", "not both languages")
    return languages


class Languages(Shape):
    required: Annotated[list[str], AfterValidator(_both)]


class SourceShape(Shape):
    title: Both
    url: Url
    url_fr: Url | None = None
    checked: Day


class PartnerShape(Shape):
    name: Both
    role: Both


class PassShape(Shape):
    quiz: Annotated[int, Field(ge=1, le=100)] | None = None
    review: Literal["accepted"] | None = None
    cases: Literal["clean_replay"] | None = None


class LevelShape(Shape):
    id: Id
    number: Annotated[int, Field(ge=1, le=9)]
    title: Both
    summary: Both | None = None
    minutes: Minutes
    unlock: Id
    do: Annotated[list[Words], Field(min_length=1)]
    passing: PassShape = Field(alias="pass")
    badge: Id


class ManifestShape(Shape):
    id: Id
    version: Version
    demonstration: bool
    languages: Languages
    title: Both
    summary: Both
    themes: list[Both] = []
    audience: Both
    updated_on: Day
    restricted: bool
    partners: list[PartnerShape] = []
    sources: dict[Id, SourceShape] = {}
    levels: Annotated[list[LevelShape], Field(min_length=1)]


class LessonFront(Shape):
    id: Id
    title: Words
    minutes: Minutes
    source: Literal["fr", "en"]
    source_hash: str = ""
    objective: Words


class ProgramFront(Shape):
    id: Id
    title: Words
    source: Literal["fr", "en"]
    source_hash: str = ""


class OptionShape(Shape):
    id: Id
    right: bool
    text: Both
    why: Both


class QuestionShape(Shape):
    id: Id
    type: Literal["single", "multiple", "truefalse"]
    ask: Both
    options: Annotated[list[OptionShape], Field(min_length=1)]
    sources: list[Id] = []


class QuizShape(Shape):
    id: Id
    title: Both
    minutes: Minutes
    questions: Annotated[list[QuestionShape], Field(min_length=1)]


class WordsShape(Shape):
    least: Count
    most: Annotated[int, Field(ge=1, le=10_000)]


class PromptShape(Shape):
    id: Id
    ask: Both
    hint: Both
    words: WordsShape
    quotes: Literal["cases"] | None = None


class CriterionShape(Shape):
    id: Id
    text: Both


class ReflectionShape(Shape):
    id: Id
    title: Both
    minutes: Minutes
    intro: Both
    questions: Annotated[list[PromptShape], Field(min_length=1)]
    criteria: Annotated[list[CriterionShape], Field(min_length=1)]


class BadgeShape(Shape):
    id: Id
    name: Both
    description: Both
    criteria: Both
    alt: Both
    achievement_type: Literal[
        "Achievement", "Assessment", "Award", "Badge", "Certificate", "CertificateOfCompletion",
        "Certification", "Competency", "Course", "LearningProgram", "MicroCredential",
    ]  # fmt: skip
    tags: list[Both] = []
