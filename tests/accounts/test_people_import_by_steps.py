"""An import is committed, then done some hundreds of lines at a time: stopped, it still ends whole, or not at all."""

import json
import os
import subprocess
import sys
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError
from django.utils import timezone

from jalon.accounts import imports, people, undoing, uploads
from jalon.accounts.models import Affiliation, ImportLine, PeopleImport, Person, Upload
from jalon.core.refusals import Refused
from jalon.journal.models import Entry
from tests.factories import MONDAY, AffiliationFactory, PersonFactory, RegistrarFactory, SchoolFactory, UploadFactory

HEADER = "courriel;prénom;nom;école;fonction;depuis;jusqu’au"
KILLS = os.environ.get("JALON_KILLS", "4")


class Stop(Exception):
    """Stands for the end of a process between two transactions, or in the middle of one."""


@pytest.fixture
def registrar():
    return RegistrarFactory()


@pytest.fixture
def school(registrar):
    return SchoolFactory(code="912001", body=registrar.body)


def lines(count):
    return [f"p{number}@ecole.example;Prénom;Exemple;912001;teacher;;" for number in range(count)]


def kept(registrar, some):
    file = SimpleUploadedFile("personnes.csv", "\n".join([HEADER, *some, ""]).encode())
    return uploads.keep(files=[file], by=registrar.person, at=MONDAY)


@pytest.fixture
def begun(registrar, school, django_capture_on_commit_callbacks):
    """Begin an import; its job does not run by itself."""

    def begin(some):
        with django_capture_on_commit_callbacks():
            return people.begin(upload=kept(registrar, some), by=registrar.person, at=timezone.now())

    return begin


@contextmanager
def stopped_at(step, owner=imports, name="write"):
    """The process ends at the n-th step, after it has written and before it commits."""
    whole, calls = getattr(owner, name), []

    def some(*words, **named):
        calls.append(1)
        done = whole(*words, **named)
        if len(calls) == step:
            raise Stop
        return done

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(owner, name, some)
        try:
            yield
        except Stop:
            return
    raise AssertionError("nothing was stopped")


@pytest.mark.django_db
class TestAnImport:
    def test_that_is_stopped_goes_on_where_it_was(self, begun, registrar):
        SchoolFactory(code="912002", body=registrar.body)
        batch = begun([*lines(1_100), "p0@ecole.example;Prénom;Exemple;912002;teacher;;"])
        with stopped_at(2):
            people.go_on(batch=batch)
        batch.refresh_from_db()
        assert (batch.state, batch.done, batch.total, Affiliation.objects.count()) == ("WRITING", 500, 1_101, 500)
        assert people.go_on(batch=batch)
        batch.refresh_from_db()
        assert (batch.state, batch.people, batch.works) == ("DONE", 1_100, 1_101)
        assert Affiliation.objects.count() == ImportLine.objects.count() == 1_101
        assert Entry.objects.filter(verb="affiliation.imported").count() == 1_101
        assert Entry.objects.filter(verb="people.imported").count() == 1
        assert not Upload.objects.exists()
        undone = undoing.undo_import(batch=batch, by=registrar.person, at=timezone.now())
        assert (undone.undone, undone.people) == (1_101, 1_100)

    @pytest.mark.parametrize("times", [1, 2])
    def test_that_meets_what_another_wrote_is_tried_again_once(self, begun, monkeypatch, times):
        batch, whole, met = begun(lines(1_100)), imports.write, []

        def write(plan, held):
            whole(plan, held)
            if held.done == 500 and len(met) < times:
                met.append(1)
                raise IntegrityError

        monkeypatch.setattr(imports, "write", write)
        with pytest.raises(IntegrityError) if times == 2 else nullcontext():
            people.go_on(batch=batch)
        batch.refresh_from_db()
        assert (batch.people, Affiliation.objects.count()) == ((500, 500) if times == 2 else (1_100, 1_100))

    def test_whose_file_has_a_problem_by_now_leaves_nothing(self, begun, school):
        batch = begun(lines(1_100))
        with stopped_at(2):
            people.go_on(batch=batch)
        school.code = "912009"
        school.save()
        batch.refresh_from_db()
        assert people.go_on(batch=batch)
        batch.refresh_from_db()
        assert (batch.state, batch.wrong, batch.undone, batch.gone) == ("STOPPED", 500, 500, 500)
        assert not Affiliation.objects.exists()
        assert not Person.objects.filter(email__startswith="p").exclude(pk=batch.by_id).exists()

    def test_of_a_file_with_a_problem_writes_nothing(self, begun):
        batch = begun([*lines(600), "x;Prénom;Exemple;912001;teacher;;"])
        assert people.go_on(batch=batch)
        batch.refresh_from_db()
        assert (batch.state, batch.wrong, batch.done) == ("STOPPED", 1, 0)
        assert not Entry.objects.filter(verb="affiliation.imported").exists()

    def test_of_what_is_no_table_is_over_at_once(self, registrar, django_capture_on_commit_callbacks):
        file = SimpleUploadedFile("personnes.csv", b" ")
        upload = uploads.keep(files=[file], by=registrar.person, at=MONDAY)
        with django_capture_on_commit_callbacks(execute=True):
            batch = people.begin(upload=upload, by=registrar.person, at=MONDAY)
        batch.refresh_from_db()
        assert batch.state == "STOPPED"

    def test_that_is_begun_twice_is_one(self, registrar, school, django_capture_on_commit_callbacks):
        upload = kept(registrar, lines(3))
        with django_capture_on_commit_callbacks(execute=True):
            first = people.begin(upload=upload, by=registrar.person, at=MONDAY)
        assert people.begin(upload=upload, by=registrar.person, at=MONDAY) == first
        assert (PeopleImport.objects.count(), Affiliation.objects.count()) == (1, 3)

    def test_is_refused_when_its_files_are_gone_or_to_who_is_no_registrar(self, registrar):
        upload = UploadFactory(by=registrar.person)
        with pytest.raises(Refused) as refused:
            people.begin(upload=upload, by=PersonFactory(), at=MONDAY)
        codes = [refused.value.refusal.code]
        Upload.objects.all().delete()
        with pytest.raises(Refused) as refused:
            people.begin(upload=upload, by=registrar.person, at=MONDAY)
        assert [*codes, refused.value.refusal.code] == ["registrars-only", "upload-gone"]

    def test_keeps_its_files_until_it_is_done_whatever_is_chosen_next(self, begun, registrar):
        batch = begun(lines(3))
        uploads.keep(files=[SimpleUploadedFile("a.csv", b"x")], by=registrar.person, at=MONDAY + timedelta(days=3))
        assert Upload.objects.filter(pk=batch.pk).exists()
        assert people.go_on(batch=batch)
        assert Affiliation.objects.count() == 3

    def test_may_be_undone_before_it_is_done(self, begun, registrar):
        batch = begun(lines(1_100))
        with stopped_at(2):
            people.go_on(batch=batch)
        undone = undoing.undo_import(batch=batch, by=registrar.person, at=timezone.now())
        assert (undone.undone, undone.people) == (500, 500)
        assert people.go_on(batch=PeopleImport.objects.get())
        assert not Affiliation.objects.exists()


@pytest.mark.django_db
class TestAnUndoing:
    def test_that_is_stopped_goes_on_where_it_was(self, begun, registrar):
        batch = begun(lines(1_100))
        people.go_on(batch=batch)
        with stopped_at(2, undoing, "forget_unused"):
            undoing.undo_import(batch=batch, by=registrar.person, at=timezone.now())
        batch.refresh_from_db()
        assert (batch.state, batch.undone, Affiliation.objects.count()) == ("UNDOING", 500, 600)
        assert people.go_on(batch=batch)
        batch.refresh_from_db()
        assert (batch.state, batch.undone, batch.kept, batch.gone) == ("UNDONE", 1_100, 0, 1_100)
        assert Entry.objects.filter(verb="people.import_undone").count() == 1
        assert not Affiliation.objects.exists()


@pytest.mark.django_db
class TestAtTheCommandLine:
    @pytest.fixture
    def half_done(self, tmp_path, school):
        path = tmp_path / "personnes.csv"
        path.write_text("\n".join([HEADER, *lines(1_100), ""]))
        with stopped_at(2):
            call_command("people", "import", str(path), "--commit")
        return path

    def test_the_same_files_go_on_where_they_were(self, half_done):
        out = StringIO()
        call_command("people", "import", str(half_done), "--commit", "--json", stdout=out)
        assert json.loads(out.getvalue())["batch"] == str(PeopleImport.objects.get().pk)
        assert (Affiliation.objects.count(), PeopleImport.objects.get().works) == (1_100, 1_100)

    def test_resume_says_what_asks_for_its_files(self, half_done):
        out = StringIO()
        call_command("people", "resume", stdout=out)
        assert f"people undo {PeopleImport.objects.get().pk}" in out.getvalue()

    def test_resume_finishes_what_a_page_had_begun(self, begun):
        begun(lines(3))
        out = StringIO()
        call_command("people", "resume", stdout=out)
        assert out.getvalue() == "1 finished.\n"
        assert Affiliation.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_killed_while_it_imports_and_undoes_leaves_no_half_state(apart):
    command = [sys.executable, "-m", "tests.accounts.kills", KILLS]
    done = subprocess.run(command, env=apart, cwd=settings.ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    told = json.loads(done.stdout)
    assert (told["kills"], told["left"]) == (int(KILLS), [])
    assert told["stopped"] > 0


@pytest.mark.django_db
class TestWhatIsKept:
    """Files and lines stay as long as they serve, and a day at most after that."""

    def test_of_an_import_that_is_undone_before_its_end_is_gone(self, registrar, begun):
        batch = begun(lines(3))
        undoing.undo_import(batch=batch, by=registrar.person, at=timezone.now())
        assert not Upload.objects.exists()

    def test_of_an_import_that_stopped_serves_however_old_it_is(self, registrar, begun):
        batch = begun(lines(3))
        PeopleImport.objects.update(at=MONDAY - timedelta(hours=30))
        batch.refresh_from_db()
        assert undoing.why_not_undo(batch, registrar.person, at=MONDAY) is None

    def test_without_use_for_a_day_is_forgotten_each_night(self, registrar, begun):
        people.go_on(batch=begun(lines(3)))
        UploadFactory(by=registrar.person, at=timezone.now() - timedelta(hours=25))
        call_command("people", "resume", stdout=StringIO())
        assert (Upload.objects.count(), ImportLine.objects.count()) == (0, 3)
        PeopleImport.objects.update(at=timezone.now() - timedelta(hours=25))
        call_command("people", "resume", stdout=StringIO())
        assert ImportLine.objects.count() == 0
        assert Affiliation.objects.count() == 3

    def test_once_begun_is_shown_as_the_import(self, registrar, begun, client):
        batch = begun(lines(3))
        client.force_login(registrar.person)
        assert client.get(f"/members/uploads/{batch.pk}/")["Location"] == f"/members/imports/{batch.pk}/"

    def test_of_who_had_ended_a_work_is_given_back(self, registrar, school, begun):
        sooner, later = (timezone.localdate() + timedelta(days=days) for days in (30, 60))
        left = AffiliationFactory(school=school, person__email="cy@ecole.example", ends_on=later)
        batch = begun([f"cy@ecole.example;;;912001;teacher;;{sooner}"])
        people.go_on(batch=batch)
        left.refresh_from_db()
        assert (left.ends_on, left.was_ended_by_body) == (sooner, True)
        undoing.undo_import(batch=batch, by=registrar.person, at=timezone.now())
        left.refresh_from_db()
        assert (left.ends_on, left.was_ended_by_body) == (later, False)

    def test_is_not_undone_by_who_is_no_registrar_there_any_more(self, registrar, begun):
        batch = begun(lines(3))
        people.go_on(batch=batch)
        RegistrarFactory(person=registrar.person)
        registrar.delete()
        with pytest.raises(Refused) as refused:
            undoing.undo_import(batch=batch, by=registrar.person, at=timezone.now())
        assert refused.value.refusal.code == "registrars-only"
