"""Where known facts can lead: the candidates, the provisional pathway, and the questions that matter.

Source: the rules of protocols and practice cases, section 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from jalon.core.protocols.model import Facts, Protocol
from jalon.core.protocols.table import Survey


class Outlook:
    """What the route says while some facts are unknown."""

    def __init__(self, protocol: Protocol, facts: Facts) -> None:
        self.protocol = protocol
        self.known = [
            protocol.facts[fact].values.index(facts[fact]) if fact in facts else None for fact in protocol.route.inputs
        ]

    @cached_property
    def survey(self) -> Survey:
        return Survey(self.protocol.table, self.known)

    @property
    def is_contradictory(self) -> bool:
        """The known facts agree with no possible combination."""
        return not self.survey.outcomes

    @cached_property
    def candidates(self) -> tuple[str, ...]:
        """The pathways of all completions, most protective first; every pathway when the facts contradict."""
        everything = (1 << len(self.protocol.ranked)) - 1
        bits = self.survey.outcomes or everything
        return tuple(pathway for place, pathway in enumerate(self.protocol.ranked) if bits >> place & 1)

    @property
    def pathway(self) -> str:
        return self.candidates[0]

    @property
    def is_provisional(self) -> bool:
        return self.is_contradictory or len(self.candidates) > 1

    def mattering(self) -> Iterator[str]:
        """Yield, in the order of the route, the unknown inputs whose answer could change the outcome."""
        for level, fact in enumerate(self.protocol.route.inputs):
            if self.known[level] is None and self._matters(level):
                yield fact

    def _matters(self, level: int) -> bool:
        if self.is_contradictory:
            return False
        everything = (1 << len(self.protocol.ranked)) - 1
        now = self.survey.outcomes
        if any((outcomes or everything) != now for outcomes in self.survey.by_value[level]):
            return True
        return self.survey.turns(level)
