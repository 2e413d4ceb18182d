"""What a partner reads: the differences of two protocols, their drawings, the outline of a case, the page."""

import json

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import translation

from jalon.core.protocols.citations import citation
from jalon.library.protocol_print import drawings_of
from tests.core.protocols.example import accepted, case_data, pages_of, protocol_data
from tests.factories import ReleaseFactory
from tests.small_pack import played_pack


@pytest.fixture
def files(tmp_path):
    """Return a protocol, the same with one row changed, and a case with its scenes."""
    changed = protocol_data(version="3.0.0")
    changed["route"]["rows"][1]["then"] = "kit"
    changed["route"]["rows"][2]["then"] = "adult_case"
    for name, data in (("one", protocol_data()), ("two", changed)):
        (tmp_path / f"{name}.yaml").write_text(json.dumps(data), encoding="utf-8")
    folder = tmp_path / "case"
    (folder / "scenes").mkdir(parents=True)
    (folder / "case.yaml").write_text(json.dumps(case_data()), encoding="utf-8")
    for scene, page in pages_of(case_data()).items():
        for language, text in page.items():
            (folder / "scenes" / f"{scene}.{language}.md").write_text(text, encoding="utf-8")
    return tmp_path


class TestTheDifferences:
    @pytest.mark.parametrize(("language", "word"), [("fr", "devient"), ("en", "becomes")])
    def test_are_sentences(self, files, capsys, language, word):
        call_command("protocol", "diff", files / "one.yaml", files / "two.yaml", "--lang", language)
        said = capsys.readouterr().out
        assert word in said
        assert f"pathway/kit ({language})" in said

    def test_of_a_protocol_with_itself_are_none(self, files, capsys):
        call_command("protocol", "diff", files / "one.yaml", files / "one.yaml", "--json")
        assert json.loads(capsys.readouterr().out) == {"changes": []}

    def test_with_a_file_that_is_refused_say_why(self, files, capsys):
        (files / "bad.yaml").write_text("a: [", encoding="utf-8")
        with pytest.raises(SystemExit):
            call_command("protocol", "diff", files / "one.yaml", files / "bad.yaml")
        assert "bad.yaml" in capsys.readouterr().err


class TestTheDrawings:
    def test_are_a_table_and_one_picture_for_each_pathway_in_both_languages(self, files, capsys):
        call_command("protocol", "draw", files / "one.yaml", "--out", files / "out")
        names = sorted(path.name for path in (files / "out").iterdir())
        pathways = ("adult_case", "emergency", "kit", "support_only")
        assert names == sorted(
            [f"route.{one}.html" for one in ("fr", "en")] + [f"{p}.{one}.svg" for p in pathways for one in ("fr", "en")]
        )
        assert "<table>" in (files / "out" / "route.fr.html").read_text(encoding="utf-8")

    def test_are_the_same_each_time(self):
        protocol = accepted(protocol_data())
        assert list(drawings_of(protocol)) == list(drawings_of(protocol))


class TestTheOutline:
    def test_tells_each_scene_once_with_its_choices(self, files, capsys):
        call_command("case", "outline", files / "one.yaml", files / "case" / "case.yaml", "--lang", "en")
        said = capsys.readouterr().out
        assert said.startswith("The group chat (group-chat 1.0.0)")
        assert said.count("\noffice – ") == 1
        assert "(10 min) → office" in said.replace("\xa0", " ")


class TestACitation:
    @pytest.mark.parametrize(
        ("words", "title", "url"),
        [
            ("Guide, page 2. https://guide.example/a", "Guide, page 2", "https://guide.example/a"),
            ("Guide", "Guide", ""),
        ],
    )
    def test_is_a_title_an_address_a_point_and_a_day(self, words, title, url):
        texts = {**protocol_data()["texts"], "source/guide": {"fr": words, "en": words}}
        found = citation(accepted(protocol_data(texts=texts)), "guide#2", "fr")
        assert (found.title, found.url, found.paragraph, str(found.checked)) == (title, url, 2, "2026-11-22")

    @pytest.mark.parametrize("cite", [None, "nothing#1"])
    def test_of_nothing_is_nothing(self, cite):
        assert citation(accepted(protocol_data()), cite, "fr") is None


@pytest.mark.django_db
class TestThePageOfAProtocol:
    @pytest.mark.parametrize("language", ["fr-ca", "en-ca"])
    def test_can_be_read_by_anybody_in_one_query(self, client, language, django_assert_max_num_queries):
        release = ReleaseFactory(typed=played_pack())
        with translation.override(language):
            address = reverse("library:protocol", args=[release.program.slug])
        with django_assert_max_num_queries(2):
            response = client.get(address)
        said = response.content.decode()
        assert response.status_code == 200
        assert f"pathway/emergency ({language[:2]})" in said
        assert said.count("<svg") >= 4
        assert f"never/no-viewing ({language[:2]})" in said

    def test_is_not_there_for_a_program_without_a_protocol(self, client):
        release = ReleaseFactory()
        with translation.override("fr-ca"):
            address = reverse("library:protocol", args=[release.program.slug])
        assert client.get(address).status_code == 404
