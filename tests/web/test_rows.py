"""Many rows written at once are the rows that one by one would be."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from jalon.accounts.models import Standing
from jalon.journal.models import Entry
from jalon.notices.models import Message
from jalon.web.rows import insert, insert_plain, insert_unless_taken, together, update
from tests.factories import MONDAY, AwardFactory, CredentialFactory, PersonFactory, StandingFactory

pytestmark = pytest.mark.django_db
HOSTILE = "\\N \t\r\n \\. « é » \U0001f600 ' \" ; --"


def test_are_read_back_as_they_were_given():
    like = AwardFactory(facts={"name": HOSTILE, "list": [1, None, {"a": True}]})
    listed = CredentialFactory(award=like)
    made = CredentialFactory.build(
        award=like, language="en-ca", status_list=listed.status_list, signed=bytes(range(256)), digest="d" * 64
    )
    made.signed_at = MONDAY
    insert([made])
    found = type(made).objects.get(pk=made.pk)
    assert (found.content, found.signed_at, found.award_id, found.jwt) == (bytes(range(256)), MONDAY, like.pk, "")
    entry = Entry(verb="a.b", by=like.holder, at=MONDAY, about_kind=HOSTILE[:60], about_id=like.pk, facts=like.facts)
    insert([entry])
    read = Entry.objects.get(pk=entry.pk)
    assert (read.about_kind, read.facts, read.by) == (HOSTILE, like.facts, like.holder)


def test_that_break_a_constraint_are_refused_all_together():
    person = PersonFactory()
    one = StandingFactory.build(person=person)
    two = StandingFactory.build(person=person, source=one.source)
    with pytest.raises(IntegrityError), transaction.atomic():
        insert([one, two])
    assert not Standing.objects.exists()


def test_none_is_nothing():
    insert([])


def test_without_objects_have_the_defaults_of_their_fields():
    person = PersonFactory()
    rows = [{"to_id": person.pk, "address": HOSTILE[:9]}, {"address": "a@b.example", "attempts": 3}]
    insert_plain(Message, rows, subject="É", body="", queued_at=MONDAY, next_try_at=MONDAY)
    first, second = Message.objects.order_by("attempts")
    assert (first.to, first.address, first.attempts, first.sent_at) == (person, HOSTILE[:9], 0, None)
    assert (second.to, second.subject, second.queued_at, second.last_error) == (None, "É", MONDAY, "")
    assert first.pk != second.pk


def test_without_objects_that_break_a_constraint_are_refused_all_together():
    person = PersonFactory()
    rows = [{"source": person.pk}, {"source": person.pk}]
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_plain(Standing, rows, person_id=person.pk, kind="sexto/explorer", since_on=MONDAY.date())
    assert not Standing.objects.exists()


def test_keep_what_all_of_them_share():
    like = CredentialFactory()
    insert_plain(Entry, [{"about_id": like.pk}], verb="a.b", by_id=None, at=MONDAY, about_kind="x", facts={"a": 1})
    assert Entry.objects.get(about_kind="x").facts == {"a": 1}


class TestOneUnlessTaken:
    @pytest.fixture
    def standing(self):
        return StandingFactory.build(person=PersonFactory())

    def test_is_written_once(self, standing):
        again = StandingFactory.build(person=standing.person, source=standing.source)
        assert [insert_unless_taken(one, "source") for one in (standing, again)] == [True, False]
        assert Standing.objects.get() == standing
        assert (standing._state.adding, again._state.adding) == (False, True)

    def test_that_breaks_another_constraint_is_refused(self, standing):
        insert([standing])
        again = StandingFactory.build(id=standing.pk, person=standing.person)
        with pytest.raises(IntegrityError), transaction.atomic():
            insert_unless_taken(again, "source")


class TestAChange:
    def test_is_of_the_named_columns_alone(self):
        standing = StandingFactory()
        standing.kind, standing.until_on = "sexto/other", MONDAY.date()
        update(standing, "until_on")
        found = Standing.objects.get()
        assert (found.kind, found.until_on) == (StandingFactory.build().kind, MONDAY.date())

    def test_of_a_row_that_is_gone_is_an_error(self):
        with pytest.raises(DatabaseError):
            update(StandingFactory.build(person=PersonFactory()), "kind")


class TestWrittenTogether:
    def test_are_there_at_the_end(self):
        old = StandingFactory()
        with transaction.atomic(), together():
            new = StandingFactory.build(person=old.person)
            insert([new])
            old.until_on = MONDAY.date()
            update(old, "until_on")
        assert set(Standing.objects.values_list("pk", "until_on")) == {(new.pk, None), (old.pk, MONDAY.date())}

    def test_that_break_a_constraint_leave_nothing(self):
        one = StandingFactory.build(person=PersonFactory())
        other = StandingFactory.build(person=one.person, source=one.source)
        after = StandingFactory.build(person=one.person)
        with pytest.raises(IntegrityError), transaction.atomic(), together():
            any(map(insert, ([one], [other], [after])))
        assert not Standing.objects.exists()

    @pytest.mark.skipif(connection.vendor != "postgresql", reason="another database answers at once")
    def test_cannot_say_which_row_came_first(self):
        row = StandingFactory.build(person=PersonFactory())
        with pytest.raises(RuntimeError), transaction.atomic(), together():
            insert_unless_taken(row, "source")
        assert not Standing.objects.exists()
