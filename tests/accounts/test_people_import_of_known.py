"""What a file of people does to those who are already here."""

from datetime import date

import pytest
from django.core import mail

from jalon.accounts import people
from jalon.accounts.models import Affiliation
from jalon.journal.models import Entry
from tests.factories import MONDAY, AffiliationFactory, PersonFactory, RegistrarFactory, SchoolFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def registrar():
    return RegistrarFactory()


@pytest.fixture
def school(registrar):
    return SchoolFactory(code="912001", body=registrar.body)


@pytest.fixture
def file(tmp_path):
    def written(*lines):
        path = tmp_path / "personnes.csv"
        header = "courriel;prénom;nom;école;fonction;depuis;jusqu’au\n"
        path.write_text(header + "\n".join(lines) + "\n", encoding="utf-8")
        return path

    return written


def imported(file, *, by):
    return people.import_people(files=[file], by=by, at=MONDAY, commit=True)


def told(report):
    return [(one.problem.line, one.problem.column, one.problem.refusal.code) for one in report.problems]


class TestALeaveDateInAFile:
    def said(self, file, school, registrar, period, **known):
        work = AffiliationFactory(school=school, person__email="lea@ecole.example", **known)
        report = imported(file(f"lea@ecole.example;;;912001;teacher;{period}"), by=registrar.person)
        work.refresh_from_db()
        return work.ends_on, told(report), Affiliation.objects.count()

    @pytest.mark.parametrize("period", ["2025-07-01;2026-09-30", ";2026-09-30"])
    def test_replaces_the_one_that_was_known(self, file, school, registrar, period):
        assert self.said(file, school, registrar, period, ends_on=date(2026, 6, 30)) == (date(2026, 9, 30), [], 1)

    def test_leaves_what_was_refused_as_it_is_and_makes_a_place_of_work(self, file, school, registrar):
        """A registrar refused what the person had declared; the file of the body says that they work there."""
        day = date(2025, 7, 1)
        ended = {"starts_on": day, "ends_on": day, "waiting": True}
        assert self.said(file, school, registrar, "2025-07-01;", **ended) == (day, [], 2)
        holds = Affiliation.objects.get(ends_on=None)
        assert (holds.starts_on, holds.confirmed_at) == (day, MONDAY)

    def test_before_the_first_day_is_a_problem_of_the_line(self, file, school, registrar):
        problem = [(2, "until", "leave-before-start")]
        assert self.said(file, school, registrar, ";2020-01-01") == (None, problem, 1)

    def test_of_years_before_the_present_work_makes_a_place_of_work_that_has_ended(self, file, school, registrar):
        assert self.said(file, school, registrar, "2020-08-01;2021-06-30") == (None, [], 2)

    def test_that_is_empty_leaves_the_known_one(self, file, school, registrar):
        known = date(2026, 6, 30)
        assert self.said(file, school, registrar, ";", ends_on=known) == (known, [], 1)

    def test_said_again_once_it_has_passed_makes_nothing_new(self, file, school, registrar):
        known = date(2026, 1, 30)
        assert self.said(file, school, registrar, ";2026-01-30", ends_on=known) == (known, [], 1)


class TestAnAccountThatSomebodyUses:
    LINE = "lea@ecole.example;Léa;Exemple;912001;teacher;;"

    @pytest.fixture
    def person(self):
        return PersonFactory(email="lea@ecole.example", last_login=MONDAY)

    def test_is_asked_once_to_add_the_school_and_nothing_of_it_is_shown(self, file, school, registrar, person):
        path = file(self.LINE)
        first, again = (imported(path, by=registrar.person) for _ in range(2))
        assert (first.differences[0].what, again.unchanged) == (("asked",), 1)
        assert [letter.to for letter in mail.outbox] == [[person.email]]
        assert not Affiliation.objects.exists()

    def test_that_the_body_knows_already_is_confirmed(self, file, school, registrar, person):
        AffiliationFactory(person=person, school__body=registrar.body)
        imported(file(self.LINE), by=registrar.person)
        assert Affiliation.objects.get(school=school).confirmed_by == registrar.person


class TestTheNameOfAnAccountInTheFileOfABody:
    """Shown to a registrar only where their body knew the account, or where their own file made it."""

    LINE = "lea@ecole.example;Léa;Ici;912001;teacher;;"

    @pytest.mark.parametrize("last_login", [None, MONDAY], ids=["unused", "used"])
    @pytest.mark.parametrize("by_whom", ["registrar", "nobody"])
    @pytest.mark.parametrize("known_to", ["nobody", "another", "own", "both"])
    def test_by_use_by_who_imports_and_by_who_knows_them(self, file, school, registrar, last_login, by_whom, known_to):
        person = PersonFactory(email="lea@ecole.example", legal_name="Léa Ailleurs", last_login=last_login)
        if known_to in ("another", "both"):
            AffiliationFactory(person=person)
        if known_to in ("own", "both"):
            AffiliationFactory(person=person, school__body=registrar.body)
        report = imported(file(self.LINE), by=registrar.person if by_whom == "registrar" else None)
        is_asked = by_whom == "registrar" and known_to in ("nobody", "another")
        assert report.differences[0].what == (("asked",) if is_asked else ("new",))
        assert report.differences[0].name == "Léa Ici"
        assert Affiliation.objects.filter(school=school).exists() is not is_asked

    def test_is_that_of_the_file_in_both_bodies_of_a_registrar_who_made_the_account(
        self, file, school, registrar, monkeypatch
    ):
        monkeypatch.setattr(people, "AT_ONCE", 1)
        other = RegistrarFactory(person=registrar.person)
        SchoolFactory(code="913001", body=other.body)
        imported(file(self.LINE, self.LINE.replace("912001", "913001")), by=registrar.person)
        assert Affiliation.objects.filter(person__email="lea@ecole.example").count() == 2


class TestTheJournalOfAPlaceOfWork:
    def test_has_what_a_file_made_and_changed_with_its_import(self, file, school, registrar):
        changed = AffiliationFactory(school=school, waiting=True, person__email="bo@ecole.example")
        lines = [f"{name}@ecole.example;;Exemple;912001;teacher;;" for name in ("bo", "lea")]
        batch = str(imported(file(*lines), by=registrar.person).batch)
        new = Affiliation.objects.exclude(pk=changed.pk).get()
        found = Entry.objects.filter(verb__startswith="affiliation.").values_list("verb", "about_id", "facts")
        assert {(verb, about, facts["batch"]) for verb, about, facts in found} == {
            ("affiliation.imported", new.pk, batch),
            ("affiliation.import_changed", changed.pk, batch),
        }
