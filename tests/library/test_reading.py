"""What a pack must be. Each row of planted.yaml is one fault in a sound pack, told with its file and line."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.core.packs import Lesson, Quiz, Reflection
from jalon.library.reading import read_pack, text_of
from jalon.library.yamlfile import read_yaml
from tests.library.sample import TEXTS, line_of, sample_files

PACK, QUIZ = "pack.yaml", "quizzes/explorer.yaml"
FR, EN = "lessons/first-words.fr.md", "lessons/first-words.en.md"
SVG = "badges/explorer.svg"


def problems(changes=None, **replaced):
    pack, found = read_pack(sample_files(changes, **replaced))
    assert (pack is None) == bool(found)
    return [(one.file, one.line, one.message["en"]) for one in found]


class TestASoundPack:
    def test_has_no_problem_and_is_typed(self):
        pack, found = read_pack(sample_files())
        assert found == ()
        explorer, architect = pack.levels
        assert [type(one) for one in pack.activities(explorer)] == [Lesson, Quiz]
        assert [type(one) for one in pack.activities(architect)] == [Reflection]
        assert (explorer.unlock, architect.unlock) == (None, "explorer")
        assert (pack.level_key(architect), pack.badge_of(architect).svg) == ("sample/architect", TEXTS[SVG])

    def test_joins_the_two_languages_of_a_lesson(self):
        pack, _ = read_pack(sample_files())
        first, second = pack.lessons["first-words"].parts
        assert (first.title, second.body["en"]) == ({"fr": "Écouter", "en": "Listen"}, "- “I believe you.”")
        assert first.body["fr"] == "On écoute d’abord [@guide]."

    def test_gives_french_its_no_break_spaces_and_leaves_english_alone(self):
        changed = sample_files(
            fr=(FR, "On écoute d’abord", "On écoute : oui"), en=(EN, "We listen first", "We listen : yes")
        )
        pack, _ = read_pack(changed)
        body = pack.lessons["first-words"].parts[0].body
        assert (body["fr"][:15], body["en"][:15]) == ("On écoute\u00a0: oui", "We listen : yes")

    @pytest.mark.parametrize("change", [lambda text: "\ufeff" + text, lambda text: text.replace("\n", "\r\n")])
    def test_may_come_from_another_editor(self, change):
        files = {path: change(data.decode()).encode() for path, data in sample_files().items()}
        assert read_pack(files) == read_pack(sample_files())


PLANTED = read_yaml(Path(__file__).with_name("planted.yaml").read_bytes()).data


def planted(name):
    row = PLANTED[name]
    return row["file"], row["old"], row["new"]


def place(row):
    line = row.get("line", 1)
    return line if isinstance(line, int) else line_of(row["file"], line) + row.get("below", 0)


class TestAPlantedFault:
    @pytest.mark.parametrize("name", PLANTED)
    def test_is_told_with_its_file_and_line(self, name):
        row = PLANTED[name]
        found = problems(planted=planted(name))
        assert [said for file, at, said in found if (file, at) == (row["file"], place(row)) and row["says"] in said], (
            found
        )

    @pytest.mark.parametrize("name", PLANTED)
    def test_is_told_in_french_with_quebec_spaces(self, name):
        _, found = read_pack(sample_files(planted=planted(name)))
        for one in found:
            assert one.message["fr"] != one.message["en"]
            assert " :" not in one.message["fr"]


class TestAFile:
    @pytest.mark.parametrize(
        "path",
        ["pack.yaml", "program.en.md", "lessons/first-words.en.md", "badges/explorer.svg", "badges/explorer.yaml"],
    )
    def test_that_is_missing_is_named(self, path):
        assert (path, 1, "this file is missing") in problems({path: None})

    @pytest.mark.parametrize(
        "path",
        [
            "notes.txt",
            "lessons/first-words.de.md",
            "lessons/a/b.fr.md",
            "quizzes/explorer.yml",
            "image.png",
            "quizzes/a.svg",
        ],
    )
    def test_that_has_no_shelf_is_refused(self, path):
        assert problems({path: "x"}) == [(path, 1, "this file has no place in a pack")]

    @pytest.mark.parametrize("path", ["lessons/First.fr.md", "quizzes/all.yaml"])
    def test_whose_name_is_no_id_is_refused(self, path):
        assert [one for one in problems({path: "x"}) if one[0] == path and "is not an id" in one[2]]

    def test_that_no_level_uses_is_named(self):
        spare = TEXTS[QUIZ].replace("id: explorer", "id: spare")
        assert problems({"quizzes/spare.yaml": spare}) == [("quizzes/spare.yaml", 1, "no level uses this file")]

    def test_in_another_encoding_is_refused_at_its_line(self):
        files = {**sample_files(), FR: TEXTS[FR].encode("cp1252")}
        found = [(one.line, one.message["en"]) for one in read_pack(files)[1] if one.file == FR]
        assert found == [(line_of(FR, "Écouter"), "the file is not UTF-8 from here on")]


class TestSeveralFaults:
    def test_are_all_told_in_the_order_of_file_and_line(self):
        found = problems(
            one=(PACK, "unlock: start", "unlock: architect"),
            two=(QUIZ, "right: true", "right: false"),
            three=(FR, "On écoute d’abord", "On écoute ?"),
            four=(EN, "[@guide]", "[@nowhere]"),
            five=(SVG, "<circle", "<style/><circle"),
        )
        assert [file for file, _, _ in found] == [SVG, EN, FR, PACK, QUIZ]

    def test_of_form_and_of_meaning_are_told_together(self):
        found = problems(one=(QUIZ, "minutes: 5", "minutes: five"), two=(PACK, "badge: architect", "badge: virtuoso"))
        assert [file for file, _, _ in found] == ["badges/architect.yaml", PACK, QUIZ]

    def test_of_a_file_do_not_make_its_level_say_that_it_is_absent(self):
        found = problems(one=(QUIZ, "minutes: 5", "minutes: five"))
        assert [file for file, _, _ in found] == [QUIZ]

    def test_are_told_even_when_the_manifest_cannot_be_read(self):
        found = problems({PACK: "id: ["}, one=(QUIZ, "right: true", "right: false"))
        assert [file for file, _, _ in found] == [PACK, QUIZ]


class TestAnythingAtAll:
    @given(st.dictionaries(st.sampled_from([*TEXTS, "other.yaml"]), st.binary(max_size=80), max_size=4))
    def test_is_read_or_refused_without_failing(self, changes):
        pack, found = read_pack({**sample_files(), **changes})
        assert (pack is None) == bool(found)
        assert all(one.line >= 1 and set(one.message) == {"fr", "en"} for one in found)

    @given(st.text(max_size=60))
    def test_becomes_text_with_lf(self, text):
        assert "\r\n" not in text_of(text.encode())
