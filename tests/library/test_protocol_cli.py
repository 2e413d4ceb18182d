from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from jalon.core.protocols import releases
from jalon.library import protocol_cli
from jalon.library.protocol_cli import Answer
from tests.core.protocols.example import Data, case_data, pages_of, protocol_data

NOW = "2027-01-11T09:00:00-05:00"
FACTS = {"danger_now": "absent", "adult_involved": "minors_only", "image": "reported"}
LOG = [{"event": "report_received", "at": "2027-01-11T08:00:00-05:00"}]


def write(path: Path, data: object) -> Path:
    """Write data as JSON, which is YAML 1.2 too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def write_case(folder: Path, data: Data) -> Path:
    for scene, texts in pages_of(data).items():
        for language, text in texts.items():
            page = folder / "scenes" / f"{scene}.{language}.md"
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(text, encoding="utf-8")
    return write(folder / "case.yaml", data)


@pytest.fixture
def protocol(tmp_path: Path) -> Path:
    return write(tmp_path / "protocol.yaml", protocol_data())


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return write_case(tmp_path / "cases" / "group-chat", case_data())


def problems(answer: Answer) -> list[dict[str, Any]]:
    assert answer.json is not None
    found: Any = answer.json["problems"]
    return list(found)


class TestCheckingAProtocol:
    def test_answers_with_counts_and_warnings(self, protocol: Path) -> None:
        answer = protocol_cli.check_protocol_file(protocol)
        assert answer.code == 0
        assert answer.json is not None
        assert answer.json["ok"] is True
        assert answer.json["combinations"] == 8
        assert answer.json["pathways"] == {"emergency": 4, "adult_case": 2, "kit": 1, "support_only": 1}
        assert [set(problem) for problem in problems(answer)] == [{"check", "level", "where", "message"}]

    @pytest.mark.parametrize("place", range(4))
    def test_refuses_a_protocol_without_one_of_its_rows(self, tmp_path: Path, place: int) -> None:
        data = protocol_data()
        del data["route"]["rows"][place]
        answer = protocol_cli.check_protocol_file(write(tmp_path / "p.yaml", data))
        assert answer.code == 1
        assert any("aucune ligne ne répond à danger_now = " in problem["message"] for problem in problems(answer))

    @pytest.mark.parametrize(
        ("content", "where"),
        [
            (b"id: x\n\tversion: 1.0.0\n", "line 2"),
            (b"id: &x y\n", "line 1"),
            (b"id: \xe9\n", "line 1"),
            (b"id: x\nid: y\n", "line 2"),
            (b"#" * 1_048_577, "file"),
            (b"", "file"),
            (b"- a\n", "file"),
        ],
    )
    def test_names_the_line_of_a_file_that_cannot_be_read(self, tmp_path: Path, content: bytes, where: str) -> None:
        path = tmp_path / "p.yaml"
        path.write_bytes(content)
        answer = protocol_cli.check_protocol_file(path)
        assert answer.code == 1
        assert [(problem["check"], problem["where"]) for problem in problems(answer)] == [(1, where)]
        assert answer.json is not None
        assert answer.json["combinations"] is None

    @pytest.mark.parametrize(("language", "said"), [("fr", "ligne 2, colonne 1"), ("en", "line 2, column 1")])
    def test_names_line_and_column_in_the_language_asked_for(self, tmp_path: Path, language: str, said: str) -> None:
        path = tmp_path / "p.yaml"
        path.write_bytes(b"id: x\nid: y\n")
        answer = protocol_cli.check_protocol_file(path, language=language)
        assert said in problems(answer)[0]["message"]

    def test_refuses_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        answer = protocol_cli.check_protocol_file(tmp_path / "nothing.yaml")
        assert (answer.code, problems(answer)[0]["where"]) == (1, "file")

    def test_tells_a_person_the_line_of_each_problem(self, tmp_path: Path) -> None:
        data = protocol_data()
        del data["steps"]["grid"]["cite"]
        path = write(tmp_path / "p.yaml", data)
        line = path.read_text().splitlines().index('  "grid": {') + 1
        french = protocol_cli.check_protocol_file(path).printed(as_json=False)
        assert f"{path}:{line}: erreur, contrôle 9, steps.grid.cite: l’étape grid ne cite aucune source" in french
        assert "erreurs\u00a0: 1, avertissements\u00a0: 1" in french
        words = protocol_cli.check_protocol_file(path, language="en").printed(as_json=False)
        assert f"{path}:{line}: error, check 9, steps.grid.cite: the step grid cites no source" in words
        assert "errors: 1, warnings: 1" in words


class TestCheckingAProtocolWithItsCases:
    def test_warns_of_what_no_case_exercises(self, protocol: Path, case: Path) -> None:
        answer = protocol_cli.check_protocol_file(protocol, cases=case.parent.parent)
        assert answer.code == 0
        assert {problem["check"] for problem in problems(answer)} == {11, 12}

    def test_refuses_a_protocol_that_breaks_one(self, tmp_path: Path, case: Path) -> None:
        data = protocol_data()
        data["steps"]["grid"]["within"] = "PT40M"
        path = write(tmp_path / "p.yaml", data)
        answer = protocol_cli.check_protocol_file(path, cases=case.parent.parent)
        assert answer.code == 1
        assert "cases.group-chat.replays.0" in [problem["where"] for problem in problems(answer)]

    def test_refuses_a_case_that_cannot_be_read(self, protocol: Path, case: Path) -> None:
        case.write_text("id: &x y\n")
        answer = protocol_cli.check_protocol_file(protocol, cases=case.parent.parent)
        assert (answer.code, problems(answer)[-1]["where"]) == (1, "cases.group-chat")

    def test_refuses_a_folder_that_is_not_there(self, protocol: Path, tmp_path: Path) -> None:
        assert protocol_cli.check_protocol_file(protocol, cases=tmp_path / "nothing").code == 1


class TestCheckingAProtocolWithTheReleaseBefore:
    def test_lists_the_combinations_that_lead_elsewhere(self, tmp_path: Path, protocol: Path) -> None:
        data = protocol_data(version="2.2.0")
        data["route"]["rows"][2]["then"] = "adult_case"
        data["route"]["rows"][1]["then"] = "kit"
        answer = protocol_cli.check_protocol_file(write(tmp_path / "new.yaml", data), previous=protocol)
        assert answer.code == 0
        assert answer.json is not None
        assert answer.json["changed"] == [
            {
                "combination": {"danger_now": "absent", "adult_involved": "adult", "image": "reported"},
                "was": "adult_case",
                "now": "kit",
            },
            {
                "combination": {"danger_now": "absent", "adult_involved": "adult", "image": "rumour"},
                "was": "adult_case",
                "now": "kit",
            },
            {
                "combination": {"danger_now": "absent", "adult_involved": "minors_only", "image": "reported"},
                "was": "kit",
                "now": "adult_case",
            },
        ]

    @pytest.mark.parametrize(
        ("language", "head"),
        [
            ("fr", "changements en tout, dont seuls les premiers suivent\u00a0: 3"),
            ("en", "changed in all, of which only the first follow: 3"),
        ],
    )
    def test_says_how_many_combinations_changed_when_it_does_not_list_them_all(
        self, protocol: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, head: str
    ) -> None:
        data = protocol_data(version="2.2.0")
        data["route"]["rows"][2]["then"] = "adult_case"
        data["route"]["rows"][1]["then"] = "kit"
        new = write(tmp_path / "new.yaml", data)
        for most, listed, total in ((3, 3, None), (2, 2, 3)):
            monkeypatch.setattr(releases, "MAX_LISTED", most)
            answer = protocol_cli.check_protocol_file(new, previous=protocol, language=language)
            assert answer.json is not None
            changed = answer.json["changed"]
            assert isinstance(changed, list)
            assert (len(changed), answer.json.get("changed_total")) == (listed, total)
            assert (head in answer.words) is (total is not None)

    def test_refuses_a_version_that_did_not_grow(self, protocol: Path) -> None:
        answer = protocol_cli.check_protocol_file(protocol, previous=protocol)
        assert answer.code == 1
        assert answer.json is not None
        assert answer.json["changed"] == []
        assert [problem["where"] for problem in problems(answer) if problem["check"] == 14] == ["version"]

    @pytest.mark.parametrize("content", ["id: x\n", "id: &x y\n"])
    def test_refuses_a_release_before_that_is_no_protocol(self, protocol: Path, tmp_path: Path, content: str) -> None:
        before = tmp_path / "before.yaml"
        before.write_text(content)
        answer = protocol_cli.check_protocol_file(protocol, previous=before)
        assert (answer.code, problems(answer)[-1]["check"]) == (1, 14)


class TestPlanning:
    def ask(self, folder: Path, protocol: Path, **changes: Any) -> Answer:
        asked = {"facts": FACTS, "log": LOG, "role": "designated_staff", "now": NOW, **changes}
        facts, log = (write(folder / f"{name}.json", asked[name]) for name in ("facts", "log"))
        return protocol_cli.plan_file(protocol, facts=facts, log=log, role=asked["role"], now=asked["now"])

    def test_says_what_is_needed_now(self, tmp_path: Path, protocol: Path) -> None:
        answer = self.ask(tmp_path, protocol)
        assert answer.code == 0
        assert answer.json == {
            "pathway": "kit",
            "provisional": False,
            "candidates": ["kit"],
            "next_question": "spread",
            "due": [
                {
                    "step": "hand_on",
                    "action": "tell_designated_staff",
                    "by": ["first_adult"],
                    "due_at": "2027-01-11T08:30:00-05:00",
                    "cite": "guide#1",
                },
                {
                    "step": "reassure",
                    "action": "reassure_student",
                    "by": ["first_adult", "designated_staff"],
                    "due_at": None,
                    "cite": "guide#1",
                },
            ],
            "overdue": ["hand_on"],
            "forbidden": ["no-viewing", "no-copying", "no-verdict"],
        }

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"facts": {"weather": "rain"}}, "weather"),
            ({"facts": {"image": "seen"}}, "seen"),
            ({"facts": []}, "[]"),
            ({"log": [{"action": "dance", "role": "principal", "at": NOW}]}, "dance"),
            ({"log": [{"event": "rain", "at": NOW}]}, "rain"),
            ({"log": [{"event": "report_received", "at": "2027-01-11"}]}, "décalage"),
            ({"log": {}}, "liste"),
            ({"role": "nobody"}, "nobody"),
            ({"now": "2027-01-11T09:00:00"}, "décalage"),
            ({"now": "soon"}, "soon"),
        ],
    )
    def test_refuses_what_is_not_of_the_protocol(
        self, tmp_path: Path, protocol: Path, changes: dict[str, Any], said: str
    ) -> None:
        answer = self.ask(tmp_path, protocol, **changes)
        assert (answer.code, answer.json, answer.printed(as_json=True)) == (1, None, "")
        assert said in answer.error

    def test_refuses_a_protocol_that_is_refused(self, tmp_path: Path) -> None:
        data = protocol_data()
        del data["route"]["rows"][0]
        answer = self.ask(tmp_path, write(tmp_path / "p.yaml", data))
        assert (answer.code, answer.json) == (1, None)
        assert "contrôle 2" in answer.error

    @pytest.mark.parametrize("content", [b"{", b"\xff", b'{"image": "rumour", "image": "reported"}', b"[" * 99999])
    def test_refuses_what_is_not_json(self, tmp_path: Path, protocol: Path, content: bytes) -> None:
        facts, log = tmp_path / "f.json", write(tmp_path / "l.json", [])
        facts.write_bytes(content)
        answer = protocol_cli.plan_file(protocol, facts=facts, log=log, role="principal", now=NOW)
        assert (answer.code, answer.json) == (1, None)
        assert "f.json" in answer.error


class TestCheckingACase:
    def test_answers_without_problems(self, protocol: Path, case: Path) -> None:
        answer = protocol_cli.check_case_file(protocol, case)
        assert (answer.code, answer.json) == (0, {"ok": True, "problems": []})

    def test_reads_the_scenes_beside_it(self, protocol: Path, case: Path) -> None:
        (case.parent / "scenes" / "office.en.md").unlink()
        (case.parent / "scenes" / "later.fr.md").write_bytes(b"\xff")
        answer = protocol_cli.check_case_file(protocol, case)
        assert answer.code == 1
        assert [problem["check"] for problem in problems(answer)] == [10, 10]
        assert {problem["where"] for problem in problems(answer)} == {"scenes.office", "scenes.later"}

    def test_refuses_a_case_whose_protocol_is_refused(self, tmp_path: Path, case: Path) -> None:
        data = protocol_data()
        del data["route"]["rows"][0]
        for path in (write(tmp_path / "p.yaml", data), tmp_path / "nothing.yaml"):
            answer = protocol_cli.check_case_file(path, case)
            assert [(problem["check"], problem["where"]) for problem in problems(answer)] == [(1, "protocol")]

    def test_names_the_line_of_a_file_that_cannot_be_read(self, protocol: Path, case: Path) -> None:
        case.write_text("id: x\n<<: {a: b}\n")
        assert [problem["where"] for problem in problems(protocol_cli.check_case_file(protocol, case))] == ["line 2"]


class TestReplayingACase:
    def test_answers_with_the_verdicts(self, protocol: Path, case: Path) -> None:
        answer = protocol_cli.replay_case_file(protocol, case, choices="look,act,dig")
        assert answer.code == 0
        assert answer.json is not None
        assert answer.json["verdicts"] == [
            "never/no-viewing",
            "early",
            "early",
            "ok",
            "never/no-investigation",
        ]
        assert (answer.json["clean"], answer.json["ended"], answer.json["scene"]) == (False, True, "end")

    @pytest.mark.parametrize("choices", ["fly", "listen,listen", "listen,act,support,support", "listen,,act"])
    def test_refuses_a_choice_that_is_not_offered(self, protocol: Path, case: Path, choices: str) -> None:
        answer = protocol_cli.replay_case_file(protocol, case, choices=choices)
        assert (answer.code, answer.json) == (1, None)
        assert "n’offre pas" in answer.error

    def test_refuses_a_case_that_is_refused(self, protocol: Path, case: Path) -> None:
        write(case, case_data(pathway="adult_case"))
        answer = protocol_cli.replay_case_file(protocol, case, choices="listen")
        assert (answer.code, answer.json) == (1, None)
        assert "est refusé" in answer.error


class TestTheCommands:
    def test_print_one_json_object(self, protocol: Path, capsys: pytest.CaptureFixture[str]) -> None:
        call_command("protocol", "check", str(protocol), "--json")
        out, err = capsys.readouterr()
        assert json.loads(out)["ok"] is True
        assert err == ""

    def test_exit_with_one_and_still_print_when_a_check_fails(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(SystemExit) as stop:
            call_command("protocol", "check", str(tmp_path / "nothing.yaml"), "--json")
        assert stop.value.code == 1
        assert json.loads(capsys.readouterr().out)["ok"] is False

    def test_print_nothing_on_stdout_when_they_refuse(
        self, protocol: Path, case: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(SystemExit) as stop:
            call_command("case", "replay", str(protocol), str(case), "--path", "fly", "--json")
        out, err = capsys.readouterr()
        assert (stop.value.code, out) == (1, "")
        assert "fly" in err

    def test_plan(self, tmp_path: Path, protocol: Path, capsys: pytest.CaptureFixture[str]) -> None:
        facts, log = write(tmp_path / "f.json", FACTS), write(tmp_path / "l.json", LOG)
        asked = ["--facts", str(facts), "--log", str(log), "--role", "principal", "--now", NOW]
        call_command("protocol", "plan", str(protocol), *asked)
        assert "parcours\u00a0: kit\nprovisoire\u00a0: non" in capsys.readouterr().out
        call_command("protocol", "plan", str(protocol), *asked, "--lang", "en")
        assert "pathway: kit\nprovisional: no" in capsys.readouterr().out

    def test_check_and_replay_a_case(self, protocol: Path, case: Path, capsys: pytest.CaptureFixture[str]) -> None:
        call_command("case", "check", str(protocol), str(case), "--json")
        call_command("case", "replay", str(protocol), str(case), "--path", "listen,act,support")
        assert "sans faute\u00a0: oui" in capsys.readouterr().out
        call_command("case", "replay", str(protocol), str(case), "--path", "listen,act,support", "--lang", "en")
        assert "clean: yes" in capsys.readouterr().out
