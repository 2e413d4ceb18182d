"""Schools and their addresses; a school has its municipality and its agreement."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from jalon.places.models import Address, Municipality, School
from tests.factories.agreements import AgreementFactory
from tests.factories.places import BodyFactory, MunicipalityFactory, ServesFactory


class SchoolFactory(DjangoModelFactory):
    """A school where a restricted program is open: its police service has an agreement in force.

    `town` is another municipality, as it stands, or a name; an empty one leaves the school without a known address.
    """

    class Meta:
        model = School
        skip_postgeneration_save = True

    code = factory.Sequence(lambda number: f"{900000 + number}")
    name = factory.Sequence(lambda number: f"École fictive n° {number}")
    body = factory.SubFactory(BodyFactory)

    @factory.post_generation
    def town(school, create, given, **unused):
        if create and given != "":
            AddressFactory(school=school, municipality=_town(given))
            school.save()


def _town(given):
    """Return the municipality that was asked for; one that is made here has its police service."""
    if isinstance(given, Municipality):
        return given
    town = MunicipalityFactory(name=given) if given else MunicipalityFactory()
    AgreementFactory(police_service=ServesFactory(municipality=town).police_service)
    return town


class AddressFactory(DjangoModelFactory):
    class Meta:
        model = Address

    school = factory.SubFactory(SchoolFactory, town="")
    municipality = factory.SubFactory(MunicipalityFactory)
    street = "1, rue Imaginaire"
    postal_code = "H0H 0H0"
    starts_on = date(2019, 7, 1)
