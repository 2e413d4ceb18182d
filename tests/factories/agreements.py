"""Agreements and those who keep them."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from jalon.agreements.models import Agreement, Change, Coordinator, Reminder, Report
from tests.factories.moments import MONDAY
from tests.factories.places import BodyFactory, PoliceServiceFactory


class CoordinatorFactory(DjangoModelFactory):
    class Meta:
        model = Coordinator

    person = factory.SubFactory("tests.factories.accounts.PersonFactory")
    police_service = factory.SubFactory(PoliceServiceFactory)


class AgreementFactory(DjangoModelFactory):
    """What the prosecutor and a police service signed, in force on Monday; `school_body`: signed with a school body."""

    class Meta:
        model = Agreement

    class Params:
        school_body = factory.Trait(kind="SCHOOL_BODY", body=factory.SubFactory(BodyFactory), flows=["REPORT"])

    kind = "PROSECUTOR"
    police_service = factory.SubFactory(PoliceServiceFactory)
    reference = factory.Sequence(lambda number: f"ENT-{number:04}")
    starts_on = date(2024, 7, 1)
    ends_on = date(2029, 7, 1)
    closes_on = factory.SelfAttribute("ends_on")
    signatories = ["Direction du service de police", "Procureure en chef"]
    digest = "a" * 64
    recorded_at = MONDAY


class ChangeFactory(DjangoModelFactory):
    """A suspension that begins on Monday."""

    class Meta:
        model = Change

    agreement = factory.SubFactory(AgreementFactory)
    number = factory.LazyAttribute(lambda change: change.agreement.changes.count() + 1)
    act = "SUSPENDED"
    on = MONDAY.date()
    reason = "Formation des équipes à refaire."
    at = MONDAY


class ReportFactory(DjangoModelFactory):
    class Meta:
        model = Report

    agreement = factory.SubFactory(AgreementFactory, school_body=True)
    year = 2025
    filed_on = MONDAY.date()
    at = MONDAY


class ReminderFactory(DjangoModelFactory):
    class Meta:
        model = Reminder

    agreement = factory.SubFactory(AgreementFactory)
    days = 60
    at = MONDAY
