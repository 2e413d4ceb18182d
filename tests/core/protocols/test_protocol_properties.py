"""What always holds, on small random protocols, against the rules spelled out combination by combination."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from jalon.core.protocols.checks import check_protocol
from jalon.core.protocols.engine import evaluate, pathway_of, plan
from jalon.core.protocols.history import replay
from jalon.core.protocols.model import ActionEntry, EventEntry, LogEntry, Protocol
from jalon.core.protocols.outlook import Outlook
from jalon.core.protocols.reading import read_protocol
from jalon.core.protocols.releases import Comparison
from tests.core.protocols.example import Data, protocol_data, with_texts

START = datetime(2027, 1, 11, 8, 0, tzinfo=UTC)
ROLES = ["first_adult", "designated_staff", "principal", "prosecutor"]


def partition(sizes: list[int], parts: int, draw: random.Random) -> list[list[list[int]]]:
    """Cut the product of all values into disjoint boxes."""
    boxes = [[list(range(size)) for size in sizes]]
    for _ in range(parts):
        box = boxes.pop(draw.randrange(len(boxes)))
        wide = [level for level, values in enumerate(box) if len(values) > 1]
        if not wide:
            boxes.append(box)
            continue
        level = draw.choice(wide)
        values = draw.sample(box[level], len(box[level]))
        cut = draw.randint(1, len(values) - 1)
        boxes += [[*box[:level], sorted(half), *box[level + 1 :]] for half in (values[:cut], values[cut:])]
    return boxes


def row(name: str, box: list[list[int]], sizes: list[int]) -> Data:
    cells = {
        f"f{level}": [f"v{value}" for value in values] for level, values in enumerate(box) if len(values) < sizes[level]
    }
    return {"id": name, "cite": "guide#1", **cells}


def random_data(seed: int) -> Data:
    """A protocol with two to four inputs, some of whose combinations are impossible."""
    draw = random.Random(seed)
    data = protocol_data()
    sizes = [draw.randint(2, 3) for _ in range(draw.randint(2, 4))]
    for level, size in enumerate(sizes):
        known_by = draw.sample(ROLES, draw.randint(1, 3))
        known_by = list(dict.fromkeys([*known_by, "designated_staff"]))
        data["facts"][f"f{level}"] = {"values": [f"v{value}" for value in range(size)], "known_by": known_by}
    boxes = partition(sizes, draw.randint(2, 9), draw)
    barred = [boxes.pop() for _ in range(draw.choice([0, 0, 1, 2])) if len(boxes) > 1]
    pathways = list(data["pathways"])
    data["route"] = {
        "for": "designated_staff",
        "inputs": [f"f{level}" for level in range(len(sizes))],
        "rows": [{**row(f"r{place}", box, sizes), "then": draw.choice(pathways)} for place, box in enumerate(boxes)],
    }
    if barred:
        data["route"]["impossible"] = [row(f"i{place}", box, sizes) for place, box in enumerate(barred)]
    return with_texts(data)


def damaged(data: Data, seed: int) -> Data:
    """Drop, double or widen rows, so that the table has gaps and overlaps."""
    draw = random.Random(seed)
    rows = data["route"]["rows"]
    for turn in range(draw.randint(0, 3)):
        place = draw.randrange(len(rows))
        kind = draw.choice(["drop", "double", "widen"])
        if kind == "drop" and len(rows) > 1:
            rows.pop(place)
        elif kind == "double":
            rows.append({**rows[place], "id": f"again{turn}", "then": draw.choice(list(data["pathways"]))})
        else:
            cells = [key for key in rows[place] if key.startswith("f")]
            if cells:
                del rows[place][draw.choice(cells)]
    return data


def protocol_of(data: Data) -> Protocol:
    protocol, problems = read_protocol(data)
    assert protocol is not None, problems
    return protocol


class Plainly:
    """The rules of the route, spelled out on every combination."""

    def __init__(self, protocol: Protocol) -> None:
        self.protocol = protocol
        inputs = protocol.route.inputs
        values = [protocol.facts[fact].values for fact in inputs]
        every = [dict(zip(inputs, combination, strict=True)) for combination in product(*values)]
        self.possible = [one for one in every if not self.rows(one, protocol.route.impossible)]

    def rows(self, combination: dict[str, str], rows: Any) -> list[str]:
        return [row.id for row in rows if all(combination[fact] in cell for fact, cell in row.cells.items())]

    def lead(self, combination: dict[str, str]) -> str:
        (name,) = self.rows(combination, self.protocol.route.rows)
        return next(str(row.then) for row in self.protocol.route.rows if row.id == name)

    def completions(self, facts: dict[str, str]) -> list[dict[str, str]]:
        return [one for one in self.possible if all(one[fact] == value for fact, value in facts.items())]

    def candidates(self, facts: dict[str, str]) -> set[str]:
        found = {self.lead(one) for one in self.completions(facts)}
        return found or set(self.protocol.pathways)

    def matters(self, facts: dict[str, str], fact: str) -> bool:
        completions = self.completions(facts)
        if not completions:
            return False
        rest: dict[tuple[tuple[str, str], ...], set[str]] = {}
        for one in completions:
            others = tuple((name, value) for name, value in one.items() if name != fact)
            rest.setdefault(others, set()).add(self.lead(one))
        now = self.candidates(facts)
        values = self.protocol.facts[fact].values
        return any(len(led) > 1 for led in rest.values()) or any(
            self.candidates({**facts, fact: value}) != now for value in values
        )


def some_facts(protocol: Protocol, seed: int) -> dict[str, str]:
    draw = random.Random(seed)
    return {fact: draw.choice(protocol.facts[fact].values) for fact in protocol.route.inputs if draw.random() < 0.5}


def some_log(protocol: Protocol, seed: int, length: int = 12) -> list[LogEntry]:
    draw = random.Random(seed)
    log: list[LogEntry] = []
    for _ in range(draw.randint(0, length)):
        at = START + timedelta(minutes=draw.randint(0, 600))
        if draw.random() < 0.15:
            log.append(EventEntry("report_received", at))
        else:
            log.append(ActionEntry(draw.choice(protocol.actions), draw.choice(protocol.roles), at))
    return log


seeds = st.integers(0, 10**9)


class TestTheTable:
    @settings(max_examples=150, deadline=None)
    @given(seeds, seeds)
    def test_agrees_with_every_combination_about_gaps_overlaps_and_dead_rows(self, one: int, two: int) -> None:
        data = damaged(random_data(one), two)
        report = check_protocol(data)
        protocol = protocol_of(data)
        plainly = Plainly(protocol)
        hits = [plainly.rows(combination, protocol.route.rows) for combination in plainly.possible]
        told = [problem for problem in report.problems if problem.check == 2]
        pairs = {tuple(sorted((a, b))) for hit in hits for a in hit for b in hit if a != b}
        assert any("no row" in problem.message["en"] for problem in told) == ([] in hits)
        overlaps = [problem.message["en"] for problem in told if "both match" in problem.message["en"]]
        assert {tuple(sorted(words.split()[2:5:2])) for words in overlaps} == pairs
        dead = {row.id for row in protocol.route.rows} - {name for hit in hits for name in hit}
        where = {problem.where for problem in report.problems if problem.check == 3}
        assert {f"route.rows.{name}" for name in dead} == {place for place in where if place.startswith("route")}
        assert report.combinations == len(plainly.possible)

    @settings(max_examples=100, deadline=None)
    @given(seeds)
    def test_counts_where_the_combinations_lead(self, seed: int) -> None:
        data = random_data(seed)
        plainly = Plainly(protocol_of(data))
        led = [plainly.lead(combination) for combination in plainly.possible]
        assert check_protocol(data).pathways == {name: led.count(name) for name in data["pathways"]}

    @settings(max_examples=100, deadline=None)
    @given(seeds, seeds, seeds)
    def test_lists_the_combinations_that_lead_elsewhere(self, one: int, two: int, three: int) -> None:
        data = random_data(one)
        other = random_data(one)
        draw = random.Random(two)
        for row in other["route"]["rows"]:
            if draw.random() < 0.4:
                row["then"] = draw.choice(list(other["pathways"]))
        before, now = Plainly(protocol_of(data)), Plainly(protocol_of(other))
        expected = [
            (combination, before.lead(combination), now.lead(combination))
            for combination in before.possible
            if before.lead(combination) != now.lead(combination)
        ]
        comparison = Comparison(before.protocol, now.protocol)
        assert [(change.combination, change.was, change.now) for change in comparison.changed()] == expected
        assert comparison.count == len(expected)


class TestUnknownFacts:
    @settings(max_examples=200, deadline=None)
    @given(seeds, seeds)
    def test_leave_the_candidates_of_all_completions(self, one: int, two: int) -> None:
        protocol = protocol_of(random_data(one))
        facts = some_facts(protocol, two)
        plainly, outlook = Plainly(protocol), Outlook(protocol, facts)
        assert set(outlook.candidates) == plainly.candidates(facts)
        ranks = [protocol.pathways[pathway] for pathway in outlook.candidates]
        assert ranks == sorted(ranks, reverse=True)
        assert pathway_of(protocol, facts) == outlook.candidates[0]

    @settings(max_examples=200, deadline=None)
    @given(seeds, seeds)
    def test_matter_exactly_when_the_rules_say_so(self, one: int, two: int) -> None:
        protocol = protocol_of(random_data(one))
        facts = some_facts(protocol, two)
        plainly = Plainly(protocol)
        unknown = [fact for fact in protocol.route.inputs if fact not in facts]
        assert list(Outlook(protocol, facts).mattering()) == [fact for fact in unknown if plainly.matters(facts, fact)]

    @settings(max_examples=200, deadline=None)
    @given(seeds, seeds)
    def test_never_make_the_plan_less_protective_than_any_completion(self, one: int, two: int) -> None:
        protocol = protocol_of(random_data(one))
        facts = some_facts(protocol, two)
        rank = protocol.pathways[pathway_of(protocol, facts)]
        for completion in Plainly(protocol).completions(facts):
            assert rank >= protocol.pathways[pathway_of(protocol, completion)]

    @settings(max_examples=200, deadline=None)
    @given(seeds, seeds, st.sampled_from(ROLES))
    def test_shrink_or_keep_the_candidates_when_the_next_question_is_answered(
        self, one: int, two: int, role: str
    ) -> None:
        protocol = protocol_of(random_data(one))
        facts = some_facts(protocol, two)
        now = plan(protocol, facts=facts, log=[], role=role, now=START)
        question = now.next_question
        assume(question is not None)
        assert question is not None
        assert role in protocol.facts[question].known_by
        for value in protocol.facts[question].values:
            answered = {**facts, question: value}
            outlook = Outlook(protocol, answered)
            if not outlook.is_contradictory or Outlook(protocol, facts).is_contradictory:
                assert set(outlook.candidates) <= set(now.candidates)


class TestALog:
    protocol = protocol_of(protocol_data())

    @settings(max_examples=100, deadline=None)
    @given(seeds, st.integers(0, 600))
    def test_gives_the_same_state_when_it_is_replayed_twice(self, seed: int, at: int) -> None:
        now = START + timedelta(minutes=at)
        log = some_log(self.protocol, seed)
        doubled = sorted([*log, *log], key=lambda entry: entry.at)
        assert replay(self.protocol, log, now) == replay(self.protocol, log, now)
        assert replay(self.protocol, doubled, now) == replay(self.protocol, log, now)

    @settings(max_examples=200, deadline=None)
    @given(seeds, seeds, seeds)
    def test_is_judged_without_what_follows(self, one: int, two: int, three: int) -> None:
        draw = random.Random(three)
        at = START + timedelta(minutes=draw.randint(0, 600))
        log = [entry for entry in some_log(self.protocol, one) if entry.at <= at]
        after = [entry for entry in some_log(self.protocol, two) if entry.at > at]
        action, role = draw.choice(self.protocol.actions), draw.choice(self.protocol.roles)
        known = {"danger_now": "absent", "adult_involved": "minors_only", "image": "reported"}
        first, second = (
            evaluate(self.protocol, facts=known, log=entries, role=role, action=action, at=at)
            for entries in (log, [*after, *log])
        )
        assert first == second

    @settings(max_examples=200, deadline=None)
    @given(seeds, st.integers(0, 600), st.sampled_from(ROLES))
    def test_never_plans_what_would_be_judged_wrong(self, seed: int, at: int, role: str) -> None:
        now = START + timedelta(minutes=at)
        log = some_log(self.protocol, seed)
        facts = {"danger_now": "absent", "adult_involved": "minors_only", "image": "reported"}
        for due in plan(self.protocol, facts=facts, log=log, role=role, now=now).due:
            for by in due.by:
                verdict = evaluate(self.protocol, facts=facts, log=log, role=by, action=due.action, at=now)
                assert verdict.word in {"ok", "late"}
                assert (verdict.word == "late") == (due.due_at is not None and due.due_at < now)
