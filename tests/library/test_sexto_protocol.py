"""The demonstration protocol and its three cases, as they are published."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from jalon.core.cases.checks import CaseReport, check_case
from jalon.core.cases.debrief import debrief
from jalon.core.cases.replay import play
from jalon.core.cases.suite import check_suite
from jalon.core.protocols.checks import check_protocol
from jalon.core.protocols.drawing import pathway_svg, route_grid
from jalon.core.protocols.engine import pathway_of
from jalon.core.protocols.model import Protocol
from jalon.core.typography import quebec, spacing_faults
from jalon.library.casefolder import read_pages
from jalon.library.folder import read_folder
from jalon.library.reading import read_pack
from jalon.library.yamlfile import read_yaml

SEXTO = Path(__file__).parents[2] / "packs" / "sexto"
DATA: dict[str, Any] = read_yaml((SEXTO / "protocol.yaml").read_bytes()).data
CASES = {path.parent.name: read_yaml(path.read_bytes()).data for path in SEXTO.glob("cases/*/case.yaml")}
PAGES = {name: read_pages(SEXTO / "cases" / name) for name in CASES}
STAFF = {"first_adult", "trained_responder", "principal"}
ROWS = [row["id"] for row in DATA["route"]["rows"]]


def protocol() -> Protocol:
    report = check_protocol(DATA)
    assert report.accepted is not None, report.problems
    return report.accepted


PROTOCOL = protocol()


def report_of(name: str) -> CaseReport:
    return check_case(CASES[name], protocol=PROTOCOL, pages=PAGES[name])


def without(place: int) -> dict[str, Any]:
    data = copy.deepcopy(DATA)
    del data["route"]["rows"][place]
    return data


def in_another_language(texts: Mapping[str, str]) -> list[str]:
    """Return the words that lead to LégisQuébec in another language than theirs."""
    other = r"legisquebec\.gouv\.qc\.ca(:443)?/(?!{}/)"
    return [words for language, words in texts.items() if re.search(other.format(language), words)]


class TestTheProtocol:
    def test_has_no_problem_at_all(self) -> None:
        assert check_protocol(DATA).problems == ()

    def test_says_that_it_is_a_demonstration(self) -> None:
        assert "démonstration" in DATA["texts"]["title"]["fr"]
        assert "demonstration" in DATA["texts"]["title"]["en"]

    @pytest.mark.parametrize("place", range(len(ROWS)), ids=ROWS)
    def test_is_refused_without_one_of_its_rows_and_shows_the_combination(self, place: int) -> None:
        told = [problem.message["en"] for problem in check_protocol(without(place)).problems if problem.check == 2]
        row = DATA["route"]["rows"][place]
        cells = [f"{fact} = {value}" for fact, value in row.items() if fact in DATA["route"]["inputs"]]
        assert told
        assert all(cell in message for message in told for cell in cells)

    @pytest.mark.parametrize("place", range(len(ROWS)), ids=ROWS)
    @pytest.mark.parametrize("then", [None, "kit", "emergency"], ids=["doubled", "to-kit", "to-emergency"])
    def test_is_refused_with_one_of_its_rows_doubled_or_contradicted(self, place: int, then: str | None) -> None:
        data = copy.deepcopy(DATA)
        row = data["route"]["rows"][place]
        data["route"]["rows"].append({**row, "id": "again", "then": then or row["then"]})
        (problem,) = (one for one in check_protocol(data).problems if one.check == 2)
        assert f"{ROWS[place]} and again both match danger_now = " in problem.message["en"]

    def test_reads_no_fact_that_qualifies_an_act(self) -> None:
        values = {value for fact in PROTOCOL.facts.values() for value in fact.values}
        assert values.isdisjoint({"impulsive", "malicious"})

    def test_asks_the_four_dimensions_and_the_urgent_facts(self) -> None:
        assert {fact.partition("_")[0] for fact in PROTOCOL.facts} == {
            *("danger", "staff", "adult", "threat", "age"),
            *("amorce", "nature", "intentions", "etendue"),
        }

    def test_forbids_every_member_of_staff_to_touch_an_image(self) -> None:
        for action in ("view_image", "copy_image", "forward_image", "keep_image", "delete_image", "search_phone"):
            (ban,) = PROTOCOL.bans_on[action]
            assert ban.is_timeless
            assert STAFF.isdisjoint(ban.spares)

    def test_leads_out_of_the_kit_as_long_as_an_urgent_fact_is_unknown(self) -> None:
        data = {"nature_image": "reported", "danger_now": "absent", "staff_involved": "no_staff"}
        assert pathway_of(PROTOCOL, data) == "urgent"

    def test_marks_each_time_limit_as_a_local_setting(self) -> None:
        for step in PROTOCOL.steps.values():
            said = PROTOCOL.texts[f"action/{step.do}"]
            if step.within is not None:
                assert "réglage local" in said["fr"]
                assert "local setting" in said["en"]

    @pytest.mark.parametrize("source", list(DATA["sources"]))
    def test_gives_the_address_of_each_source(self, source: str) -> None:
        for text in PROTOCOL.texts[f"source/{source}"].values():
            assert re.search(r"https?://\S+$", text)

    @pytest.mark.parametrize("source", list(DATA["sources"]))
    def test_sends_a_reader_to_the_law_in_their_language(self, source: str) -> None:
        assert not in_another_language(PROTOCOL.texts[f"source/{source}"])

    @pytest.mark.parametrize("key", list(DATA["texts"]))
    def test_keeps_the_spaces_of_quebec(self, key: str) -> None:
        french = PROTOCOL.texts[key]["fr"]
        assert (quebec(french), list(spacing_faults(french))) == (french, [])

    @pytest.mark.parametrize("language", ["fr", "en"])
    def test_is_drawn(self, language: str) -> None:
        assert len(route_grid(PROTOCOL, language).rows) == len(ROWS)
        for pathway in PROTOCOL.pathways:
            assert pathway_svg(PROTOCOL, pathway, language).endswith("</svg>")


def test_the_lessons_send_a_reader_to_the_law_in_their_language() -> None:
    pack, problems = read_pack(read_folder(SEXTO))
    assert pack is not None, problems
    assert [source.id for source in pack.sources.values() if in_another_language(source.url)] == []


@pytest.mark.parametrize("name", list(CASES))
class TestACase:
    def test_has_no_problem_at_all(self, name: str) -> None:
        assert report_of(name).problems == ()

    def test_is_of_a_size_that_can_be_played(self, name: str) -> None:
        scenes = CASES[name]["scenes"].values()
        endings = [scene for scene in scenes if "debrief" in scene]
        assert 6 <= len(scenes) <= 10
        assert len(endings) >= 2
        assert all(2 <= len(scene["choices"]) <= 4 for scene in scenes if "choices" in scene)
        assert len(CASES[name]["replays"]) == 8

    def test_is_told_from_every_role_of_the_school(self, name: str) -> None:
        case = report_of(name).accepted
        assert case is not None
        assert case.roles == STAFF

    def test_offers_a_clean_path_first(self, name: str) -> None:
        case = report_of(name).accepted
        assert case is not None
        clean = [play(PROTOCOL, case, recorded.path).is_clean for recorded in case.replays]
        assert clean == [True, *[False] * 7]

    @pytest.mark.parametrize("language", ["fr", "en"])
    def test_is_debriefed_step_by_step_with_its_sources(self, name: str, language: str) -> None:
        case = report_of(name).accepted
        assert case is not None
        for recorded in case.replays:
            found = debrief(PROTOCOL, case, recorded.path, language)
            assert all(step.reason and step.source for step in found.steps)
            assert all(line.reason for line in found.path)

    def test_keeps_the_spaces_of_quebec(self, name: str) -> None:
        for scene, page in PAGES[name].items():
            assert (scene, quebec(page["fr"])) == (scene, page["fr"])

    def test_has_as_many_words_to_weigh_in_both_languages(self, name: str) -> None:
        for scene, page in PAGES[name].items():
            lengths = {language: len(text.split()) for language, text in page.items()}
            assert 0.7 < lengths["fr"] / lengths["en"] < 1.4, scene


class TestTheThreeCases:
    def test_exercise_every_ban(self) -> None:
        found = check_suite(PROTOCOL, CASES, unreadable={})
        assert {problem.where for problem in found} == {
            *("pathways.emergency", "pathways.staff_case", "pathways.support_only")
        }

    @pytest.mark.parametrize(
        ("other", "facts"),
        [
            ("older-contact", {"adult_involved"}),
            (
                "group-chat",
                {"etendue_spread", "amorce_source", "amorce_sending", "intentions_sending", "intentions_forwarding"},
            ),
        ],
    )
    def test_contrast_with_the_first_by_a_few_facts(self, other: str, facts: set[str]) -> None:
        first, second = CASES["first-confidence"]["truth"], CASES[other]["truth"]
        assert {fact for fact in first if first[fact] != second[fact]} == facts
