"""The checks of one case, numbered like their kin of the protocol.

Source: the rules of protocols and practice cases, section 8.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from jalon.core.cases.model import Case, Pages, Scene
from jalon.core.cases.pages import blocks_of
from jalon.core.cases.reading import read_case
from jalon.core.cases.replay import NotOffered, play
from jalon.core.flaws import Text, said
from jalon.core.protocols.model import Problem, Protocol, error
from jalon.core.protocols.outlook import Outlook
from jalon.core.protocols.reading import LANGUAGES

PATHWAY = said("un parcours", "pathway")
FACT = said("un fait", "fact")
ROLE = said("un rôle", "role")
EVENT = said("un événement", "event")
ACTION = said("une action d’une étape ou d’une interdiction", "action of a step or a ban")
CHOICE = said("un choix d’une scène", "choice of any scene")
BAN = said("une interdiction", "ban")


@dataclass(frozen=True, slots=True)
class CaseReport:
    """What the checks found. The case is there when its form is right and its names are known."""

    case: Case | None
    problems: tuple[Problem, ...]

    @property
    def accepted(self) -> Case | None:
        return None if self.problems else self.case


def check_case(data: object, *, protocol: Protocol | None, pages: Pages) -> CaseReport:
    """Read plain data as a case and check it.

    Args:
        protocol: the accepted protocol, or nothing when it is refused.
        pages: for each scene and language, the Markdown of its file; an absent file is absent here.
    """
    case, problems = read_named(data, protocol=protocol)
    if case is None or protocol is None:
        return CaseReport(None, problems)
    found = (
        *check_truth(protocol, case),
        *check_graph(case),
        *check_reveals(protocol, case),
        *check_pages(case, pages),
        *check_replays(protocol, case),
    )
    return CaseReport(case, found)


def read_named(data: object, *, protocol: Protocol | None) -> tuple[Case | None, tuple[Problem, ...]]:
    """Check 1: the form, the protocol, and every name used."""
    case, problems = read_case(data)
    if case is None:
        return None, problems
    if protocol is None:
        fr = f"le protocole du cas {case.id}, {case.protocol}, est refusé"
        return None, (error(1, "protocol", fr, f"the protocol of the case {case.id}, {case.protocol}, is refused"),)
    problems = tuple(_unknown_names(protocol, case))
    return (None, problems) if problems else (case, ())


def _unknown_names(protocol: Protocol, case: Case) -> Iterator[Problem]:
    if case.protocol.id != protocol.id or not case.protocol.holds(protocol.version):
        fr = f"le cas {case.id} demande {case.protocol}, pas {protocol.id} {protocol.version}"
        en = f"the case {case.id} asks for {case.protocol}, not for {protocol.id} {protocol.version}"
        yield error(1, "protocol", fr, en)
    yield from _unknown("pathway", [case.pathway], protocol.pathways, PATHWAY)
    for fact, value in case.truth.items():
        yield from _unknown(f"truth.{fact}", [fact], protocol.facts, FACT)
        if fact in protocol.facts:
            kind = said(f"une valeur de {fact}", f"value of {fact}")
            yield from _unknown(f"truth.{fact}", [value], protocol.facts[fact].values, kind)
    yield from _unknown_in_scenes(protocol, case)
    bans = {f"never/{ban.id}" for ban in protocol.never}
    for place, replay in enumerate(case.replays):
        where = f"replays.{place}"
        yield from _unknown(f"{where}.path", replay.path, case.choices, CHOICE)
        named = [verdict for verdict in replay.expect if verdict.startswith("never/")]
        yield from _unknown(f"{where}.expect", named, bans, BAN)


def _unknown_in_scenes(protocol: Protocol, case: Case) -> Iterator[Problem]:
    for scene in case.scenes.values():
        where = f"scenes.{scene.id}"
        if scene.you_are:
            yield from _unknown(f"{where}.you_are", [scene.you_are], protocol.roles, ROLE)
        yield from _unknown(f"{where}.reveals", scene.reveals, protocol.facts, FACT)
        yield from _unknown(f"{where}.happens", scene.happens, protocol.events, EVENT)
        for choice in scene.choices:
            here = f"{where}.choices.{choice.id}.does"
            yield from _unknown(here, choice.does, protocol.actions, ACTION)


def _unknown(where: str, names: Collection[str], known: Collection[str], kind: Text) -> Iterator[Problem]:
    for name in names:
        if name not in known:
            fr = f"{where} nomme {name}, qui n’est pas {kind['fr']}"
            yield error(1, where, fr, f"{where} names {name}, which is no {kind['en']}")


def check_truth(protocol: Protocol, case: Case) -> Iterator[Problem]:
    """Check 2: the truth is complete, possible, and leads to the pathway."""
    revealed = [fact for scene in case.scenes.values() for fact in scene.reveals]
    for fact in dict.fromkeys([*protocol.route.inputs, *revealed]):
        if fact not in case.truth:
            is_read = fact in protocol.route.inputs
            fr = f"il manque {fact} dans truth : {'la route le lit' if is_read else 'une scène le révèle'}"
            en = f"the truth lacks {fact}, which is {'read by the route' if is_read else 'revealed by a scene'}"
            yield error(2, f"truth.{fact}", fr, en)
    outlook = Outlook(protocol, case.truth)
    if outlook.is_contradictory:
        truth = ", ".join(f"{fact} = {value}" for fact, value in case.truth.items())
        yield error(
            2, "truth", f"ces faits ne peuvent pas aller ensemble : {truth}", f"the truth is impossible: {truth}"
        )
    elif outlook.pathway != case.pathway:
        fr = f"les faits de truth mènent à {outlook.pathway}, pas à {case.pathway}"
        yield error(2, "pathway", fr, f"the truth leads to {outlook.pathway}, not to {case.pathway}")


def check_graph(case: Case) -> Iterator[Problem]:
    """Check 3: every scene can be reached, and leads to an ending."""
    ways = {scene.id: [choice.to for choice in scene.choices] for scene in case.scenes.values()}
    back: dict[str, list[str]] = {name: [] for name in ways}
    for name, targets in ways.items():
        for target in targets:
            back[target].append(name)
    endings = [scene.id for scene in case.scenes.values() if scene.is_ending]
    reached, ending = _walk([case.start], ways), _walk(endings, back)
    for name, scene in case.scenes.items():
        if name not in reached:
            fr = f"aucun chemin ne mène de {case.start} à la scène {name}"
            yield error(3, f"scenes.{name}", fr, f"no path leads from {case.start} to the scene {name}")
        if name not in ending:
            ways_on = scene.choices
            fr = f"la scène {name} {'ne peut mener à aucune fin' if ways_on else 'n’a aucun choix'}"
            en = f"the scene {name} {'cannot lead to an ending' if ways_on else 'has no choice'}"
            yield error(3, f"scenes.{name}", fr, en)


def _walk(starts: Collection[str], ways: Mapping[str, Collection[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = list(starts)
    while waiting:
        if (name := waiting.pop()) not in seen:
            seen.add(name)
            waiting.extend(ways[name])
    return seen


def check_reveals(protocol: Protocol, case: Case) -> Iterator[Problem]:
    """Check 4: a scene reveals only what its role can know."""
    for scene in case.scenes.values():
        for fact in scene.reveals:
            if scene.you_are not in protocol.facts[fact].known_by:
                fr = f"la scène {scene.id} révèle {fact} à {scene.you_are}, qui ne peut pas le connaître"
                en = f"the scene {scene.id} reveals {fact} to {scene.you_are}, who cannot know it"
                yield error(4, f"scenes.{scene.id}.reveals", fr, en)


def check_pages(case: Case, pages: Pages) -> Iterator[Problem]:
    """Check 10: a title and the words of every scene and choice, in both languages."""
    for language in LANGUAGES:
        if not case.title.get(language, "").strip():
            fr = f"le titre du cas {case.id} n’a pas de mots en {language}"
            yield error(10, f"title.{language}", fr, f"the title of the case {case.id} has no words in {language}")
        for scene in case.scenes.values():
            text = pages.get(scene.id, {}).get(language)
            file = f"scenes/{scene.id}.{language}.md"
            if text is None:
                fr, en = f"{file} manque ou ne se lit pas", f"{file} is missing or cannot be read"
                yield error(10, f"scenes.{scene.id}", fr, en)
            elif not text.strip():
                yield error(10, f"scenes.{scene.id}", f"{file} est vide", f"{file} is blank")
            else:
                yield from _miscounted(scene, file, Counter(block for block, _ in blocks_of(text)))


def _miscounted(scene: Scene, file: str, blocks: Mapping[str, int]) -> Iterator[Problem]:
    choices = [choice.id for choice in scene.choices]
    where = f"scenes.{scene.id}.choices"
    for name in choices:
        if name not in blocks:
            fr = f"{file} n’a pas de bloc pour le choix {name}"
            yield error(10, f"{where}.{name}", fr, f"{file} has no block for the choice {name}")
        elif blocks[name] > 1:
            fr = f"{file} a {blocks[name]} blocs pour le choix {name}"
            yield error(10, f"{where}.{name}", fr, f"{file} has {blocks[name]} blocks for the choice {name}")
    for name in blocks:
        if name not in choices:
            fr = f"{file} a un bloc {name}, qui n’est pas un choix de cette scène"
            yield error(10, f"{where}.{name}", fr, f"{file} has a block {name}, which is no choice of this scene")


def check_replays(protocol: Protocol, case: Case) -> Iterator[Problem]:
    """Check 13: every recorded replay ends with the expected verdicts, and at least one is clean."""
    some_clean = False
    for place, recorded in enumerate(case.replays):
        where = f"replays.{place}"
        try:
            played = play(protocol, case, recorded.path)
        except NotOffered as refused:
            why = refused.message
            fr = f"{where} de {case.id} ne peut pas être joué : {why['fr']}"
            yield error(13, where, fr, f"{where} of {case.id} cannot be played: {why['en']}")
            continue
        some_clean = some_clean or (played.has_ended and played.is_clean)
        if not played.has_ended:
            fr = f"{where} de {case.id} s’arrête à {played.scene}, qui n’est pas une fin"
            yield error(13, where, fr, f"{where} of {case.id} stops at {played.scene}, which is no ending")
        if played.verdicts != recorded.expect:
            path, gave, wanted = (", ".join(ids) or "–" for ids in (recorded.path, played.verdicts, recorded.expect))
            fr = f"{where} de {case.id} ({path}) donne {gave}; attendu : {wanted}"
            yield error(13, where, fr, f"{where} of {case.id} ({path}) gives {gave}; expected: {wanted}")
    if not some_clean:
        fr = f"aucun essai enregistré de {case.id} n’est sans faute"
        yield error(13, "replays", fr, f"no recorded replay of {case.id} is clean")
