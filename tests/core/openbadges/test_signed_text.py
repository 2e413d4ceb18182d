"""Text is cleaned before it is signed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.core.openbadges.text import clean


class TestCleaning:
    @pytest.mark.parametrize(
        ("given_text", "kept"),
        [
            ("Élodie", "Élodie"),
            ("E\u0301lodie", "Élodie"),
            ("a\tb\nc", "a\tb\nc"),
            ("a\r\nb\rc", "a\nb\nc"),
            ("a\x00\x07\x08\x0b\x0c\x1b\x7fb", "ab"),
            ("a\ufffe\uffffb", "ab"),
            ("« 15\u00a0h\u00a019 »\u2028😀", "« 15\u00a0h\u00a019 »\u2028😀"),
        ],
    )
    def test_keeps_what_people_write_and_drops_what_verifiers_disagree_on(self, given_text, kept):
        assert clean(given_text) == kept

    def test_refuses_half_of_a_surrogate_pair(self):
        with pytest.raises(ValueError, match="lone-surrogate"):
            clean("\ud800")

    @given(st.text(st.characters(exclude_categories=["Cs"])))
    def test_twice_changes_nothing_more(self, text):
        once = clean(text)
        assert clean(once) == once
        assert unicodedata.is_normalized("NFC", once)
