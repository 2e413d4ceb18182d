"""Checks 9 to 11: every rule has its source, every name its text, every action its ruling."""

from __future__ import annotations

from collections.abc import Iterator

from jalon.core.flaws import Text, said
from jalon.core.protocols.model import Ban, Problem, Protocol, Row, Step, error, warning
from jalon.core.protocols.reading import LANGUAGES
from jalon.core.protocols.words import citation_of


def check_sources(protocol: Protocol) -> Iterator[Problem]:
    """Check 9: each row, impossible entry, step and ban cites a declared paragraph; sources are dated."""
    cited: list[tuple[str, str, str, Row | Step | Ban]] = [
        *(("route.rows", "la ligne", "the row", row) for row in protocol.route.rows),
        *(
            ("route.impossible", "l’entrée impossible", "the impossible entry", row)
            for row in protocol.route.impossible
        ),
        *(("steps", "l’étape", "the step", step) for step in protocol.steps.values()),
        *(("never", "l’interdiction", "the ban", ban) for ban in protocol.never),
    ]
    for where, ce, what, rule in cited:
        if reason := _why_not_cited(protocol, rule.cite):
            fr, en = f"{ce} {rule.id} {reason['fr']}", f"{what} {rule.id} {reason['en']}"
            yield error(9, f"{where}.{rule.id}.cite", fr, en)
    for source in protocol.sources.values():
        if source.checked is None:
            fr = f"la source {source.id} ne dit pas à quelle date elle a été vérifiée"
            en = f"the source {source.id} does not say on which date it was checked"
            yield error(9, f"sources.{source.id}.checked", fr, en)


def _why_not_cited(protocol: Protocol, cite: str | None) -> Text | None:
    if cite is None or (found := citation_of(cite)) is None:
        return said("ne cite aucune source", "cites no source")
    name, paragraph = found
    if name not in protocol.sources:
        fr = f"cite {cite}, et {name} n’est pas une source déclarée"
        return said(fr, f"cites {cite}, and {name} is no declared source")
    last = protocol.sources[name].paragraphs
    if not 1 <= paragraph <= last:
        fr = f"cite {cite}, et {name} a les paragraphes 1 à {last}"
        return said(fr, f"cites {cite}, and {name} has the paragraphs 1 to {last}")
    return None


def text_keys(protocol: Protocol) -> tuple[str, ...]:
    """Return the key of every text a protocol needs."""
    keys = ["title", *(f"role/{role}" for role in protocol.roles)]
    for fact in protocol.facts.values():
        keys += [f"fact/{fact.id}", *(f"fact/{fact.id}/{value}" for value in fact.values)]
    keys += [f"pathway/{pathway}" for pathway in protocol.pathways]
    keys += [f"action/{action}" for action in protocol.actions]
    keys += [f"milestone/{milestone}" for milestone in protocol.milestones]
    keys += [f"never/{ban.id}" for ban in protocol.never]
    return (*keys, *(f"source/{source}" for source in protocol.sources))


def check_texts(protocol: Protocol) -> Iterator[Problem]:
    """Check 10: each name has its text in both languages, and each text names something."""
    keys = text_keys(protocol)
    for key in keys:
        if key not in protocol.texts:
            yield error(10, f"texts.{key}", f"il manque le texte {key}", f"the text {key} is missing")
            continue
        for language in LANGUAGES:
            if not protocol.texts[key].get(language, "").strip():
                fr = f"le texte {key} n’a pas de mots en {language}"
                yield error(10, f"texts.{key}.{language}", fr, f"the text {key} has no words in {language}")
    for key in protocol.texts:
        if key not in keys:
            fr = f"le texte {key} ne nomme rien de ce protocole"
            yield error(10, f"texts.{key}", fr, f"the text {key} names nothing of this protocol")


def check_silence(protocol: Protocol) -> Iterator[Problem]:
    """Check 11: an action that is forbidden for a time is ruled by something the rest of the time."""
    for ban in protocol.never:
        if protocol.steps_doing[ban.do] or any(other.is_timeless for other in protocol.bans_on[ban.do]):
            continue
        for quand, side, milestone in (("avant", "before", ban.starts), ("après", "after", ban.ends)):
            if milestone:
                fr = f"rien ne règle {ban.do} {quand} {milestone} : {ban.id} n’en dit rien"
                en = f"nothing rules {ban.do} {side} {milestone}: {ban.id} leaves it without a word"
                yield warning(11, f"never.{ban.id}", fr, en)
