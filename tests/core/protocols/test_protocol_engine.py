from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from jalon.core.protocols.engine import Plan, Verdict, evaluate, plan
from jalon.core.protocols.history import replay
from jalon.core.protocols.inputs import WrongInput, read_facts, read_log
from jalon.core.protocols.model import ActionEntry, EventEntry, LogEntry
from jalon.core.protocols.outlook import Outlook
from tests.core.protocols.example import accepted, protocol_data

EXAMPLE = accepted(protocol_data())
START = datetime(2027, 1, 11, 8, 0, tzinfo=UTC)
KIT = {"danger_now": "absent", "adult_involved": "minors_only", "image": "reported", "spread": "sent_on"}
EMERGENCY = {"danger_now": "present", "adult_involved": "minors_only", "image": "reported"}
NOTHING = "nothing"


def minutes(count: float) -> datetime:
    return START + timedelta(minutes=count)


REPORT = EventEntry("report_received", START)
TOLD = ActionEntry("tell_designated_staff", "first_adult", minutes(10))
GRID = ActionEntry("fill_grid", "designated_staff", minutes(60))
POLICE = ActionEntry("contact_police_liaison", "principal", minutes(90))


def judge(
    action: str, role: str, *, at: float, log: list[LogEntry] | None = None, facts: dict[str, str] | None = None
) -> Verdict:
    return evaluate(
        EXAMPLE,
        facts=KIT if facts is None else facts,
        log=[REPORT, TOLD, GRID] if log is None else log,
        role=role,
        action=action,
        at=minutes(at),
    )


class TestAVerdict:
    @pytest.mark.parametrize(
        ("action", "role", "at", "word", "rule", "cite"),
        [
            ("view_image", "first_adult", 20, "never", "no-viewing", "guide#1"),
            ("view_image", "prosecutor", 20, "never", "no-viewing", "guide#1"),
            ("decide_qualification", "principal", 20, "never", "no-verdict", "guide#6"),
            ("decide_qualification", "prosecutor", 20, "off_protocol", None, None),
            ("question_students", "designated_staff", 20, "off_protocol", None, None),
            ("call_emergency", "principal", 20, "off_protocol", None, None),
            ("fill_grid", "principal", 70, "not_your_role", "grid", "guide#4"),
            ("fill_grid", "designated_staff", 70, "repeat", "grid", "guide#4"),
            ("inform_parents", "principal", 70, "early", "parents", "guide#7"),
            ("contact_police_liaison", "principal", 240, "ok", "police", "guide#6"),
            ("contact_police_liaison", "principal", 240.1, "late", "police", "guide#6"),
            ("ask_to_stop_sharing", "designated_staff", 70, "ok", "contain", "guide#4"),
            ("check_in_with_student", "designated_staff", 70, "ok", "check_in", "guide#8"),
            ("reassure_student", "first_adult", 99999, "ok", "reassure", "guide#1"),
        ],
    )
    def test_is_the_first_rule_that_applies(
        self, action: str, role: str, at: float, word: str, rule: str | None, cite: str | None
    ) -> None:
        verdict = judge(action, role, at=at)
        assert (verdict.word, verdict.rule, verdict.cite) == (word, rule, cite)

    @pytest.mark.parametrize(("facts", "word"), [({"spread": "not_sent_on"}, "off_protocol"), ({}, "off_protocol")])
    def test_needs_a_known_fact_to_meet_a_condition(self, facts: dict[str, str], word: str) -> None:
        known = {fact: value for fact, value in KIT.items() if fact != "spread"}
        assert judge("ask_to_stop_sharing", "designated_staff", at=70, facts={**known, **facts}).word == word

    def test_follows_the_most_protective_pathway_while_facts_are_unknown(self) -> None:
        verdict = judge("call_emergency", "principal", at=2, facts={}, log=[REPORT])
        assert (verdict.word, verdict.pathway) == ("ok", "emergency")

    def test_puts_a_ban_before_everything_else(self) -> None:
        assert judge("question_students", "designated_staff", at=95, log=[REPORT, TOLD, GRID, POLICE]).word == "never"

    def test_says_early_before_late_and_what_is_missing(self) -> None:
        verdict = judge("contact_police_liaison", "principal", at=999, log=[REPORT])
        assert (verdict.word, verdict.missing) == ("early", ("grid_done",))

    def test_is_never_late_before_the_first_event(self) -> None:
        verdict = judge("fill_grid", "designated_staff", at=99999, log=[TOLD])
        assert (verdict.word, verdict.due_at) == ("ok", None)

    def test_does_not_see_what_comes_after(self) -> None:
        assert judge("contact_police_liaison", "principal", at=30).word == "early"

    def test_is_recorded_with_the_ban(self) -> None:
        assert str(judge("view_image", "principal", at=1)) == "never/no-viewing"
        assert str(judge("fill_grid", "principal", at=1)) == "not_your_role"


class TestAHistory:
    def test_takes_entries_in_the_order_of_their_moments(self) -> None:
        history = replay(EXAMPLE, [GRID, TOLD, REPORT], minutes(60))
        assert list(history.done.values()) == [minutes(10), minutes(60)]

    def test_compares_moments_as_instants(self) -> None:
        elsewhere = ActionEntry(
            "tell_designated_staff", "first_adult", datetime.fromisoformat("2027-01-11T03:10:00-05:00")
        )
        assert replay(EXAMPLE, [elsewhere], minutes(10)).done == {"hand_on": minutes(10)}
        assert replay(EXAMPLE, [elsewhere], minutes(9)).done == {}

    def test_counts_only_the_first_time(self) -> None:
        again = [TOLD, ActionEntry("tell_designated_staff", "first_adult", minutes(50)), REPORT]
        history = replay(EXAMPLE, [*again, EventEntry("report_received", minutes(5))], minutes(60))
        assert history.done == {"hand_on": minutes(10)}
        assert history.reached == {"report_received": START, "staff_engaged": minutes(10)}

    def test_is_not_changed_by_an_action_that_was_banned(self) -> None:
        data = protocol_data()
        data["never"].append({"id": "late-grid", "do": "fill_grid", "from": "police_notified", "cite": "guide#1"})
        after = [REPORT, POLICE, ActionEntry("fill_grid", "designated_staff", minutes(91))]
        assert set(replay(accepted(data), after, minutes(99)).done) == {"police"}

    def test_holds_a_ban_until_its_end(self) -> None:
        data = protocol_data()
        ban = {"id": "wait", "do": "question_students", "until": "grid_done", "cite": "guide#1"}
        data["never"] = [*data["never"], ban]
        protocol = accepted(data)
        before, after = (replay(protocol, [REPORT, TOLD, GRID], minutes(at)) for at in (59, 60))
        assert before.first_ban("question_students", "principal") is not None
        assert after.first_ban("question_students", "principal") is None

    def test_keeps_what_a_wrong_role_did_out(self) -> None:
        wrong = ActionEntry("fill_grid", "principal", minutes(20))
        assert replay(EXAMPLE, [REPORT, wrong], minutes(30)).done == {}

    def test_does_a_step_of_another_pathway_even_too_early(self) -> None:
        verdict = judge("fill_grid", "designated_staff", at=1, log=[REPORT], facts=EMERGENCY)
        assert verdict.word == "off_protocol"
        early = ActionEntry("fill_grid", "designated_staff", minutes(1))
        assert "grid_done" in replay(EXAMPLE, [REPORT, early], minutes(1)).reached

    def test_does_every_step_that_has_the_action(self) -> None:
        data = protocol_data()
        data["steps"]["call_2"] = {
            "do": "call_emergency",
            "by": ["principal"],
            "in": ["kit"],
            "gives": "called",
            "cite": "guide#2",
        }
        entry = ActionEntry("call_emergency", "principal", minutes(1))
        assert set(replay(accepted(data), [entry], minutes(1)).done) == {"call", "call_2"}


def planned(
    *,
    facts: dict[str, str] | None = None,
    log: list[LogEntry] | None = None,
    role: str = "designated_staff",
    at: float = 60,
) -> Plan:
    return plan(
        EXAMPLE,
        facts=KIT if facts is None else facts,
        log=[REPORT, TOLD] if log is None else log,
        role=role,
        now=minutes(at),
    )


class TestAPlan:
    def test_lists_what_is_due_for_all_roles_earliest_first(self) -> None:
        due = planned().due
        assert [(one.step, one.due_at) for one in due] == [
            ("grid", minutes(120)),
            ("contain", minutes(180)),
            ("check_in", minutes(7 * 24 * 60)),
            ("reassure", None),
        ]
        assert (due[0].action, due[0].by, due[0].cite) == ("fill_grid", ("designated_staff",), "guide#4")

    def test_keeps_overdue_steps_among_the_due_ones(self) -> None:
        found = planned(at=200)
        assert [one.step for one in found.due][:2] == ["grid", "contain"]
        assert found.overdue == ("grid", "contain")

    def test_counts_a_step_as_overdue_even_if_it_cannot_start(self) -> None:
        found = planned(at=241)
        assert "police" in found.overdue
        assert "police" not in [one.step for one in found.due]

    def test_gives_the_last_minute(self) -> None:
        assert "grid" not in planned(at=120).overdue
        assert "grid" in planned(at=120.01).overdue

    def test_leaves_out_what_is_done(self) -> None:
        found = planned(log=[REPORT, TOLD, GRID], at=70)
        assert [one.step for one in found.due] == ["contain", "police", "check_in", "reassure"]
        assert found.done == ("hand_on", "grid")

    def test_ignores_what_was_logged_after_now(self) -> None:
        assert planned(log=[REPORT, TOLD, GRID], at=59).done == ("hand_on",)

    def test_has_no_deadline_before_the_first_event(self) -> None:
        found = planned(log=[], at=99999)
        assert found.overdue == ()
        assert {one.due_at for one in found.due} <= {None}

    @pytest.mark.parametrize(
        ("role", "forbidden"),
        [
            ("principal", ("no-viewing", "no-copying", "no-verdict")),
            ("prosecutor", ("no-viewing", "no-copying")),
        ],
    )
    def test_names_the_bans_on_the_role_that_asks(self, role: str, forbidden: tuple[str, ...]) -> None:
        assert planned(role=role).forbidden == forbidden

    def test_names_a_ban_once_it_has_started(self) -> None:
        assert "no-investigation" in planned(log=[REPORT, POLICE], at=90).forbidden
        assert "no-investigation" not in planned(log=[REPORT, POLICE], at=89).forbidden

    def test_lists_only_the_roles_that_may(self) -> None:
        data = protocol_data()
        data["never"].append({"id": "quiet", "do": "reassure_student", "from": "police_notified", "cite": "guide#1"})
        data["steps"]["reassure"]["in"] = ["emergency"]
        data["never"].append(
            {
                "id": "not-alone",
                "do": "call_emergency",
                "except": ["principal"],
                "from": "police_notified",
                "cite": "guide#1",
            }
        )
        found = plan(accepted(data), facts=EMERGENCY, log=[REPORT, POLICE], role="principal", now=minutes(90))
        assert [(one.step, one.by) for one in found.due] == [("call", ("principal",))]

    def test_says_the_same_twice(self) -> None:
        assert planned(log=[TOLD, REPORT, GRID]) == planned(log=[REPORT, TOLD, GRID])


class TestTheNextQuestion:
    @pytest.mark.parametrize(
        ("facts", "role", "candidates", "question"),
        [
            ({}, "designated_staff", ("emergency", "adult_case", "kit", "support_only"), "danger_now"),
            ({}, "first_adult", ("emergency", "adult_case", "kit", "support_only"), "danger_now"),
            ({}, "principal", ("emergency", "adult_case", "kit", "support_only"), None),
            ({"danger_now": "present"}, "designated_staff", ("emergency",), None),
            ({"danger_now": "absent"}, "first_adult", ("adult_case", "kit", "support_only"), "image"),
            ({"danger_now": "absent", "adult_involved": "adult"}, "first_adult", ("adult_case",), None),
            ({"image": "reported"}, "designated_staff", ("emergency", "adult_case", "kit"), "danger_now"),
        ],
    )
    def test_is_the_first_input_that_matters_and_that_the_role_can_know(
        self, facts: dict[str, str], role: str, candidates: tuple[str, ...], question: str | None
    ) -> None:
        found = planned(facts=facts, role=role)
        assert (found.candidates, found.next_question) == (candidates, question)
        assert found.provisional == (len(candidates) > 1)

    def test_is_then_what_a_condition_of_the_pathway_reads(self) -> None:
        known = {fact: value for fact, value in KIT.items() if fact != "spread"}
        assert planned(facts=known).next_question == "spread"
        assert planned(facts=known, role="principal").next_question is None
        assert planned(facts=KIT).next_question is None

    def test_is_nothing_once_the_step_is_done(self) -> None:
        known = {fact: value for fact, value in KIT.items() if fact != "spread"}
        asked = ActionEntry("ask_to_stop_sharing", "designated_staff", minutes(20))
        assert planned(facts=known, log=[REPORT, TOLD, asked]).next_question is None


class TestImpossibleCombinations:
    def linked(self) -> dict[str, object]:
        """Two inputs that always agree, so that neither changes alone."""
        data = protocol_data()
        facts = {"values": ["low", "high"], "known_by": ["designated_staff"]}
        data["facts"].update({"one": facts, "two": facts})
        data["route"] = {
            "for": "designated_staff",
            "inputs": ["one", "two"],
            "rows": [
                {"id": "r1", "one": "low", "then": "support_only", "cite": "guide#1"},
                {"id": "r2", "one": "high", "then": "kit", "cite": "guide#1"},
            ],
            "impossible": [
                {"id": "i1", "one": "low", "two": "high", "cite": "guide#1"},
                {"id": "i2", "one": "high", "two": "low", "cite": "guide#1"},
            ],
        }
        data["pathways"] = {"kit": 2, "support_only": 1}
        for step in data["steps"].values():
            if step["in"] != "all":
                step["in"] = [name for name in step["in"] if name in data["pathways"]] or ["kit"]
        return data

    def test_let_an_input_matter_that_never_changes_alone(self) -> None:
        outlook = Outlook(accepted(self.linked()), {})
        assert list(outlook.mattering()) == ["one", "two"]
        assert outlook.candidates == ("kit", "support_only")

    def test_make_known_facts_contradict(self) -> None:
        outlook = Outlook(accepted(self.linked()), {"one": "low", "two": "high"})
        assert outlook.is_contradictory
        assert outlook.candidates == ("kit", "support_only")
        assert outlook.is_provisional
        assert list(outlook.mattering()) == []

    def test_let_an_input_matter_whose_answer_would_contradict(self) -> None:
        outlook = Outlook(accepted(self.linked()), {"one": "low"})
        assert outlook.candidates == ("support_only",)
        assert not outlook.is_provisional
        assert list(outlook.mattering()) == ["two"]


class TestInputs:
    def test_are_read_as_they_are_written(self) -> None:
        data = [
            {"event": "report_received", "at": "2027-01-11T08:00:00+00:00"},
            {"action": "tell_designated_staff", "role": "first_adult", "at": "2027-01-11T08:10:00Z"},
        ]
        assert read_log(EXAMPLE, data) == (REPORT, TOLD)
        assert read_facts(EXAMPLE, KIT) == KIT

    @pytest.mark.parametrize(
        ("data", "said"),
        [
            ([], "mapping"),
            ({"weather": "rain"}, "weather"),
            ({"image": "unknown"}, "unknown"),
            ({"image": None}, "null"),
            ({"image": ["reported"]}, "image"),
        ],
    )
    def test_are_refused_when_a_fact_is_not_of_the_protocol(self, data: object, said: str) -> None:
        with pytest.raises(WrongInput, match=said):
            read_facts(EXAMPLE, data)

    @pytest.mark.parametrize(
        ("entry", "said"),
        [
            ({"event": "staff_engaged", "at": "2027-01-11T08:00:00Z"}, "staff_engaged"),
            ({"event": "report_received", "at": "2027-01-11T08:00:00"}, "offset"),
            ({"event": "report_received"}, "must hold"),
            ({"event": "report_received", "role": "principal", "at": "2027-01-11T08:00:00Z"}, "must hold"),
            ({"action": "dance", "role": "principal", "at": "2027-01-11T08:00:00Z"}, "dance"),
            ({"action": "fill_grid", "role": "nobody", "at": "2027-01-11T08:00:00Z"}, "nobody"),
            ("fill_grid", "must hold"),
        ],
    )
    def test_are_refused_when_a_log_entry_is_not_of_the_protocol(self, entry: object, said: str) -> None:
        with pytest.raises(WrongInput, match=said):
            read_log(EXAMPLE, [entry])

    def test_are_refused_when_the_log_is_no_list(self) -> None:
        with pytest.raises(WrongInput, match="list"):
            read_log(EXAMPLE, {})
