"""A registrar gives a level to members from a list, by the page and by the command."""

import io
import json
from dataclasses import replace
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from jalon.accounts.models import Standing
from jalon.core.packs import Passing
from jalon.core.refusals import Refused
from jalon.credentials import batches, recovery, rows
from jalon.credentials.models import Award, Batch
from tests.agreements.test_lapse import suspend
from tests.credentials.lists import counts, problems
from tests.factories import (
    AffiliationFactory,
    AwardFactory,
    PersonFactory,
    RegistrarFactory,
    ReleaseFactory,
    SchoolFactory,
    ServesFactory,
)
from tests.issuing import MONDAY, make_keys
from tests.small_pack import FIRST, SECOND, small_pack

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keys():
    make_keys()


class TestARegistrar:
    def prepared(self, table, level_key, registrar, *emails) -> Batch:
        path = table(*(f"{email};;" for email in emails))
        asked = batches.Asked(level_key, people="MEMBERS", body=registrar.body)
        return batches.prepare(path=path, name="liste.csv", asked=asked, by=registrar.person, at=MONDAY)

    def test_awards_confirmed_members_of_their_own_body_only(self, table, level_key):
        registrar = RegistrarFactory()
        member = AffiliationFactory(school__body=registrar.body).person
        waiting = AffiliationFactory(school__body=registrar.body, waiting=True).person
        stranger = AffiliationFactory().person
        batch = self.prepared(table, level_key, registrar, member.email, waiting.email, stranger.email)
        assert problems(batch) == [(3, "email", "person-not-member"), (4, "email", "person-not-member")]
        batches.begin(batch=batch, by=registrar.person, at=MONDAY, runs=False)
        batches.go_on(batch_id=batch.pk, at=MONDAY)
        facts = Award.objects.get().facts
        assert facts["recognised_by"] == facts["basis"]["body"] == registrar.body.name

    def test_awards_nothing_where_no_agreement_is_in_force(self, table, level_key):
        """The first had none when the file was read; that of the second was suspended after."""
        registrar = RegistrarFactory()
        school = SchoolFactory(body=registrar.body, town=ServesFactory().municipality)
        nowhere = AffiliationFactory(school=school).person
        lapsing = AffiliationFactory(school__body=registrar.body).person
        member = AffiliationFactory(school__body=registrar.body).person
        batch = self.prepared(table, level_key, registrar, nowhere.email, lapsing.email, member.email)
        assert problems(batch) == [(2, "email", "agreement-missing")]
        suspend(lapsing)
        batches.begin(batch=batch, by=registrar.person, at=MONDAY, runs=False)
        batches.go_on(batch_id=batch.pk, at=MONDAY)
        assert problems(batch) == [(2, "email", "agreement-missing"), (3, "email", "agreement-suspended")]
        assert [award.holder for award in Award.objects.all()] == [member]
        assert Award.objects.get().facts["basis"]["agreement"]
        assert Standing.objects.get().person == member
        lapsed = list(rows.problems_of(batch))[1]
        assert rows.refusal_of(lapsed).facts["on"] == MONDAY.date()
        assert lapsing.email == rows.shown(batch).problems[1][2]
        assert list(recovery.audit()) == []

    def test_awards_a_person_of_two_schools_for_the_one_that_is_covered(self, table, level_key):
        registrar = RegistrarFactory()
        covered = AffiliationFactory(school__body=registrar.body)
        school = SchoolFactory(body=registrar.body, town=ServesFactory().municipality)
        AffiliationFactory(person=covered.person, school=school, starts_on=date(2025, 9, 1))
        batch = self.prepared(table, level_key, registrar, covered.person.email)
        batches.begin(batch=batch, by=registrar.person, at=MONDAY, runs=False)
        batches.go_on(batch_id=batch.pk, at=MONDAY)
        assert Award.objects.get().facts["basis"]["school"] == covered.school.name

    def test_awards_no_level_before_the_one_that_opens_it(self, table):
        registrar = RegistrarFactory()
        holder = AffiliationFactory(school__body=registrar.body).person
        other = AffiliationFactory(school__body=registrar.body).person
        quizzed = replace(SECOND, do=("quiz/first-quiz",), passing=Passing(quiz=80))
        release = ReleaseFactory(typed=replace(small_pack(), levels=(FIRST, quizzed)), program__slug="essai")
        AwardFactory(holder=holder, release=release)
        batch = self.prepared(table, "essai/second", registrar, holder.email, other.email)
        assert problems(batch) == [(3, "email", "level-locked")]
        with translation.override("en-ca"):
            assert "First" in rows.shown(batch).problems[0][3]

    def test_awards_no_level_that_a_reviewer_decides(self, table, level_key):
        registrar = RegistrarFactory()
        with pytest.raises(Refused, match="level-needs-reviewer"):
            self.prepared(table, level_key.replace("first", "second"), registrar, "a@ecole.example")

    def test_of_another_body_is_refused_at_each_step(self, table, level_key):
        registrar, other = RegistrarFactory(), RegistrarFactory()
        member = AffiliationFactory(school__body=registrar.body).person
        batch = self.prepared(table, level_key, registrar, member.email)
        for step in (
            lambda: batches.begin(batch=batch, by=other.person, at=MONDAY),
            lambda: batches.withdraw(batch=batch, reason="Non", by=other.person, at=MONDAY),
            lambda: batches.prepare(
                path=table("x;;"),
                name="x",
                asked=batches.Asked(level_key, people="MEMBERS", body=registrar.body),
                by=other.person,
                at=MONDAY,
            ),
        ):
            with pytest.raises(Refused, match="registrars-only"):
                step()


class TestTheCommand:
    def typed(self, *words) -> str:
        said = io.StringIO()
        call_command("credentials", *map(str, words), stdout=said, stderr=io.StringIO())
        return said.getvalue()

    def test_checks_and_writes_nothing_without_commit(self, table, level_key):
        path = table(f"{PersonFactory().email};;")
        before = counts()
        assert "1 to issue" in self.typed("batch", path, "--level", level_key)
        assert counts() == before

    def test_issues_and_answers_in_one_object(self, table, level_key):
        path = table(f"{PersonFactory().email};;")
        told = json.loads(self.typed("batch", path, "--level", level_key, "--commit", "--json"))
        assert (told["ISSUED"], told["problems"]) == (1, [])
        assert "Taken back" in self.typed("withdraw", told["batch"], "--reason", "Mauvaise liste")
        assert self.typed("audit") == "No half state.\n"

    def test_tells_problems_by_line_and_fails(self, table, level_key):
        path = table("rien;;")
        with pytest.raises(CommandError, match="problem"):
            self.typed("batch", path, "--level", level_key)

    def test_takes_columns_by_name(self, table, level_key):
        path = table(f"{PersonFactory().email};1", heading="Adresse;Matricule")
        assert "1 to issue" in self.typed("batch", path, "--level", level_key, "--column", "email=Adresse")
