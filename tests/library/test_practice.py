"""A pack may hold a protocol and practice cases; they are checked by their own rules, and told like the rest."""

import json

import pytest

from jalon.core.packs import Lesson, PracticeCase, Quiz
from jalon.library.reading import read_pack
from tests.core.protocols.example import case_data, pages_of, protocol_data
from tests.library.sample import sample_files

CASE = case_data()["id"]
FILE = f"cases/{CASE}/case.yaml"
PLAYED = (
    "pack.yaml",
    "do: [lesson/first-words, quiz/explorer]",
    f"do: [lesson/first-words, quiz/explorer, case/{CASE}]",
)
PASSED = ("pack.yaml", "pass: {quiz: 80}", "pass: {quiz: 80, cases: clean_replay}")


def practice(*, protocol=None, case=None, pages=None):
    """Return the files of the example protocol and case, as an author would keep them."""
    data = case or case_data()
    texts = {"protocol.yaml": json.dumps(protocol or protocol_data(), ensure_ascii=False, indent=1)}
    texts[FILE] = json.dumps(data, ensure_ascii=False, indent=1)
    for scene, page in (pages or pages_of(data)).items():
        for language, text in page.items():
            texts[f"cases/{CASE}/scenes/{scene}.{language}.md"] = text
    return texts


def told(files):
    return [(one.file, one.message["en"]) for one in read_pack(files)[1]]


class TestAPackWithCases:
    def test_is_sound_when_its_protocol_and_cases_are(self):
        pack, found = read_pack(sample_files(practice(), played=PLAYED, passed=PASSED))
        assert found == ()
        explorer = pack.levels[0]
        assert [type(one) for one in pack.activities(explorer)] == [Lesson, Quiz, PracticeCase]
        assert explorer.passing.cases
        assert pack.protocol.id == "image-incident"

    def test_has_cases_that_are_activities_like_the_others(self):
        pack, _ = read_pack(sample_files(practice(), played=PLAYED, passed=PASSED))
        case = pack.activity(f"case/{CASE}")
        assert (case.kind, case.id, case.title) == ("case", CASE, case_data()["title"])
        assert case.minutes % 5 == 0
        assert case.minutes >= 5
        assert set(case.pages) == set(case_data()["scenes"])

    def test_may_keep_a_case_that_no_level_plays(self):
        assert told(sample_files(practice())) == []

    def test_says_when_nothing_tells_how_its_cases_are_passed(self):
        assert told(sample_files(practice(), played=PLAYED)) == [
            ("pack.yaml", "nothing says when the cases of this level are passed")
        ]

    def test_says_when_it_asks_for_cases_where_there_are_none(self):
        assert told(sample_files(passed=PASSED)) == [("pack.yaml", "this level has no practice case")]


class TestAFaultyPractice:
    def test_tells_the_faults_of_the_protocol_with_their_check(self):
        protocol = protocol_data()
        del protocol["route"]["rows"][0]
        found = told(sample_files(practice(protocol=protocol)))
        assert {file for file, _ in found} == {"protocol.yaml", FILE}
        assert any(said.startswith("check 2: ") for _, said in found)

    def test_tells_the_faults_of_a_case_at_their_line(self):
        case = case_data()
        case["truth"]["image"] = "rumour"
        _, found = read_pack(sample_files(practice(case=case)))
        assert [(one.file, one.message["en"][:8]) for one in found][:1] == [(FILE, "check 2:")]
        assert all(one.line > 1 for one in found)

    def test_tells_a_case_without_its_protocol(self):
        texts = {path: text for path, text in practice().items() if path != "protocol.yaml"}
        assert [file for file, _ in told(sample_files(texts))] == [FILE]

    def test_tells_a_case_under_another_name_than_its_folder(self):
        files = {path.replace(CASE, "other"): text for path, text in practice().items()}
        assert ("cases/other/case.yaml", "the id should be “other”, as the file") in told(sample_files(files))

    @pytest.mark.parametrize("path", [f"cases/{CASE}/notes.md", f"cases/{CASE}/scenes/a.de.md", "cases/case.yaml"])
    def test_refuses_a_file_without_a_place(self, path):
        assert told(sample_files({**practice(), path: "x"})) == [(path, "this file has no place in a pack")]

    def test_tells_a_page_without_its_scene(self):
        path = f"cases/{CASE}/scenes/attic.en.md"
        assert told(sample_files({**practice(), path: "Words."})) == [(path, "the case has no scene “attic”")]

    def test_reads_the_french_of_scenes_by_the_rules_of_quebec(self):
        pages = pages_of(case_data())
        scene = next(iter(pages))
        pages[scene]["fr"] = "Que faire ?\n\n" + pages[scene]["fr"]
        ((file, said),) = told(sample_files(practice(pages=pages)))
        assert file == f"cases/{CASE}/scenes/{scene}.fr.md"
        assert "no space before" in said
