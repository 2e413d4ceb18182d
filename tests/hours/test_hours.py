from uuid import uuid4

import pytest
from django.db import IntegrityError

from jalon.hours import actions
from jalon.hours.models import Entry
from jalon.journal.models import Entry as JournalEntry
from tests.factories import MONDAY, HoursEntryFactory, PersonFactory

pytestmark = pytest.mark.django_db
TITLE = {"fr": "Explorateur", "en": "Explorer"}


class TestCrediting:
    def credit(self, **options):
        given = {"person": PersonFactory(), "minutes": 180, "award": uuid4(), **options}
        return actions.credit(earned_on=MONDAY.date(), title=TITLE, at=MONDAY, **given)

    def test_writes_the_minutes_the_day_and_the_proof(self):
        entry = self.credit()
        found = Entry.objects.get()
        assert (found.minutes, found.earned_on, found.award) == (180, MONDAY.date(), entry.award)
        assert (found.kind, found.title_fr, found.title_en) == ("TRAINING", "Explorateur", "Explorer")

    def test_writes_the_act_in_the_journal(self):
        entry = self.credit()
        line = JournalEntry.objects.get()
        assert (line.verb, line.about_id, line.facts) == ("hours.credited", entry.pk, {"minutes": 180})

    def test_twice_for_one_award_is_one_entry_and_one_line(self):
        award = uuid4()
        assert self.credit(award=award) == self.credit(award=award) == Entry.objects.get()
        assert JournalEntry.objects.count() == 1


class TestAnEntry:
    def test_is_the_only_one_of_its_award(self):
        with pytest.raises(IntegrityError, match=r"hours_entry.award"):
            HoursEntryFactory(award=HoursEntryFactory().award)

    @pytest.mark.parametrize("minutes", [0, -1])
    def test_is_of_some_minutes(self, minutes):
        with pytest.raises(IntegrityError, match=r"hours_are_positive|minutes_check|CHECK constraint failed: minutes"):
            HoursEntryFactory(minutes=minutes)

    def test_names_nobody_in_a_log(self):
        entry = HoursEntryFactory()
        assert str(entry) == str(entry.pk)
