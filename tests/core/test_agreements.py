"""Agreements: what may happen to one, and how long one lasts."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.core.agreements import Act, Agreement, Change, Kind, State, later, why_not_change, why_not_term
from jalon.core.periods import Period

START, END, TODAY = date(2024, 7, 1), date(2027, 7, 1), date(2026, 3, 2)
DAY = timedelta(days=1)
MAY = date(2026, 5, 1)
SUSPENDED, REINSTATED, ENDED = Act.SUSPENDED, Act.REINSTATED, Act.ENDED


def agreement(*changes):
    return Agreement("E-1", Period(START, END), tuple(Change(act, on) for act, on in changes))


CHANGES = [
    # what was recorded, the act, from when, why not
    ((), SUSPENDED, TODAY, None),
    ((), REINSTATED, TODAY, "not-suspended"),
    ((), ENDED, TODAY, None),
    ((), SUSPENDED, START, None),
    ((), SUSPENDED, START - DAY, "change-outside-period"),
    ((), SUSPENDED, END - DAY, None),
    ((), ENDED, END, "change-outside-period"),
    (((SUSPENDED, TODAY),), SUSPENDED, TODAY, "already-suspended"),
    (((SUSPENDED, TODAY),), REINSTATED, TODAY, None),
    (((SUSPENDED, TODAY),), REINSTATED, TODAY - DAY, "change-before-last"),
    (((SUSPENDED, TODAY),), ENDED, TODAY, None),
    (((SUSPENDED, TODAY), (REINSTATED, TODAY)), SUSPENDED, TODAY, None),
    (((SUSPENDED, TODAY), (REINSTATED, TODAY)), REINSTATED, TODAY, "not-suspended"),
    (((ENDED, TODAY),), SUSPENDED, START, "agreement-over"),
    (((ENDED, TODAY),), REINSTATED, TODAY, "agreement-over"),
    (((ENDED, TODAY),), ENDED, TODAY, "agreement-over"),
    ((), Act.EXTENDED, TODAY, "extension-of-whole"),
    # what is planned stops nothing that is earlier
    (((SUSPENDED, MAY),), SUSPENDED, TODAY, None),
    (((SUSPENDED, MAY),), SUSPENDED, MAY + DAY, "already-suspended"),
    (((SUSPENDED, MAY),), REINSTATED, TODAY, "not-suspended"),
    (((SUSPENDED, MAY),), REINSTATED, MAY, None),
    (((SUSPENDED, MAY),), ENDED, TODAY, None),
    (((SUSPENDED, TODAY), (REINSTATED, MAY)), REINSTATED, TODAY + DAY, None),
    (((ENDED, MAY),), SUSPENDED, TODAY, None),
    (((ENDED, MAY),), ENDED, TODAY, None),
    (((ENDED, MAY),), ENDED, MAY, "change-outside-period"),
]


@pytest.mark.parametrize(("recorded", "act", "on", "code"), CHANGES)
def test_what_may_happen_to_an_agreement(recorded, act, on, code):
    reason = why_not_change(agreement(*recorded), act, on=on, today=TODAY)
    assert (reason and reason.code) == code


class TestAnAgreementForSomePlaces:
    SIGNED = Agreement("E-1", Period(START, END), (), frozenset({"01023"}))

    def extended(self, *changes):
        made = tuple(Change(act, on, frozenset({"991001"} if act is Act.EXTENDED else ())) for act, on in changes)
        return Agreement("E-1", Period(START, END), made, frozenset({"01023"}))

    def test_covers_them_from_its_first_day_and_nothing_else(self):
        assert (self.SIGNED.covers_from({"01023", "5"}), self.SIGNED.covers_from({"991001"})) == (START, None)
        assert (self.SIGNED.state_at({"01023"}, TODAY), self.SIGNED.state_at({"5"}, TODAY)) == (State.IN_FORCE, None)

    def test_covers_what_it_is_extended_to_from_that_day(self):
        one = self.extended((Act.EXTENDED, TODAY))
        assert one.covers_from({"991001"}) == TODAY
        assert [one.state_at({"991001"}, TODAY - left * DAY) for left in (1, 0)] == [State.TO_COME, State.IN_FORCE]

    def test_is_extended_while_it_is_suspended_and_stays_so(self):
        suspended = self.extended((SUSPENDED, TODAY))
        assert why_not_change(suspended, Act.EXTENDED, on=TODAY, today=TODAY) is None
        both = self.extended((SUSPENDED, TODAY), (Act.EXTENDED, TODAY))
        assert (both.state(TODAY), both.state_at({"991001"}, TODAY)) == (State.SUSPENDED, State.SUSPENDED)
        assert why_not_change(both, REINSTATED, on=TODAY, today=TODAY) is None

    @given(
        st.frozensets(st.sampled_from("abcd"), max_size=3),
        st.frozensets(st.sampled_from("abcd"), min_size=1, max_size=2),
        st.integers(-3, 3),
    )
    def test_covers_exactly_what_it_names(self, named, place, after):
        one = Agreement("E-1", Period(START, END), (Change(Act.EXTENDED, TODAY, frozenset("d")),), named)
        on = TODAY + after * DAY
        covered = not named or bool(named & place) or ("d" in place and on >= TODAY)
        assert (one.state_at(place, on) is State.IN_FORCE) == covered


class TestAnAgreement:
    @pytest.mark.parametrize(
        ("on", "state"),
        [(START - DAY, State.TO_COME), (START, State.IN_FORCE), (END - DAY, State.IN_FORCE), (END, State.ENDED)],
    )
    def test_is_in_force_from_its_first_day_to_the_day_before_its_last(self, on, state):
        assert agreement().state(on) is state

    def test_is_suspended_since_the_first_day_of_the_suspension(self):
        one = agreement((SUSPENDED, TODAY))
        assert [one.suspended_on(on) for on in (TODAY - DAY, TODAY, TODAY + DAY)] == [None, TODAY, TODAY]

    def test_is_suspended_from_the_earlier_day_and_what_was_planned_is_replaced(self):
        one = agreement((SUSPENDED, MAY), (REINSTATED, MAY + DAY), (SUSPENDED, TODAY))
        assert (one.state(TODAY), one.suspended_on(MAY + 2 * DAY)) == (State.SUSPENDED, TODAY)
        assert one.replaced == {0, 1}

    def test_that_is_ended_earlier_than_planned_has_the_earlier_end(self):
        one = agreement((SUSPENDED, MAY), (ENDED, MAY + DAY), (ENDED, TODAY))
        assert (one.ends_on, one.replaced) == (TODAY, {0, 1})

    @staticmethod
    def lived(acts):
        """Return each day on which something was tried, with the agreement after it; a try is refused or recorded."""
        one, today, days = agreement(), START, []
        for act, passed, ahead in acts:
            today += passed * DAY
            on = today + ahead * DAY
            before = one
            if why_not_change(one, act, on=on, today=today) is None:
                one = agreement(*((change.act, change.on) for change in one.changes), (act, on))
            days.append((today, before, one))
        return days

    ACTS = st.lists(st.tuples(st.sampled_from(list(Act)), st.integers(0, 200), st.integers(-60, 300)), max_size=8)

    @given(ACTS)
    def test_in_force_can_be_ended_or_suspended_that_day_whatever_is_planned(self, acts):
        for today, _, one in self.lived(acts):
            if one.state(today) is State.IN_FORCE:
                for act, state in ((SUSPENDED, State.SUSPENDED), (ENDED, State.ENDED)):
                    assert why_not_change(one, act, on=today, today=today) is None
                    after = agreement(*((change.act, change.on) for change in one.changes), (act, today))
                    assert after.state(today) is state

    @given(ACTS, st.integers(-30, 1100))
    def test_never_changes_what_it_was_before_its_last_change_that_had_begun(self, acts, days):
        asked = START + days * DAY
        for today, before, after in self.lived(acts):
            begun = max((change.on for change in before.counting if change.on <= today), default=None)
            if begun and asked < begun:
                assert before.state(asked) is after.state(asked)

    @given(ACTS)
    def test_has_an_end_within_its_days(self, acts):
        assert all(START <= one.ends_on <= END for _, _, one in self.lived(acts))


class TestTheTermOfAnAgreement:
    @pytest.mark.parametrize(
        ("kind", "ends_on", "code"),
        [
            (Kind.SCHOOL_BODY, date(2027, 6, 30), "agreement-term"),
            (Kind.SCHOOL_BODY, date(2027, 7, 1), None),
            (Kind.SCHOOL_BODY, date(2029, 7, 1), None),
            (Kind.SCHOOL_BODY, date(2029, 7, 2), "agreement-term"),
            (Kind.PROSECUTOR, date(2024, 7, 2), None),
            (Kind.PROSECUTOR, date(2044, 7, 1), None),
        ],
    )
    def test_with_a_school_body_is_three_to_five_years(self, kind, ends_on, code):
        reason = why_not_term(kind, Period(START, ends_on))
        assert (reason and reason.code) == code

    @pytest.mark.parametrize(("years", "day"), [(3, date(2027, 3, 1)), (4, date(2028, 2, 29))])
    def test_counts_from_a_leap_day(self, years, day):
        assert later(date(2024, 2, 29), years) == day
