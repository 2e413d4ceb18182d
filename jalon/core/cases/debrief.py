"""After an ending: the learner's path beside the protocol's path, step by step, with reasons and citations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from jalon.core.cases.model import Case
from jalon.core.cases.replay import Judged, play, required_steps
from jalon.core.protocols.drawing import source_words
from jalon.core.protocols.engine import Verdict, Word
from jalon.core.protocols.model import Protocol, Step
from jalon.core.protocols.order import in_order
from jalon.core.protocols.sentences import Speaker

REASONS = {
    "fr": {
        "ok": "Fait au bon moment.",
        "ok_due": "Fait à temps{colon}le délai était de {due}.",
        "late": "Fait trop tard{colon}le délai était de {due}.",
        "early": "Fait trop tôt. Il fallait d’abord{colon}{missing}.",
        "not_your_role": "Cette étape revient à{colon}{by}.",
        "repeat": "C’était déjà fait.",
        "off_protocol": "Le parcours {pathway} ne prévoit pas ce geste ici.",
        "never": "À ne jamais faire{colon}{ban}.",
        "missed": "Cette étape restait à faire.",
    },
    "en": {
        "ok": "Done at the right moment.",
        "ok_due": "Done in time{colon}the time allowed was {due}.",
        "late": "Done too late{colon}the time allowed was {due}.",
        "early": "Done too early. First was needed{colon}{missing}.",
        "not_your_role": "This step belongs to{colon}{by}.",
        "repeat": "This was already done.",
        "off_protocol": "The pathway {pathway} does not ask for this here.",
        "never": "Never to be done{colon}{ban}.",
        "missed": "This step was still to be done.",
    },
}


@dataclass(frozen=True, slots=True)
class Line:
    """One action of the learner, in words."""

    scene: str
    choice: str
    role: str
    action: str
    after: timedelta
    word: Word
    rule: str | None
    reason: str
    cite: str | None
    source: str


@dataclass(frozen=True, slots=True)
class Beside:
    """One step of the protocol and what the learner did about it; nothing is there when it was left out."""

    step: str
    action: str
    by: str
    within: str
    reason: str
    cite: str | None
    source: str
    is_met: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Debrief:
    """The two paths side by side: the protocol's steps in order, then what it did not ask for."""

    pathway: str
    is_clean: bool
    steps: tuple[Beside, ...]
    others: tuple[Line, ...]
    path: tuple[Line, ...]


def debrief(protocol: Protocol, case: Case, path: Sequence[str], language: str) -> Debrief:
    """Compare a path with the protocol.

    Args:
        language: `fr` or `en`, of the sentences.

    Raises:
        NotOffered: a choice is not one of its scene.
    """
    played = play(protocol, case, path)
    speaker = Speaker(protocol, language)
    lines = tuple(_line(speaker, judged) for judged in played.judged)
    required = {step.id for step in required_steps(protocol, case)}
    steps = [step for step in in_order(protocol, case.pathway) if step.id in required]
    return Debrief(
        pathway=speaker.text(f"pathway/{case.pathway}"),
        is_clean=played.has_ended and played.is_clean,
        steps=tuple(_beside(speaker, step, lines) for step in steps),
        others=tuple(line for line in lines if line.word == "never" or line.rule not in required),
        path=lines,
    )


def reason_of(speaker: Speaker, verdict: Verdict) -> str:
    """Say why an action got its verdict."""
    step = speaker.protocol.steps.get(verdict.rule or "")
    key = "ok_due" if verdict.word == "ok" and step and step.within else verdict.word
    return REASONS[speaker.language][key].format(
        colon=speaker.say("colon"),
        due=speaker.duration(step.within if step else None),
        missing=speaker.names("milestone", verdict.missing),
        by=speaker.names("role", step.by if step else ()),
        pathway=speaker.quoted(f"pathway/{verdict.pathway}"),
        ban=speaker.text(f"never/{verdict.rule}"),
    )


def _line(speaker: Speaker, judged: Judged) -> Line:
    verdict = judged.verdict
    return Line(
        scene=judged.scene,
        choice=judged.choice,
        role=speaker.text(f"role/{judged.role}"),
        action=speaker.text(f"action/{judged.action}"),
        after=judged.after,
        word=verdict.word,
        rule=verdict.rule,
        reason=reason_of(speaker, verdict),
        cite=verdict.cite,
        source=source_words(speaker, verdict.cite),
    )


def _beside(speaker: Speaker, step: Step, lines: Sequence[Line]) -> Beside:
    found = tuple(line for line in lines if line.word != "never" and line.rule == step.id)
    best = next((line for line in found if line.word == "ok"), found[0] if found else None)
    return Beside(
        step=step.id,
        action=speaker.text(f"action/{step.do}"),
        by=speaker.names("role", step.by),
        within=speaker.duration(step.within) if step.within else "",
        reason=best.reason if best else REASONS[speaker.language]["missed"],
        cite=step.cite,
        source=source_words(speaker, step.cite),
        is_met=best is not None and best.word == "ok",
        lines=found,
    )
