from __future__ import annotations

from datetime import timedelta

import pytest

from jalon.core.cases.model import Case
from jalon.core.cases.reading import read_case
from jalon.core.cases.replay import NotOffered, play, required_steps
from tests.core.protocols.example import Data, accepted, case_data, protocol_data

PROTOCOL = accepted(protocol_data())


def case_of(data: Data) -> Case:
    case, problems = read_case(data)
    assert case is not None, problems
    return case


CASE = case_of(case_data())


class TestAPath:
    @pytest.mark.parametrize("recorded", CASE.replays, ids=lambda recorded: "-".join(recorded.path))
    def test_is_judged_as_it_was_recorded(self, recorded: object) -> None:
        played = play(PROTOCOL, CASE, recorded.path)  # type: ignore[attr-defined]
        assert played.verdicts == recorded.expect  # type: ignore[attr-defined]
        assert played.has_ended

    def test_lets_the_time_pass_before_the_actions(self) -> None:
        played = play(PROTOCOL, CASE, ["listen", "act"])
        assert [judged.after for judged in played.judged] == [timedelta(minutes=10)] * 2 + [timedelta(minutes=100)] * 3
        assert played.after == timedelta(minutes=100)

    def test_is_played_as_the_role_of_the_scene(self) -> None:
        played = play(PROTOCOL, CASE, ["listen", "act"])
        assert [judged.role for judged in played.judged] == ["first_adult"] * 2 + ["designated_staff"] * 3

    def test_reveals_as_it_goes(self) -> None:
        assert play(PROTOCOL, CASE, []).revealed == ("image",)
        assert play(PROTOCOL, CASE, ["listen"]).revealed == ("image", "danger_now", "adult_involved", "spread")

    def test_may_stop_before_the_end(self) -> None:
        played = play(PROTOCOL, CASE, ["listen"])
        assert (played.scene, played.has_ended, played.is_clean) == ("office", False, False)

    @pytest.mark.parametrize("path", [["act"], ["listen", "act", "support", "dig"], ["fly"]])
    def test_is_refused_when_a_choice_is_not_offered(self, path: list[str]) -> None:
        with pytest.raises(NotOffered, match=path[-1]):
            play(PROTOCOL, CASE, path)

    def test_is_judged_by_the_truth_even_before_it_is_revealed(self) -> None:
        data = case_data()
        data["scenes"]["office"]["reveals"] = ["danger_now"]
        assert play(PROTOCOL, case_of(data), ["listen", "act", "support"]).verdicts == ("ok",) * 6

    def test_depends_on_its_history(self) -> None:
        after_police = play(PROTOCOL, CASE, ["listen", "act", "dig"]).verdicts[-1]
        before_police = play(PROTOCOL, CASE, ["listen", "label", "dig"]).verdicts[-1]
        assert (after_police, before_police) == ("never/no-investigation", "off_protocol")

    def test_hears_what_happens_on_entering_a_scene(self) -> None:
        protocol = protocol_data(events=["report_received", "police_arrived"])
        protocol["never"].append({"id": "hands-off", "do": "fill_grid", "from": "police_arrived", "cite": "guide#1"})
        for step in protocol["steps"].values():
            if step["do"] == "fill_grid":
                step["do"] = "write_grid"
        data = case_data()
        data["scenes"]["office"]["happens"] = ["police_arrived"]
        data["scenes"]["office"]["choices"][0]["does"] = ["fill_grid"]
        assert play(accepted(protocol), case_of(data), ["listen", "act"]).verdicts[-1] == "never/hands-off"

    def test_outlives_a_choice_that_takes_for_ever(self) -> None:
        data = case_data()
        data["scenes"]["corridor"]["choices"][2]["takes"] = "P99999999D"
        assert play(PROTOCOL, case_of(data), ["wait"]).verdicts == ("late",)


class TestACleanReplay:
    def test_needs_every_step_of_the_pathway_that_a_role_of_the_case_can_do(self) -> None:
        assert [step.id for step in required_steps(PROTOCOL, CASE)] == [
            "reassure",
            "hand_on",
            "grid",
            "contain",
            "police",
            "check_in",
        ]

    def test_needs_no_step_whose_condition_the_truth_does_not_meet(self) -> None:
        data = case_data()
        data["truth"]["spread"] = "not_sent_on"
        assert "contain" not in [step.id for step in required_steps(PROTOCOL, case_of(data))]

    @pytest.mark.parametrize(
        ("path", "clean"),
        [
            (["listen", "act", "support"], True),
            (["listen", "act", "dig"], False),
            (["listen", "label", "support"], False),
            (["wait", "act", "support"], False),
            (["look", "act", "support"], False),
        ],
    )
    def test_has_no_ban_and_every_required_step_in_order_and_in_time(self, path: list[str], clean: bool) -> None:
        assert play(PROTOCOL, CASE, path).is_clean is clean

    def test_forgives_what_the_protocol_does_not_ask_for(self) -> None:
        data = case_data()
        data["scenes"]["later"]["choices"][1]["does"] = ["call_emergency", "check_in_with_student"]
        played = play(PROTOCOL, case_of(data), ["listen", "act", "support"])
        assert played.verdicts[-2:] == ("off_protocol", "ok")
        assert played.is_clean
