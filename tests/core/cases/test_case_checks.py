from __future__ import annotations

from typing import Any

import pytest

from jalon.core.cases.checks import check_case
from jalon.core.cases.pages import read_page
from jalon.core.cases.suite import check_suite
from jalon.core.protocols.model import Problem
from tests.core.protocols.example import Data, accepted, case_data, pages_of, protocol_data

PROTOCOL = accepted(protocol_data())


def problems_of(data: Data, pages: dict[str, dict[str, str]] | None = None) -> tuple[Problem, ...]:
    return check_case(data, protocol=PROTOCOL, pages=pages_of(data) if pages is None else pages).problems


def only(problems: tuple[Problem, ...], check: int) -> Problem:
    assert [(problem.check, problem.level) for problem in problems] == [(check, "error")], problems
    return problems[0]


def test_the_example_is_accepted() -> None:
    report = check_case(case_data(), protocol=PROTOCOL, pages=pages_of(case_data()))
    assert report.problems == ()
    assert report.accepted is not None


class TestCheck2:
    def test_asks_for_every_input(self) -> None:
        data = case_data()
        del data["truth"]["image"]
        assert only(problems_of(data), 2).where == "truth.image"

    def test_asks_for_every_revealed_fact(self) -> None:
        data = case_data()
        data["scenes"]["office"]["choices"][0]["does"].remove("ask_to_stop_sharing")
        data["replays"] = [{"path": ["listen", "act", "support"], "expect": ["ok"] * 5}]
        del data["truth"]["spread"]
        assert only(problems_of(data), 2).where == "truth.spread"

    def test_refuses_an_impossible_truth(self) -> None:
        protocol = protocol_data()
        protocol["route"]["impossible"] = [
            {"id": "i1", "danger_now": "present", "image": "reported", "cite": "guide#1"}
        ]
        data = case_data()
        data["truth"]["danger_now"] = "present"
        report = check_case(data, protocol=accepted(protocol), pages=pages_of(data))
        impossible = [problem for problem in report.problems if problem.check == 2]
        assert [problem.where for problem in impossible] == ["truth"]
        assert "danger_now = present" in impossible[0].message["en"]

    def test_refuses_a_truth_that_leads_elsewhere(self) -> None:
        problem = only(problems_of(case_data(pathway="adult_case")), 2)
        assert problem.where == "pathway"
        assert "kit" in problem.message["en"]
        assert "adult_case" in problem.message["en"]


class TestCheck3:
    def scene(self, *choices: dict[str, Any]) -> Data:
        data = case_data()
        data["scenes"]["corridor"]["choices"] += choices
        return data

    def test_names_a_scene_that_no_path_reaches(self) -> None:
        data = case_data()
        data["scenes"]["attic"] = {"debrief": True}
        problem = only(problems_of(data), 3)
        assert (problem.where, "attic" in problem.message["en"]) == ("scenes.attic", True)

    def test_names_a_dead_end(self) -> None:
        data = self.scene({"id": "hide", "does": [], "takes": "PT5M", "to": "attic"})
        data["scenes"]["attic"] = {"you_are": "first_adult", "choices": []}
        assert only(problems_of(data), 3).where == "scenes.attic"

    def test_names_each_scene_of_a_loop_without_exit(self) -> None:
        data = self.scene({"id": "hide", "does": [], "takes": "PT5M", "to": "attic"})
        for here, there in (("attic", "cellar"), ("cellar", "attic")):
            choice = {"id": "go", "does": [], "takes": "PT1M", "to": there}
            data["scenes"][here] = {"you_are": "first_adult", "choices": [choice]}
        assert [problem.where for problem in problems_of(data)] == ["scenes.attic", "scenes.cellar"]

    def test_lets_a_loop_have_an_exit(self) -> None:
        data = self.scene({"id": "again", "does": [], "takes": "PT5M", "to": "corridor"})
        assert problems_of(data) == ()


class TestCheck4:
    def test_names_what_the_role_of_a_scene_cannot_know(self) -> None:
        data = case_data()
        data["scenes"]["corridor"]["reveals"] = ["image", "spread"]
        problem = only(problems_of(data), 4)
        assert problem.where == "scenes.corridor.reveals"
        assert all(name in problem.message["en"] for name in ("corridor", "spread", "first_adult"))


class TestCheck10:
    @pytest.mark.parametrize("language", ["fr", "en"])
    @pytest.mark.parametrize("scene", ["corridor", "end"])
    @pytest.mark.parametrize("text", [None, "", " \n"])
    def test_asks_for_the_words_of_every_scene(self, scene: str, language: str, text: str | None) -> None:
        pages = pages_of(case_data())
        pages[scene] = {**pages[scene]}
        del pages[scene][language]
        if text is not None:
            pages[scene][language] = text
        problem = only(problems_of(case_data(), pages), 10)
        assert problem.where == f"scenes.{scene}"
        assert f"{scene}.{language}.md" in problem.message["en"]

    @pytest.mark.parametrize("title", [{"fr": "x"}, {"fr": "x", "en": " "}])
    def test_asks_for_a_title_in_both_languages(self, title: dict[str, str]) -> None:
        assert only(problems_of(case_data(title=title)), 10).where == "title.en"

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("Here.\n\n## Listen {#listen}\n\n## Look {#look}\n", "no block for the choice wait"),
            ("## A {#listen}\n## B {#look}\n## C {#wait}\n## D {#wait}\n", "2 blocks for the choice wait"),
            ("## A {#listen}\n## B {#look}\n## C {#wait}\n## D {#fly}\n", "fly, which is no choice"),
            ("## A {#listen}\n## B {#look}\n### C {#wait}\n", "no block for the choice wait"),
        ],
    )
    def test_asks_for_exactly_one_block_per_choice(self, text: str, said: str) -> None:
        pages = pages_of(case_data())
        pages["corridor"] = {**pages["corridor"], "en": text}
        problem = only(problems_of(case_data(), pages), 10)
        assert said in problem.message["en"]
        assert "corridor.en.md" in problem.message["en"]

    def test_reads_the_words_of_a_scene(self) -> None:
        page = read_page("Here.\r\n\r\nStill here.\n\n## Say « yes » {#listen} \n\nThen.\n\n### More\n\n## {#look}\n")
        assert page.introduction == "Here.\n\nStill here."
        assert [(block.id, block.label, block.consequence) for block in page.blocks] == [
            ("listen", "Say « yes »", "Then.\n\n### More"),
            ("look", "", ""),
        ]


class TestCheck13:
    def test_names_the_verdicts_that_were_not_expected(self) -> None:
        data = case_data()
        data["replays"][2]["expect"][0] = "ok"
        problem = only(problems_of(data), 13)
        assert problem.where == "replays.2"
        assert "late, late, late, late, ok" in problem.message["en"]

    def test_refuses_a_replay_that_stops_too_soon(self) -> None:
        data = case_data()
        data["replays"].append({"path": ["listen"], "expect": ["ok", "ok"]})
        assert only(problems_of(data), 13).where == "replays.3"

    @pytest.mark.parametrize("path", [["act"], ["listen", "look"], ["listen", "act", "support", "support"]])
    def test_refuses_a_choice_that_is_not_offered(self, path: list[str]) -> None:
        data = case_data()
        data["replays"].append({"path": path, "expect": ["ok"]})
        assert only(problems_of(data), 13).where == "replays.3"

    def test_asks_for_one_clean_replay(self) -> None:
        data = case_data()
        del data["replays"][0]
        assert only(problems_of(data), 13).where == "replays"


class TestTheCasesOfAProtocol:
    def found(self, protocol: Data, **cases: object) -> list[tuple[int, str]]:
        model = accepted(protocol)
        return [(problem.check, problem.where) for problem in check_suite(model, cases, unreadable={})]

    def test_warn_of_pathways_and_bans_that_none_exercises(self) -> None:
        assert self.found(protocol_data(), group=case_data()) == [
            (12, "pathways.emergency"),
            (12, "pathways.adult_case"),
            (12, "pathways.support_only"),
            (12, "never.no-copying"),
            (12, "never.no-verdict"),
        ]

    def test_stop_a_protocol_that_breaks_one_of_them(self) -> None:
        protocol = protocol_data()
        protocol["steps"]["grid"]["within"] = "PT40M"
        found = self.found(protocol, group=case_data())
        assert (13, "cases.group.replays.0") in found

    def test_stop_a_protocol_that_leaves_their_range(self) -> None:
        assert (13, "cases.group.protocol") in self.found(protocol_data(version="3.0.0"), group=case_data())

    def test_stop_a_protocol_when_one_of_them_is_malformed(self) -> None:
        assert (13, "cases.group.start") in self.found(protocol_data(), group=case_data(start="attic"))
        assert (13, "cases.group.file") in self.found(protocol_data(), group=[])

    def test_stop_a_protocol_when_one_of_them_cannot_be_read(self) -> None:
        model = accepted(protocol_data())
        found = list(check_suite(model, {}, unreadable={"group": {"fr": "ligne 3", "en": "line 3"}}))
        assert (13, "error", "cases.group") in [(one.check, one.level, one.where) for one in found]

    def test_are_left_alone_when_they_are_of_another_protocol(self) -> None:
        found = self.found(protocol_data(), group=case_data(protocol="other@^1.0", start="attic"))
        assert {check for check, _ in found} == {12}
