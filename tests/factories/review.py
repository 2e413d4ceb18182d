"""What a reviewer reads and decides."""

from datetime import timedelta
from uuid import uuid4

import factory
from factory.django import DjangoModelFactory

from jalon.review.models import Claim, Decision, Remark, SecondReading
from tests.factories.accounts import PersonFactory
from tests.factories.moments import MONDAY
from tests.factories.training import SubmissionFactory


class ClaimFactory(DjangoModelFactory):
    """A reviewer reads a request until an hour after Monday's moment."""

    class Meta:
        model = Claim

    submission = factory.SubFactory(SubmissionFactory)
    reviewer = factory.SubFactory(PersonFactory, reviewer=True)
    until = MONDAY + timedelta(hours=1)


class DecisionFactory(DjangoModelFactory):
    """A request that came back with advice."""

    class Meta:
        model = Decision

    class Params:
        accepted = factory.Trait(outcome="ACCEPTED", advice="", award=factory.LazyFunction(uuid4))

    submission = factory.SubFactory(SubmissionFactory)
    outcome = "TO_REWORK"
    advice = "Dites qui appelle la police."
    by = factory.SubFactory(PersonFactory, reviewer=True)
    at = MONDAY


class SecondReadingFactory(DjangoModelFactory):
    """Another reviewer would have decided alike."""

    class Meta:
        model = SecondReading

    submission = factory.SelfAttribute("decision.submission")
    outcome = "TO_REWORK"
    by = factory.SubFactory(PersonFactory, reviewer=True)
    at = MONDAY

    class Params:
        decision = factory.SubFactory(DecisionFactory)


class RemarkFactory(DjangoModelFactory):
    class Meta:
        model = Remark

    class Params:
        retired = factory.Trait(retired_at=MONDAY)

    text_fr = "Dites qui appelle la police."
    text_en = "Say who calls the police."
    by = factory.SubFactory(PersonFactory, reviewer=True)
    added_at = MONDAY
