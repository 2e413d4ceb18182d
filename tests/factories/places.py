"""Places: school bodies, municipalities and who serves them."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from jalon.places.models import Body, Import, Municipality, PoliceService, Region, Serves, Shape
from tests.factories.moments import MONDAY


class BodyFactory(DjangoModelFactory):
    class Meta:
        model = Body

    code = factory.Sequence(lambda number: f"{100 + number % 900}000")
    name = factory.Sequence(lambda number: f"Centre de services scolaire fictif n° {number}")
    kind = "SERVICE_CENTRE"


class RegionFactory(DjangoModelFactory):
    class Meta:
        model = Region

    code = factory.Sequence(lambda number: f"{number % 100:02}")
    name = factory.Sequence(lambda number: f"Région fictive n° {number}")


class ImportFactory(DjangoModelFactory):
    class Meta:
        model = Import

    kind = "schools"
    digest = "b" * 64
    added = 25
    changed = 0
    retired = 0
    at = MONDAY


class MunicipalityFactory(DjangoModelFactory):
    class Meta:
        model = Municipality

    code = factory.Sequence(lambda number: f"{number % 100_000:05}")
    name = "Rivière-Inventée"


class PoliceServiceFactory(DjangoModelFactory):
    class Meta:
        model = PoliceService

    code = factory.Sequence(lambda number: f"police-{number}")
    name = factory.Sequence(lambda number: f"Service de police fictif n° {number}")
    contact = "Bureau de la prévention (fictif)"


class ServesFactory(DjangoModelFactory):
    """A police service has served the municipality for long, and still does."""

    class Meta:
        model = Serves

    municipality = factory.SubFactory(MunicipalityFactory)
    police_service = factory.SubFactory(PoliceServiceFactory)
    starts_on = date(2019, 7, 1)


class ShapeFactory(DjangoModelFactory):
    class Meta:
        model = Shape

    body = factory.SubFactory(BodyFactory)
    rings = factory.LazyFunction(lambda: [[[0, 0], [4, 0], [4, 3], [0, 3], [0, 0]]])
