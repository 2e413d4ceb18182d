"""From the form of a file to the typed pack of `core`; French texts take Quebec's spaces here, once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from jalon.core.packs import (
    START,
    Badge,
    Criterion,
    Lesson,
    Level,
    Option,
    Pack,
    Partner,
    Passing,
    PracticeCase,
    Prompt,
    Question,
    Quiz,
    Reflection,
    Source,
    Text,
)
from jalon.core.protocols.model import Protocol
from jalon.core.typography import quebec
from jalon.library import shapes


@dataclass(frozen=True)
class Shelves:
    """What could be read so far, by id."""

    lessons: Mapping[str, Lesson]
    quizzes: Mapping[str, Quiz]
    reflections: Mapping[str, Reflection]
    badges: Mapping[str, Badge]
    protocol: Protocol | None = None
    cases: Mapping[str, PracticeCase] = field(default_factory=dict)


def both(text: shapes.Both) -> Text:
    return {"fr": quebec(text.fr), "en": text.en}


def all_both(texts: Iterable[shapes.Both]) -> tuple[Text, ...]:
    return tuple(both(text) for text in texts)


def pack(shape: shapes.ManifestShape, description: Text, shelves: Shelves) -> Pack:
    return Pack(
        id=shape.id,
        version=shape.version,
        demonstration=shape.demonstration,
        title=both(shape.title),
        summary=both(shape.summary),
        description=description,
        audience=both(shape.audience),
        updated_on=shape.updated_on,
        restricted=shape.restricted,
        themes=all_both(shape.themes),
        partners=tuple(Partner(both(one.name), both(one.role)) for one in shape.partners),
        sources=sources(shape),
        levels=tuple(level(one) for one in shape.levels),
        lessons=shelves.lessons,
        quizzes=shelves.quizzes,
        reflections=shelves.reflections,
        badges=shelves.badges,
        protocol=shelves.protocol,
        cases=shelves.cases,
    )


def sources(shape: shapes.ManifestShape) -> dict[str, Source]:
    return {
        name: Source(name, both(one.title), {"fr": one.url_fr or one.url, "en": one.url}, one.checked)
        for name, one in shape.sources.items()
    }


def level(shape: shapes.LevelShape) -> Level:
    return Level(
        id=shape.id,
        number=shape.number,
        title=both(shape.title),
        minutes=shape.minutes,
        unlock=None if shape.unlock == START else shape.unlock,
        do=tuple(shape.do),
        passing=Passing(
            quiz=shape.passing.quiz,
            review=shape.passing.review is not None,
            cases=shape.passing.cases is not None,
        ),
        badge=shape.badge,
        summary=both(shape.summary) if shape.summary else None,
    )


def quiz(shape: shapes.QuizShape) -> Quiz:
    return Quiz(shape.id, both(shape.title), shape.minutes, tuple(question(one) for one in shape.questions))


def question(shape: shapes.QuestionShape) -> Question:
    options = tuple(Option(one.id, one.right, both(one.text), both(one.why)) for one in shape.options)
    return Question(shape.id, shape.type, both(shape.ask), options, tuple(shape.sources))


def reflection(shape: shapes.ReflectionShape) -> Reflection:
    return Reflection(
        id=shape.id,
        title=both(shape.title),
        minutes=shape.minutes,
        intro=both(shape.intro),
        questions=tuple(
            Prompt(one.id, both(one.ask), both(one.hint), one.words.least, one.words.most, one.quotes == "cases")
            for one in shape.questions
        ),
        criteria=tuple(Criterion(one.id, both(one.text)) for one in shape.criteria),
    )


def badge(shape: shapes.BadgeShape, svg: str) -> Badge:
    return Badge(
        id=shape.id,
        name=both(shape.name),
        description=both(shape.description),
        criteria=both(shape.criteria),
        alt=both(shape.alt),
        achievement_type=shape.achievement_type,
        svg=svg,
        tags=all_both(shape.tags),
    )
