from __future__ import annotations

from enum import Enum
from typing import Any

import pytest

from jalon.core.cases.checks import check_case
from jalon.core.cases.reading import read_case
from jalon.core.protocols.model import Problem
from tests.core.protocols.example import Data, accepted, case_data, pages_of, protocol_data


class Drop(Enum):
    """What stands for a key that is left out."""

    KEY = "left out"


DROP = Drop.KEY
PROTOCOL = accepted(protocol_data())


def edited(path: str, value: Any) -> Data:
    data = case_data()
    keys: list[Any] = [int(key) if key.isdigit() else key for key in path.split("|")]
    node: Any = data
    for key in keys[:-1]:
        node = node[key]
    if value is DROP:
        del node[keys[-1]]
    else:
        node[keys[-1]] = value
    return data


def problems_of(data: Data) -> tuple[Problem, ...]:
    return check_case(data, protocol=PROTOCOL, pages=pages_of(case_data())).problems


class TestACaseInGoodForm:
    def test_becomes_a_model(self) -> None:
        case, problems = read_case(case_data())
        assert problems == ()
        assert case is not None
        assert case.roles == {"first_adult", "designated_staff"}
        assert case.scenes["end"].is_ending
        assert case.scenes["corridor"].choice("look") is not None

    @pytest.mark.parametrize(
        ("path", "value"),
        [
            ("protocol", "image-incident@^2.1.0"),
            ("scenes|corridor|choices|0|takes", "PT0S"),
            ("scenes|corridor|reveals", DROP),
            ("scenes|corridor|happens", ["report_received"]),
        ],
    )
    def test_may_leave_out_what_is_optional(self, path: str, value: object) -> None:
        assert problems_of(edited(path, value)) == ()


class TestAFaultOfForm:
    @pytest.mark.parametrize(
        ("path", "value", "where"),
        [
            ("id", "no", "id"),
            ("version", "1.0", "version"),
            ("protocol", "image-incident", "protocol"),
            ("protocol", "image-incident@2.1", "protocol"),
            ("protocol", "image-incident@^2.2", "protocol"),
            ("protocol", "image-incident@^1.0", "protocol"),
            ("protocol", "other@^2.1", "protocol"),
            ("title", {"fr": 5, "en": "x"}, "title.fr"),
            ("title", {"fr": "x", "en": "x", "es": "x"}, "title.es"),
            ("pathway", "nowhere", "pathway"),
            ("truth", {}, "truth"),
            ("truth|image", "maybe", "truth.image"),
            ("truth|image", "unknown", "truth.image"),
            ("truth|weather", "rain", "truth.weather"),
            ("start", "attic", "start"),
            ("scenes", {}, "scenes"),
            ("scenes|corridor|you_are", "nobody", "scenes.corridor.you_are"),
            ("scenes|corridor|you_are", DROP, "scenes.corridor.you_are"),
            ("scenes|corridor|choices", DROP, "scenes.corridor.choices"),
            ("scenes|corridor|reveals", ["weather"], "scenes.corridor.reveals"),
            ("scenes|corridor|reveals", [], "scenes.corridor.reveals"),
            ("scenes|corridor|happens", ["staff_engaged"], "scenes.corridor.happens"),
            ("scenes|corridor|image", "x", "scenes.corridor.image"),
            ("scenes|corridor|choices|0|to", "attic", "scenes.corridor.choices.listen.to"),
            ("scenes|corridor|choices|0|takes", "10 min", "scenes.corridor.choices.listen.takes"),
            ("scenes|corridor|choices|0|does", ["dance"], "scenes.corridor.choices.listen.does"),
            ("scenes|corridor|choices|0|does", DROP, "scenes.corridor.choices.listen.does"),
            ("scenes|corridor|choices|0|does", ["view_image"] * 2, "scenes.corridor.choices.listen.does.1"),
            ("scenes|corridor|choices|0|id", "look", "scenes.corridor.choices.look"),
            ("scenes|end|debrief", False, "scenes.end.debrief"),
            ("scenes|end|debrief", "true", "scenes.end.debrief"),
            ("scenes|end|choices", [], "scenes.end.choices"),
            ("replays", [], "replays"),
            ("replays|0|path", [], "replays.0.path"),
            ("replays|0|path", ["listen", "fly", "support"], "replays.0.path"),
            ("replays|0|expect", DROP, "replays.0.expect"),
            ("replays|0|expect", ["good"], "replays.0.expect.0"),
            ("replays|0|expect", ["never"], "replays.0.expect.0"),
            ("replays|0|expect", ["never/no"], "replays.0.expect.0"),
            ("replays|0|expect", ["never/no-smoking"], "replays.0.expect"),
            ("replays|0|expect", [True], "replays.0.expect.0"),
            ("score", 5, "score"),
        ],
        ids=lambda value: str(value)[:40],
    )
    def test_names_its_place(self, path: str, value: object, where: str) -> None:
        problems = problems_of(edited(path, value))
        assert where in [problem.where for problem in problems], problems
        assert {(problem.check, problem.level) for problem in problems} == {(1, "error")}

    @pytest.mark.parametrize("key", list(case_data()))
    def test_is_reported_for_each_key_that_is_missing(self, key: str) -> None:
        data = case_data()
        del data[key]
        assert key in [problem.where for problem in problems_of(data)]

    def test_is_a_protocol_that_is_refused(self) -> None:
        (problem,) = check_case(case_data(), protocol=None, pages=pages_of(case_data())).problems
        assert (problem.check, problem.where) == (1, "protocol")
        assert "image-incident" in problem.message["en"]

    @pytest.mark.parametrize("data", [None, [], "text"])
    def test_concerns_the_file_when_there_is_no_mapping(self, data: object) -> None:
        _, problems = read_case(data)
        assert [problem.where for problem in problems] == ["file"]
