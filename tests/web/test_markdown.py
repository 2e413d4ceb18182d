from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from jalon.core.packs import Source
from jalon.web.markdown import render

SOURCES = {
    "act": Source(
        "act",
        {"fr": "La loi", "en": "The Act"},
        {"fr": "https://act.test/fr/39", "en": "https://act.test/39"},
        date(2026, 11, 22),
    ),
    "guide": Source(
        "guide",
        {"fr": "Le guide", "en": "The guide"},
        dict.fromkeys(("fr", "en"), "https://guide.test/"),
        date(2026, 11, 1),
    ),
}
OF_A_TEXT = {"p", "ul", "ol", "li", "strong", "em", "blockquote", "a", "code", "pre", "hr", "br", "sup", "span"}


def html(markdown, **options):
    return str(render(markdown, sources=SOURCES, **options).html)


def soup(markdown, **options):
    return BeautifulSoup(html(markdown, **options), "html.parser")


class TestAText:
    def test_has_headings_lists_quotations_and_emphasis(self):
        page = soup("### À faire\n\n- *un*\n- **deux**\n\n> « Je te crois. »\n")
        assert [tag.name for tag in page.find_all()] == ["h2", "ul", "li", "em", "li", "strong", "blockquote", "p"]

    @pytest.mark.parametrize(
        ("markdown", "top", "expected"),
        [
            ("### a\n#### b", 2, ["h2", "h3"]),
            ("## a\n### b", 2, ["h2", "h3"]),
            ("## a\n### b", 3, ["h3", "h4"]),
            ("# a\n###### b", 4, ["h4", "h6"]),
            ("no heading", 2, ["p"]),
        ],
    )
    def test_takes_its_place_under_the_heading_of_the_page(self, markdown, top, expected):
        assert [tag.name for tag in soup(markdown, top=top).find_all()] == expected

    @pytest.mark.parametrize(
        "markdown",
        [
            "<script>alert(1)</script>",
            "<b onclick=x()>a</b>",
            "![a](https://exemple.test/a.png)",
            "[a](javascript:alert(1))",
            "[a](data:text/html,x)",
            "<https://exemple.test/?<script>>",
            "a\n\n<style>*{}</style>",
        ],
    )
    def test_never_brings_code_or_an_image(self, markdown):
        page = soup(markdown)
        assert not page.find_all(["script", "style", "img", "b"])
        assert all(link["href"].startswith("https://") for link in page.find_all("a"))

    @given(st.text(alphabet=st.sampled_from(list("<>[]()!@#*_`&;:/\"'= \nabscriptonjv")), max_size=80))
    def test_holds_no_other_element_than_those_of_a_text(self, markdown):
        names = {tag.name for tag in soup(markdown).find_all()}
        assert names <= {f"h{level}" for level in range(2, 7)} | OF_A_TEXT


class TestAReferenceToASource:
    def test_is_a_numbered_link_to_its_note(self):
        page = soup("Un fait [@act]. Un autre [@guide], encore [@act].")
        assert [(link["href"], link.get_text()) for link in page.select("sup a")] == [
            ("#note-1", "Note 1"),
            ("#note-2", "Note 2"),
            ("#note-1", "Note 1"),
        ]

    def test_stays_against_the_word_before_it(self):
        assert "fait<sup" in html("Un fait [@act].")

    def test_has_one_way_back_from_the_note(self):
        assert [link["id"] for link in soup("[@act] [@guide] [@act]").select("a[id]")] == ["note-1-ref", "note-2-ref"]

    @pytest.mark.parametrize(("language", "title"), [("fr-ca", "Le guide"), ("en-ca", "The guide")])
    def test_has_a_note_with_title_address_and_day_in_the_language_of_the_page(self, language, title):
        with override(language):
            (note,) = render("[@guide]", sources=SOURCES, prefix="p2").notes
        assert (note.number, note.anchor, note.title, note.url) == (1, "p2-1", title, "https://guide.test/")
        assert note.checked == date(2026, 11, 1)

    @pytest.mark.parametrize(("language", "url"), [("fr", "https://act.test/fr/39"), ("en", "https://act.test/39")])
    def test_leads_to_the_page_in_the_language_of_the_reader(self, language, url):
        with override(language):
            assert [note.url for note in render("[@act]", sources=SOURCES).notes] == [url]

    def test_to_an_unknown_source_is_dropped(self):
        rendered = render("Un fait [@nowhere].", sources=SOURCES)
        assert (str(rendered.html), rendered.notes) == ("<p>Un fait.</p>\n", ())

    def test_in_a_text_without_sources_is_dropped(self):
        assert str(render("Un fait [@act].").html) == "<p>Un fait.</p>\n"

    def test_does_not_disturb_a_link(self):
        assert soup("[a](https://exemple.test/)").a["href"] == "https://exemple.test/"
