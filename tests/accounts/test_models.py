from datetime import date

import pytest
from django.db import IntegrityError

from jalon.accounts.models import Affiliation
from tests.factories import (
    MONDAY,
    AffiliationFactory,
    PersonFactory,
    RegistrarFactory,
    SchoolFactory,
    StandingFactory,
)

pytestmark = pytest.mark.django_db


def refused_by(constraint: str):
    """The database refuses: PostgreSQL names the constraint, SQLite the constraint or its columns."""
    return pytest.raises(IntegrityError, match=constraint)


class TestAPerson:
    def test_is_never_named_by_its_row(self):
        person = PersonFactory()
        assert str(person) == str(person.pk)

    def test_has_an_address(self):
        with refused_by("person_has_an_address"):
            PersonFactory(email="")

    def test_has_an_address_of_their_own(self):
        person = PersonFactory()
        with refused_by("accounts_person.email|accounts_person_email"):
            PersonFactory(email=person.email)


class TestAnAffiliation:
    def test_never_ends_before_it_starts(self):
        AffiliationFactory(starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 2))
        with refused_by("affiliation_ends_not_before_start"):
            AffiliationFactory(starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 1))

    def test_is_confirmed_by_somebody(self):
        with refused_by("affiliation_confirmed_by_somebody"):
            AffiliationFactory(confirmed_by=None)

    def test_is_open_once_for_each_school(self):
        affiliation = AffiliationFactory()
        with refused_by(
            "affiliation_open_once_per_school|accounts_affiliation.person_id, accounts_affiliation.school_id"
        ):
            AffiliationFactory(person=affiliation.person, school=affiliation.school)

    def test_may_follow_an_ended_one_at_the_same_school(self):
        former = AffiliationFactory(ended=True)
        assert AffiliationFactory(person=former.person, school=former.school, starts_on=date(2026, 3, 2)).pk

    @pytest.mark.parametrize(
        ("on", "is_current"),
        [
            (date(2025, 6, 30), False),
            (date(2025, 7, 1), True),
            (date(2026, 1, 31), True),
            (date(2026, 2, 1), False),
        ],
        ids=["the day before", "the first day", "the last day of work", "the day of the end"],
    )
    def test_is_current_from_its_first_day_until_the_eve_of_its_end(self, on, is_current):
        AffiliationFactory(starts_on=date(2025, 7, 1), ends_on=date(2026, 2, 1))
        assert Affiliation.objects.current(on).exists() is is_current

    def test_waits_until_it_is_confirmed_or_ended(self):
        waiting = AffiliationFactory(waiting=True)
        contract = AffiliationFactory(waiting=True, ends_on=date(2026, 3, 3))
        AffiliationFactory()
        AffiliationFactory(waiting=True, ended=True)
        assert set(Affiliation.objects.waiting(MONDAY.date())) == {waiting, contract}
        assert list(Affiliation.objects.waiting(date(2026, 3, 3))) == [waiting]

    def test_of_another_body_does_not_exist_for_a_registrar(self):
        registrar = RegistrarFactory()
        mine = AffiliationFactory(school=SchoolFactory(body=registrar.body))
        AffiliationFactory()
        assert list(Affiliation.objects.visible_to(registrar.person)) == [mine]


class TestARegistrar:
    def test_is_named_once_for_each_body(self):
        registrar = RegistrarFactory()
        with refused_by("registrar_once_per_body|accounts_registrar.person_id, accounts_registrar.body_id"):
            RegistrarFactory(person=registrar.person, body=registrar.body)


class TestAStanding:
    def test_ends_no_earlier_than_it_starts(self):
        with refused_by("standing_ends_after_it_starts"):
            StandingFactory(until_on=date(2026, 3, 1))

    def test_comes_from_one_award_only(self):
        standing = StandingFactory()
        with refused_by("accounts_standing.source|accounts_standing_source"):
            StandingFactory(source=standing.source, since_on=MONDAY.date())
