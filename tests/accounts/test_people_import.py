import json
import tracemalloc
from datetime import date, timedelta
from io import StringIO

import pytest
from allauth.account.models import EmailAddress, EmailConfirmation
from django.core.management import CommandError, call_command
from django.utils import timezone
from openpyxl import Workbook

from jalon.accounts import actions, people, undoing
from jalon.accounts.models import Affiliation, ImportLine, PeopleImport, Person
from jalon.core.refusals import Refused
from jalon.journal.models import Entry
from tests.factories import (
    MONDAY,
    AffiliationFactory,
    PersonFactory,
    RegistrarFactory,
    SchoolFactory,
)

pytestmark = pytest.mark.django_db
HEADER = "courriel;prénom;nom;école;fonction;depuis;jusqu’au\n"


@pytest.fixture
def registrar():
    return RegistrarFactory()


@pytest.fixture
def school(registrar):
    return SchoolFactory(code="912001", body=registrar.body)


@pytest.fixture
def file(tmp_path):
    def written(*lines, name="personnes.csv", header=HEADER):
        path = tmp_path / name
        path.write_text(header + "\n".join(lines) + "\n", encoding="utf-8")
        return path

    return written


def imported(*files, by=None, commit=True, at=MONDAY):
    return people.import_people(files=files, by=by, at=at, commit=commit)


def told(report):
    return [(one.problem.line, one.problem.column, one.problem.refusal.code) for one in report.problems]


class TestALineOfAFile:
    def test_makes_an_account_and_a_place_of_work_that_the_registrar_confirms(self, file, school, registrar):
        report = imported(file("lea@ecole.example;Léa;Exemple;912001;enseignante;21/08/2025;"), by=registrar.person)
        work = Affiliation.objects.get()
        assert (work.person.email, work.person.legal_name) == ("lea@ecole.example", "Léa Exemple")
        assert (work.school, work.role, work.starts_on, work.ends_on) == (school, "TEACHER", date(2025, 8, 21), None)
        assert (work.confirmed_at, work.confirmed_by) == (MONDAY, registrar.person)
        assert (report.new_people, report.days, report.unchanged) == (1, {"21/03/2025": 1}, 0)
        assert not work.person.has_usable_password()

    def test_waits_to_be_confirmed_when_no_registrar_answers_for_it(self, file, school):
        imported(file("lea@ecole.example;Léa;Exemple;912001;soutien;;"))
        assert Affiliation.objects.waiting(MONDAY.date()).get().role == "SUPPORT"

    def test_may_say_when_a_person_leaves(self, file, school, registrar):
        known = AffiliationFactory(school=school, person__email="lea@ecole.example")
        report = imported(file("lea@ecole.example;;;912001;teacher;;2026-06-30"), by=registrar.person)
        known.refresh_from_db()
        assert (known.ends_on, report.differences[0].what) == (date(2026, 6, 30), ("ends_on",))

    def test_never_changes_the_name_that_a_person_wrote(self, file, school, registrar):
        known = AffiliationFactory(school=school, person__email="lea@ecole.example", person__legal_name="Léa Modèle")
        imported(file("lea@ecole.example;Lea;MODELE;912001;teacher;;"), by=registrar.person)
        known.person.refresh_from_db()
        assert known.person.legal_name == "Léa Modèle"

    def test_finds_a_person_by_any_verified_address_of_theirs(self, file, school, registrar):
        person = AffiliationFactory(person__email="lea@maison.example", school__body=registrar.body).person
        EmailAddress.objects.create(user=person, email="lea@ecole.example", verified=True)
        report = imported(file("LEA@ecole.example;Léa;Exemple;912001;teacher;;"), by=registrar.person)
        assert (Affiliation.objects.get(school=school).person, report.new_people) == (person, 0)

    def test_never_gives_a_place_of_work_by_an_address_that_nobody_verified(self, file, school, registrar):
        person = PersonFactory(email="autre@maison.example")
        EmailAddress.objects.create(user=person, email="lea@ecole.example", verified=False)
        imported(file("lea@ecole.example;Léa;Exemple;912001;teacher;;"), by=registrar.person)
        assert Affiliation.objects.get().person != person

    def test_may_be_of_somebody_who_works_at_several_schools(self, file, school, registrar):
        SchoolFactory(code="912002", body=registrar.body)
        lines = [f"lea@ecole.example;Léa;Exemple;{code};teacher;;" for code in ("912001", "912002", "912001")]
        report = imported(file(*lines), by=registrar.person)
        assert (Person.objects.filter(email="lea@ecole.example").count(), len(report.differences)) == (1, 2)

    def test_of_a_student_is_passed_over_and_nothing_of_it_is_kept(self, file, school, registrar):
        report = imported(file("eleve@ecole.example;Ali;Exemple;912001;student;;"), by=registrar.person)
        assert (report.passed_over, report.problems, Person.objects.filter(email__startswith="eleve").exists()) == (
            1, (), False,
        )  # fmt: skip

    def test_said_again_changes_nothing(self, file, school, registrar):
        line = "lea@ecole.example;Léa;Exemple;912001;teacher;2025-08-21;"
        imported(file(line), by=registrar.person)
        report = imported(file(line), by=registrar.person)
        assert (report.unchanged, report.differences, report.batch) == (1, (), None)


class TestAFileWithAProblem:
    @pytest.mark.parametrize(
        ("line", "expected"),
        [
            (";Léa;Exemple;912001;teacher;;", ("courriel", "cell-missing")),
            ("pas une adresse;Léa;Exemple;912001;teacher;;", ("courriel", "email-malformed")),
            ("lea@ecole.example;L\u202eéa;Exemple;912001;teacher;;", ("nom", "name-characters")),
            ("lea@ecole.example;Léa;Exemple;12;teacher;;", ("école", "code-malformed")),
            ("lea@ecole.example;Léa;Exemple;999999;teacher;;", ("school", "school-missing")),
            ("lea@ecole.example;Léa;Exemple;912001;;;", ("fonction", "cell-missing")),
            ("lea@ecole.example;Léa;Exemple;912001;astronaute;;", ("fonction", "role-unknown")),
            ("lea@ecole.example;Léa;Exemple;912001;teacher;31/02/2025;", ("depuis", "day-malformed")),
            ("lea@ecole.example;Léa;Exemple;912001;teacher;2025-08-21;2025-08-21", ("jusqu’au", "period-reversed")),
            ("lea@ecole.example;=1+1;Exemple;912001;teacher;;", ("prénom", "cell-formula")),
            ("bon@ecole.example;Léa;Exemple;912001;support;;", ("email", "work-doubled")),
        ],
    )
    def test_says_the_line_the_column_and_why_and_imports_nothing(self, file, school, registrar, line, expected):
        report = imported(file("bon@ecole.example;Bo;Exemple;912001;teacher;;", line), by=registrar.person)
        assert (3, *expected) in told(report)
        assert (report.batch, Affiliation.objects.exists(), PeopleImport.objects.exists()) == (None, False, False)

    @pytest.mark.parametrize("commit", [False, True])
    def test_is_one_whose_leave_date_comes_before_the_day_of_the_import_when_it_has_no_first_day(
        self, file, school, registrar, commit
    ):
        path = file("lea@ecole.example;Léa;Exemple;912001;teacher;;2020-01-01")
        report = imported(path, by=registrar.person, commit=commit)
        assert told(report) == [(2, "until", "period-reversed")]
        assert (report.differences, report.batch, Affiliation.objects.exists()) == ((), None, False)

    def test_says_of_a_school_of_another_body_what_it_says_of_a_missing_one(self, file, school, registrar):
        SchoolFactory(code="955001")
        lines = [f"lea{code}@ecole.example;Léa;Exemple;{code};teacher;;" for code in ("955001", "955999")]
        assert told(imported(file(*lines), by=registrar.person)) == [
            (2, "school", "school-missing"),
            (3, "school", "school-missing"),
        ]

    def test_is_refused_as_a_whole_when_a_column_is_missing(self, file):
        with pytest.raises(Refused) as refused:
            imported(file("a@ecole.example", header="courriel\n"))
        assert refused.value.refusal.code == "table-columns-missing"

    def test_is_refused_from_somebody_who_is_no_registrar(self, file):
        with pytest.raises(Refused) as refused:
            imported(file(), by=PersonFactory())
        assert refused.value.refusal.code == "registrars-only"


class TestARehearsal:
    def test_says_everything_and_changes_nothing(self, file, school, registrar):
        line = "lea@ecole.example;Léa;Exemple;912001;teacher;;"
        report = imported(file(line), by=registrar.person, commit=False)
        assert (len(report.differences), report.batch) == (1, None)
        assert not Affiliation.objects.exists()
        assert not Entry.objects.exists()


class TestAWorkbook:
    def test_is_read_like_a_csv(self, tmp_path, school, registrar):
        book = Workbook()
        book.active.append(["courriel", "nom légal", "école", "rôle", "depuis"])
        book.active.append(["lea@ecole.example", "Léa Exemple", 912001, "direction", date(2025, 7, 1)])
        book.save(tmp_path / "personnes.xlsx")
        imported(tmp_path / "personnes.xlsx", by=registrar.person)
        work = Affiliation.objects.get()
        assert (work.role, work.starts_on) == ("MANAGEMENT", date(2025, 7, 1))


class TestTheFilesOfASchoolRegister:
    """`users` and `roles` of OneRoster 1.2 and of School Data Sync v2.1."""

    USERS = "sourcedId,status,enabledUser,username,givenName,familyName,email\n"
    ROLES = "sourcedId,status,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId\n"

    def test_are_read_together(self, file, school, registrar):
        users = file(
            "u1,active,true,lea,Léa,Exemple,lea@ecole.example", "u2,active,true,ali,Ali,Exemple,ali@ecole.example",
            "u3,tobedeleted,true,bo,Bo,Exemple,bo@ecole.example", name="users.csv", header=self.USERS,
        )  # fmt: skip
        roles = file(
            "r1,active,u1,primary,principal,2025-08-21,,o1", "r2,active,u2,primary,student,,,o1",
            "r3,active,u3,primary,teacher,,,o1", name="roles.csv", header=self.ROLES,
        )  # fmt: skip
        orgs = file("o1,École,school,912001", name="orgs.csv", header="sourcedId,name,type,identifier\n")
        report = imported(roles, orgs, users, by=registrar.person)
        work = Affiliation.objects.get()
        assert (work.person.legal_name, work.role, work.school) == ("Léa Exemple", "MANAGEMENT", school)
        assert (report.passed_over, report.problems) == (2, ())

    def test_of_school_data_sync_have_their_own_columns(self, file, school):
        users = file(
            "u1,lea@ecole.example,Léa,Exemple", name="users.csv", header="sourcedId,username,givenName,familyName\n"
        )
        header = "userSourcedId,orgSourcedId,role,sessionSourcedId,grade,isPrimary,roleStartDate,roleEndDate\n"
        roles = file("u1,912001,teacher,,,true,2025-08-21,2026-07-01", name="roles.csv", header=header)
        imported(users, roles)
        assert Affiliation.objects.get().ends_on == date(2026, 7, 1)

    def test_name_the_file_of_each_problem(self, file, school):
        users = file("u1,active,true,lea,Léa,Exemple,", name="users.csv", header=self.USERS)
        roles = file(
            "r1,active,u1,primary,teacher,,,912001", "r2,active,u9,primary,teacher,,,912001",
            name="roles.csv", header=self.ROLES,
        )  # fmt: skip
        problems = imported(users, roles).problems
        assert [(one.file, one.problem.line, one.problem.refusal.code) for one in problems] == [
            ("roles.csv", 3, "user-unknown"),
            ("users.csv", 2, "cell-missing"),
        ]

    def test_tell_a_key_that_is_given_to_two_persons(self, file, school):
        users = file(
            "u1,active,true,lea,Léa,Exemple,lea@ecole.example", "u1,active,true,ali,Ali,Exemple,ali@ecole.example",
            name="users.csv", header=self.USERS,
        )  # fmt: skip
        roles = file("r1,active,u1,primary,teacher,,,912001", name="roles.csv", header=self.ROLES)
        assert told(imported(users, roles)) == [(3, "sourcedId", "user-doubled")]

    @pytest.mark.parametrize("names", [["users"], ["roles"], ["users", "people"], ["people", "people2"]])
    def test_that_do_not_go_together_are_refused(self, file, names):
        headers = {"users": self.USERS, "roles": self.ROLES, "people": HEADER, "people2": HEADER}
        with pytest.raises(Refused) as refused:
            imported(*[file(name=f"{name}.csv", header=headers[name]) for name in names])
        assert refused.value.refusal.code == "people-files-mixed"


class TestUndoing:
    LINE = "lea@ecole.example;Léa;Exemple;912001;teacher;;"

    @pytest.fixture
    def batch(self, file, school, registrar):
        known = AffiliationFactory(school=school, waiting=True, role="SUPPORT", person__email="bo@ecole.example")
        self.known = known
        report = imported(file(self.LINE, "bo@ecole.example;;;912001;teacher;;2026-07-01"), by=registrar.person)
        return PeopleImport.objects.get(pk=report.batch)

    def undo(self, batch, *, by=None, at=MONDAY + timedelta(hours=23)):
        return undoing.undo_import(batch=batch, by=by, at=at)

    def test_puts_everything_back_and_forgets_who_was_never_there(self, batch):
        done = self.undo(batch, by=batch.by)
        self.known.refresh_from_db()
        assert (done.undone, done.kept, done.people) == (2, 0, 1)
        assert (self.known.role, self.known.ends_on, self.known.confirmed_at) == ("SUPPORT", None, None)
        assert not Person.objects.filter(email="lea@ecole.example").exists()
        assert not EmailAddress.objects.filter(email="lea@ecole.example").exists()
        assert not ImportLine.objects.exists()
        works, imports = ({"import_changed", "import_removed", "import_undone", "imported"}, {"begun", "undone"})
        verbs = {f"affiliation.{one}" for one in works} | {f"people.import_{one}" for one in imports}
        assert set(Entry.objects.values_list("verb", flat=True)) == verbs | {"people.imported"}
        assert Entry.objects.count() == 7

    def test_leaves_what_somebody_changed_since(self, batch):
        work = Affiliation.objects.get(person__email="lea@ecole.example")
        actions.end_affiliation(affiliation=work, ends_on=date(2026, 3, 9), by=work.person, at=MONDAY)
        done = self.undo(batch)
        assert (done.undone, done.kept, done.people) == (1, 1, 0)
        assert Affiliation.objects.filter(pk=work.pk).exists()

    def test_keeps_the_account_of_a_person_who_has_signed_in(self, batch):
        Person.objects.filter(email="lea@ecole.example").update(last_login=MONDAY)
        assert self.undo(batch).people == 0
        assert Person.objects.filter(email="lea@ecole.example").exists()

    def test_keeps_the_account_of_a_person_who_has_another_school(self, batch):
        AffiliationFactory(person=Person.objects.get(email="lea@ecole.example"))
        assert self.undo(batch).people == 0

    def test_is_refused_a_day_later_twice_and_to_another_registrar(self, batch):
        reasons = []
        for by, at in [
            (None, MONDAY + timedelta(hours=25)), (RegistrarFactory(body=self.known.school.body).person, MONDAY),
        ]:  # fmt: skip
            with pytest.raises(Refused) as refused:
                self.undo(batch, by=by, at=at)
            reasons.append(refused.value.refusal.code)
        self.undo(batch)
        with pytest.raises(Refused) as refused:
            self.undo(batch)
        assert [*reasons, refused.value.refusal.code] == ["import-too-old", "registrars-only", "import-undone"]


class TestManyLines:
    def test_take_a_number_of_queries_that_grows_by_batches_only(
        self, file, school, registrar, django_assert_max_num_queries
    ):
        lines = [f"p{number}@ecole.example;Prénom;Exemple;912001;teacher;;" for number in range(1_000)]
        path = file(*lines)
        with django_assert_max_num_queries(60):
            assert len(imported(path, by=registrar.person).differences) == 1_000

    @staticmethod
    def lines(count):
        return [f"p{number}@ecole.example;Prénom;Exemple;912001;teacher;;" for number in range(count)]

    @pytest.mark.parametrize("commit", [False, True])
    def test_make_one_account_of_a_person_whose_lines_are_far_apart(self, file, school, registrar, commit):
        SchoolFactory(code="912002", body=registrar.body)
        path = file(*self.lines(600), "p0@ecole.example;Prénom;Exemple;912002;teacher;;")
        report = imported(path, by=registrar.person, commit=commit)
        assert (report.new_people, report.different, report.wrong) == (600, 601, 0)
        assert Affiliation.objects.filter(person__email="p0@ecole.example").count() == (2 if commit else 0)

    def test_are_undone_with_every_account_that_they_made(self, file, school, registrar):
        SchoolFactory(code="912002", body=registrar.body)
        path = file(*self.lines(600), "p0@ecole.example;Prénom;Exemple;912002;teacher;;")
        batch = PeopleImport.objects.get(pk=imported(path, by=registrar.person).batch)
        told = []
        done = undoing.undo_import(batch=batch, by=registrar.person, at=MONDAY, progress=told.append)
        assert (done.undone, done.kept, done.people, sum(told)) == (601, 0, 600, 601)
        assert not Person.objects.exclude(pk=registrar.person.pk).exists()

    def test_are_undone_without_a_look_at_each_table_for_each_row(
        self, file, school, registrar, django_assert_max_num_queries
    ):
        batch = PeopleImport.objects.get(pk=imported(file(*self.lines(1_000)), by=registrar.person).batch)
        with django_assert_max_num_queries(45):
            assert undoing.undo_import(batch=batch, by=registrar.person, at=MONDAY).people == 1_000

    def test_are_undone_with_what_a_later_import_noted_of_them(self, file, school, registrar):
        line = "p0@ecole.example;Prénom;Exemple;912001"
        first = imported(file(f"{line};teacher;;"), by=registrar.person).batch
        for role in ("support", "teacher"):
            imported(file(f"{line};{role};;"), by=registrar.person)
        done = undoing.undo_import(batch=PeopleImport.objects.get(pk=first), by=registrar.person, at=MONDAY)
        assert (done.undone, done.people, ImportLine.objects.count()) == (1, 1, 0)

    def test_are_undone_with_the_links_that_were_sent_to_their_addresses(self, file, school, registrar):
        batch = PeopleImport.objects.get(pk=imported(file(*self.lines(1)), by=registrar.person).batch)
        address = EmailAddress.objects.get(email="p0@ecole.example")
        EmailConfirmation.objects.create(email_address=address, key="k", sent=MONDAY)
        assert undoing.undo_import(batch=batch, by=registrar.person, at=MONDAY).people == 1
        assert not EmailConfirmation.objects.exists()

    def test_that_contradict_one_another_are_told_however_far_apart(self, file, school, registrar):
        report = imported(file(*self.lines(600), "p0@ecole.example;Prénom;Exemple;912001;support;;"))
        assert told(report) == [(602, "email", "work-doubled")]

    def test_leave_nothing_behind_when_the_last_one_is_wrong(self, file, school, registrar):
        report = imported(file(*self.lines(600), "x;Prénom;Exemple;912001;teacher;;"), by=registrar.person)
        assert (told(report), report.batch) == ([(602, "courriel", "email-malformed")], None)
        assert (Affiliation.objects.count(), PeopleImport.objects.count(), Entry.objects.count()) == (0, 0, 0)

    def test_that_are_wrong_are_all_counted_and_the_first_thousand_named(self, file, school):
        report = imported(file(*["x;Prénom;Exemple;912001;teacher;;"] * 1_100))
        assert (report.wrong, len(report.problems)) == (1_100, 1_000)

    def test_take_no_more_memory_when_there_are_more_of_them(self, file, school, registrar):
        peaks = []
        for count in (1_500, 6_000):
            path = file(*self.lines(count))
            tracemalloc.start()
            imported(path, by=registrar.person, commit=False)
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
        assert peaks[1] < peaks[0] + 500_000


class TestTheCommand:
    def run(self, *arguments):
        out = StringIO()
        call_command("people", *arguments, stdout=out)
        return out.getvalue()

    def test_says_what_would_change_then_changes_it_and_undoes_it(self, file, school):
        path = str(file(TestUndoing.LINE))
        assert "add --commit" in self.run("import", path)
        done = json.loads(self.run("import", path, "--commit", "--json"))
        assert (done["new_people"], done["problems"]) == (1, [])
        PeopleImport.objects.update(at=timezone.now())
        assert self.run("undo", done["batch"]).startswith("1 lines undone")

    def test_says_each_problem_in_words_and_ends_with_1(self, file, school):
        out = StringIO()
        with pytest.raises(CommandError) as stopped:
            call_command("people", "import", str(file("x;Léa;Exemple;912001;teacher;;")), stdout=out)
        assert stopped.value.returncode == 1
        assert "personnes.csv line 2, courriel, « x »" in out.getvalue()

    def test_confirms_in_the_name_of_the_registrar_who_answers(self, file, school, registrar):
        self.run("import", str(file(TestUndoing.LINE)), "--commit", "--by", registrar.person.email)
        assert Affiliation.objects.get().confirmed_by == registrar.person
