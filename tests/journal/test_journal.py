import pytest
from django.db import IntegrityError
from django.db.models import ProtectedError

from jalon.journal import actions
from jalon.journal.models import Entry
from tests.factories import MONDAY, AffiliationFactory, JournalEntryFactory, PersonFactory

pytestmark = pytest.mark.django_db


class TestRecording:
    def test_says_what_was_done_by_whom_when_and_about_what(self):
        affiliation, by = AffiliationFactory(), PersonFactory()
        actions.record("affiliation.ended", by=by, at=MONDAY, about=affiliation, facts={"ends_on": "2026-03-02"})
        entry = Entry.objects.get()
        assert (entry.verb, entry.by, entry.at) == ("affiliation.ended", by, MONDAY)
        assert (entry.about_kind, entry.about_id) == ("accounts.affiliation", affiliation.pk)
        assert entry.facts == {"ends_on": "2026-03-02"}

    def test_names_nobody_when_the_machine_did_it(self):
        assert actions.record("standing.given", by=None, at=MONDAY, about=AffiliationFactory()).by is None

    def test_takes_one_query(self, django_assert_num_queries):
        affiliation = AffiliationFactory()
        with django_assert_num_queries(1):
            actions.record("affiliation.ended", by=affiliation.person, at=MONDAY, about=affiliation)


class TestAnEntry:
    def test_has_a_kind_and_a_participle(self):
        with pytest.raises(IntegrityError, match="journal_verb_has_kind_and_participle"):
            JournalEntryFactory(verb="confirmed")

    def test_keeps_the_person_who_did_it(self):
        entry = JournalEntryFactory()
        with pytest.raises(ProtectedError):
            entry.by.delete()

    def test_stays_when_what_it_speaks_of_is_gone(self):
        affiliation = AffiliationFactory()
        actions.record("affiliation.ended", by=None, at=MONDAY, about=affiliation)
        affiliation.delete()
        assert Entry.objects.exists()

    def test_names_nobody_in_a_log(self):
        entry = JournalEntryFactory(by__email="nom@ecole.example", by__legal_name="Élodie Exemple")
        assert str(entry) == f"affiliation.confirmed accounts.affiliation {entry.about_id}"
