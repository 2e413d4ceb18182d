"""What a pack means, checked: each rule yields its flaws, and no rule stops another."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping

from jalon.core import drawings
from jalon.core.flaws import Flaw, said
from jalon.core.lessons import lesson_file_name, unknown_source
from jalon.core.packs import LANGUAGES, Badge, Level, Pack, Question, Quiz, Reflection, is_id

MANIFEST = "pack.yaml"
KINDS = ("lesson", "quiz", "reflection", "case")
# What stands in the address of a page where the id of a level, or of a question of a reflection, stands in another.
ADDRESSES = {"level": frozenset({"enrolment", "protocol"}), "question": frozenset({"check", "submission"})}


def quiz_file(quiz_id: str) -> str:
    return f"quizzes/{quiz_id}.yaml"


def reflection_file(reflection_id: str) -> str:
    return f"reflections/{reflection_id}.yaml"


def badge_file(badge_id: str) -> str:
    return f"badges/{badge_id}.yaml"


def badge_drawing(badge_id: str) -> str:
    return f"badges/{badge_id}.svg"


def program_flaws(pack: Pack, unread: Collection[str] = frozenset()) -> Iterator[Flaw]:
    """Yield what is wrong with the program as a whole: its levels, and what no level uses.

    Args:
        unread: activities and badges (`kind/id`) whose file exists and has flaws of its own, told elsewhere.
    """
    known = {f"{kind}/{name}" for kind, shelf in shelves(pack).items() for name in shelf} | set(unread)
    yield from level_flaws(pack, known)
    yield from orphan_flaws(pack)


def shelves(pack: Pack) -> Mapping[str, Mapping[str, object]]:
    """Return what a level may ask for, by kind."""
    return {
        "lesson": pack.lessons,
        "quiz": pack.quizzes,
        "reflection": pack.reflections,
        "case": pack.cases,
        "badge": pack.badges,
    }


# The levels


def level_flaws(pack: Pack, known: Collection[str]) -> Iterator[Flaw]:
    """Yield what is wrong with the order of the levels, what they ask for, how they are obtained."""
    yield from _repeated(MANIFEST, "levels", [level.id for level in pack.levels])
    done_before: dict[str, str] = {}
    for position, level in enumerate(pack.levels):
        earlier = [other.id for other in pack.levels[:position]]
        yield from _address_flaws("level", level.id, MANIFEST, f"levels.{level.id}.id")
        yield from _order_flaws(level, position, earlier)
        yield from _activity_flaws(level, known, done_before)
        yield from _passing_flaws(level)
        if f"badge/{level.badge}" not in known:
            yield _at_level(
                level,
                "badge",
                f"le badge {level.badge} n’existe pas",
                f"the badge {level.badge} does not exist",
            )


def _at_level(level: Level, key: str, fr: str, en: str) -> Flaw:
    return Flaw(MANIFEST, f"levels.{level.id}.{key}", said(fr, en))


def _order_flaws(level: Level, position: int, earlier: list[str]) -> Iterator[Flaw]:
    if level.number != position + 1:
        yield _at_level(
            level,
            "number",
            f"le numéro du niveau {level.id} devrait être {position + 1}",
            f"the number of the level {level.id} should be {position + 1}",
        )
    if level.unlock is not None and level.unlock not in earlier:
        yield _at_level(
            level,
            "unlock",
            f"« {level.unlock} » n’est pas un niveau qui vient avant; écrivez « start » ou l’un de ceux-ci : "
            + (", ".join(earlier) or "–"),
            f"“{level.unlock}” is not a level that comes before; write “start” or one of: "
            + (", ".join(earlier) or "–"),
        )


def _activity_flaws(level: Level, known: Collection[str], done_before: dict[str, str]) -> Iterator[Flaw]:
    for position, key in enumerate(level.do):
        kind, _, name = key.partition("/")
        where = f"do.{position}"
        if kind not in KINDS or not is_id(name):
            kinds = ", ".join(f"{one}/…" for one in KINDS)
            yield _at_level(
                level,
                where,
                f"« {key} » n’est pas une activité ({kinds})",
                f"“{key}” is not an activity ({kinds})",
            )
        elif key not in known:
            yield _at_level(level, where, f"l’activité {key} n’existe pas", f"the activity {key} does not exist")
        if key in done_before:
            yield _at_level(
                level,
                where,
                f"l’activité {key} est déjà au niveau {done_before[key]}",
                f"the activity {key} is already in the level {done_before[key]}",
            )
        done_before.setdefault(key, level.id)


def _passing_flaws(level: Level) -> Iterator[Flaw]:
    kinds = {key.partition("/")[0] for key in level.do}
    asked = {
        "quiz": level.passing.quiz is not None,
        "reflection": level.passing.review,
        "case": level.passing.cases,
    }
    if not any(asked.values()):
        yield _at_level(level, "pass", "rien ne permet de réussir ce niveau", "nothing allows to pass this level")
    for kind, is_asked in asked.items():
        key, absent, unasked = _PASSING[kind]
        if is_asked and kind not in kinds:
            yield _at_level(level, f"pass.{key}", *absent)
        if kind in kinds and not is_asked:
            yield _at_level(level, "pass", *unasked)


_PASSING: Mapping[str, tuple[str, tuple[str, str], tuple[str, str]]] = {
    "quiz": (
        "quiz",
        ("ce niveau n’a pas de quiz", "this level has no quiz"),
        ("le quiz de ce niveau n’a pas de seuil", "the quiz of this level has no pass mark"),
    ),
    "reflection": (
        "review",
        ("ce niveau n’a pas de réflexion à réviser", "this level has no reflection to review"),
        ("personne ne révise la réflexion de ce niveau", "nobody reviews the reflection of this level"),
    ),
    "case": (
        "cases",
        ("ce niveau n’a pas de cas de pratique", "this level has no practice case"),
        ("rien ne dit quand les cas de ce niveau sont réussis", "nothing says when the cases of this level are passed"),
    ),
}


def orphan_flaws(pack: Pack) -> Iterator[Flaw]:
    """Yield every activity and badge that no level asks for; a case still serves to test the protocol."""
    used = {key for level in pack.levels for key in level.do} | {f"badge/{level.badge}" for level in pack.levels}
    files = {
        "lesson": lambda name: [lesson_file_name(name, language) for language in LANGUAGES],
        "quiz": lambda name: [quiz_file(name)],
        "reflection": lambda name: [reflection_file(name)],
        "badge": lambda name: [badge_file(name)],
    }
    for kind, shelf in shelves(pack).items():
        for name in shelf:
            if kind in files and f"{kind}/{name}" not in used:
                for file in files[kind](name):
                    yield Flaw(file, 1, said("aucun niveau n’utilise ce fichier", "no level uses this file"))


# The activities


def quiz_flaws(quiz: Quiz, sources: Collection[str] | None) -> Iterator[Flaw]:
    """Yield questions without a right answer, repeated ids, and sources that the pack does not list.

    Args:
        sources: the ids listed in pack.yaml; nothing when that file could not be read.
    """
    file = quiz_file(quiz.id)
    yield from _repeated(file, "questions", [question.id for question in quiz.questions])
    for question in quiz.questions:
        where = f"questions.{question.id}"
        yield from _repeated(file, f"{where}.options", [option.id for option in question.options])
        if fault := _right_fault(question):
            yield Flaw(file, f"{where}.options", said(*fault))
        for position, source in enumerate(question.sources):
            if sources is not None and source not in sources:
                yield Flaw(file, f"{where}.sources.{position}", unknown_source(source))


def _right_fault(question: Question) -> tuple[str, str] | None:
    right, total = len(question.right), len(question.options)
    if question.type == "truefalse" and total != 2:
        return f"« vrai ou faux » a deux options, pas {total}", f"true or false has two options, not {total}"
    if total < 2:
        return "une question a au moins deux options", "a question has at least two options"
    if right == 0:
        return "aucune option n’est juste", "no option is right"
    if question.type != "multiple" and right != 1:
        return (
            f"une seule option doit être juste, pas {right}",
            f"exactly one option must be right, not {right}",
        )
    return None


def reflection_flaws(reflection: Reflection) -> Iterator[Flaw]:
    """Yield repeated ids, ids that are addresses, and lengths that no answer can have."""
    file = reflection_file(reflection.id)
    yield from _repeated(file, "questions", [prompt.id for prompt in reflection.questions])
    yield from _repeated(file, "criteria", [criterion.id for criterion in reflection.criteria])
    for prompt in reflection.questions:
        yield from _address_flaws("question", prompt.id, file, f"questions.{prompt.id}.id")
        if prompt.least > prompt.most:
            yield Flaw(
                file,
                f"questions.{prompt.id}.words",
                said(
                    f"le minimum ({prompt.least}) dépasse le maximum ({prompt.most})",
                    f"the least ({prompt.least}) is more than the most ({prompt.most})",
                ),
            )


def badge_flaws(badge: Badge) -> Iterator[Flaw]:
    """Yield what forbids the drawing of a badge."""
    for line, code, word in drawings.faults(badge.svg):
        fr, en = _DRAWING[code]
        yield Flaw(badge_drawing(badge.id), line, said(fr.format(word=word), en.format(word=word)))


_DRAWING: Mapping[str, tuple[str, str]] = {
    "too-large": ("le dessin dépasse {word} octets", "the drawing is larger than {word} bytes"),
    "not-xml": ("ce n’est pas du XML ({word})", "this is not XML ({word})"),
    "doctype": ("une déclaration {word} n’est pas permise", "a {word} declaration is not allowed"),
    "instruction": ("l’instruction {word} n’est pas permise", "the instruction {word} is not allowed"),
    "element": (
        "l’élément {word} n’est pas permis dans un badge",
        "the element {word} is not allowed in a badge",
    ),
    "attribute": (
        "l’attribut {word} n’est pas permis dans un badge",
        "the attribute {word} is not allowed in a badge",
    ),
    "outside": ("« {word} » renvoie hors du dessin", "“{word}” points outside the drawing"),
    "view-box": ('la racine doit avoir viewBox="{word}"', 'the root must have viewBox="{word}"'),
    "title": ("il manque un élément title avec des mots", "a title element with words is missing"),
}


def _address_flaws(what: str, name: str, file: str, where: str) -> Iterator[Flaw]:
    """Yield the flaw of an id whose page would have the address of another page of the site."""
    if name in ADDRESSES[what]:
        yield Flaw(
            file,
            where,
            said(
                f"« {name} » est un mot réservé : une page du site a cette adresse; choisissez un autre identifiant",
                f"“{name}” is a reserved word: a page of the site already has that address; choose another id",
            ),
        )


def _repeated(file: str, where: str, ids: Iterable[str]) -> Iterator[Flaw]:
    for name, count in Counter(ids).items():
        if count > 1:
            yield Flaw(
                file,
                f"{where}.{name}",
                said(f"« {name} » y est {count} fois", f"“{name}” is there {count} times"),
            )
