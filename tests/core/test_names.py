import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.core.names import LONGEST, clean_name, mixed_in, why_not_name

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
    "\U0001d433o\u00e9 \U0001d7cf": "\U0001d433 \U0001d7cf",
    "Zoé\ud800": "U+D800",
    "Zo\u0301\u0301\u0301\u0301\u0301": "o",
}

OF_ONE_SCRIPT = [
    *WELCOME,
    "",
    "Έλλη Παπά",
    "Оксана-Марія Приклад",
    "ᐊᓂ ᓄᓇᕗᑦ",
    "ნინო მაგალითი",
    "शीला उदाहरण",
    "ศรี ตัวอย่าง",
    "Ма\u0301рк",
    "O\u02bcBrien 3",
    "山田はなこ",
    "山田ハナコ Yamada",
    "王小明 Wang",
    "ㄨㄤ 王 Wang",
    "김 金 Kim",
]
OF_SEVERAL = {
    "Zoé R\u043ey": [("\u043e", "Cyrl")],
    "\u0410nna Roy": [("\u0410", "Cyrl")],
    "\u039carie Roy": [("\u039c", "Grek")],
    "xʷməθkʷəy̓əm": [("θ", "Grek")],
    "Anna \u13a1roy": [("\u13a1", "Cher")],
    "Մaria": [("Մ", "Armn")],
    "\u041eксана Rоy": [("R", "Latn"), ("y", "Latn")],
    "Roy Рой": [("Рой", "Cyrl")],
    "Рой Roy": [("Рой", "Cyrl")],
    "Anil कुमार Roy": [("कुमार", "Deva")],
    "Léa עדי Roy": [("עדי", "Hebr")],
    "R\u043e\u0301y": [("\u043e\u0301", "Cyrl")],
    "R\u1040y": [("\u1040", "Mymr")],
    "R\u0661y": [("\u0661", "Arab")],
    "Rо\u043ey Rо": [("оо", "Cyrl"), ("о", "Cyrl")],
    "はな 김": [("김", "Hang")],
    "王о Wang": [("о", "Cyrl")],
}
LOOK_ALIKES = {"а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "у": "y", "х": "x", "ο": "o", "Α": "A", "Ꭱ": "R"}
LATIN = st.text(st.sampled_from("abcdéèîôüçABCDÉØłñžŵ'’- "), max_size=40)
NO_SCRIPT = st.text(st.sampled_from("'’ʼ.-‐ 0123456789\u0301\u0327\u0308"), max_size=5)


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


def stretches(name):
    return [(one.letters, one.script) for one in mixed_in(name)]


class TestTheScriptsOfAName:
    @pytest.mark.parametrize("name", OF_ONE_SCRIPT)
    def test_are_nothing_to_look_at_when_they_are_one_or_go_together(self, name):
        assert mixed_in(name) == []

    @pytest.mark.parametrize(("name", "others"), OF_SEVERAL.items())
    def test_are_told_by_the_letters_that_are_not_of_the_main_one(self, name, others):
        assert stretches(name) == others

    @pytest.mark.parametrize("name", OF_SEVERAL)
    def test_never_refuse_a_name(self, name):
        assert why_not_name(name) is None

    @pytest.mark.parametrize(("alike", "latin"), LOOK_ALIKES.items())
    def test_show_a_look_alike_which_stays_different_even_after_nfkc(self, alike, latin):
        name, twin = f"Zoé T{alike}mblay", f"Zoé T{latin}mblay"
        assert clean_name(name) != clean_name(twin)
        assert unicodedata.normalize("NFKC", name) != unicodedata.normalize("NFKC", twin)
        assert [one.letters for one in mixed_in(name)] == [alike]
        assert mixed_in(twin) == []

    @given(LATIN, LATIN, st.sampled_from(sorted(LOOK_ALIKES)))
    def test_show_one_other_letter_wherever_it_stands(self, before, after, alike):
        name = clean_name(f"Zoé{before}{alike}{after}")
        assert [one.letters[0] for one in mixed_in(name)] == [alike]

    @given(NO_SCRIPT, st.sampled_from(["Roy", "Рой", "王", "עדי"]))
    def test_are_not_changed_by_accents_figures_and_punctuation(self, common, word):
        assert mixed_in(f"{word}{common}") == mixed_in(f"{common}{word}") == []

    @given(st.text(max_size=60))
    def test_are_found_in_any_text_and_the_main_one_is_never_told(self, text):
        found = mixed_in(text)
        assert len(set(found)) == len(found)
        assert all(one.letters in text for one in found)
        assert sum(len(one.letters) for one in found) < max(len(text), 1)

    @given(st.text(st.characters(max_codepoint=0x24F), max_size=40))
    def test_are_one_up_to_the_end_of_the_latin_extensions(self, text):
        assert mixed_in(text) == [] == mixed_in(f"{text} \u1e02")
