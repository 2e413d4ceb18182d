import pytest

from jalon.core.privacy import Privacy


class TestAPrivacyLine:
    def test_says_how_long_and_names_no_field_unless_told(self):
        line = Privacy(keep="10 years after the period")
        assert (line.keep, set(line.personal), set(line.sensitive)) == (
            "10 years after the period",
            set(),
            set(),
        )

    @pytest.mark.parametrize("keep", ["", "  "])
    def test_is_refused_when_it_does_not_say_how_long(self, keep):
        with pytest.raises(ValueError, match="how long"):
            Privacy(keep=keep, personal={"email"})
