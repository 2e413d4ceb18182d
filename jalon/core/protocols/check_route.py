"""Checks 2 to 4: the route is complete and single-valued, nothing in it is dead, and its role can know it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, islice
from math import prod

from jalon.core.protocols.model import Fact, Problem, Protocol, Step, error
from jalon.core.protocols.table import IMPOSSIBLE

MAX_COMBINATIONS = 1_048_576
MAX_SHOWN = 20
LABELS = frozenset({"impulsive", "malicious"})


def size_of(protocol: Protocol) -> int:
    """Return how many combinations there are, the impossible ones included."""
    return prod(len(protocol.facts[fact].values) for fact in protocol.route.inputs)


def is_too_large(protocol: Protocol) -> bool:
    return size_of(protocol) > MAX_COMBINATIONS


def in_words(protocol: Protocol, values: Sequence[int]) -> str:
    """Return one combination as `fact = value, …`."""
    facts = (protocol.facts[fact] for fact in protocol.route.inputs)
    return ", ".join(f"{fact.id} = {fact.values[value]}" for fact, value in zip(facts, values, strict=True))


def how_many_lead_where(protocol: Protocol) -> tuple[int, dict[str, int]]:
    """Return how many combinations are possible, and how many of them lead to each pathway."""
    possible = protocol.rows_table.count(lambda rows: rows != IMPOSSIBLE)
    leads = {pathway: protocol.table.count_of(1 << place) for place, pathway in enumerate(protocol.ranked)}
    return possible, leads


def check_coverage(protocol: Protocol) -> Iterator[Problem]:
    """Check 2: every possible combination matches exactly one row."""
    if is_too_large(protocol):
        inputs = ", ".join(protocol.route.inputs)
        fr = f"{inputs} font {size_of(protocol)} combinaisons; {MAX_COMBINATIONS} au plus sont lues"
        en = f"{inputs} make {size_of(protocol)} combinations; at most {MAX_COMBINATIONS} are read"
        yield error(2, "route.inputs", fr, en)
        return
    yield from _gaps(protocol)
    yield from _overlaps(protocol)


def _gaps(protocol: Protocol) -> Iterator[Problem]:
    total = protocol.rows_table.count(lambda rows: rows == 0)
    for box in islice(protocol.rows_table.boxes(0), MAX_SHOWN):
        alike = prod(len(values) for values in box)
        shown = in_words(protocol, [values[0] for values in box])
        semblables = f"; {alike - 1} de plus comme celle-ci" if alike > 1 else ""
        rest = f"; {alike - 1} more like it" if alike > 1 else ""
        fr = f"aucune ligne ne répond à {shown} ({total} sans ligne en tout{semblables})"
        yield error(2, "route.rows", fr, f"no row matches {shown} ({total} without a row in all{rest})")


def _overlaps(protocol: Protocol) -> Iterator[Problem]:
    rows = protocol.route.rows
    shown: set[tuple[int, int]] = set()
    for outcome, path in protocol.rows_table.examples().items():
        if outcome == IMPOSSIBLE or outcome.bit_count() < 2:
            continue
        places = [place for place in range(len(rows)) if outcome >> place & 1][:MAX_SHOWN]
        for one, two in combinations(places, 2):
            if (one, two) in shown or len(shown) > MAX_SHOWN * 5:
                continue
            shown.add((one, two))
            where = f"route.rows.{rows[two].id}"
            fr = f"les lignes {rows[one].id} et {rows[two].id} répondent toutes deux à {in_words(protocol, path)}"
            en = f"the rows {rows[one].id} and {rows[two].id} both match {in_words(protocol, path)}"
            yield error(2, where, fr, en)


def check_dead(protocol: Protocol) -> Iterator[Problem]:
    """Check 3: every row matches a possible combination, and every pathway is where such a row leads."""
    if is_too_large(protocol):
        return
    alive = 0
    for outcome in protocol.rows_table.outcomes.values():
        alive |= outcome if outcome != IMPOSSIBLE else 0
    led_to = set()
    for place, row in enumerate(protocol.route.rows):
        if alive >> place & 1:
            led_to.add(row.then)
        else:
            fr = f"la ligne {row.id}, vers {row.then}, ne répond à aucune combinaison possible"
            en = f"the row {row.id}, to {row.then}, matches no possible combination"
            yield error(3, f"route.rows.{row.id}", fr, en)
    for pathway in protocol.pathways:
        if pathway not in led_to:
            fr = f"aucune ligne qui peut répondre ne mène à {pathway}"
            yield error(3, f"pathways.{pathway}", fr, f"no row that can match leads to {pathway}")


def check_knowable(protocol: Protocol) -> Iterator[Problem]:
    """Check 4: nobody is asked what they cannot know, and only the prosecutor qualifies an act."""
    role = protocol.route.role
    for fact in protocol.route.inputs:
        if role not in protocol.facts[fact].known_by:
            fr = f"{role} lit la route, mais ne peut pas connaître le fait {fact}"
            yield error(4, "route.inputs", fr, f"the route is read by {role}, who cannot know the fact {fact}")
    for step in protocol.steps.values():
        yield from _unknowable(protocol, step)
    for known in protocol.facts.values():
        labels = [value for value in known.values if value in LABELS]
        if labels and known.known_by != ("prosecutor",):
            yield _label_in_other_hands(known, labels)


def _label_in_other_hands(known: Fact, labels: Sequence[str]) -> Problem:
    by = ", ".join(known.known_by)
    fr = f"{known.id} a la valeur {' et '.join(labels)}, et seul le rôle prosecutor qualifie un geste : il doit être"
    en = f"{known.id} has the value {' and '.join(labels)}, and only the prosecutor qualifies an act: it must be"
    fr, en = f"{fr} connu par prosecutor seulement, pas par {by}", f"{en} known by prosecutor alone, not by {by}"
    return error(4, f"facts.{known.id}.known_by", fr, en)


def _unknowable(protocol: Protocol, step: Step) -> Iterator[Problem]:
    for fact in step.when:
        for role in step.by:
            if role not in protocol.facts[fact].known_by:
                fr = f"l’étape {step.id} revient à {role}, qui ne peut pas connaître le fait {fact} que lit son when"
                en = f"the step {step.id} is for {role}, who cannot know the fact {fact} that its when reads"
                yield error(4, f"steps.{step.id}.when.{fact}", fr, en)
