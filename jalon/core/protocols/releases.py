"""What changed in meaning between two releases of a protocol (check 14).

Source: the rules of protocols and practice cases, section 7.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from jalon.core.protocols.model import Cells, Problem, Protocol, Row, error
from jalon.core.protocols.table import Table

MAX_LISTED = 10_000


@dataclass(frozen=True, slots=True)
class Changed:
    """A combination that leads elsewhere; `was` or `now` is None where a release has no such combination."""

    combination: Mapping[str, str]
    was: str | None
    now: str | None

    def as_json(self) -> dict[str, object]:
        return {"combination": dict(self.combination), "was": self.was, "now": self.now}


@dataclass(frozen=True, slots=True)
class ChangedBox:
    """Combinations that changed in the same way; an input that is absent has any value."""

    cells: Cells
    was: str | None
    now: str | None


class Comparison:
    """Two releases side by side, over the inputs and the values of both."""

    def __init__(self, previous: Protocol, protocol: Protocol) -> None:
        self.previous = previous
        self.protocol = protocol
        self.values = _values(previous, protocol)
        self.pairs: list[tuple[str | None, str | None]] = [(None, None)]
        self.table = self._table()

    def _table(self) -> Table:
        """Grow one diagram over the rows of both; its outcomes number the pairs, 0 for no change."""
        sides = [_Side(side, self.values) for side in (self.previous, self.protocol)]
        boxes = [box for side in sides for box in side.boxes]
        grown = Table.grown([len(values) for values in self.values.values()], rows=boxes, barred=[])

        def numbered(outcome: int) -> int:
            was = sides[0].pathway(outcome)
            now = sides[1].pathway(outcome >> len(sides[0].boxes))
            if was == now:
                return 0
            if (was, now) not in self.pairs:
                self.pairs.append((was, now))
            return self.pairs.index((was, now))

        return grown.mapped(numbered)

    @property
    def count(self) -> int:
        """How many combinations lead elsewhere."""
        return self.table.count(bool)

    def changed(self) -> tuple[Changed, ...]:
        """Return the combinations that lead elsewhere, in order, the first 10 000 of them."""
        found = []
        for path, pair in islice(self.table.listed(skip=0), MAX_LISTED):
            named = zip(self.values.items(), path, strict=True)
            combination = {fact: values[place] for (fact, values), place in named}
            found.append(Changed(combination, *self.pairs[pair]))
        return tuple(found)

    def boxes(self) -> Iterator[ChangedBox]:
        """Yield what changed in as few parts as the tables allow."""
        for pair, (was, now) in enumerate(self.pairs):
            for box in self.table.boxes(pair) if pair else ():
                named = zip(self.values.items(), box, strict=True)
                cells = {
                    fact: tuple(values[place] for place in places)
                    for (fact, values), places in named
                    if len(places) < len(values)
                }
                yield ChangedBox(cells, was, now)


class _Side:
    """One release as boxes over the inputs and values of both: its rows, then what is impossible in it."""

    def __init__(self, protocol: Protocol, values: Mapping[str, tuple[str, ...]]) -> None:
        self.protocol = protocol
        self.values = values
        foreign = [
            Row("", {fact: extra}, None, None)
            for fact, known in values.items()
            if fact in protocol.route.inputs
            and (extra := tuple(value for value in known if value not in protocol.facts[fact].values))
        ]
        self.rows = [row.then for row in protocol.route.rows]
        entries = [*protocol.route.rows, *protocol.route.impossible, *foreign]
        self.boxes = [self._box(row) for row in entries]

    def _box(self, row: Row) -> tuple[int, ...]:
        return tuple(
            sum(1 << place for place, value in enumerate(values) if value in row.cells.get(fact, values))
            for fact, values in self.values.items()
        )

    def pathway(self, outcome: int) -> str | None:
        """Return where the rows and entries that hold a combination lead: nowhere when it is impossible."""
        bits = outcome & ((1 << len(self.boxes)) - 1)
        if bits >> len(self.rows):
            return None
        led_to = {then for place, then in enumerate(self.rows) if bits >> place & 1}
        return next((pathway for pathway in self.protocol.ranked if pathway in led_to), None)


def _values(previous: Protocol, protocol: Protocol) -> dict[str, tuple[str, ...]]:
    """Return the inputs of both releases with the values of both."""
    values: dict[str, tuple[str, ...]] = {}
    for side in (protocol, previous):
        for fact in side.route.inputs:
            values[fact] = tuple(dict.fromkeys([*values.get(fact, ()), *side.facts[fact].values]))
    return values


def check_release(previous: Protocol, protocol: Protocol) -> Iterator[Problem]:
    """Check 14: the version is greater, and a patch changes nothing but words, sources and dates."""
    was, now = previous.version, protocol.version
    if now <= was:
        fr = f"la version {now} de {protocol.id} n’est pas plus grande que {was}, celle d’avant"
        yield error(14, "version", fr, f"the version {now} of {protocol.id} is not greater than {was}, the one before")
    elif now[:2] == was[:2] and (parts := changed_parts(previous, protocol)):
        fr = f"de {was} à {now}, seul le correctif a grandi, mais ceci a changé : {', '.join(parts)}"
        en = f"from {was} to {now} only the patch grew, but this changed: {', '.join(parts)}"
        yield error(14, "version", fr, en)


def changed_parts(previous: Protocol, protocol: Protocol) -> tuple[str, ...]:
    """Return, as dotted paths, the parts whose meaning changed; words, sources and dates are none."""
    was, now = _meaning(previous), _meaning(protocol)
    return tuple(part for part in dict.fromkeys([*now, *was]) if was.get(part) != now.get(part))


def _meaning(protocol: Protocol) -> dict[str, object]:
    """Return each part as something that is equal exactly when it means the same."""
    route = protocol.route
    parts: dict[str, object] = {
        "id": protocol.id,
        "roles": frozenset(protocol.roles),
        "events": protocol.events,
        "facts": tuple(protocol.facts),
        "route.for": route.role,
        "route.inputs": route.inputs,
        "never": tuple(ban.id for ban in protocol.never),
    }
    for fact in protocol.facts.values():
        parts[f"facts.{fact.id}"] = (fact.values, frozenset(fact.known_by))
    for pathway, rank in protocol.pathways.items():
        parts[f"pathways.{pathway}"] = rank
    for kind, rows in (("rows", route.rows), ("impossible", route.impossible)):
        for row in rows:
            parts[f"route.{kind}.{row.id}"] = (_narrowing(row.cells, protocol), row.then)
    for step in protocol.steps.values():
        sets = [frozenset(names) for names in (step.by, step.pathways, step.needs)]
        parts[f"steps.{step.id}"] = (step.do, sets, _sets(step.when), step.gives, step.within)
    for ban in protocol.never:
        parts[f"never.{ban.id}"] = (ban.do, frozenset(ban.spares), ban.starts, ban.ends)
    return parts


def _narrowing(cells: Cells, protocol: Protocol) -> dict[str, frozenset[str]]:
    """Return the cells of a row that do not hold every value: the others mean what an absent cell means."""
    facts = protocol.facts
    return _sets({fact: cell for fact, cell in cells.items() if set(cell) != set(facts[fact].values)})


def _sets(cells: Cells) -> dict[str, frozenset[str]]:
    return {fact: frozenset(cell) for fact, cell in cells.items()}
