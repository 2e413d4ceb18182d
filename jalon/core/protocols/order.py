"""The steps of a pathway in the order in which they can be done."""

from __future__ import annotations

from datetime import timedelta

from jalon.core.protocols.model import Protocol, Step


def layers(protocol: Protocol, pathway: str) -> tuple[tuple[Step, ...], ...]:
    """Return the steps by how early they can start; in one layer, the most pressing first.

    A step that can never start (a refused protocol) comes in the last layer.
    """
    reached = set(protocol.events)
    waiting = list(protocol.steps_of[pathway])
    found: list[tuple[Step, ...]] = []
    while ready := [step for step in waiting if reached.issuperset(step.needs)]:
        found.append(tuple(sorted(ready, key=_pressing)))
        reached.update(step.gives for step in ready if step.gives)
        waiting = [step for step in waiting if step not in ready]
    return (*found, tuple(waiting)) if waiting else tuple(found)


def in_order(protocol: Protocol, pathway: str) -> tuple[Step, ...]:
    return tuple(step for layer in layers(protocol, pathway) for step in layer)


def _pressing(step: Step) -> timedelta:
    return step.within if step.within is not None else timedelta.max
