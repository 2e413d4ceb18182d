from __future__ import annotations

import copy
from typing import Any

import pytest

from jalon.core.protocols.model import Protocol
from jalon.core.protocols.reading import read_protocol
from jalon.core.protocols.releases import Comparison, changed_parts, check_release
from tests.core.protocols.example import Data, protocol_data, with_texts


def release(data: Data, version: str = "2.1.0") -> Protocol:
    protocol, problems = read_protocol(with_texts({**data, "version": version}))
    assert protocol is not None, problems
    return protocol


def refusals(before: Data, after: Data, *, was: str = "2.1.0", now: str = "2.1.1") -> list[str]:
    return [problem.message["en"] for problem in check_release(release(before, was), release(after, now))]


class TestAVersion:
    @pytest.mark.parametrize(
        ("was", "now", "accepted"),
        [
            ("2.1.0", "2.1.1", True),
            ("2.1.0", "2.2.0", True),
            ("2.9.9", "3.0.0", True),
            ("2.9.0", "2.10.0", True),
            ("2.1.0", "2.1.0", False),
            ("2.1.1", "2.1.0", False),
            ("2.10.0", "2.9.0", False),
        ],
    )
    def test_must_grow(self, was: str, now: str, accepted: bool) -> None:
        data = protocol_data()
        problems = list(check_release(release(data, was), release(data, now)))
        assert [(problem.check, problem.level, problem.where) for problem in problems] == (
            [] if accepted else [(14, "error", "version")]
        )
        assert all(was in problem.message["en"] and now in problem.message["en"] for problem in problems)


def changed(path: str, value: Any) -> Data:
    data = protocol_data()
    keys: list[Any] = [int(key) if key.isdigit() else key for key in path.split("|")]
    node: Any = data
    for key in keys[:-1]:
        node = node[key]
    node[keys[-1]] = value
    return data


class TestAPatch:
    @pytest.mark.parametrize(
        ("path", "value"),
        [
            ("effective", {"from": "2028-01-01", "territories": ["demo-south"]}),
            ("steps|grid|cite", "guide#5"),
            ("route|rows|0|cite", "guide#5"),
            ("never|0|cite", "guide#5"),
            ("sources", {"guide": {"checked": "2027-01-01", "paragraphs": 9}}),
            ("texts|title", {"fr": "Autre", "en": "Other"}),
            ("route|rows|0|image", ["rumour", "reported"]),
            ("steps|reassure|in", ["emergency", "adult_case", "kit", "support_only"]),
            ("steps|reassure|by", ["designated_staff", "first_adult"]),
        ],
    )
    def test_may_change_words_sources_and_dates(self, path: str, value: object) -> None:
        assert refusals(protocol_data(), changed(path, value)) == []

    @pytest.mark.parametrize(
        ("path", "value", "part"),
        [
            ("id", "other", "id"),
            ("roles", ["first_adult", "designated_staff", "principal", "prosecutor", "nurse"], "roles"),
            ("events", ["report_received", "police_arrived"], "events"),
            ("facts|image|known_by", ["designated_staff"], "facts.image"),
            ("pathways|emergency", 9, "pathways.emergency"),
            ("route|rows|2|then", "adult_case", "route.rows.r3"),
            ("route|inputs", ["image", "danger_now", "adult_involved"], "route.inputs"),
            ("steps|grid|within", "PT3H", "steps.grid"),
            ("steps|grid|by", ["designated_staff", "principal"], "steps.grid"),
            ("steps|contain|when", {"spread": ["sent_on", "not_sent_on"]}, "steps.contain"),
            ("never|3|except", ["prosecutor", "principal"], "never.no-verdict"),
            ("never", [], "never"),
        ],
    )
    def test_may_change_nothing_else(self, path: str, value: object, part: str) -> None:
        (message,) = refusals(protocol_data(), changed(path, value))
        assert part in message

    def test_is_not_asked_of_a_minor_version(self) -> None:
        assert refusals(protocol_data(), changed("never", []), now="2.2.0") == []

    def test_names_what_came_and_what_went(self) -> None:
        before, after = protocol_data(), protocol_data()
        after["steps"]["new"] = {**copy.deepcopy(after["steps"]["parents"]), "do": "call_back"}
        del after["steps"]["contain"]
        assert changed_parts(release(before), release(after)) == ("steps.new", "steps.contain")


class TestTheCombinationsThatChanged:
    def changes(self, before: Data, after: Data) -> list[tuple[str, str | None, str | None]]:
        comparison = Comparison(release(before), release(after, "3.0.0"))
        return [(" ".join(one.combination.values()), one.was, one.now) for one in comparison.changed()]

    def test_are_none_when_the_words_alone_changed(self) -> None:
        assert self.changes(protocol_data(), changed("steps|grid|within", "PT3H")) == []

    def test_are_listed_with_both_pathways(self) -> None:
        assert self.changes(protocol_data(), changed("route|rows|2|then", "adult_case")) == [
            ("absent minors_only reported", "kit", "adult_case")
        ]

    def test_are_all_values_of_an_input_that_came(self) -> None:
        after = protocol_data()
        after["route"]["inputs"].append("spread")
        after["route"]["rows"][2]["spread"] = "sent_on"
        row = {**after["route"]["rows"][2], "id": "r5", "spread": "not_sent_on", "then": "support_only"}
        after["route"]["rows"].append(row)
        assert self.changes(protocol_data(), after) == [
            ("absent minors_only reported not_sent_on", "kit", "support_only")
        ]
        assert self.changes(after, protocol_data()) == [
            ("absent minors_only reported not_sent_on", "support_only", "kit")
        ]

    def test_are_led_from_nowhere_when_a_value_came(self) -> None:
        after = protocol_data()
        after["facts"]["image"]["values"].append("seen")
        after["route"]["rows"][3]["image"] = ["rumour", "seen"]
        assert self.changes(protocol_data(), after) == [
            ("present adult seen", None, "emergency"),
            ("present minors_only seen", None, "emergency"),
            ("absent adult seen", None, "adult_case"),
            ("absent minors_only seen", None, "support_only"),
        ]

    def test_lead_nowhere_when_they_became_impossible(self) -> None:
        after = protocol_data()
        after["route"]["impossible"] = [{"id": "i1", "adult_involved": "adult", "image": "rumour", "cite": "guide#1"}]
        assert self.changes(protocol_data(), after) == [
            ("present adult rumour", "emergency", None),
            ("absent adult rumour", "adult_case", None),
        ]

    def test_are_gathered_in_boxes_for_a_reader(self) -> None:
        comparison = Comparison(release(protocol_data()), release(changed("route|rows|0|then", "adult_case")))
        assert [(dict(box.cells), box.was, box.now) for box in comparison.boxes()] == [
            ({"danger_now": ("present",)}, "emergency", "adult_case")
        ]
