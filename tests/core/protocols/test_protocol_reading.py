from __future__ import annotations

import copy
from enum import Enum
from typing import Any

import pytest

from jalon.core.protocols.model import Problem
from jalon.core.protocols.reading import read_protocol
from tests.core.protocols.example import Data, protocol_data


def edited(path: str, value: Any) -> Data:
    """Return the example with one part replaced; `DROP` removes it."""
    data = protocol_data()
    keys: list[Any] = [int(key) if key.isdigit() else key for key in path.split("|")]
    node: Any = data
    for key in keys[:-1]:
        node = node[key]
    if value is DROP:
        del node[keys[-1]]
    elif isinstance(node, list) and keys[-1] == len(node):
        node.append(value)
    else:
        node[keys[-1]] = value
    return data


class Drop(Enum):
    """What stands for a key that is left out."""

    KEY = "left out"


DROP = Drop.KEY


def faults(data: object) -> tuple[Problem, ...]:
    protocol, problems = read_protocol(data)
    assert (protocol is None) == bool(problems)
    return problems


class TestAProtocolInGoodForm:
    def test_becomes_a_model(self) -> None:
        protocol, problems = read_protocol(protocol_data())
        assert protocol is not None, problems
        assert str(protocol.version) == "2.1.0"
        assert protocol.ranked == ("emergency", "adult_case", "kit", "support_only")
        assert protocol.steps["reassure"].pathways == ("emergency", "adult_case", "kit", "support_only")
        assert protocol.milestones == ("report_received", "staff_engaged", "grid_done", "police_notified")
        assert [step.id for step in protocol.steps_of["support_only"]] == ["reassure", "hand_on", "check_in"]

    @pytest.mark.parametrize(
        ("path", "value"),
        [
            ("never", []),
            ("steps|grid|needs", []),
            ("steps|grid|needs", DROP),
            ("steps|grid|within", "P2W"),
            ("route|rows|0|danger_now", ["present"]),
            ("route|impossible", [{"id": "r1", "image": "rumour", "cite": "guide#1"}]),
            ("effective", {"from": "2027-01-11", "until": "2027-01-12", "territories": ["north"]}),
            ("texts|title", {"fr": "yes"}),
            ("route|rows|0|cite", DROP),
            ("sources|guide|checked", DROP),
            ("steps|grid|needs", ["nowhere"]),
        ],
    )
    def test_may_leave_out_what_other_checks_report_or_nobody_asks(self, path: str, value: object) -> None:
        assert faults(edited(path, value)) == ()


FAULTS = [
    ("id", "yes", "id"),
    ("id", 5, "id"),
    ("version", "2.1", "version"),
    ("version", 2.1, "version"),
    ("version", "2.01.0", "version"),
    ("colour", "red", "colour"),
    ("roles", DROP, "roles"),
    ("roles", [], "roles"),
    ("roles", "first_adult", "roles"),
    ("roles|4", True, "roles.4"),
    ("roles|4", "first_adult", "roles.4"),
    ("events", [], "events"),
    ("effective", "2027-01-11", "effective"),
    ("effective|from", "2027-13-01", "effective.from"),
    ("effective|until", "2027-01-11", "effective.until"),
    ("effective|until", "2020-01-01", "effective.until"),
    ("effective|territories", [], "effective.territories"),
    ("facts", {}, "facts"),
    ("facts|image", [], "facts.image"),
    ("facts|image|values", ["reported"], "facts.image.values"),
    ("facts|image|values", ["reported", True], "facts.image.values.1"),
    ("facts|image|values", ["reported", "unknown"], "facts.image.values.1"),
    ("facts|image|values", ["reported", "reported"], "facts.image.values.1"),
    ("facts|image|known_by", ["nobody"], "facts.image.known_by.0"),
    ("facts|image|known_by", [], "facts.image.known_by"),
    ("facts|image|note", "x", "facts.image.note"),
    ("pathways", {}, "pathways"),
    ("pathways|kit", 0, "pathways.kit"),
    ("pathways|kit", True, "pathways.kit"),
    ("pathways|kit", 2.0, "pathways.kit"),
    ("pathways|kit", "2", "pathways.kit"),
    ("pathways|kit", 4, "pathways.kit"),
    ("route|for", "nobody", "route.for"),
    ("route|inputs", [], "route.inputs"),
    ("route|inputs|3", "weather", "route.inputs.3"),
    ("route|inputs|3", "image", "route.inputs.3"),
    ("route|rows", [], "route.rows"),
    ("route|rows|0|id", DROP, "route.rows.0.id"),
    ("route|rows|0|id", "on", "route.rows.0.id"),
    ("route|rows|0|id", "r2", "route.rows.r2"),
    ("route|rows|0|then", DROP, "route.rows.r1.then"),
    ("route|rows|0|then", "nowhere", "route.rows.r1.then"),
    ("route|rows|0|danger_now", "unknown", "route.rows.r1.danger_now.0"),
    ("route|rows|0|danger_now", "maybe", "route.rows.r1.danger_now.0"),
    ("route|rows|0|danger_now", True, "route.rows.r1.danger_now.0"),
    ("route|rows|0|danger_now", [], "route.rows.r1.danger_now"),
    ("route|rows|0|danger_now", ["present", "present"], "route.rows.r1.danger_now.1"),
    ("route|rows|0|spread", "sent_on", "route.rows.r1.spread"),
    ("route|rows|0|cite", 5, "route.rows.r1.cite"),
    ("route|rows|0|cite", None, "route.rows.r1.cite"),
    ("route|rows|0|cite", "guide", "route.rows.r1.cite"),
    ("route|impossible", [], "route.impossible"),
    ("route|impossible", [{"id": "i1", "then": "kit", "cite": "guide#1"}], "route.impossible.i1.then"),
    ("steps", {}, "steps"),
    ("steps|true", {}, "steps.true"),
    ("steps|grid|do", DROP, "steps.grid.do"),
    ("steps|grid|by", [], "steps.grid.by"),
    ("steps|grid|by", ["nobody"], "steps.grid.by.0"),
    ("steps|grid|in", [], "steps.grid.in"),
    ("steps|grid|in", ["all"], "steps.grid.in.0"),
    ("steps|grid|in", "kit", "steps.grid.in"),
    ("steps|grid|in", ["nowhere"], "steps.grid.in.0"),
    ("steps|grid|when", {}, "steps.grid.when"),
    ("steps|grid|when", {"weather": "rain"}, "steps.grid.when.weather"),
    ("steps|grid|when", {"spread": "maybe"}, "steps.grid.when.spread.0"),
    ("steps|grid|needs", ["staff_engaged", "staff_engaged"], "steps.grid.needs.1"),
    ("steps|grid|gives", "report_received", "steps.grid.gives"),
    ("steps|grid|within", "PT0S", "steps.grid.within"),
    ("steps|grid|within", "2 h", "steps.grid.within"),
    ("steps|grid|within", "P1M", "steps.grid.within"),
    ("steps|grid|score", 5, "steps.grid.score"),
    ("steps|contain|do", "fill_grid", "steps.contain.do"),
    ("never|0|id", "no-copying", "never.no-copying"),
    ("never|0|do", DROP, "never.no-viewing.do"),
    ("never|0|except", ["nobody"], "never.no-viewing.except.0"),
    ("never|0|except", [], "never.no-viewing.except"),
    ("never|0|from", "nowhere", "never.no-viewing.from"),
    ("never|0|until", "nowhere", "never.no-viewing.until"),
    ("sources", {}, "sources"),
    ("sources|guide|paragraphs", DROP, "sources.guide.paragraphs"),
    ("sources|guide|paragraphs", 0, "sources.guide.paragraphs"),
    ("sources|guide|checked", "yesterday", "sources.guide.checked"),
    ("texts", {}, "texts"),
    ("texts|title", "Example", "texts.title"),
    ("texts|title", {}, "texts.title"),
    ("texts|title", {"fr": 5, "en": "x"}, "texts.title.fr"),
    ("texts|title", {"fr": "x", "en": "x", "es": "x"}, "texts.title.es"),
    ("texts|title", {"fr": True, "en": "x"}, "texts.title.fr"),
]


class TestAFaultOfForm:
    @pytest.mark.parametrize(("path", "value", "where"), FAULTS, ids=lambda value: str(value)[:40])
    def test_names_its_place(self, path: str, value: object, where: str) -> None:
        problems = faults(edited(path, value))
        assert where in [problem.where for problem in problems], problems
        assert {(problem.check, problem.level) for problem in problems} == {(1, "error")}
        assert all(problem.message["fr"] != problem.message["en"] for problem in problems)

    @pytest.mark.parametrize("key", list(protocol_data()))
    def test_is_reported_for_each_key_that_is_missing(self, key: str) -> None:
        data = protocol_data()
        del data[key]
        assert key in [problem.where for problem in faults(data)]

    @pytest.mark.parametrize("data", [None, [], "text", 5])
    def test_concerns_the_file_when_there_is_no_mapping(self, data: object) -> None:
        assert [problem.where for problem in faults(data)] == ["file"]

    @pytest.mark.parametrize(("key", "name"), [(True, "true"), (None, "null"), (12, "12")])
    def test_names_a_key_that_is_no_word(self, key: object, name: str) -> None:
        data = protocol_data()
        data["pathways"][key] = 9
        assert f"pathways.{name}" in [problem.where for problem in faults(data)]

    def test_names_both_steps_that_do_the_same_in_a_pathway(self) -> None:
        message = faults(edited("steps|contain|do", "fill_grid"))[0].message["en"]
        assert all(name in message for name in ("grid", "contain", "fill_grid", "kit"))

    def test_lets_two_steps_do_the_same_in_different_pathways(self) -> None:
        data = protocol_data()
        data["steps"]["grid_2"] = {**copy.deepcopy(data["steps"]["grid"]), "in": ["support_only"]}
        assert faults(data) == ()

    def test_is_found_with_all_the_others_at_once(self) -> None:
        data = edited("steps|grid|within", "soon")
        data["roles"].append("yes")
        assert len(faults(data)) == 2
