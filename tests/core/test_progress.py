"""How far a person is in a level."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.core.packs import activity_key
from jalon.core.progress import Progress, State, Trace, minutes_left_in, progress
from tests.small_pack import FIRST, SECOND, small_pack

PACK = small_pack()
KEYS = FIRST.do
DONE, STARTED = Trace(State.DONE), Trace(State.STARTED, reached="p2")


def states(found: Progress) -> list[State]:
    return [step.state for step in found.steps]


class TestALevel:
    def test_untouched_begins_with_its_first_step(self):
        found = progress(PACK, FIRST, {})
        assert states(found) == [State.TODO] * 3
        assert (found.next.activity.id, found.is_begun, found.done) == ("one", False, 0)

    def test_goes_on_with_the_first_step_that_is_not_done(self):
        found = progress(PACK, FIRST, {KEYS[0]: DONE, KEYS[2]: DONE})
        assert (found.next.activity.id, found.done, found.is_complete) == ("two", 2, False)

    def test_with_every_step_done_is_complete_and_has_no_next(self):
        found = progress(PACK, FIRST, dict.fromkeys(KEYS, DONE))
        assert (found.is_complete, found.next, found.minutes_left) == (True, None, 0)

    def test_ignores_what_was_done_in_another(self):
        assert progress(PACK, FIRST, {"reflection/look-back": DONE}).done == 0

    def test_counts_the_minutes_of_the_parts_that_are_left(self):
        found = progress(PACK, FIRST, {KEYS[0]: STARTED})
        assert found.minutes_left == 10 + 10 + 10


@pytest.mark.parametrize(
    ("before", "trace", "state", "is_next"),
    [
        # the steps before, what was left in the reflection, its state, whether it is the next step
        ({}, None, State.LOCKED, False),
        (dict.fromkeys(KEYS, DONE), None, State.TODO, True),
        ({}, Trace(State.STARTED), State.STARTED, False),
        (dict.fromkeys(KEYS, DONE), Trace(State.SENT), State.SENT, False),
        (dict.fromkeys(KEYS, DONE), Trace(State.TO_REWORK), State.TO_REWORK, True),
        (dict.fromkeys(KEYS, DONE), DONE, State.DONE, False),
    ],
)
def test_a_reflection_opens_when_everything_before_it_is_done(before, trace, state, is_next):
    level = replace(FIRST, do=(*KEYS, *SECOND.do))
    traces = before if trace is None else {**before, SECOND.do[0]: trace}
    step = progress(PACK, level, traces).steps[-1]
    assert (step.state, step.is_next) == (state, is_next)


@pytest.mark.parametrize(("part", "minutes"), [("p1", 20), ("p2", 10), ("gone", 20), ("", 20)])
def test_a_lesson_has_the_minutes_of_its_unread_parts(part, minutes):
    assert minutes_left_in(PACK.lessons["one"], part) == minutes


class TestWhateverWasDone:
    @given(st.dictionaries(st.sampled_from(KEYS), st.sampled_from([Trace(state) for state in State])))
    def test_one_step_at_most_is_the_next_and_none_is_lost(self, traces):
        found = progress(PACK, FIRST, traces)
        assert [activity_key(step.activity) for step in found.steps] == list(KEYS)
        assert sum(step.is_next for step in found.steps) <= 1
        assert found.done == sum(trace.state is State.DONE for trace in traces.values())
        assert found.is_complete <= (found.minutes_left == 0)
