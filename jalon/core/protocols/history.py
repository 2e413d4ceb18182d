"""What a log amounts to: milestones reached, steps done, bans in force. Replayed from the start each time.

Source: the rules of protocols and practice cases, section 4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from jalon.core.protocols.model import ActionEntry, Ban, EventEntry, LogEntry, Protocol, Step
from jalon.core.protocols.words import later


@dataclass(frozen=True, slots=True)
class History:
    """The state after a log: when each milestone was first reached and each step first done."""

    protocol: Protocol
    reached: Mapping[str, datetime]
    done: Mapping[str, datetime]

    def is_in_force(self, ban: Ban, role: str) -> bool:
        return in_force(ban, role, self.reached)

    def first_ban(self, action: str, role: str) -> Ban | None:
        """Return the first ban of the file that forbids this action to this role now."""
        return first_ban(self.protocol, action, role, self.reached)

    def is_ready(self, step: Step) -> bool:
        return all(milestone in self.reached for milestone in step.needs)

    def due_at(self, step: Step) -> datetime | None:
        """Return the last moment that is on time; none before the first event or without `within`."""
        started = self.reached.get(self.protocol.events[0])
        if started is None or step.within is None:
            return None
        return later(started, step.within)


def replay(protocol: Protocol, log: Sequence[LogEntry], until: datetime) -> History:
    """Return the state at a moment: entries are taken in the order of `at`, later ones are ignored."""
    reached: dict[str, datetime] = {}
    done: dict[str, datetime] = {}
    for entry in sorted((entry for entry in log if entry.at <= until), key=lambda entry: entry.at):
        if isinstance(entry, EventEntry):
            reached.setdefault(entry.event, entry.at)
        elif not first_ban(protocol, entry.action, entry.role, reached):
            _do(protocol, entry, reached, done)
    return History(protocol, reached, done)


def _do(protocol: Protocol, entry: ActionEntry, reached: dict[str, datetime], done: dict[str, datetime]) -> None:
    """Do every step, of any pathway and whatever the facts, with this action and this role in its `by`."""
    for step in protocol.steps_doing.get(entry.action, ()):
        if entry.role in step.by:
            done.setdefault(step.id, entry.at)
            if step.gives:
                reached.setdefault(step.gives, entry.at)


def first_ban(protocol: Protocol, action: str, role: str, reached: Mapping[str, datetime]) -> Ban | None:
    return next((ban for ban in protocol.bans_on.get(action, ()) if in_force(ban, role, reached)), None)


def in_force(ban: Ban, role: str, reached: Mapping[str, datetime]) -> bool:
    if role in ban.spares or (ban.ends is not None and ban.ends in reached):
        return False
    return ban.starts is None or ban.starts in reached
