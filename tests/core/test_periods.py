"""Half-open periods: their edges, and a new stay laid over those that are known."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.core.periods import Period, Stay, laid, why_not_period
from jalon.core.refusals import Refusal

DAY = timedelta(days=1)
days = st.dates(date(2023, 12, 1), date(2026, 12, 31))
periods = st.builds(
    lambda start, length: Period(start, None if length is None else start + length * DAY),
    days,
    st.none() | st.integers(1, 500),
)


class TestAPeriod:
    @pytest.mark.parametrize(
        ("period", "on", "held"),
        [
            (Period(date(2025, 7, 1), date(2026, 7, 1)), date(2025, 6, 30), False),
            (Period(date(2025, 7, 1), date(2026, 7, 1)), date(2025, 7, 1), True),
            (Period(date(2025, 7, 1), date(2026, 7, 1)), date(2026, 6, 30), True),
            (Period(date(2025, 7, 1), date(2026, 7, 1)), date(2026, 7, 1), False),
            (Period(date(2024, 2, 29), date(2024, 3, 1)), date(2024, 2, 29), True),
            (Period(date(2024, 2, 28), date(2024, 2, 29)), date(2024, 2, 29), False),
            (Period(date(2025, 7, 1)), date(2099, 1, 1), True),
            (Period(date(2025, 7, 1), date(2025, 7, 1)), date(2025, 7, 1), False),
        ],
    )
    def test_holds_its_first_day_and_not_its_last(self, period, on, held):
        assert period.holds(on) == held

    @given(periods, periods)
    def test_overlaps_another_exactly_when_a_day_is_in_both(self, one, other):
        shared = any(one.holds(on) and other.holds(on) for on in (one.starts_on, other.starts_on))
        assert one.overlaps(other) == other.overlaps(one) == shared

    @given(periods, days)
    def test_meets_the_next_without_overlap(self, one, on):
        if one.ends_on:
            assert not one.overlaps(Period(one.ends_on))

    @pytest.mark.parametrize(("length", "refused"), [(-1, True), (0, True), (1, False), (None, False)])
    def test_that_is_reversed_is_refused(self, length, refused):
        start = date(2026, 3, 1)
        end = None if length is None else start + length * DAY
        assert (why_not_period(start, end) is not None) == refused


A, B, C = date(2020, 7, 1), date(2024, 7, 1), date(2025, 7, 1)
LAID = [
    # known, new, result
    ([], Stay("x", Period(A)), [Stay("x", Period(A))]),
    ([Stay("x", Period(A))], Stay("x", Period(B)), [Stay("x", Period(A))]),
    ([Stay("x", Period(A))], Stay("y", Period(B)), [Stay("x", Period(A, B)), Stay("y", Period(B))]),
    ([Stay("x", Period(A))], Stay("y", Period(A)), [Stay("y", Period(A))]),
    ([Stay("x", Period(B))], Stay("y", Period(A)), [Stay("y", Period(A, B)), Stay("x", Period(B))]),
    ([Stay("x", Period(A))], Stay("x", Period(A, B)), [Stay("x", Period(A, B))]),
    ([Stay("x", Period(A, B))], Stay("y", Period(C)), [Stay("x", Period(A, B)), Stay("y", Period(C))]),
]


class TestAStayLaidOverOthers:
    @pytest.mark.parametrize(("known", "new", "result"), LAID)
    def test_cuts_corrects_or_changes_nothing(self, known, new, result):
        assert laid(known, new) == result

    @pytest.mark.parametrize(
        ("known", "new"),
        [
            ([Stay("x", Period(B))], Stay("y", Period(A, C))),
            ([Stay("x", Period(A))], Stay("y", Period(B, C))),
        ],
    )
    def test_is_refused_with_both_periods_where_days_would_be_lost(self, known, new):
        refusal = laid(known, new)
        assert isinstance(refusal, Refusal)
        assert refusal.facts == {
            "starts_on": new.period.starts_on,
            "ends_on": new.period.ends_on,
            "other_starts_on": known[0].period.starts_on,
            "other_ends_on": None,
        }

    @given(st.lists(st.tuples(st.sampled_from("xyz"), days), max_size=6))
    def test_leaves_no_day_to_two_values_and_its_first_day_to_what_was_said_last(self, moves):
        stays = []
        for value, on in moves:
            stays = laid(stays, Stay(value, Period(on)))
            assert [one.value for one in stays if one.period.holds(on)] == [value]
        assert not any(one.period.overlaps(other.period) for one in stays for other in stays if one is not other)
