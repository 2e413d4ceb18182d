from __future__ import annotations

import re
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest

from jalon.core.protocols.drawing import pathway_svg, route_grid, step_lines
from jalon.core.protocols.model import Protocol
from jalon.core.protocols.order import layers
from jalon.core.protocols.reading import read_protocol
from jalon.core.protocols.sentences import Speaker, differences
from jalon.core.typography import quebec
from tests.core.protocols.example import Data, accepted, protocol_data, with_texts

SVG = "{http://www.w3.org/2000/svg}"


def worded() -> Data:
    """The example with words of its own where the tests look."""
    data = protocol_data()
    words = {
        "fact/danger_now": ("Danger", "Danger"),
        "fact/danger_now/present": ("présent", "present"),
        "fact/danger_now/absent": ("absent", "absent"),
        "pathway/emergency": ("Urgence", "Emergency"),
        "pathway/kit": ("Trousse", "Kit"),
        "action/fill_grid": ("Remplir la grille <A & B>", "Fill in the grid <A & B>"),
        "role/principal": ("la direction", "the principal"),
        "never/no-viewing": ("Regarder une image", "Looking at an image"),
        "source/guide": ("Le guide", "The guide"),
    }
    for key, (french, english) in words.items():
        data["texts"][key] = {"fr": french, "en": english}
    return data


EXAMPLE = accepted(worded())


def release(data: Data) -> Protocol:
    protocol, problems = read_protocol(with_texts(data))
    assert protocol is not None, problems
    return protocol


class TestADuration:
    @pytest.mark.parametrize(
        ("duration", "french", "english"),
        [
            (timedelta(minutes=30), "30 min", "30 min"),
            (timedelta(minutes=90), "1 h 30 min", "1 h 30 min"),
            (timedelta(days=1), "1 jour", "1 day"),
            (timedelta(days=7), "7 jours", "7 days"),
            (timedelta(seconds=5), "5 s", "5 s"),
            (None, "rien", "nothing"),
        ],
    )
    def test_is_said_in_both_languages(self, duration: timedelta | None, french: str, english: str) -> None:
        said = [Speaker(EXAMPLE, language).duration(duration).replace("\u00a0", " ") for language in ("fr", "en")]
        assert said == [french, english]


class TestTheDifferences:
    def test_are_none_between_a_release_and_itself(self) -> None:
        assert differences(EXAMPLE, EXAMPLE, "fr") == ()

    def test_say_which_facts_lead_elsewhere(self) -> None:
        data = worded()
        data["route"]["rows"][0]["then"] = "kit"
        assert differences(EXAMPLE, release(data), "fr") == (
            "Lorsque Danger\u00a0: présent, le parcours était «\u00a0Urgence\u00a0» et devient «\u00a0Trousse\u00a0».",
        )
        assert differences(EXAMPLE, release(data), "en") == (
            "When Danger: present, the pathway was “Emergency” and becomes “Kit”.",
        )

    def test_say_what_was_not_provided_for(self) -> None:
        data = worded()
        data["facts"]["danger_now"]["values"].append("past")
        data["route"]["rows"][0]["danger_now"] = ["present", "past"]
        (said,) = differences(EXAMPLE, release(data), "en")
        assert "was not provided for, leads to “Emergency”" in said
        (said,) = differences(release(data), EXAMPLE, "en")
        assert "is no longer provided for" in said
        assert "fact/danger_now/past (en)" in said

    def test_say_which_steps_came_went_and_moved(self) -> None:
        data = worded()
        data["steps"]["grid"] = {**data["steps"]["grid"], "within": "PT3H", "by": ["principal"]}
        data["steps"]["new"] = {**data["steps"]["parents"], "do": "call_back"}
        del data["steps"]["contain"]
        said = [one.replace("\u00a0", " ") for one in differences(EXAMPLE, release(data), "fr")]
        assert said == [
            "Étape modifiée : « Remplir la grille <A & B> ». Par : role/designated_staff (fr) devient la direction; "
            "Au plus tard : 2 h devient 3 h.",
            "Nouvelle étape : « action/call_back (fr) ».",
            "Étape retirée : « action/ask_to_stop_sharing (fr) ».",
        ]

    def test_say_which_bans_came_went_and_moved(self) -> None:
        data = worded()
        data["never"][0]["except"] = ["principal"]
        del data["never"][1]
        data["never"].append({"id": "no-waiting", "do": "wait", "cite": "guide#1"})
        assert differences(EXAMPLE, release(data), "en") == (
            "Ban changed: “Looking at an image”. Except: nothing becomes the principal.",
            "New ban: “never/no-waiting (en)”.",
            "Ban withdrawn: “never/no-copying (en)”.",
        )

    def test_keep_the_spaces_of_quebec(self) -> None:
        data = worded()
        data["route"]["rows"][0]["then"] = "kit"
        data["steps"]["grid"]["within"] = "PT3H"
        data["never"][0]["except"] = ["principal"]
        for said in differences(EXAMPLE, release(data), "fr"):
            assert quebec(said) == said


class TestTheGridOfTheRoute:
    def test_has_a_row_for_each_row(self) -> None:
        grid = route_grid(EXAMPLE, "fr")
        assert grid.headings[:2] == ("Ligne", "Danger")
        assert [row[0] for row in grid.rows] == ["r1", "r2", "r3", "r4"]
        assert grid.rows[0] == (
            *("r1", "présent", "peu importe", "peu importe"),
            "Urgence",
            "Le guide, par. 2, vérifié le 2026-11-22",
        )
        assert {len(row) for row in grid.rows} == {len(grid.headings)}

    def test_shows_what_is_impossible(self) -> None:
        data = worded()
        data["route"]["impossible"] = [
            {"id": "i1", "danger_now": ["present", "absent"], "image": "rumour", "cite": "guide#1"}
        ]
        assert route_grid(release(data), "en").rows[-1][:2] == ("i1", "present or absent")
        assert "Impossible" in route_grid(release(data), "en").rows[-1]


class TestTheStepsOfAPathway:
    def test_come_in_the_order_in_which_they_can_be_done(self) -> None:
        assert [[step.id for step in layer] for layer in layers(EXAMPLE, "kit")] == [
            ["hand_on", "reassure"],
            ["grid", "contain", "check_in"],
            ["police"],
            ["parents"],
        ]

    def test_keep_a_step_that_can_never_start(self) -> None:
        data = worded()
        data["steps"]["grid"]["needs"] = ["nowhere"]
        assert [step.id for step in layers(release(data), "adult_case")[-1]] == ["grid", "police"]

    def test_are_told_in_words(self) -> None:
        line = next(line for line in step_lines(EXAMPLE, "kit", "en") if line.id == "contain")
        assert line.condition == "fact/spread (en): fact/spread/sent_on (en)"
        assert line.within.replace("\u00a0", " ") == "3 h"
        assert line.source == "The guide, par. 4, checked on 2026-11-22"


class TestTheDiagramOfAPathway:
    @pytest.mark.parametrize("language", ["fr", "en"])
    @pytest.mark.parametrize("pathway", ["emergency", "adult_case", "kit", "support_only"])
    def test_says_in_words_all_that_it_shows(self, pathway: str, language: str) -> None:
        svg = ET.fromstring(pathway_svg(EXAMPLE, pathway, language))
        title, description = svg.findtext(f"{SVG}title") or "", svg.findtext(f"{SVG}desc") or ""
        assert Speaker(EXAMPLE, language).text(f"pathway/{pathway}") in title
        for step in EXAMPLE.steps_of[pathway]:
            assert Speaker(EXAMPLE, language).text(f"action/{step.do}") in description
        assert svg.get("role") == "img"
        names = {element.get("id") for element in svg.iter() if element.get("id")}
        assert {svg.get("aria-labelledby"), svg.get("aria-describedby")} == names

    def test_brings_no_style_script_or_colour(self) -> None:
        svg = pathway_svg(EXAMPLE, "kit", "fr")
        assert not re.search(r"style=|<script|<style|href|#[0-9a-fA-F]{3}\b", svg)
        assert "Remplir la grille &lt;A &amp; B&gt;" in svg

    def test_draws_a_box_per_step_and_an_arrow_per_need(self) -> None:
        svg = ET.fromstring(pathway_svg(EXAMPLE, "kit", "fr"))
        boxes = list(svg.iter(f"{SVG}rect"))
        assert len(boxes) == len(EXAMPLE.steps_of["kit"])
        arrows = [path for path in svg.iter(f"{SVG}path") if str(path.get("d")).endswith("m-6 -4l6 4l-6 4")]
        assert len(arrows) == sum(len(set(step.needs) - {"report_received"}) for step in EXAMPLE.steps_of["kit"])
        assert [box.get("stroke-dasharray") for box in boxes].count("6 4") == 1
        view = [float(part) for part in str(svg.get("viewBox")).split()]
        assert all(float(str(box.get("y"))) + float(str(box.get("height"))) < view[3] for box in boxes)
