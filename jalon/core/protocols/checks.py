"""The checks of one protocol, in their order, and what they found.

Source: the rules of protocols and practice cases, section 7. Checks 12 and 13 need the cases
(`core/cases/suite.py`), check 14 the release before (`releases.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from jalon.core.protocols.check_route import (
    check_coverage,
    check_dead,
    check_knowable,
    how_many_lead_where,
    is_too_large,
)
from jalon.core.protocols.check_steps import check_bans, check_deadlines, check_givers, check_startable
from jalon.core.protocols.check_words import check_silence, check_sources, check_texts
from jalon.core.protocols.model import Problem, Protocol
from jalon.core.protocols.reading import read_protocol

CHECKS: tuple[Callable[[Protocol], Iterable[Problem]], ...] = (
    *(check_coverage, check_dead, check_knowable),
    *(check_startable, check_deadlines, check_givers, check_bans),
    *(check_sources, check_texts, check_silence),
)


@dataclass(frozen=True, slots=True)
class Report:
    """What checks 1 to 11 found. The protocol is there when its form is right."""

    protocol: Protocol | None
    problems: tuple[Problem, ...]
    combinations: int | None
    pathways: Mapping[str, int] | None

    @property
    def accepted(self) -> Protocol | None:
        """The protocol, unless it is refused."""
        return None if has_errors(self.problems) else self.protocol


def has_errors(problems: Iterable[Problem]) -> bool:
    return any(problem.level == "error" for problem in problems)


def check_protocol(data: object) -> Report:
    """Read plain data as a protocol and check it; checks 2 to 11 run only if its form is right."""
    protocol, problems = read_protocol(data)
    if protocol is None:
        return Report(None, problems, None, None)
    problems = tuple(problem for check in CHECKS for problem in check(protocol))
    if is_too_large(protocol):
        return Report(protocol, problems, None, None)
    return Report(protocol, problems, *how_many_lead_where(protocol))
