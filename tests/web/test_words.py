from datetime import UTC, date, datetime

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from jalon.web import words

AFTERNOON = datetime(2025, 3, 21, 19, 19, tzinfo=UTC)  # 15:19 in Montréal
NINE = datetime(2025, 1, 10, 14, 0, tzinfo=UTC)
LATE = datetime(2025, 3, 22, 1, 30, tzinfo=UTC)  # still 21 March in Montréal


class TestADay:
    @pytest.mark.parametrize(
        ("language", "on", "said"),
        [
            ("fr-ca", date(2025, 3, 21), "21\xa0mars\xa02025"),
            ("fr-ca", date(2026, 7, 1), "1er\xa0juillet\xa02026"),
            ("en-ca", date(2025, 3, 21), "March\xa021,\xa02025"),
            ("en-ca", date(2026, 7, 1), "July\xa01,\xa02026"),
        ],
    )
    def test_is_said_in_the_language_of_the_page(self, language, on, said):
        with override(language):
            assert words.day(on) == said

    def test_is_the_day_of_the_site_not_of_greenwich(self):
        with override("fr-ca"):
            assert words.day(LATE) == "21\xa0mars\xa02025"


class TestATime:
    @pytest.mark.parametrize(
        ("language", "at", "said"),
        [
            ("fr-ca", AFTERNOON, "15\xa0h\xa019"),
            ("fr-ca", NINE, "9\xa0h"),
            ("en-ca", AFTERNOON, "3:19\xa0p.m."),
            ("en-ca", NINE, "9:00\xa0a.m."),
        ],
    )
    def test_is_said_in_the_language_of_the_page(self, language, at, said):
        with override(language):
            assert words.clock(at) == said

    def test_follows_the_day(self):
        with override("fr-ca"):
            assert words.moment(AFTERNOON) == "21\xa0mars\xa02025, 15\xa0h\xa019"


class TestADuration:
    @pytest.mark.parametrize(
        ("minutes", "french", "english"),
        [
            (0, "0\xa0h", "0\xa0h"),
            (20, "20\xa0min", "20\xa0min"),
            (60, "1\xa0h", "1\xa0h"),
            (80, "1\xa0h\xa020", "1\xa0h\xa020\xa0min"),
            (65, "1\xa0h\xa005", "1\xa0h\xa05\xa0min"),
            (180, "3\xa0h", "3\xa0h"),
            (270, "4,5\xa0h", "4.5\xa0h"),
            (90_000, "1\xa0500\xa0h", "1,500\xa0h"),
        ],
    )
    def test_is_whole_or_half_hours_else_hours_and_minutes(self, minutes, french, english):
        with override("fr-ca"):
            assert words.hours(minutes) == french
        with override("en-ca"):
            assert words.hours(minutes) == english


class TestWords:
    @pytest.mark.parametrize(
        ("text", "count"),
        [("", 0), ("  \n ", 0), ("Écouter.", 1), ("d’abord écouter", 2), ("oui — non", 2), ("un\n\tdeux  trois!", 3)],
    )
    def test_are_what_lies_between_spaces_and_holds_a_letter_or_a_digit(self, text, count):
        assert words.count_words(text) == count

    @given(st.lists(st.sampled_from(["mot", "été", "123", "l’eau"])), st.sampled_from([" ", "\n", "  ", " — "]))
    def test_do_not_depend_on_the_spaces_between_them(self, pieces, space):
        assert words.count_words(space.join(pieces)) == len(pieces)

    @pytest.mark.parametrize(
        ("count", "said"), [(0, "0 mot"), (1, "1 mot"), (118, "118 mots"), (1200, "1\xa0200 mots")]
    )
    def test_are_counted_as_french_counts(self, count, said):
        with override("fr-ca"):
            assert words.words(count) == said

    def test_are_counted_as_english_counts(self):
        with override("en-ca"):
            assert [words.words(0), words.words(1)] == ["0 words", "1 word"]


class TestALocalisedText:
    def test_is_read_in_the_language_of_the_page(self):
        with override("en-ca"):
            assert words.localised({"fr": "Oui", "en": "Yes"}) == "Yes"
        with override("fr-ca"):
            assert words.localised({"fr": "Oui", "en": "Yes"}) == "Oui"

    def test_falls_back_to_french_and_passes_plain_text(self):
        with override("en-ca"):
            assert words.localised({"fr": "Oui"}) == "Oui"
            assert words.localised("Sexto") == "Sexto"


class TestANameThatMixesAlphabets:
    @pytest.mark.parametrize(
        ("language", "said"),
        [
            ("fr-ca", "Ce nom mêle des alphabets\xa0: «\xa0Анна\xa0» (cyrillique), «\xa0ש\xa0» (hébreu). "),
            ("en-ca", "This name mixes alphabets: “Анна” (Cyrillic), “ש” (Hebrew). "),
        ],
    )
    def test_is_told_by_its_other_letters_and_their_alphabets(self, language, said):
        with override(language):
            assert words.mixed_name("Анна ש Tremblay").startswith(said)

    def test_is_told_by_its_first_letters_where_there_are_many(self):
        with override("en-ca"):
            assert words.mixed_name("Tremblay-Tremblay а-б-в-г").count("(Cyrillic)") == 3

    def test_and_no_other_is_told(self):
        assert words.mixed_name("Zoé Tremblay") == words.mixed_name("") == ""
