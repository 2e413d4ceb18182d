"""The route table as a diagram: one level per input, one branch per value, equal parts shared.

The rows are boxes (a set of values per input). The diagram is grown by splitting the set of rows still
possible, value by value, and every set met twice at one level is grown once. So a table of a million
combinations costs what its rows cost, and coverage, overlap, counts and candidates are exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

IMPOSSIBLE = -1

Box: TypeAlias = Sequence[int]
Known: TypeAlias = Sequence[int | None]


class Table:
    """Nodes are numbers; a leaf has an outcome and no branch. All leaves are as deep as there are inputs."""

    def __init__(self, sizes: Sequence[int]) -> None:
        self.sizes = tuple(sizes)
        self.branches: list[tuple[int, ...]] = []
        self.outcomes: dict[int, int] = {}
        self.root = 0
        self._numbers: dict[tuple[int, ...] | int, int] = {}

    @classmethod
    def grown(cls, sizes: Sequence[int], *, rows: Sequence[Box], barred: Sequence[Box]) -> Table:
        """Return the diagram of a table.

        Args:
            sizes: how many values each input has.
            rows: for each row, for each input, the values it holds as bits.
            barred: the same for the impossible entries.
        """
        table = cls(sizes)
        keeps = [[_holding(rows, level, value) for value in range(size)] for level, size in enumerate(sizes)]
        bars = [[_holding(barred, level, value) for value in range(size)] for level, size in enumerate(sizes)]
        grown: dict[tuple[int, int, int], int] = {}

        def grow(level: int, active: int, bar: int) -> int:
            if level == len(sizes):
                return table._leaf(IMPOSSIBLE if bar else active)
            key = (level, active, bar)
            if (node := grown.get(key)) is None:
                pairs = zip(keeps[level], bars[level], strict=True)
                branches = [grow(level + 1, active & keep, bar & stop) for keep, stop in pairs]
                node = grown[key] = table._node(tuple(branches))
            return node

        table.root = grow(0, (1 << len(rows)) - 1, (1 << len(barred)) - 1)
        return table

    def _leaf(self, outcome: int) -> int:
        if (number := self._numbers.get(outcome)) is None:
            number = self._numbers[outcome] = len(self.branches)
            self.branches.append(())
            self.outcomes[number] = outcome
        return number

    def _node(self, branches: tuple[int, ...]) -> int:
        if (number := self._numbers.get(branches)) is None:
            number = self._numbers[branches] = len(self.branches)
            self.branches.append(branches)
        return number

    def mapped(self, change: Callable[[int], int]) -> Table:
        """Return the diagram with other outcomes; what became equal is shared again."""
        table = Table(self.sizes)
        places: list[int] = []
        for node, branches in enumerate(self.branches):
            if branches:
                places.append(table._node(tuple(places[branch] for branch in branches)))
            else:
                places.append(table._leaf(change(self.outcomes[node])))
        table.root = places[self.root]
        return table

    def outcome(self, values: Sequence[int]) -> int:
        """Return the outcome of one combination."""
        node = self.root
        for value in values:
            node = self.branches[node][value]
        return self.outcomes[node]

    def count(self, counted: Callable[[int], bool]) -> int:
        """Return how many combinations have an outcome that is counted."""
        found: list[int] = []
        for node, branches in enumerate(self.branches):
            if branches:
                found.append(sum([found[branch] for branch in branches]))
            else:
                found.append(int(counted(self.outcomes[node])))
        return found[self.root]

    def count_of(self, bit: int) -> int:
        """Return how many combinations have an outcome with this bit."""
        return self.count(lambda outcome: bool(outcome & bit))

    def examples(self) -> dict[int, tuple[int, ...]]:
        """Return one combination for each outcome."""
        found: dict[int, tuple[int, ...]] = {}
        seen: set[int] = set()

        def visit(node: int, path: tuple[int, ...]) -> None:
            if node in seen:
                return
            seen.add(node)
            if not self.branches[node]:
                found[self.outcomes[node]] = path
            for value, branch in enumerate(self.branches[node]):
                visit(branch, (*path, value))

        visit(self.root, ())
        return found

    def boxes(self, outcome: int) -> Iterator[tuple[tuple[int, ...], ...]]:
        """Yield disjoint boxes (the values of each input) that hold all combinations of an outcome."""
        leads: list[bool] = []
        for node, branches in enumerate(self.branches):
            is_it = self.outcomes.get(node) == outcome
            leads.append(any(leads[branch] for branch in branches) if branches else is_it)

        def visit(node: int) -> Iterator[tuple[tuple[int, ...], ...]]:
            branches = self.branches[node]
            if not branches:
                yield ()
            for branch in dict.fromkeys(branches):
                if leads[branch]:
                    values = tuple(value for value, other in enumerate(branches) if other == branch)
                    for rest in visit(branch):
                        yield (values, *rest)

        return visit(self.root) if leads[self.root] else iter(())

    def listed(self, *, skip: int) -> Iterator[tuple[tuple[int, ...], int]]:
        """Yield each combination, in order, whose outcome is not `skip`, with its outcome."""
        leads: list[bool] = []
        for node, branches in enumerate(self.branches):
            leads.append(any(leads[b] for b in branches) if branches else self.outcomes[node] != skip)

        def visit(node: int, path: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], int]]:
            if not self.branches[node]:
                yield path, self.outcomes[node]
            for value, branch in enumerate(self.branches[node]):
                if leads[branch]:
                    yield from visit(branch, (*path, value))

        return visit(self.root, ()) if leads[self.root] else iter(())


def _holding(boxes: Sequence[Box], level: int, value: int) -> int:
    """Return, as bits, the boxes that hold a value of an input."""
    found = bytearray((len(boxes) + 7) // 8)
    for place, box in enumerate(boxes):
        if box[level] >> value & 1:
            found[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(found, "little")


class Survey:
    """What the combinations that agree with the known values lead to. Outcomes are bits; 0 leads nowhere.

    The part of the diagram that agrees is drawn again without the known inputs, so that equal parts are one.
    """

    def __init__(self, table: Table, known: Known) -> None:
        self.table = table
        self.known = known
        self.by_value = [[0] * size for size in table.sizes]
        self._kept = Table(table.sizes)
        self._masks: list[int] = []
        self._places: dict[int, int] = {}
        self._levels: list[dict[int, None]] = [{} for _ in table.sizes]
        self._differ: dict[tuple[int, int], bool] = {}
        self.outcomes = self._masks[self._visit(table.root, 0)]

    def _visit(self, node: int, level: int) -> int:
        """Return the node of the kept diagram that stands for a node of the table."""
        if (place := self._places.get(node)) is not None:
            return place
        branches = self.table.branches[node]
        if not branches:
            place = self._keep((), self.table.outcomes[node])
        elif (fixed := self.known[level]) is not None:
            place = self._visit(branches[fixed], level + 1)
        else:
            kept = tuple([self._visit(branch, level + 1) for branch in branches])
            masks = [self._masks[branch] for branch in kept]
            outcomes = self.by_value[level]
            mask = 0
            for value, found in enumerate(masks):
                outcomes[value] |= found
                mask |= found
            place = self._keep(kept, mask)
            self._levels[level][place] = None
        self._places[node] = place
        return place

    def _keep(self, branches: tuple[int, ...], mask: int) -> int:
        place = self._kept._node(branches) if branches else self._kept._leaf(mask)
        if place == len(self._masks):
            self._masks.append(mask)
        return place

    def turns(self, level: int) -> bool:
        """Tell whether two combinations that differ in this input alone lead to different outcomes."""
        for node in self._levels[level]:
            branches = list(dict.fromkeys(self._kept.branches[node]))
            pairs = ((one, two) for place, one in enumerate(branches) for two in branches[place + 1 :])
            if any(self._differs(one, two) for one, two in pairs):
                return True
        return False

    def _differs(self, one: int, two: int) -> bool:
        if one == two or not self._masks[one] or not self._masks[two]:
            return False
        left, right = self._kept.branches[one], self._kept.branches[two]
        if not left:
            return True
        if (found := self._differ.get((one, two))) is None:
            found = any(self._differs(*pair) for pair in zip(left, right, strict=True))
            self._differ[one, two] = found
        return found
