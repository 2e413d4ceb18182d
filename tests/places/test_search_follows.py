"""What a search compares with follows every new name, whoever says it."""

import pytest

from jalon.places.queries import schools_found_by
from tests.factories import MunicipalityFactory, SchoolFactory
from tests.places import test_imports

pytestmark = pytest.mark.django_db
load = test_imports.load


@pytest.fixture
def school():
    town = MunicipalityFactory(code="00001", name="Ville-Ancienne")
    return SchoolFactory(code="991001", name="École Première", town=town)


def found(words):
    return [one.code for one in schools_found_by(words, on=test_imports.TODAY)]


def test_the_new_name_of_a_school_in_a_file_without_its_address(load, school):
    report = load("schools", f"code;name;body_code\n991001;École Nouvelle;{school.body.code}\n")
    assert report.problems == ()
    assert (found("nouvelle"), found("ville-ancienne"), found("première")) == (["991001"], ["991001"], [])


def test_the_new_name_of_a_town(load, school):
    assert load("municipalities", "code;name\n00001;Ville-Nouvelle\n").problems == ()
    assert (found("ville-nouvelle"), found("ville-ancienne")) == (["991001"], [])
