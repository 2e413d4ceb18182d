from datetime import date

import pytest
from django.db import IntegrityError, connection

from jalon.places.models import School
from jalon.places.queries import MOST_FOUND, schools_found_by, served_by
from tests.factories import (
    AddressFactory,
    BodyFactory,
    MunicipalityFactory,
    PoliceServiceFactory,
    RegionFactory,
    SchoolFactory,
    ServesFactory,
)

TODAY = date(2026, 3, 2)

pytestmark = pytest.mark.django_db


class TestSearchingASchool:
    @pytest.mark.parametrize(
        "words",
        ["ile aux erables", "L’ÎLE", "erables ile", "riviere-inventee", "l'ile", "  Érables  ", "900123"],
        ids=["no accents", "capitals and accents", "any order", "municipality", "apostrophe", "spaces", "code"],
    )
    def test_finds_it_by(self, words):
        school = SchoolFactory(name="École de l’Île aux Érables", code="900123", town="Rivière-Inventée")
        SchoolFactory(name="École du Ruisseau", town="Lac-Imaginé")
        assert schools_found_by(words, on=TODAY) == [school]

    @pytest.mark.parametrize("words", ["", "   ", "zzz", "%", "_", "ile zzz"])
    def test_finds_none_by(self, words):
        SchoolFactory(name="École de l’Île")
        assert schools_found_by(words, on=TODAY) == []

    def test_finds_a_school_by_its_new_name(self):
        school = SchoolFactory(name="École du Ruisseau")
        school.name = "École des Érables"
        school.save()
        assert (schools_found_by("ruisseau", on=TODAY), schools_found_by("erables", on=TODAY)) == ([], [school])

    def test_shows_the_first_twenty_with_their_bodies_in_two_queries(self, django_assert_num_queries):
        SchoolFactory.create_batch(MOST_FOUND + 1)
        with django_assert_num_queries(2):
            found = schools_found_by("ecole", on=TODAY)
            assert len([(school.body.name, school.town) for school in found]) == MOST_FOUND

    def test_finds_those_that_came_many_at_once(self):
        school = SchoolFactory.build(name="École des Érables", body=BodyFactory())
        school.search = school.search_words()
        School.objects.bulk_create([school])
        assert schools_found_by("erables", on=TODAY) == [school]


class TestACode:
    @pytest.mark.parametrize(
        "factory", [BodyFactory, MunicipalityFactory, PoliceServiceFactory, RegionFactory, SchoolFactory]
    )
    def test_names_one_place(self, factory):
        place = factory()
        with pytest.raises(IntegrityError, match="code"):
            factory(code=place.code)

    @pytest.mark.parametrize(
        "factory", [BodyFactory, MunicipalityFactory, PoliceServiceFactory, RegionFactory, SchoolFactory]
    )
    def test_is_what_a_log_sees(self, factory):
        place = factory()
        assert str(place) == place.code


class TestASchoolThatMoves:
    def test_is_served_by_who_polices_its_new_place(self):
        before, after = ServesFactory(), ServesFactory()
        school = SchoolFactory(town="")
        AddressFactory(school=school, municipality=before.municipality, ends_on=TODAY)
        AddressFactory(school=school, municipality=after.municipality, starts_on=TODAY)
        days = (date(2026, 3, 1), TODAY)
        assert [served_by(school, on=day) for day in days] == [before, after]

    def test_is_found_by_both_towns_and_shows_the_present_one(self):
        school = SchoolFactory(town="Vieux-Village")
        school.addresses.update(ends_on=TODAY)
        AddressFactory(school=school, municipality=MunicipalityFactory(name="Neuve-Ville"), starts_on=TODAY)
        school.save()
        assert [one.town for words in ("vieux", "neuve") for one in schools_found_by(words, on=TODAY)] == [
            "Neuve-Ville"
        ] * 2


class TestAClosedSchool:
    def test_is_found_until_the_day_it_closes(self):
        SchoolFactory(name="École des Érables", closed_on=TODAY)
        assert [len(schools_found_by("erables", on=day)) for day in (date(2026, 3, 1), TODAY)] == [1, 0]


class TestWhoServesAPlace:
    def test_is_nobody_where_no_service_is_known(self):
        assert served_by(SchoolFactory(town=MunicipalityFactory()), on=TODAY) is None

    def test_changes_on_the_day_that_the_service_changes_hands(self):
        first = ServesFactory(ends_on=TODAY)
        second = ServesFactory(municipality=first.municipality, starts_on=TODAY)
        school = SchoolFactory(town=first.municipality)
        assert [served_by(school, on=day) for day in (date(2026, 3, 1), TODAY)] == [first, second]

    @pytest.mark.parametrize(
        ("constraint", "change"),
        [("service_ends_after_it_starts", {"ends_on": date(2019, 7, 1)}), ("service_open_once", {"starts_on": TODAY})],
    )
    def test_is_one_service_at_a_time(self, constraint, change):
        town = MunicipalityFactory()
        if constraint == "service_open_once":
            ServesFactory(municipality=town)
        with pytest.raises(IntegrityError, match=rf"{constraint}|places_serves\.municipality_id"):
            ServesFactory(municipality=town, **change)

    @pytest.mark.skipif(
        connection.vendor != "postgresql", reason="only PostgreSQL can state that periods never overlap"
    )
    @pytest.mark.parametrize(
        ("constraint", "factory", "owner"),
        [
            ("served_by_one_at_a_time", ServesFactory, "municipality"),
            ("at_one_address_at_a_time", AddressFactory, "school"),
        ],
    )
    def test_never_has_two_rows_for_one_day(self, constraint, factory, owner):
        first = factory(ends_on=date(2026, 7, 1))
        with pytest.raises(IntegrityError, match=constraint):
            factory(**{owner: getattr(first, owner)}, starts_on=date(2026, 6, 30))

    @pytest.mark.parametrize("factory", [ServesFactory, AddressFactory])
    def test_may_have_one_row_where_the_other_ends(self, factory):
        owner = "municipality" if factory is ServesFactory else "school"
        first = factory(ends_on=date(2026, 7, 1))
        assert factory(**{owner: getattr(first, owner)}, starts_on=date(2026, 7, 1)).period.holds(date(2026, 7, 1))
