"""Base 58 and base64url: one value, one text."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.core.openbadges import multibase


class TestAnyBytes:
    @given(st.binary(max_size=80))
    def test_come_back_from_base_58(self, data):
        assert multibase.from_base58(multibase.to_base58(data)) == data

    @given(st.binary(max_size=80))
    def test_come_back_from_base64url(self, data):
        assert multibase.from_base64url(multibase.to_base64url(data)) == data


class TestOneSymbolChanged:
    @given(st.binary(min_size=1, max_size=80), st.data())
    def test_never_gives_the_same_bytes_in_base64url(self, data, draw):
        text = multibase.to_base64url(data)
        at = draw.draw(st.integers(0, len(text) - 1))
        other = text[:at] + draw.draw(st.characters(max_codepoint=255)) + text[at + 1 :]
        with suppress(ValueError):
            assert other == text or multibase.from_base64url(other) != data

    @given(st.binary(min_size=1, max_size=80), st.data())
    def test_never_gives_the_same_bytes_in_base_58(self, data, draw):
        text = multibase.to_base58(data)
        at = draw.draw(st.integers(0, len(text) - 1))
        other = text[:at] + draw.draw(st.characters(max_codepoint=255)) + text[at + 1 :]
        with suppress(ValueError):
            assert other == text or multibase.from_base58(other) != data


class TestAnotherTextForTheSameBytes:
    @pytest.mark.parametrize("text", ["AB", "AAF", "AA==", "AA=", " AA", "A A", "AA\n", "A", "A+", "A/", "é"])
    def test_is_refused_in_base64url(self, text):
        with pytest.raises(ValueError, match="base"):
            multibase.from_base64url(text)

    @pytest.mark.parametrize("text", ["0", "O", "I", "l", " 2", "2\n", "é", "2" * 5000])
    def test_is_refused_in_base_58(self, text):
        with pytest.raises(ValueError, match="base"):
            multibase.from_base58(text)


def test_base_58_is_that_of_its_specification():
    """Source: IETF draft-msporny-base58, section 5, first and third vectors."""
    assert multibase.to_base58(b"Hello World!") == "2NEpo7TZRRrLZSi2U"
    assert multibase.to_base58(bytes.fromhex("0000287fb4cd")) == "11233QC4"
