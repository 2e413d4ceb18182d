"""What the cells of a table say."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.core.tables import DAY_FIRST, EPOCH, ISO, SERIAL, Day, cell, code, day, headings, is_formula, neutral


class TestADay:
    @pytest.mark.parametrize(
        ("text", "read"),
        [
            ("2025-03-21", Day(date(2025, 3, 21), ISO)),
            ("2025-03-21 00:00:00", Day(date(2025, 3, 21), ISO)),
            ("21/03/2025", Day(date(2025, 3, 21), DAY_FIRST)),
            ("3/4/2025", Day(date(2025, 4, 3), DAY_FIRST)),
            ("45737", Day(date(2025, 3, 21), SERIAL)),
            ("45737.0", Day(date(2025, 3, 21), SERIAL)),
            (" 2024-02-29 ", Day(date(2024, 2, 29), ISO)),
            ("2025-02-29", None),
            ("31/06/2025", None),
            ("03/21/2025", None),
            ("21-03-2025", None),
            ("2025", None),
            ("99999", None),
            ("٢٠٢٥-٠٣-٢١", None),
            ("", None),
        ],
    )
    def test_is_read_one_way_and_the_way_is_told(self, text, read):
        assert day(text) == read

    @given(st.dates(date(1930, 1, 1), date(2100, 12, 31)))
    def test_written_three_ways_is_one_day(self, on):
        ways = [on.isoformat(), on.strftime("%d/%m/") + f"{on.year:04}", str((on - EPOCH).days)]
        assert {read.value for text in ways if (read := day(text))} == {on}

    @given(st.text(max_size=12))
    def test_never_fails_on_other_words(self, text):
        assert day(text) is None or isinstance(day(text), Day)


class TestACode:
    @pytest.mark.parametrize(
        ("text", "read"),
        [
            ("01023", "01023"),
            ("1023", "01023"),
            (" 66023 ", "66023"),
            ("1023.0", "01023"),
            ("123", None),
            ("A1023", None),
            ("", None),
        ],
    )
    def test_has_its_zero_in_front(self, text, read):
        assert code(text, digits=5) == read


class TestACell:
    @pytest.mark.parametrize(
        ("value", "text"),
        [(None, ""), (991001, "991001"), (991001.0, "991001"), (4.5, "4.5"), (date(2025, 3, 21), "2025-03-21"),
         (datetime.fromisoformat("2025-03-21"), "2025-03-21"),
         ("  École ", "École"), ("E\u0301cole", "École"), ("a\0b", "ab")],
    )  # fmt: skip
    def test_is_text(self, value, text):
        assert cell(value) == text


class TestAHeading:
    def test_is_found_whatever_its_accents_case_and_spaces(self):
        found = headings(
            ["Code de l’école", "NOM_OFFCL", "x"], {"code": ["code de l'ecole"], "name": ["nom offcl"], "no": []}
        )
        assert found == {"code": "Code de l’école", "name": "NOM_OFFCL"}

    def test_of_our_own_wins_over_another_name(self):
        assert headings(["CD_ORGNS", "code"], {"code": ["CD_ORGNS"]}) == {"code": "code"}


class TestAFormula:
    @pytest.mark.parametrize("text", ["=1+1", " =HYPERLINK()", "\u00a0=A1"])
    def test_is_seen(self, text):
        assert is_formula(text)

    @pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", "\n=1", "＝1"])
    def test_never_leaves(self, text):
        assert neutral(text) == f"'{text}"

    @given(st.text())
    def test_neutral_text_never_starts_one(self, text):
        assert not neutral(text).lstrip().startswith(("=", "+", "-", "@"))

    @pytest.mark.parametrize("text", ["", "École", "12", "a=b"])
    def test_is_not_seen_elsewhere(self, text):
        assert (neutral(text), is_formula(text)) == (text, False)
