"""Notices, hours and the journal."""

from uuid import uuid4

import factory
from factory.django import DjangoModelFactory

from jalon.hours.models import Entry as HoursEntry
from jalon.journal.models import Entry as JournalEntry
from jalon.notices.models import Message
from tests.factories.accounts import PersonFactory
from tests.factories.moments import MONDAY


class MessageFactory(DjangoModelFactory):
    """A message that waits to be sent."""

    class Meta:
        model = Message

    class Params:
        sent = factory.Trait(sent_at=MONDAY, attempts=1)

    to = factory.SubFactory(PersonFactory)
    address = factory.SelfAttribute("to.email")
    subject = "Une tâche vous attend"
    body = "Bonjour,"
    queued_at = MONDAY
    next_try_at = MONDAY


class HoursEntryFactory(DjangoModelFactory):
    class Meta:
        model = HoursEntry

    person = factory.SubFactory(PersonFactory)
    kind = "TRAINING"
    minutes = 180
    earned_on = MONDAY.date()
    title_fr = "Explorateur"
    title_en = "Explorer"
    award = factory.LazyFunction(uuid4)


class JournalEntryFactory(DjangoModelFactory):
    class Meta:
        model = JournalEntry

    at = MONDAY
    verb = "affiliation.confirmed"
    by = factory.SubFactory(PersonFactory)
    about_kind = "accounts.affiliation"
    about_id = factory.LazyFunction(uuid4)
