"""What the register says of an agreement on a day: the reports that are missing, how soon it ends."""

from datetime import date, timedelta

import pytest

from jalon.agreements import register
from tests.factories import MONDAY, AgreementFactory, CoordinatorFactory, ReportFactory

pytestmark = pytest.mark.django_db
TODAY, DAY = MONDAY.date(), timedelta(days=1)


def signed(starts_on, ends_on, **said):
    return AgreementFactory(school_body=True, starts_on=starts_on, ends_on=ends_on, **said)


class TestTheMissingReports:
    @pytest.mark.parametrize(
        ("on", "missing"),
        [
            (date(2024, 6, 30), []),
            (date(2024, 7, 1), [2023]),
            (date(2026, 6, 30), [2023, 2024]),
            (date(2026, 7, 1), [2023, 2024, 2025]),
            (date(2027, 7, 1), [2023, 2024, 2025]),
        ],
    )
    def test_are_of_the_school_years_that_it_held_and_that_are_over(self, on, missing):
        """It ends on 1 July, a day that it does not hold: the year that begins then is none of its."""
        assert register.missing_reports(signed(date(2023, 7, 1), date(2026, 7, 1)), on=on) == missing

    def test_are_fewer_once_one_is_filed(self):
        agreement = signed(date(2023, 7, 1), date(2026, 7, 1))
        ReportFactory(agreement=agreement, year=2024, filed_on=date(2025, 9, 1))
        assert register.missing_reports(agreement, on=date(2030, 1, 1)) == [2023, 2025]

    def test_are_none_of_one_that_was_ended_on_its_first_day(self):
        mistake = signed(date(2023, 7, 1), date(2026, 7, 1), closes_on=date(2023, 7, 1))
        assert register.missing_reports(mistake, on=date(2030, 1, 1)) == []

    def test_are_none_of_an_agreement_with_the_prosecutor(self):
        assert register.missing_reports(AgreementFactory(), on=date(2040, 1, 1)) == []


class TestAnAgreementThatEndsSoon:
    @pytest.mark.parametrize(("days", "is_soon"), [(0, False), (1, True), (60, True), (61, False)])
    def test_is_in_the_list_for_sixty_days_with_how_many_are_left(self, days, is_soon):
        agreement = AgreementFactory(ends_on=TODAY + days * DAY)
        coordinator = CoordinatorFactory(police_service=agreement.police_service).person
        (entry,) = register.entries_of(coordinator, on=TODAY)
        assert (entry.ends_soon, entry.days_left) == (is_soon, days)
        assert bool(register.entries_of(coordinator, on=TODAY, soon=True)) is is_soon
