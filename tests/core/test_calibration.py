"""Second readings, agreement and turnaround."""

from datetime import timedelta
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.core.calibration import ONE_IN, agreement, is_drawn, turnaround

SPACE = UUID(int=7)
DAY = timedelta(days=1)


class TestTheDraw:
    def test_takes_about_one_in_ten(self):
        drawn = sum(is_drawn(uuid5(SPACE, str(number))) for number in range(5_000))
        assert 5_000 / ONE_IN * 0.8 < drawn < 5_000 / ONE_IN * 1.2

    @given(st.uuids())
    def test_of_one_request_is_always_the_same(self, key):
        assert is_drawn(key) is is_drawn(UUID(str(key)))


class TestTheTurnaround:
    def test_is_nothing_without_a_decision(self):
        assert turnaround([]) is None

    @pytest.mark.parametrize(
        ("days", "median", "ninetieth"),
        [([3], 3, 3), ([1, 2, 3], 2, 3), ([1, 2, 3, 4], 2.5, 4), (range(1, 11), 5.5, 9), (range(1, 21), 10.5, 18)],
    )
    def test_says_what_half_and_nine_in_ten_waited(self, days, median, ninetieth):
        found = turnaround([day * DAY for day in days])
        assert (found.median, found.ninetieth, found.count) == (median * DAY, ninetieth * DAY, len(days))

    @given(st.lists(st.timedeltas(min_value=timedelta(0), max_value=90 * DAY), min_size=1))
    def test_of_nine_in_ten_is_one_that_somebody_waited_and_never_under_the_median(self, waits):
        found = turnaround(waits)
        assert found.ninetieth in waits
        assert found.ninetieth >= found.median or len(waits) == 1


class TestAgreement:
    @pytest.mark.parametrize(
        ("pairs", "percent"),
        [
            ([], None),
            ([("ACCEPTED", "ACCEPTED")], 100),
            ([("ACCEPTED", "TO_REWORK")], 0),
            ([("ACCEPTED", "ACCEPTED")] * 2 + [("TO_REWORK", "ACCEPTED")], 66),
        ],
    )
    def test_is_the_share_of_pairs_that_are_alike(self, pairs, percent):
        assert agreement(pairs) == percent
