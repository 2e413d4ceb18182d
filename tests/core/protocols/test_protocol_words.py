from datetime import UTC, date, datetime, timedelta

import pytest

from jalon.core.protocols.words import (
    Version,
    citation_of,
    day_of,
    duration_of,
    later,
    moment_of,
    range_of,
    shown,
    version_of,
    why_not_id,
)


class TestIds:
    @pytest.mark.parametrize("value", ["a", "no-viewing", "first_adult", "r1", "nothing", "a" * 64])
    def test_are_lower_case_words(self, value: str) -> None:
        assert why_not_id(value) is None

    @pytest.mark.parametrize(
        "value",
        [
            *("y", "n", "yes", "no", "on", "off", "true", "false", "null"),
            *("unknown", "all", "id", "then", "cite"),
            *("", "A", "1a", "_a", "-a", "a b", "a.b", "a/b", "é", "a" * 65, "a\n"),
            *(True, False, None, 1, 1.5, [], {}),
        ],
    )
    def test_are_refused_when_another_reader_or_this_language_would_change_them(self, value: object) -> None:
        assert why_not_id(value)


class TestVersions:
    @pytest.mark.parametrize(("text", "version"), [("0.0.1", (0, 0, 1)), ("2.10.3", (2, 10, 3))])
    def test_have_three_numbers(self, text: str, version: tuple[int, int, int]) -> None:
        assert version_of(text) == version
        assert str(version_of(text)) == text

    @pytest.mark.parametrize("text", ["1.0", "1.0.0.0", "01.0.0", "1.0.0-rc1", "v1.0.0", "1.0.0 ", "", 1.0, None])
    def test_have_nothing_else(self, text: object) -> None:
        assert version_of(text) is None

    def test_compare_number_by_number(self) -> None:
        assert Version(1, 10, 0) > Version(1, 9, 9)


class TestRanges:
    @pytest.mark.parametrize(
        ("version", "held"),
        [
            ((2, 1, 0), True),
            ((2, 1, 7), True),
            ((2, 2, 0), True),
            ((2, 0, 9), False),
            ((1, 9, 0), False),
            ((3, 0, 0), False),
        ],
    )
    def test_hold_the_same_major_and_at_least_that_version(self, version: tuple[int, int, int], held: bool) -> None:
        found = range_of("image-incident@^2.1")
        assert found is not None
        assert found.holds(Version(*version)) is held

    def test_may_name_the_patch(self) -> None:
        found = range_of("image-incident@^2.1.3")
        assert found is not None
        assert not found.holds(Version(2, 1, 2))
        assert str(found) == "image-incident@^2.1.3"

    @pytest.mark.parametrize(
        "text", ["image-incident", "image-incident@2.1", "image-incident@^2", "yes@^1.0", "x@^01.0", "x@^1.0.0.0", 3]
    )
    def test_are_refused_in_another_form(self, text: object) -> None:
        assert range_of(text) is None


class TestDays:
    def test_are_written_in_full(self) -> None:
        assert day_of("2027-01-11") == date(2027, 1, 11)

    @pytest.mark.parametrize(
        "value", ["2027-1-11", "20270111", "2027-W02-1", "2027-02-30", "2027-01-11T08:00:00Z", 20270111, None]
    )
    def test_are_refused_in_another_form(self, value: object) -> None:
        assert day_of(value) is None


class TestDurations:
    @pytest.mark.parametrize(
        ("text", "duration"),
        [
            ("P1W", timedelta(weeks=1)),
            ("P1D", timedelta(days=1)),
            ("PT2H", timedelta(hours=2)),
            ("PT90M", timedelta(minutes=90)),
            ("PT5S", timedelta(seconds=5)),
            ("P1DT2H3M4S", timedelta(days=1, hours=2, minutes=3, seconds=4)),
            ("PT0S", timedelta()),
        ],
    )
    def test_are_weeks_or_days_hours_minutes_seconds(self, text: str, duration: timedelta) -> None:
        assert duration_of(text) == duration

    @pytest.mark.parametrize(
        "text",
        [
            *("", "P", "PT", "P1DT", "1D", "-P1D", "+P1D", "P-1D", "P1.5D", "PT1,5H", "P1Y", "P1M", "P1W1D", "P1WT1H"),
            *("PT1M1H", "p1d", "P1D ", "P１D", "P99999999999W", "P" + "9" * 400 + "D", 5, None),
        ],
    )
    def test_are_refused_in_another_form(self, text: object) -> None:
        assert duration_of(text) is None


class TestMoments:
    def test_are_compared_as_instants(self) -> None:
        assert moment_of("2027-01-11T08:00:00-05:00") == moment_of("2027-01-11T13:00:00Z")

    @pytest.mark.parametrize("text", ["2027-01-11T08:00:00", "2027-01-11", "08:00:00Z", "", 5, None])
    def test_carry_their_offset(self, text: object) -> None:
        assert moment_of(text) is None

    def test_never_run_past_the_end_of_time(self) -> None:
        assert later(datetime(9999, 12, 31, tzinfo=UTC), timedelta(days=999_999_999)).year == 9999


class TestCitations:
    @pytest.mark.parametrize(("text", "found"), [("guide#2", ("guide", 2)), ("guide#0", ("guide", 0))])
    def test_name_a_source_and_a_paragraph(self, text: str, found: tuple[str, int]) -> None:
        assert citation_of(text) == found

    @pytest.mark.parametrize("text", ["guide", "guide#", "#1", "guide#a", "guide#-1", "guide 1", "guide#1#2"])
    def test_are_refused_in_another_form(self, text: str) -> None:
        assert citation_of(text) is None


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "null"),
        (True, "true"),
        (1, "1"),
        ("x", "'x'"),
        ([1], "[…]"),
        ({}, "{}"),
        ({1: 2}, "{…}"),
        ("x" * 90, "x…"),
    ],
)
def test_a_value_is_shown_as_in_the_file(value: object, words: str) -> None:
    assert shown(value).endswith(words)
