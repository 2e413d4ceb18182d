"""A batch read again before it is begun is checked anew; taken back, it takes each later version along."""

from dataclasses import replace
from datetime import timedelta

import pytest

from jalon.accounts.models import Affiliation
from jalon.core.dossier import Dossier
from jalon.credentials import actions, batches, recovery, rows
from jalon.credentials.models import Award, Batch, Revocation
from jalon.journal.models import Entry
from jalon.library.models import Program
from tests.factories import AffiliationFactory, PersonFactory, RegistrarFactory, ReleaseFactory
from tests.issuing import MONDAY, make_keys

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=1)


@pytest.fixture(autouse=True)
def keys():
    make_keys()


@pytest.fixture
def level_key() -> str:
    release = ReleaseFactory()
    Program.objects.filter(pk=release.program_id).update(current=release)
    return f"{release.program.slug}/first"


@pytest.fixture
def read(tmp_path, level_key):
    """Read a table of one line."""

    def reading(line: str, *, heading: str = "Courriel;Nom;Date", asked=None, **traits) -> Batch:
        path = tmp_path / "liste.csv"
        path.write_text(f"{heading}\n{line}\n")
        asked = batches.Asked(level_key, **asked or {})
        return batches.prepare(path=path, name="liste.csv", asked=asked, **{"by": None, "at": MONDAY} | traits)

    return reading


def issue(batch: Batch, *, by=None) -> Batch:
    batches.begin(batch=batch, by=by, at=MONDAY, runs=False)
    batches.go_on(batch_id=batch.pk, at=MONDAY)
    return Batch.objects.get(pk=batch.pk)


def codes(batch: Batch) -> list[str]:
    return [one["code"] for one in rows.problems_of(batch)]


class TestReadAgain:
    def test_is_the_same_batch_whose_problems_are_looked_at_anew(self, read):
        first = read("attendue@ecole.example;;")
        assert codes(first) == ["person-unknown"]
        PersonFactory(email="attendue@ecole.example")
        assert read("attendue@ecole.example;;") == first
        assert codes(first) == []

    def test_is_read_with_the_columns_that_are_given_now(self, read):
        line = f"{PersonFactory().email};x"
        first = read(line, heading="Où écrire;Matricule", columns={"email": "Matricule"})
        again = read(line, heading="Où écrire;Matricule", columns={"email": "Où écrire"})
        assert (again, again.columns, codes(again)) == (first, {"email": "Où écrire"}, [])
        assert read(line, heading="Où écrire;Matricule").columns == {"email": "Où écrire"}

    def test_changes_nothing_once_it_is_begun(self, read):
        line = f"{PersonFactory().email};;"
        batch = issue(read(line))
        assert read(line, columns={"name": "Nom"}).columns == batch.columns
        assert rows.counted(batch)["ISSUED"] == 1


class TestWhoLeftMeanwhile:
    def test_is_a_problem_and_not_somebody_who_has_the_level(self, read):
        registrar = RegistrarFactory()
        member = AffiliationFactory(school__body=registrar.body).person
        asked = {"people": "MEMBERS", "body": registrar.body}
        batch = read(f"{member.email};;", asked=asked, by=registrar.person)
        Affiliation.objects.filter(person=member).delete()
        issue(batch, by=registrar.person)
        assert codes(batch) == ["person-not-member"]
        assert not Award.objects.exists()


class TestTakingBack:
    def test_follows_each_correction_of_a_correction(self, read):
        batch = issue(read(f"{PersonFactory().email};;"))
        award = Award.objects.get()
        for name in ("Émilie Exacte", "Émilie Encore", "Émilie Enfin"):
            facts = replace(Dossier.from_json(award.facts), name=name)
            award = actions.correct(award=award, facts=facts, by=None, at=LATER)
        batches.withdraw(batch=batch, reason="Mauvaise liste", by=None, at=LATER)
        batches.go_on(batch_id=batch.pk, at=LATER)
        assert Revocation.objects.get().award == award
        assert not Award.objects.standing().exists()

    def test_is_in_the_name_of_whoever_did_it(self, read):
        registrar = RegistrarFactory()
        other = RegistrarFactory(body=registrar.body)
        member = AffiliationFactory(school__body=registrar.body).person
        asked = {"people": "MEMBERS", "body": registrar.body}
        batch = issue(read(f"{member.email};;", asked=asked, by=registrar.person), by=registrar.person)
        batches.withdraw(batch=batch, reason="Mauvaise liste", by=other.person, at=LATER)
        recovery.recover(at=LATER)
        assert Revocation.objects.get().by == other.person
        assert Entry.objects.get(verb="award.revoked").by == other.person
