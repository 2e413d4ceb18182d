from __future__ import annotations

from jalon.core.cases.debrief import Debrief, debrief
from jalon.core.cases.model import Case
from jalon.core.cases.reading import read_case
from tests.core.protocols.example import accepted, case_data, protocol_data

PROTOCOL = accepted(protocol_data())


def the_case() -> Case:
    case, problems = read_case(case_data())
    assert case is not None, problems
    return case


def debriefed(*path: str, language: str = "en") -> Debrief:
    return debrief(PROTOCOL, the_case(), path, language)


class TestADebrief:
    def test_shows_the_path_of_the_protocol_in_order(self) -> None:
        found = debriefed("listen", "act", "support")
        assert [one.step for one in found.steps] == [
            *("hand_on", "reassure", "grid", "contain", "check_in", "police"),
        ]
        assert found.is_clean
        assert found.others == ()
        assert all(one.is_met and one.lines and one.cite and one.source for one in found.steps)

    def test_puts_beside_each_step_what_was_done(self) -> None:
        found = {one.step: one for one in debriefed("look", "act", "dig").steps}
        assert found["reassure"].lines == ()
        assert found["reassure"].reason == "This step was still to be done."
        assert [line.word for line in found["grid"].lines] == ["early"]
        assert found["grid"].reason == "Done too early. First was needed: milestone/staff_engaged (en)."
        assert found["police"].is_met
        assert found["police"].reason.replace("\u00a0", " ") == "Done in time: the time allowed was 4 h."

    def test_keeps_apart_what_the_protocol_did_not_ask_for(self) -> None:
        found = debriefed("look", "act", "dig")
        assert [(line.word, line.rule, line.cite) for line in found.others] == [
            ("never", "no-viewing", "guide#1"),
            ("never", "no-investigation", "guide#6"),
        ]
        assert found.others[0].reason == "Never to be done: never/no-viewing (en)."
        assert not found.is_clean

    def test_speaks_french(self) -> None:
        found = debriefed("wait", "act", "support", language="fr")
        assert found.path[0].reason == "Fait trop tard\u00a0: le délai était de 30\u00a0min."
        assert found.steps[-1].within == "4\u00a0h"

    def test_is_not_clean_before_the_end(self) -> None:
        assert not debriefed("listen", "act").is_clean

    def test_says_what_another_pathway_or_role_would_do(self) -> None:
        data = case_data()
        choice = data["scenes"]["corridor"]["choices"][0]
        choice["does"] = ["call_emergency", "fill_grid", "reassure_student", "tell_designated_staff"]
        choice["does"].append("view_image")
        data["scenes"]["corridor"]["choices"].append({**choice, "id": "twice", "to": "corridor"})
        case, _ = read_case(data)
        assert case is not None
        found = debrief(PROTOCOL, case, ["twice", "listen"], "en")
        reasons = [(line.word, line.reason) for line in found.path]
        assert reasons[0] == ("off_protocol", "The pathway “pathway/kit (en)” does not ask for this here.")
        assert reasons[1] == ("not_your_role", "This step belongs to: role/designated_staff (en).")
        assert reasons[7] == ("repeat", "This was already done.")
