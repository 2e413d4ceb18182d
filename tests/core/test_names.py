import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.core.names import LONGEST, clean_name, why_not_name

WELCOME = [
    "Éloïse Côté-Tremblay",
    "Jean-François O’Brien",
    "D'Arcy St. John",
    "Nguyễn Thị Ánh",
    "Łukasz Żółć",
    "王小明",
    "محمد علي",
    "Skwxwú7mesh Example",
    "María del Mar (Mar) Núñez",
    "Gal·la Puig",
]
REFUSED = {
    "Zoé \U0001f600": "\U0001f600",
    "Ann\u202eeilE": "U+202E",
    "Ann\u200be": "U+200B",
    "Ann\x07e": "U+0007",
    "Zoé \u2764\ufe0f": "\u2764 U+FE0F",
    "<b>Zoé</b>": "< > /",
    "Zoé @ home": "@",
    "Zoé\ud800": "U+D800",
    "Zo\u0301\u0301\u0301\u0301\u0301": "o",
}


class TestALegalName:
    @pytest.mark.parametrize("name", WELCOME)
    def test_stays_as_the_person_wrote_it(self, name):
        assert why_not_name(name) is None
        assert clean_name(name) == unicodedata.normalize("NFC", name)

    def test_keeps_its_capital_accent_however_it_was_typed(self):
        assert clean_name("E\u0301lise") == "Élise" == clean_name("Élise")

    def test_has_single_ordinary_spaces(self):
        assert clean_name("\u00a0Éva \t Roy\n") == "Éva Roy"

    @pytest.mark.parametrize(("name", "shown"), REFUSED.items())
    def test_is_refused_with_the_signs_that_cannot_be_printed(self, name, shown):
        refusal = why_not_name(name)
        assert (refusal.code, refusal.facts) == ("name-characters", {"characters": shown})

    @pytest.mark.parametrize("name", ["", " ", "-", "123", "\u0301"])
    def test_needs_a_letter(self, name):
        assert why_not_name(name).code == "name-empty"

    def test_has_a_length_that_fits_a_page(self):
        assert why_not_name("é" * LONGEST) is None
        assert why_not_name("é" * (LONGEST + 1)).facts == {"longest": LONGEST}

    @given(st.text(max_size=150))
    def test_is_judged_the_same_once_clean(self, text):
        assert why_not_name(clean_name(text)) == why_not_name(text)
        assert clean_name(clean_name(text)) == clean_name(text)
