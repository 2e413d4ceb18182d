from hypothesis import given
from hypothesis import strategies as st

from jalon.core.meter import Meter

ACTS = st.lists(st.tuples(st.floats(0, 60), st.floats(0, 5)), max_size=60)


def a_meter(**changes) -> Meter:
    return Meter(**{"most": 10.0, "seconds": 100.0} | changes)


class TestAnAsker:
    def test_may_use_its_allowance_and_no_more(self):
        meter = a_meter()
        for used in range(10):
            assert meter.is_open("a", now=0)
            meter.charge("a", 1, now=0)
            assert meter.used("a", now=0) == used + 1
        assert not meter.is_open("a", now=0)

    def test_is_given_it_back_evenly(self):
        meter = a_meter()
        meter.charge("a", 10, now=0)
        assert [meter.used("a", now=now) for now in (0, 10, 50, 100, 1_000)] == [10, 9, 5, 0, 0]
        assert meter.is_open("a", now=10)

    def test_pays_for_nobody_else(self):
        meter = a_meter()
        meter.charge("a", 10, now=0)
        assert meter.is_open("b", now=0)

    @given(ACTS)
    def test_never_used_more_within_a_time_than_that_and_its_last_piece_of_work(self, acts):
        meter, now, total = a_meter(), 0.0, 0.0
        for pause, amount in acts:
            now += pause
            if meter.is_open("a", now=now):
                meter.charge("a", amount, now=now)
                total += amount
        assert total <= 10 + now * 10 / 100 + 5

    @given(ACTS)
    def test_owes_nothing_after_a_whole_time(self, acts):
        meter = a_meter()
        meter.charge("a", 10, now=0)
        assert meter.used("a", now=100 + sum(pause for pause, _ in acts)) == 0


class TestTheMeter:
    def test_forgets_the_oldest_when_there_are_too_many(self):
        meter = a_meter(askers=2)
        for asker in "abc":
            meter.charge(asker, 10, now=0)
        assert [meter.is_open(asker, now=0) for asker in "abc"] == [True, False, False]

    def test_forgets_everybody_when_told(self):
        meter = a_meter()
        meter.charge("a", 10, now=0)
        meter.clear()
        assert meter.is_open("a", now=0)
