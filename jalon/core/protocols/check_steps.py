"""Checks 5 to 8: in each pathway, every step can start, in time, whatever the answers, unforbidden."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import timedelta

from jalon.core.protocols.model import Ban, Problem, Protocol, Step, error


def reachable(events: Iterable[str], steps: Iterable[Step]) -> set[str]:
    """Return the milestones that can be reached, taking what steps give once their needs are reached."""
    reached = set(events)
    waiting = [step for step in steps if step.gives]
    while started := [step for step in waiting if reached.issuperset(step.needs)]:
        reached.update(step.gives for step in started if step.gives)
        waiting = [step for step in waiting if step not in started]
    return reached


def due_times(events: Iterable[str], steps: Collection[Step]) -> dict[str, timedelta]:
    """Return the due time of each milestone that can be reached.

    0 for an event; else the least, over the steps that give it, of the longest of their `within` and what
    they need.
    """
    due = dict.fromkeys(events, timedelta())
    changed = True
    while changed:
        changed = False
        for step in steps:
            if step.gives is None or any(milestone not in due for milestone in step.needs):
                continue
            latest = max([step.within or timedelta(), *(due[milestone] for milestone in step.needs)])
            if step.gives not in due or latest < due[step.gives]:
                due[step.gives] = latest
                changed = True
    return due


def check_startable(protocol: Protocol) -> Iterator[Problem]:
    """Check 5: every step of a pathway can start there."""
    stuck: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for pathway, steps in protocol.steps_of.items():
        reached = reachable(protocol.events, steps)
        for step in steps:
            if missing := tuple(milestone for milestone in step.needs if milestone not in reached):
                stuck.setdefault((step.id, missing), []).append(pathway)
    for (name, missing), pathways in stuck.items():
        there, lacks = _list(pathways), _list(missing)
        fr = f"l’étape {name} ne peut jamais commencer dans {there} : rien n’y mène à {lacks}"
        en = f"the step {name} can never start in {there}: {lacks} cannot be reached there"
        yield error(5, f"steps.{name}.needs", fr, en)


def check_deadlines(protocol: Protocol) -> Iterator[Problem]:
    """Check 6: no step is due before a milestone it needs."""
    early: dict[tuple[str, str, timedelta], list[str]] = {}
    for pathway, steps in protocol.steps_of.items():
        due = due_times(protocol.events, steps)
        for step in steps:
            for milestone in step.needs:
                if step.within is not None and step.within < due.get(milestone, timedelta()):
                    early.setdefault((step.id, milestone, due[milestone]), []).append(pathway)
    for (name, milestone, latest), pathways in early.items():
        within, first, there = protocol.steps[name].within, protocol.events[0], _list(pathways)
        fr = f"l’étape {name} est due {within} après {first}, avant {milestone} (dû après {latest}), qu’elle"
        en = f"the step {name} is due {within} after {first}, before {milestone} (due after {latest}), which it"
        yield error(6, f"steps.{name}.within", f"{fr} attend dans {there}", f"{en} needs in {there}")


def check_givers(protocol: Protocol) -> Iterator[Problem]:
    """Check 7: no milestone hangs on answers alone."""
    lone: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for pathway, steps in protocol.steps_of.items():
        for milestone in dict.fromkeys(step.gives for step in steps if step.gives):
            givers = [step for step in steps if step.gives == milestone]
            if all(step.when for step in givers):
                lone.setdefault((milestone, tuple(step.id for step in givers)), []).append(pathway)
    for (milestone, names), pathways in lone.items():
        there, by = _list(pathways), _list(names)
        fr = f"dans {there}, {milestone} n’est donné que sous condition, par {by}"
        en = f"in {there}, {milestone} is given only under a condition, by {by}"
        yield error(7, f"steps.{names[0]}.gives", fr, en)


def check_bans(protocol: Protocol) -> Iterator[Problem]:
    """Check 8: no role is forbidden what a step asks of it, at the moment it can start."""
    caught: dict[tuple[str, str, str], list[str]] = {}
    for pathway, steps in protocol.steps_of.items():
        for step in steps:
            for ban in protocol.bans_on[step.do]:
                if not _can_collide(protocol, steps, step, ban):
                    continue
                for role in step.by:
                    if role not in ban.spares:
                        caught.setdefault((step.id, role, ban.id), []).append(pathway)
    for (name, role, ban_id), pathways in caught.items():
        there, do = _list(pathways), protocol.steps[name].do
        fr = f"dans {there}, l’étape {name} demande {do} à {role}, ce que {ban_id} peut alors interdire"
        en = f"in {there}, the step {name} asks {role} for {do}, which {ban_id} can forbid by then"
        yield error(8, f"steps.{name}", fr, en)


def _can_collide(protocol: Protocol, steps: Collection[Step], step: Step, ban: Ban) -> bool:
    """Tell whether what the step needs, and the start of the ban, can come before step and end of ban."""
    events = [event for event in protocol.events if event != ban.ends]
    others = [other for other in steps if other.id != step.id and (ban.ends is None or other.gives != ban.ends)]
    return reachable(events, others).issuperset([*step.needs, *([ban.starts] if ban.starts else [])])


def _list(names: Iterable[str]) -> str:
    return ", ".join(names)
