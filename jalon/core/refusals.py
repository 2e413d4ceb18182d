"""A refusal is a value with a reason: the page shows it, the verb stops on it.

Its sentence lives in `jalon.web.wording`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Refusal:
    """Why something may not be done: a stable code, and the facts that its sentence needs."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


class Refused(Exception):
    """A verb was asked for something that it must refuse; nothing was changed."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


def insist(reason: Refusal | None) -> None:
    """Go on when there is no reason to refuse.

    Raises:
        Refused: there is one.
    """
    if reason is not None:
        raise Refused(reason)
