"""When a level is open: a truth table, and what no row may break."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.core.agreements import Act, Agreement, Change
from jalon.core.gating import (
    NOWHERE,
    Employment,
    Place,
    Previous,
    Situation,
    Written,
    as_known,
    why_closed,
    why_not_covered,
)
from jalon.core.periods import Period

TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)
EXPLORER = {"fr": "Explorateur", "en": "Explorer"}


TOWN, SCHOOL = "01023", "991001"


def agreement(starts_on=date(2024, 7, 1), ends_on=date(2027, 7, 1), *changes, reference="E-1"):
    return Agreement(reference, Period(starts_on, ends_on), tuple(Change(act, on) for act, on in changes))


def partial(*places, extended=None, on=TODAY, starts_on=date(2024, 7, 1), ends_on=date(2027, 7, 1)):
    """An agreement for these places only, extended to another from a day on."""
    changes = (Change(Act.EXTENDED, on, frozenset({extended})),) if extended else ()
    return Agreement("E-P", Period(starts_on, ends_on), changes, frozenset(places))


def place(*agreements):
    return Place("Ville-Inventée", "Police inventée", "Bureau", agreements, frozenset({TOWN, SCHOOL}))


COVERED = place(agreement())


def work(starts_on=date(2025, 8, 25), ends_on=None, is_confirmed=True, school="École des Rives", at=COVERED):
    return Employment(school, starts_on, ends_on, is_confirmed, at)


CONFIRMED = work()
UNCONFIRMED = work(is_confirmed=False)
ENDS_TOMORROW = work(ends_on=TODAY + DAY)
ENDED_TODAY = work(ends_on=TODAY)
ENDED_UNCONFIRMED = work(ends_on=TODAY, is_confirmed=False)
STARTS_TODAY = work(starts_on=TODAY)
STARTS_TOMORROW = work(starts_on=TODAY + DAY)
NEVER_WAS = work(starts_on=TODAY + DAY, ends_on=TODAY + DAY)

STAFF = [
    # restricted, places of work, code
    (True, (), "work-missing"),
    (True, (CONFIRMED,), None),
    (True, (UNCONFIRMED,), "work-unconfirmed"),
    (True, (ENDS_TOMORROW,), None),
    (True, (ENDED_TODAY,), "work-ended"),
    (True, (ENDED_UNCONFIRMED,), "work-ended"),
    (True, (STARTS_TODAY,), None),
    (True, (STARTS_TOMORROW,), "work-to-come"),
    (True, (NEVER_WAS,), "work-missing"),
    (True, (ENDED_TODAY, UNCONFIRMED), "work-unconfirmed"),
    (True, (ENDED_TODAY, STARTS_TOMORROW), "work-ended"),
    (True, (UNCONFIRMED, CONFIRMED), None),
    (False, (), None),
    (False, (UNCONFIRMED,), None),
    (False, (ENDED_TODAY,), None),
]


@pytest.mark.parametrize(("is_restricted", "employments", "code"), STAFF)
def test_who_may_enter_a_program(is_restricted, employments, code):
    reasons = why_closed(Situation(TODAY, is_restricted, employments=employments))
    assert [reason.code for reason in reasons] == ([code] if code else [])


@pytest.mark.parametrize(
    ("previous", "code"),
    [(None, None), (Previous(EXPLORER, True), None), (Previous(EXPLORER, False), "level-locked")],
)
def test_which_level_is_open(previous, code):
    reasons = why_closed(Situation(TODAY, is_restricted=False, previous=previous))
    assert [reason.code for reason in reasons] == ([code] if code else [])


class TestAReason:
    def test_names_the_school_that_has_not_confirmed(self):
        (reason,) = why_closed(Situation(TODAY, True, employments=(UNCONFIRMED,)))
        assert reason.facts == {"school": "École des Rives"}

    def test_dates_the_latest_end(self):
        earlier = work(ends_on=date(2025, 12, 1), school="École du Quai")
        (reason,) = why_closed(Situation(TODAY, True, employments=(earlier, ENDED_TODAY)))
        assert reason.facts == {"school": "École des Rives", "ended_on": TODAY}

    def test_names_the_level_to_obtain_first(self):
        (reason,) = why_closed(Situation(TODAY, False, previous=Previous(EXPLORER, False)))
        assert reason.facts == {"previous": EXPLORER}

    def test_comes_with_all_the_others(self):
        closed = Situation(TODAY, True, is_named=False, previous=Previous(EXPLORER, False))
        codes = [reason.code for reason in why_closed(closed)]
        assert codes == ["work-missing", "legal-name-missing", "level-locked"]


days = st.dates(date(2025, 1, 1), date(2027, 1, 1))
employments = st.builds(
    lambda start, length, confirmed: work(start, None if length is None else start + length * DAY, confirmed),
    days,
    st.none() | st.integers(1, 400),
    st.booleans(),
)


class TestARestrictedProgram:
    @given(days, st.lists(employments, max_size=5))
    def test_is_open_exactly_when_one_confirmed_place_of_work_holds_the_day(self, on, places):
        is_staff = any(
            one.is_confirmed and one.starts_on <= on and (one.ends_on is None or on < one.ends_on) for one in places
        )
        assert (why_closed(Situation(on, True, employments=tuple(places))) == []) == is_staff

    @given(days, st.lists(employments, max_size=4), employments)
    def test_is_never_closed_by_one_more_place_of_work(self, on, places, more):
        before = why_closed(Situation(on, True, employments=tuple(places)))
        after = why_closed(Situation(on, True, employments=(*places, more)))
        assert before or not after


NO_POLICE = Place("Ville-Inventée")
NO_AGREEMENT = place()
TO_COME = place(agreement(TODAY + DAY))
ENDED = place(agreement(ends_on=TODAY))
SUSPENDED = place(agreement(date(2024, 7, 1), date(2027, 7, 1), (Act.SUSPENDED, TODAY)))
REINSTATED = place(agreement(date(2024, 7, 1), date(2027, 7, 1), (Act.SUSPENDED, TODAY), (Act.REINSTATED, TODAY)))
ENDED_EARLY = place(agreement(date(2024, 7, 1), date(2027, 7, 1), (Act.ENDED, TODAY)))
ENDS_TOMORROW_EARLY = place(agreement(date(2024, 7, 1), date(2027, 7, 1), (Act.ENDED, TODAY + DAY)))

PLACES = [
    # place, code, the day that is told
    (NOWHERE, "school-unknown", None),
    (NO_POLICE, "police-unknown", TODAY),
    (NO_AGREEMENT, "agreement-missing", None),
    (TO_COME, "agreement-to-come", TODAY + DAY),
    (ENDED, "agreement-ended", TODAY),
    (ENDED_EARLY, "agreement-ended", TODAY),
    (SUSPENDED, "agreement-suspended", TODAY),
    (place(agreement(date(2020, 7, 1), TODAY), agreement(date(2026, 7, 1))), "agreement-to-come", date(2026, 7, 1)),
    (place(agreement(date(2015, 7, 1), TODAY - DAY), agreement(TODAY - DAY, TODAY)), "agreement-ended", TODAY),
    (COVERED, None, None),
    (REINSTATED, None, None),
    (place(partial(TOWN)), None, None),
    (place(partial(SCHOOL, "99999")), None, None),
    (place(partial("99999", extended=SCHOOL)), None, None),
    (place(partial("99999", extended=TOWN, on=TODAY + DAY)), "agreement-to-come", TODAY + DAY),
    (place(partial("99999", "999999")), "agreement-elsewhere", None),
    (place(partial("99999", ends_on=TODAY)), "agreement-missing", None),
    (place(partial("99999"), agreement(ends_on=TODAY)), "agreement-elsewhere", None),
    (place(partial(TOWN, ends_on=TODAY)), "agreement-ended", TODAY),
    (place(partial("99999", extended=TOWN, on=TODAY + DAY, ends_on=TODAY)), "agreement-ended", TODAY),
    (ENDS_TOMORROW_EARLY, None, None),
    (place(agreement(ends_on=TODAY), agreement(TODAY, date(2030, 7, 1), reference="E-2")), None, None),
]  # fmt: skip


@pytest.mark.parametrize(("at", "code", "told"), PLACES)
def test_where_the_program_is_open(at, code, told):
    reason = why_not_covered("École des Rives", at, on=TODAY)
    assert (reason and reason.code, reason and reason.facts.get("on")) == (code, told)


class TestEveryCombination:
    """Of work, place, name, level and restriction: each reason is told by itself, and all together."""

    WORK = [
        # makes the places of work, the reason about work, whether the place is asked about
        (lambda at: (), "work-missing", False),
        (lambda at: (work(at=at),), None, True),
        (lambda at: (work(at=at, is_confirmed=False),), "work-unconfirmed", True),
        (lambda at: (work(at=at, ends_on=TODAY),), "work-ended", False),
        (lambda at: (work(at=at, starts_on=TODAY + DAY),), "work-to-come", False),
    ]
    LEVELS = [(None, None), (Previous(EXPLORER, True), None), (Previous(EXPLORER, False), "level-locked")]

    @pytest.mark.parametrize("restricted", [True, False])
    @pytest.mark.parametrize(("named", "nameless"), [(True, None), (False, "legal-name-missing")])
    def test_tells_exactly_its_reasons(self, restricted, named, nameless):
        for (make, about_work, asked), (at, about_place, _), (previous, locked) in product(
            self.WORK, PLACES, self.LEVELS
        ):
            situation = Situation(TODAY, restricted, named, make(at), previous)
            expected = [about_work, about_place if asked else None] if restricted else []
            codes = [reason.code for reason in why_closed(situation)]
            assert codes == [code for code in [*expected, nameless, locked] if code]


class TestAPersonOfSeveralSchools:
    def test_is_covered_by_one(self):
        jobs = (work(at=NO_AGREEMENT), work(at=COVERED, school="École du Quai"))
        assert why_closed(Situation(TODAY, True, employments=jobs)) == []

    def test_reads_why_each_is_not(self):
        jobs = (work(at=NO_AGREEMENT), work(at=SUSPENDED, school="École du Quai"), work(at=NO_AGREEMENT))
        codes = [(one.code, one.facts["school"]) for one in why_closed(Situation(TODAY, True, employments=jobs))]
        assert codes == [("agreement-missing", "École des Rives"), ("agreement-suspended", "École du Quai")]

    def test_is_not_covered_by_a_school_that_nobody_confirmed(self):
        jobs = (work(at=NO_AGREEMENT), work(at=COVERED, is_confirmed=False))
        assert [one.code for one in why_closed(Situation(TODAY, True, employments=jobs))] == ["agreement-missing"]


def is_open(on, *agreements):
    return why_closed(Situation(on, True, employments=(work(date(2000, 1, 1), at=place(*agreements)),))) == []


class TestTheEdgesOfAnAgreement:
    @pytest.mark.parametrize(
        ("starts_on", "ends_on", "opens", "last"),
        [
            (date(2025, 7, 1), date(2026, 7, 1), date(2025, 7, 1), date(2026, 6, 30)),
            (date(2024, 2, 29), date(2028, 2, 29), date(2024, 2, 29), date(2028, 2, 28)),
            (date(2023, 2, 28), date(2024, 3, 1), date(2023, 2, 28), date(2024, 2, 29)),
            (date(2025, 11, 2), date(2026, 3, 8), date(2025, 11, 2), date(2026, 3, 7)),
        ],
        ids=["1 July", "leap day", "ends after the leap day", "the days when the clock changes"],
    )
    def test_are_its_first_day_and_the_day_before_its_last(self, starts_on, ends_on, opens, last):
        one = agreement(starts_on, ends_on)
        days = [opens - DAY, opens, last, last + DAY]
        assert [is_open(on, one) for on in days] == [False, True, True, False]

    @given(days, st.integers(1, 900), days)
    def test_open_exactly_the_days_of_its_period(self, start, length, on):
        assert is_open(on, agreement(start, start + length * DAY)) == (start <= on < start + length * DAY)

    @given(days, st.integers(0, 300), st.integers(0, 300), days)
    def test_are_closed_exactly_while_suspended(self, suspended, until, after, on):
        resumed = suspended + until * DAY
        changes = [(Act.SUSPENDED, suspended), (Act.REINSTATED, resumed), (Act.ENDED, resumed + after * DAY)]
        one = agreement(date(2020, 7, 1), date(2030, 7, 1), *changes)
        assert is_open(on, one) == (on < resumed + after * DAY and not suspended <= on < resumed)

    @given(days, st.lists(st.sampled_from([Act.SUSPENDED, Act.REINSTATED]), min_size=1, max_size=6), days)
    def test_follow_the_last_change_of_one_day(self, changed, acts, on):
        one = agreement(date(2020, 7, 1), date(2030, 7, 1), *((act, changed) for act in acts))
        assert is_open(on, one) == (on < changed or acts[-1] is Act.REINSTATED)

    @given(st.lists(st.tuples(days, st.integers(1, 400)), min_size=1, max_size=4), days)
    def test_of_several_add_up(self, spans, on):
        several = [agreement(start, start + length * DAY) for start, length in spans]
        assert is_open(on, *several) == any(is_open(on, one) for one in several)


class TestAPlaceOfWorkAsItWasKnown:
    """Declared yesterday, confirmed today unless said otherwise."""

    def known(self, of=CONFIRMED, on=TODAY, declared_on=TODAY - DAY, confirmed_on=TODAY, ends=()):
        return as_known(of, Written(declared_on, confirmed_on, ends), on=on)

    def test_is_nothing_before_somebody_declared_it(self):
        assert self.known(on=TODAY - 2 * DAY) is None

    def test_waits_until_the_day_of_its_confirmation(self):
        assert [self.known(on=TODAY + at * DAY).is_confirmed for at in (-1, 0, 1)] == [False, True, True]

    def test_is_confirmed_by_nobody_when_nobody_ever_did(self):
        assert not self.known(of=UNCONFIRMED, confirmed_on=None).is_confirmed

    def test_goes_on_until_the_day_on_which_its_end_was_written(self):
        ends = ((TODAY, None),)
        known = [self.known(of=ENDED_TODAY, on=TODAY + at * DAY, ends=ends).ends_on for at in (-1, 0, 1)]
        assert known == [None, TODAY, TODAY]

    def test_has_the_leave_date_that_there_was_between_two_corrections(self):
        first, second = TODAY + 5 * DAY, TODAY + 9 * DAY
        ends = ((TODAY, None), (TODAY + DAY, first), (TODAY + 2 * DAY, second))
        known = [self.known(on=TODAY + at * DAY, ends=ends).ends_on for at in (-1, 0, 1, 2)]
        assert known == [None, first, second, None]

    def test_of_several_corrections_of_one_day_has_the_one_before_the_first(self):
        ends = ((TODAY, None), (TODAY, TODAY + DAY))
        assert self.known(of=ENDS_TOMORROW, on=TODAY - DAY, ends=ends).ends_on is None

    def test_of_today_is_as_the_tables_say(self):
        for one in (CONFIRMED, ENDS_TOMORROW, ENDED_TODAY, STARTS_TOMORROW):
            assert self.known(of=one, on=TODAY, ends=((TODAY, None),)) == one
