from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection

from jalon.core.chain import Kind
from jalon.journal import actions
from jalon.journal.models import Entry
from tests.appended import lines_can_be_changed
from tests.factories import MONDAY, JournalEntryFactory

pytestmark = pytest.mark.django_db


def written(count=5):
    return [JournalEntryFactory(at=MONDAY + timedelta(minutes=number)) for number in range(count)]


def found(*marks):
    return [(fault.kind, fault.number) for fault in actions.verify(marks=marks).faults]


def run(*arguments):
    out = StringIO()
    call_command("journal", *arguments, stdout=out)
    return out.getvalue()


class TestSealing:
    def test_numbers_the_lines_in_the_order_of_their_moments(self):
        lines = written()
        assert actions.seal() == 5
        assert list(Entry.objects.sealed()) == lines
        assert list(Entry.objects.sealed().values_list("number", flat=True)) == [1, 2, 3, 4, 5]

    def test_goes_on_where_it_stopped_and_changes_nothing_sealed(self):
        written(2)
        actions.seal()
        before = list(Entry.objects.sealed().values_list("digest", flat=True))
        JournalEntryFactory(at=MONDAY - timedelta(days=1))
        assert (actions.seal(), actions.seal()) == (1, 0)
        assert list(Entry.objects.sealed().values_list("digest", flat=True))[:2] == before
        assert found() == []

    def test_takes_several_rounds_when_there_is_much(self, monkeypatch):
        monkeypatch.setattr(actions, "AT_ONCE", 2)
        written(5)
        assert actions.seal() == 5
        assert found() == []

    def test_is_refused_by_the_database_for_the_same_number_twice(self):
        written(1)
        actions.seal()
        second = JournalEntryFactory()
        with pytest.raises(IntegrityError, match=r"number|journal_entry"):
            Entry.objects.filter(pk=second.pk).update(number=1, digest="0" * 64)

    def test_never_gives_a_number_without_a_digest(self):
        line = JournalEntryFactory()
        with pytest.raises(IntegrityError, match="journal_number_has_its_digest"):
            Entry.objects.filter(pk=line.pk).update(number=1)


def changes(line):
    Entry.objects.filter(pk=line.pk).update(verb="award.revoked")


def removes(line):
    Entry.objects.filter(pk=line.pk).delete()


def moves(line):
    Entry.objects.filter(pk=line.pk).update(number=99)


def unseals(line):
    Entry.objects.filter(pk=line.pk).update(number=None, digest="")


class TestTheDatabase:
    """… refuses by itself, whoever asks."""

    @pytest.mark.parametrize("act", [changes, removes, moves, unseals])
    def test_leaves_a_sealed_line_as_it_is(self, act):
        (line,) = written(1)
        actions.seal()
        with pytest.raises(IntegrityError, match=r"journal_line_(stays|says_the_same)"):
            act(line)

    @pytest.mark.parametrize("act", [changes, removes])
    def test_leaves_a_line_that_waits_for_its_number_as_it_is(self, act):
        (line,) = written(1)
        with pytest.raises(IntegrityError, match=r"journal_line_(stays|says_the_same)"):
            act(line)

    @pytest.mark.parametrize("column", ["at", "about_kind", "facts", "by", "about_id", "verb"])
    def test_seals_no_line_that_says_something_else(self, column):
        (line,) = written(1)
        other = JournalEntryFactory(at=MONDAY + timedelta(days=9), about_kind="other", facts={"n": 1}, verb="a.b")
        with pytest.raises(IntegrityError, match="journal_line_says_the_same"):
            Entry.objects.filter(pk=line.pk).update(number=1, digest="0" * 64, **{column: getattr(other, column)})

    def test_empties_no_journal(self):
        written(1)
        connection.check_constraints()
        empty = "TRUNCATE journal_entry" if connection.vendor == "postgresql" else "DELETE FROM journal_entry"
        with pytest.raises(IntegrityError, match="journal_line_"), connection.cursor() as cursor:
            cursor.execute(empty)


class TestSomebodyWhoOwnsTheDatabase:
    """Each takes away what protects the lines, then touches them behind the back of the verbs."""

    @pytest.fixture(autouse=True)
    def unprotected(self):
        with lines_can_be_changed():
            yield

    @pytest.fixture
    def kept(self):
        written()
        return actions.checkpoint(at=MONDAY + timedelta(hours=3))

    def test_changes_nothing_unseen_of_what_a_line_says(self, kept):
        Entry.objects.filter(number=3).update(verb="award.revoked")
        assert found() == [(Kind.CHANGED, 3)]

    @pytest.mark.parametrize("column", ["at", "about_kind", "facts", "by", "about_id"])
    def test_changes_no_column_unseen(self, kept, column):
        other = JournalEntryFactory(at=MONDAY + timedelta(days=9), about_kind="other", facts={"n": 1})
        Entry.objects.filter(number=2).update(**{column: getattr(other, column)})
        assert found(kept) == [(Kind.CHANGED, 2)]

    def test_removes_no_line_unseen(self, kept):
        Entry.objects.filter(number=3).delete()
        assert found() == [(Kind.MISSING, 3)]

    def test_cuts_no_end_unseen_when_a_checkpoint_is_elsewhere(self, kept):
        Entry.objects.filter(number__gte=4).delete()
        assert (found(), found(kept)) == ([], [(Kind.CUT, 4)])

    def test_changes_no_order_unseen(self, kept):
        Entry.objects.filter(number=2).update(number=100)
        Entry.objects.filter(number=3).update(number=2)
        Entry.objects.filter(number=100).update(number=3)
        assert (Kind.CHANGED, 2) in found()

    def test_inserts_no_old_line_unseen(self, kept):
        JournalEntryFactory(at=MONDAY)
        assert (found(), found(kept)) == ([], [(Kind.BACKDATED, 0)])
        actions.seal()
        assert found(kept) == [(Kind.BACKDATED, 6)]

    def test_rewrites_nothing_unseen_when_a_checkpoint_is_elsewhere(self, kept):
        Entry.objects.filter(number=1).update(verb="award.revoked")
        Entry.objects.update(number=None, digest="")
        actions.seal()
        assert (found(), found(kept)) == ([], [(Kind.REWRITTEN, 5)])


class TestTheCommand:
    def test_gives_a_checkpoint_and_finds_the_journal_as_it_was(self, tmp_path):
        written(2)
        file = tmp_path / "checkpoints"
        assert run("checkpoint", "--out", str(file)).startswith("2 lines")
        written(1)
        run("checkpoint", "--out", str(file))
        assert len(file.read_text().splitlines()) == 2
        assert run("verify", "--checkpoint", str(file)).startswith("3 lines are as they were written")

    def test_prints_the_checkpoint_when_no_file_is_named(self):
        assert '"form":"jalon-journal-1"' in run("checkpoint")

    def test_says_what_is_wrong_and_ends_with_1(self, tmp_path):
        written(3)
        file = tmp_path / "checkpoints"
        run("checkpoint", "--out", str(file))
        with lines_can_be_changed():
            Entry.objects.filter(number=3).delete()
        out = StringIO()
        with pytest.raises(CommandError) as stopped:
            call_command("journal", "verify", "--checkpoint", str(file), stdout=out)
        assert stopped.value.returncode == 1
        assert out.getvalue() == "the end of the journal is missing, from line 3 on\n"

    @pytest.mark.parametrize("text", ["", "not a checkpoint"])
    def test_refuses_a_file_without_a_checkpoint(self, tmp_path, text):
        (tmp_path / "file").write_text(text)
        with pytest.raises(CommandError, match="no checkpoint"):
            run("verify", "--checkpoint", str(tmp_path / "file"))

    def test_seals_what_is_new(self):
        written(2)
        assert run("seal") == "2 lines sealed.\n"
