"""A pack as small as a pack can be: two levels, two lessons, a quiz of two questions, a reflection of two."""

from dataclasses import replace
from datetime import date

from jalon.core.cases.checks import check_case
from jalon.core.packs import (
    Badge,
    Criterion,
    Lesson,
    Level,
    Option,
    Pack,
    Part,
    Partner,
    Passing,
    PracticeCase,
    Prompt,
    Question,
    Quiz,
    Reflection,
    Source,
)
from tests.core.protocols.example import accepted, case_data, pages_of, protocol_data


def both(fr: str, en: str) -> dict[str, str]:
    return {"fr": fr, "en": en}


def lesson(lesson_id: str, minutes: int = 20) -> Lesson:
    parts = tuple(
        Part(f"p{number}", both(f"Partie {number}", f"Part {number}"), both("Un fait [@guide].", "A fact [@guide]."))
        for number in (1, 2)
    )
    return Lesson(lesson_id, both("Accueillir", "Welcoming"), minutes, both("Savoir accueillir", "Know how"), parts)


def option(option_id: str, right: bool) -> Option:
    return Option(option_id, right, both("Une réponse", "An answer"), both("Voici pourquoi.", "This is why."))


QUIZ = Quiz(
    "first-quiz",
    both("Quiz du départ", "First quiz"),
    10,
    (
        Question(
            "who",
            "single",
            both("Qui prévenir?", "Whom to tell?"),
            (option("a", True), option("b", False)),
            ("guide",),
        ),
        Question(
            "what",
            "multiple",
            both("Que faire?", "What to do?"),
            (option("a", True), option("b", True), option("c", False)),
        ),
    ),
)
RIGHT = {"who": ["a"], "what": ["a", "b"]}
WRONG = {"who": ["b"], "what": ["c"]}

REFLECTION = Reflection(
    "look-back",
    both("Retour sur la méthode", "Looking back"),
    30,
    both("Deux questions.", "Two questions."),
    (
        Prompt("steps", both("Quelles étapes?", "Which steps?"), both("En vos mots.", "In your words."), 3, 50),
        Prompt("hard", both("La plus délicate?", "The most delicate?"), both("En vos mots.", "In your words."), 3, 50),
    ),
    (Criterion("order", both("L’ordre est juste.", "The order is right.")),),
)


def badge(level_id: str) -> Badge:
    return Badge(
        id=level_id,
        name=both("Insigne", "Badge"),
        description=both("Sait intervenir.", "Knows how to respond."),
        criteria=both("Tout faire.", "Do everything."),
        alt=both("Un disque", "A disc"),
        achievement_type="CertificateOfCompletion",
        svg='<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 240"><title>Insigne</title></svg>',
    )


FIRST = Level(
    "first",
    1,
    both("Premier", "First"),
    180,
    None,
    ("lesson/one", "lesson/two", "quiz/first-quiz"),
    Passing(quiz=80),
    "first",
    both("Savoir accueillir.", "Know how to welcome."),
)
SECOND = Level(
    "second", 2, both("Second", "Second"), 120, "first", ("reflection/look-back",), Passing(review=True), "second"
)


def small_pack(slug: str = "essai", *, restricted: bool = True) -> Pack:
    """Return the pack; its facts have one source, `guide`."""
    return Pack(
        id=slug,
        version="1.0.0",
        demonstration=True,
        title=both("Programme d’essai", "Trial program"),
        summary=both("Un essai.", "A trial."),
        description=both("Un essai.", "A trial."),
        audience=both("Le personnel", "Staff"),
        updated_on=date(2026, 1, 5),
        restricted=restricted,
        themes=(),
        partners=(Partner(both("Partenaire fictif", "Fictional partner"), both("Rôle", "Role")),),
        sources={
            "guide": Source(
                "guide",
                both("Guide", "Guide"),
                both("https://guide.example/", "https://guide.example/"),
                date(2026, 1, 5),
            )
        },
        levels=(FIRST, SECOND),
        lessons={"one": lesson("one"), "two": lesson("two", 10)},
        quizzes={QUIZ.id: QUIZ},
        reflections={REFLECTION.id: REFLECTION},
        badges={"first": badge("first"), "second": badge("second")},
    )


def open_pack(slug: str = "essai") -> Pack:
    """Return the pack whose second level asks for no first one."""
    return replace(small_pack(slug), levels=(FIRST, replace(SECOND, unlock=None)))


def played_pack(slug: str = "essai") -> Pack:
    """Return the pack with a practice case in its second level, recalled by the first question of the reflection."""
    protocol = accepted(protocol_data())
    pages = pages_of(case_data())
    report = check_case(case_data(), protocol=protocol, pages=pages)
    assert report.accepted is not None, report.problems
    quoting = replace(REFLECTION.questions[0], quotes_cases=True)
    reflection = replace(REFLECTION, questions=(quoting, *REFLECTION.questions[1:]))
    second = replace(SECOND, do=("case/group-chat", *SECOND.do), passing=Passing(review=True, cases=True))
    return replace(
        small_pack(slug),
        levels=(FIRST, second),
        reflections={reflection.id: reflection},
        protocol=protocol,
        cases={"group-chat": PracticeCase(report.accepted, pages)},
    )
