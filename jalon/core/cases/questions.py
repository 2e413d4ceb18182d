"""The six questions that a person answers alone after a case, before any result is shown.

An id never changes its meaning: the answers are kept under it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OwnQuestion:
    id: str
    ask: Mapping[str, str]


QUESTIONS = tuple(
    OwnQuestion(name, {"fr": fr, "en": en})
    for name, fr, en in (
        ("happened", "Que s’est-il passé, en deux phrases?", "What happened, in two sentences?"),
        ("hesitated", "À quel moment avez-vous hésité, et pourquoi?", "When did you hesitate, and why?"),
        (
            "helped",
            "Quel geste a le plus aidé les jeunes?",
            "Which of your actions helped the young people most?",
        ),
        ("otherwise", "Que feriez-vous autrement?", "What would you do differently?"),
        ("guided", "Quelle règle ou quelle étape a guidé vos choix?", "Which rule or step guided your choices?"),
        ("keep", "Que retenez-vous pour votre école?", "What will you take back to your school?"),
    )
)
