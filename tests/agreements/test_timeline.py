"""The line of time of a register: every period to scale, suspensions on it, today across it."""

from datetime import date

import pytest

from jalon.agreements.register import Entry
from jalon.agreements.timeline import HEAD, NAMES, ROW, WIDTH, timeline_of
from tests.factories import AgreementFactory, ChangeFactory

pytestmark = pytest.mark.django_db
ON = date(2026, 7, 1)


def drawn(*agreements, on=ON):
    return timeline_of([Entry(one, on) for one in agreements], on=on)


class TestTheLineOfTime:
    def test_is_not_there_without_an_agreement(self):
        assert drawn() is None

    def test_has_whole_years_and_every_period_to_scale(self):
        line = drawn(AgreementFactory(starts_on=date(2024, 1, 1), ends_on=date(2028, 1, 1)))
        (bar,) = line.bars
        assert [year for _, year in line.years] == [2024, 2025, 2026, 2027, 2028]
        assert (bar.x, line.years[0][0], line.years[4][0]) == (NAMES, NAMES, bar.x + bar.width)
        assert abs(bar.width - (WIDTH - NAMES) * 4 / 5) <= 2
        assert bar.x < line.today < bar.x + bar.width
        assert line.height == HEAD + ROW

    @pytest.mark.parametrize(
        ("starts_on", "ends_on", "look"),
        [
            (date(2026, 7, 2), date(2029, 7, 1), "period-to-come"),
            (date(2026, 7, 1), date(2029, 7, 1), "period-in-force"),
            (date(2020, 7, 1), date(2026, 7, 1), "period-ended"),
        ],
    )
    def test_shows_what_each_is(self, starts_on, ends_on, look):
        assert drawn(AgreementFactory(starts_on=starts_on, ends_on=ends_on)).bars[0].look == look

    def test_shows_each_suspension_from_its_first_day_to_its_last(self):
        agreement = AgreementFactory(starts_on=date(2024, 1, 1), ends_on=date(2028, 1, 1))
        for act, on in (("SUSPENDED", 2025), ("REINSTATED", 2026), ("SUSPENDED", 2027)):
            ChangeFactory(agreement=agreement, act=act, on=date(on, 1, 1))
        line = drawn(agreement)
        at = {year: x for x, year in line.years}
        assert line.bars[0].suspended == ((at[2025], at[2026] - at[2025]), (at[2027], at[2028] - at[2027]))

    def test_names_fewer_years_where_there_are_many(self):
        line = drawn(AgreementFactory(starts_on=date(2001, 7, 1), ends_on=date(2031, 7, 1)))
        assert [year for _, year in line.years] == [2005, 2010, 2015, 2020, 2025, 2030]
