import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.core.hours import in_words


class TestMinutesInWords:
    @pytest.mark.parametrize(
        ("minutes", "french", "english"),
        [
            (0, "0 h", "0 h"),
            (20, "20 min", "20 min"),
            (30, "30 min", "30 min"),
            (60, "1 h", "1 h"),
            (65, "1 h 05", "1 h 5 min"),
            (80, "1 h 20", "1 h 20 min"),
            (180, "3 h", "3 h"),
            (270, "4,5 h", "4.5 h"),
            (60 * 12_345 + 30, "12 345,5 h", "12,345.5 h"),
        ],
    )
    def test_read_as_in_quebec(self, minutes, french, english):
        shown = [in_words(minutes, language).replace("\u00a0", " ") for language in ("fr-ca", "en")]
        assert shown == [french, english]

    @given(st.integers(0, 10_000_000), st.sampled_from(["fr", "en-ca"]))
    def test_are_never_broken_over_two_lines(self, minutes, language):
        assert " " not in in_words(minutes, language)

    def test_are_never_negative(self):
        with pytest.raises(ValueError, match="-1 minutes"):
            in_words(-1, "fr")
