from __future__ import annotations

from typing import Any

import pytest

from jalon.core.protocols.checks import Report, check_protocol
from jalon.core.protocols.model import Problem, error
from tests.core.protocols.example import Data, protocol_data, with_texts


def found(data: Data) -> list[Problem]:
    """Return the problems of data whose texts are completed, but for the warning the example always has."""
    return [problem for problem in check_protocol(with_texts(data)).problems if problem.check != 11]


def only(data: Data, check: int) -> Problem:
    problems = found(data)
    assert [problem.check for problem in problems] == [check], problems
    return problems[0]


def step(data: Data, name: str, **changes: Any) -> Data:
    """Change one step; None removes a key."""
    data["steps"].setdefault(name, {}).update(changes)
    data["steps"][name] = {key: value for key, value in data["steps"][name].items() if value is not None}
    return data


class TestTheExample:
    def test_is_accepted_with_one_warning(self) -> None:
        report = check_protocol(protocol_data())
        assert report.accepted is not None
        assert [(problem.check, problem.level) for problem in report.problems] == [(11, "warning")]

    def test_counts_its_combinations(self) -> None:
        report = check_protocol(protocol_data())
        assert report.combinations == 8
        assert report.pathways == {"emergency": 4, "adult_case": 2, "kit": 1, "support_only": 1}

    def test_is_checked_no_further_when_its_form_is_wrong(self) -> None:
        data = protocol_data()
        del data["route"]["rows"][0]
        data["steps"]["grid"]["within"] = "soon"
        assert check_protocol(data) == Report(
            None,
            (
                error(
                    1,
                    "steps.grid.within",
                    "steps.grid.within doit être une durée, PnW ou PnDTnHnMnS, pas 'soon'",
                    "steps.grid.within must be a duration, PnW or PnDTnHnMnS, not 'soon'",
                ),
            ),
            None,
            None,
        )


class TestCheck2:
    @pytest.mark.parametrize("place", range(4))
    def test_shows_a_combination_that_no_row_matches(self, place: int) -> None:
        data = protocol_data()
        row = data["route"]["rows"].pop(place)
        report = check_protocol(data)
        gaps = [problem for problem in report.problems if problem.check == 2]
        assert gaps
        cells = {fact: value for fact, value in row.items() if fact in data["route"]["inputs"]}
        for gap in gaps:
            assert gap.where == "route.rows"
            assert all(f"{fact} = {value}" in gap.message["en"] for fact, value in cells.items())
            assert all(fact in gap.message["en"] for fact in data["route"]["inputs"])

    @pytest.mark.parametrize("place", range(4))
    def test_names_both_rows_that_match_the_same(self, place: int) -> None:
        data = protocol_data()
        data["route"]["rows"].append({**data["route"]["rows"][place], "id": "again"})
        problem = only(data, 2)
        assert problem.where == "route.rows.again"
        assert f"r{place + 1} and again" in problem.message["en"]
        assert "danger_now = " in problem.message["en"]

    def test_names_a_row_that_contradicts_another(self) -> None:
        data = protocol_data()
        data["route"]["rows"].append({"id": "r5", "image": "rumour", "then": "kit", "cite": "guide#1"})
        messages = [problem.message["en"] for problem in found(data)]
        assert [message.split(" both")[0] for message in messages] == [
            "the rows r1 and r5",
            "the rows r2 and r5",
            "the rows r4 and r5",
        ]

    def test_takes_a_list_as_one_of_these(self) -> None:
        data = protocol_data()
        data["route"]["rows"][0]["image"] = ["reported", "rumour"]
        assert found(data) == []

    def test_leaves_out_what_is_impossible(self) -> None:
        data = protocol_data()
        data["route"]["impossible"] = [
            {"id": "i1", "danger_now": "absent", "adult_involved": "minors_only", "cite": "guide#1"}
        ]
        data["route"]["rows"] = data["route"]["rows"][:2]
        data["pathways"] = {"emergency": 4, "adult_case": 3}
        data["steps"] = {"reassure": data["steps"]["reassure"]}
        data["never"] = [ban for ban in data["never"] if "from" not in ban]
        report = check_protocol(with_texts(data))
        assert report.problems == ()
        assert report.combinations == 6
        assert report.pathways == {"emergency": 4, "adult_case": 2}

    def test_refuses_too_many_combinations_without_listing_them(self) -> None:
        data = protocol_data()
        for place in range(18):
            data["facts"][f"f{place}"] = {"values": ["a", "b"], "known_by": ["designated_staff"]}
            data["route"]["inputs"].append(f"f{place}")
        problem = only(data, 2)
        assert "2097152" in problem.message["en"]
        assert "f17" in problem.message["en"]
        assert check_protocol(data).combinations is None

    def test_accepts_exactly_the_largest_number(self) -> None:
        data = protocol_data()
        for place in range(17):
            data["facts"][f"f{place}"] = {"values": ["a", "b"], "known_by": ["designated_staff"]}
            data["route"]["inputs"].append(f"f{place}")
        report = check_protocol(with_texts(data))
        assert report.accepted is not None
        assert report.combinations == 1_048_576


class TestCheck3:
    def test_names_a_row_that_matches_nothing_possible(self) -> None:
        data = protocol_data()
        data["route"]["impossible"] = [
            {"id": "i1", "danger_now": "absent", "adult_involved": "adult", "cite": "guide#1"}
        ]
        data["route"]["rows"][0]["then"] = "adult_case"
        problems = found(data)
        assert [(problem.check, problem.where) for problem in problems] == [
            (3, "route.rows.r2"),
            (3, "pathways.emergency"),
        ]
        assert "r2" in problems[0].message["en"]

    def test_names_a_pathway_to_which_no_row_leads(self) -> None:
        data = protocol_data()
        data["pathways"]["forgotten"] = 9
        problem = only(data, 3)
        assert (problem.where, "forgotten" in problem.message["en"]) == ("pathways.forgotten", True)


class TestCheck4:
    def test_names_an_input_that_the_role_of_the_route_cannot_know(self) -> None:
        data = protocol_data()
        data["facts"]["image"]["known_by"] = ["first_adult"]
        problem = only(data, 4)
        assert problem.where == "route.inputs"
        assert "image" in problem.message["en"]
        assert "designated_staff" in problem.message["en"]

    def test_names_a_role_that_cannot_know_the_condition_of_its_step(self) -> None:
        data = step(protocol_data(), "contain", by=["designated_staff", "principal"])
        problem = only(data, 4)
        assert problem.where == "steps.contain.when.spread"
        assert all(name in problem.message["en"] for name in ("contain", "principal", "spread"))

    @pytest.mark.parametrize("value", ["impulsive", "malicious"])
    @pytest.mark.parametrize("known_by", [["designated_staff"], ["prosecutor", "principal"]])
    def test_lets_only_the_prosecutor_qualify_an_act(self, value: str, known_by: list[str]) -> None:
        data = protocol_data()
        data["facts"]["qualification"] = {"values": [value, "other"], "known_by": known_by}
        problem = only(data, 4)
        assert problem.where == "facts.qualification.known_by"
        assert value in problem.message["en"]

    def test_refuses_a_route_that_reads_the_qualification_of_an_act(self) -> None:
        data = protocol_data()
        data["route"]["inputs"].append("qualification")
        assert "qualification" in only(data, 4).message["en"]


class TestCheck5:
    def test_names_a_milestone_that_nobody_gives(self) -> None:
        problem = only(step(protocol_data(), "parents", needs=["nowhere"]), 5)
        assert problem.where == "steps.parents.needs"
        assert all(name in problem.message["en"] for name in ("parents", "nowhere", "kit"))

    def test_names_a_milestone_that_nobody_gives_in_this_pathway(self) -> None:
        problem = only(step(protocol_data(), "check_in", **{"in": "all"}), 5)
        assert all(name in problem.message["en"] for name in ("check_in", "staff_engaged", "emergency"))

    def test_finds_a_cycle(self) -> None:
        data = step(protocol_data(), "grid", needs=["police_notified"])
        problems = [problem for problem in found(data) if problem.check == 5]
        assert [problem.where for problem in problems] == [
            "steps.grid.needs",
            "steps.police.needs",
            "steps.parents.needs",
        ]

    def test_finds_a_step_that_needs_what_it_gives(self) -> None:
        data = step(protocol_data(), "parents", needs=["told"], gives="told")
        assert only(data, 5).where == "steps.parents.needs"


class TestCheck6:
    def test_names_a_deadline_before_what_it_needs(self) -> None:
        problem = only(step(protocol_data(), "police", within="PT1H"), 6)
        assert problem.where == "steps.police.within"
        assert all(name in problem.message["en"] for name in ("police", "grid_done", "kit", "adult_case"))

    def test_lets_both_be_due_at_once(self) -> None:
        assert found(step(protocol_data(), "police", within="PT2H")) == []

    def test_sees_through_a_step_without_a_deadline(self) -> None:
        data = step(protocol_data(), "grid", within=None)
        assert only(step(data, "police", within="PT29M"), 6).where == "steps.police.within"
        assert found(step(data, "police", within="PT30M")) == []

    def test_takes_the_earliest_of_several_givers(self) -> None:
        data = step(protocol_data(), "police", within="PT1H")
        quick = {"do": "call_now", "by": ["principal"], "in": ["kit", "adult_case"], "gives": "grid_done"}
        data["steps"]["quick"] = {**quick, "within": "PT1H", "cite": "guide#1"}
        assert found(data) == []


class TestCheck7:
    def test_names_a_milestone_given_only_under_a_condition(self) -> None:
        problem = only(step(protocol_data(), "contain", gives="contained"), 7)
        assert problem.where == "steps.contain.gives"
        assert all(name in problem.message["en"] for name in ("contain", "contained", "kit"))

    def test_lets_another_step_give_it_without_a_condition(self) -> None:
        data = step(protocol_data(), "contain", gives="contained")
        assert found(step(data, "parents", gives="contained")) == []

    def test_looks_at_each_pathway(self) -> None:
        data = step(protocol_data(), "contain", gives="contained", **{"in": ["kit", "adult_case"]})
        assert "adult_case" in only(step(data, "parents", gives="contained"), 7).message["en"]


class TestCheck8:
    def ban(self, **changes: Any) -> Data:
        data = protocol_data()
        data["never"] = [{"id": "stop", "do": "contact_police_liaison", "cite": "guide#1", **changes}]
        return data

    def test_names_a_step_that_a_ban_forbids(self) -> None:
        problems = found(self.ban())
        assert [problem.check for problem in problems] == [8, 8]
        assert [role for role in ("designated_staff", "principal") if role in problems[0].message["en"]] == [
            "designated_staff"
        ]
        assert all(name in problems[1].message["en"] for name in ("police", "stop", "principal", "kit"))

    @pytest.mark.parametrize(
        ("changes", "collides"),
        [
            ({"except": ["designated_staff", "principal"]}, False),
            ({"except": ["designated_staff"]}, True),
            ({"from": "grid_done"}, True),
            ({"from": "police_notified"}, False),
            ({"until": "grid_done"}, False),
            ({"until": "staff_engaged"}, False),
            ({"until": "police_notified"}, True),
            ({"until": "report_received"}, False),
            ({"from": "grid_done", "until": "police_notified"}, True),
            ({"from": "police_notified", "until": "grid_done"}, False),
        ],
    )
    def test_asks_whether_the_ban_can_be_in_force_by_then(self, changes: dict[str, object], collides: bool) -> None:
        assert {problem.check for problem in found(self.ban(**changes))} == ({8} if collides else set())

    def test_finds_a_ban_that_starts_with_a_step_of_the_same_pathway(self) -> None:
        data = protocol_data()
        data["never"] = [{"id": "stop", "do": "fill_grid", "from": "police_notified", "cite": "guide#1"}]
        data["steps"]["early"] = {
            "do": "call_now",
            "by": ["principal"],
            "in": ["kit"],
            "gives": "police_notified",
            "cite": "guide#1",
        }
        problem = only(data, 8)
        assert "kit" in problem.message["en"]
        assert "adult_case" not in problem.message["en"]


class TestCheck9:
    @pytest.mark.parametrize(
        ("cite", "said"),
        [
            (None, "no source"),
            ("nowhere#1", "nowhere"),
            ("guide#9", "guide#9"),
            ("guide#0", "guide#0"),
        ],
    )
    @pytest.mark.parametrize("where", ["route.rows.r1", "route.impossible.i1", "steps.grid", "never.no-viewing"])
    def test_names_what_cites_no_declared_paragraph(self, where: str, cite: str | None, said: str) -> None:
        data = protocol_data()
        data["route"]["impossible"] = [{"id": "i1", "danger_now": "present", "image": "rumour", "cite": "guide#1"}]
        parts = {
            "route.rows.r1": data["route"]["rows"][0],
            "route.impossible.i1": data["route"]["impossible"][0],
            "steps.grid": data["steps"]["grid"],
            "never.no-viewing": data["never"][0],
        }
        parts[where]["cite"] = cite
        if cite is None:
            del parts[where]["cite"]
        problem = only(data, 9)
        assert problem.where == f"{where}.cite"
        assert said in problem.message["en"]
        assert where.rsplit(".", maxsplit=1)[-1] in problem.message["en"]

    def test_asks_when_a_source_was_checked(self) -> None:
        data = protocol_data()
        del data["sources"]["guide"]["checked"]
        assert only(data, 9).where == "sources.guide.checked"


class TestCheck10:
    @pytest.mark.parametrize("key", list(protocol_data()["texts"]))
    def test_asks_for_each_text(self, key: str) -> None:
        data = protocol_data()
        del data["texts"][key]
        problems = [problem for problem in check_protocol(data).problems if problem.check == 10]
        assert [problem.where for problem in problems] == [f"texts.{key}"]

    @pytest.mark.parametrize("text", [{"fr": "x"}, {"fr": "x", "en": ""}, {"fr": "x", "en": " \n\u00a0"}])
    def test_asks_for_both_languages(self, text: dict[str, str]) -> None:
        data = protocol_data()
        data["texts"]["fact/image/rumour"] = text
        problems = [problem for problem in check_protocol(data).problems if problem.check == 10]
        assert [problem.where for problem in problems] == ["texts.fact/image/rumour.en"]

    @pytest.mark.parametrize("key", ["role/nobody", "colour", "fact/image/sent_on", "action/grid", "never/"])
    def test_refuses_a_text_that_names_nothing(self, key: str) -> None:
        data = protocol_data()
        data["texts"][key] = {"fr": "x", "en": "x"}
        problems = [problem for problem in check_protocol(data).problems if problem.check == 10]
        assert [problem.where for problem in problems] == [f"texts.{key}"]


class TestCheck11:
    def silences(self, *bans: dict[str, Any]) -> list[tuple[str, str]]:
        data = protocol_data(never=[{"cite": "guide#1", **ban} for ban in bans])
        problems = [problem for problem in check_protocol(data).problems if problem.check == 11]
        assert all(problem.level == "warning" for problem in problems)
        return [(problem.where, "before" if "before" in problem.message["en"] else "after") for problem in problems]

    def test_warns_of_what_nothing_rules_before_or_after(self) -> None:
        question = {"id": "b1", "do": "question"}
        assert self.silences(question) == []
        assert self.silences({**question, "from": "grid_done"}) == [("never.b1", "before")]
        assert self.silences({**question, "until": "grid_done"}) == [("never.b1", "after")]
        assert self.silences({**question, "from": "staff_engaged", "until": "grid_done"}) == [
            ("never.b1", "before"),
            ("never.b1", "after"),
        ]

    def test_is_content_with_a_step_or_a_timeless_ban(self) -> None:
        assert self.silences({"id": "b1", "do": "fill_grid", "from": "police_notified"}) == []
        timeless = {"id": "b2", "do": "question", "except": ["prosecutor"]}
        assert self.silences({"id": "b1", "do": "question", "from": "grid_done"}, timeless) == []

    def test_refuses_nothing(self) -> None:
        assert check_protocol(protocol_data()).accepted is not None
