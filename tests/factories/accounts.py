"""People, where they work, and what they imported."""

from datetime import date
from uuid import uuid4

import factory
from factory.django import DjangoModelFactory

from jalon.accounts.models import (
    Affiliation,
    Domain,
    ImportLine,
    NameChange,
    PeopleImport,
    Person,
    Registrar,
    Standing,
    Upload,
)
from tests.factories.moments import MONDAY
from tests.factories.places import BodyFactory
from tests.factories.schools import SchoolFactory


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person
        skip_postgeneration_save = True

    class Params:
        reviewer = factory.Trait(is_reviewer=True)
        operator = factory.Trait(is_operator=True)
        privacy_officer = factory.Trait(is_privacy_officer=True)
        english = factory.Trait(language="en-ca")
        nameless = factory.Trait(legal_name="")

    email = factory.Sequence(lambda number: f"personne{number}@ecole.example")
    legal_name = factory.Sequence(lambda number: f"Émilie Exemple-{'ABCDEFGHIJ'[number % 10]}")
    password = "!"


class AffiliationFactory(DjangoModelFactory):
    """A confirmed one, that began on 1 July of the school year."""

    class Meta:
        model = Affiliation

    class Params:
        waiting = factory.Trait(confirmed_at=None, confirmed_by=None)
        ended = factory.Trait(ends_on=date(2026, 2, 1))

    person = factory.SubFactory(PersonFactory)
    school = factory.SubFactory(SchoolFactory)
    role = "TEACHER"
    starts_on = date(2025, 7, 1)
    declared_at = MONDAY
    confirmed_at = MONDAY
    confirmed_by = factory.SubFactory(PersonFactory)


class RegistrarFactory(DjangoModelFactory):
    class Meta:
        model = Registrar

    person = factory.SubFactory(PersonFactory)
    body = factory.SubFactory(BodyFactory)


class DomainFactory(DjangoModelFactory):
    class Meta:
        model = Domain

    body = factory.SubFactory(BodyFactory)
    name = factory.Sequence(lambda number: f"centre{number}.example")
    added_at = MONDAY


class NameChangeFactory(DjangoModelFactory):
    """A former name; `withdrawn`: no longer shown."""

    class Meta:
        model = NameChange

    class Params:
        withdrawn = factory.Trait(withdrawn_at=MONDAY)

    person = factory.SubFactory(PersonFactory)
    before = "Ancien Nom-Fictif"
    after = factory.SelfAttribute("person.legal_name")
    at = MONDAY


class UploadFactory(DjangoModelFactory):
    class Meta:
        model = Upload

    by = factory.SubFactory(PersonFactory)
    content = b"PK"
    at = MONDAY


class PeopleImportFactory(DjangoModelFactory):
    class Meta:
        model = PeopleImport

    by = factory.SubFactory(PersonFactory)
    digest = "c" * 64
    people = 1
    works = 1
    at = MONDAY


class ImportLineFactory(DjangoModelFactory):
    class Meta:
        model = ImportLine

    batch = factory.SubFactory(PeopleImportFactory)
    affiliation = factory.SubFactory(AffiliationFactory)
    after = factory.LazyFunction(dict)


class StandingFactory(DjangoModelFactory):
    class Meta:
        model = Standing

    person = factory.SubFactory(PersonFactory)
    kind = "sexto/explorer"
    since_on = MONDAY.date()
    source = factory.LazyFunction(uuid4)
