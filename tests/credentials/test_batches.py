"""A batch awards one level to everybody in a table: checked line by line, finished whatever happens, taken back."""

from datetime import date
from unittest.mock import patch

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from jalon.accounts.models import Person, Standing
from jalon.core.openbadges.template import Batch as Signing
from jalon.core.openbadges.template import Mismatch
from jalon.core.refusals import Refused
from jalon.credentials import actions, batches, recovery, rows
from jalon.credentials.models import Award, Checkpoint, Credential, Issuance, Revocation, StatusList
from jalon.hours.models import Entry as Hours
from jalon.journal.models import Entry
from jalon.notices.models import Message
from jalon.web.tables import xlsx_bytes
from tests.credentials.lists import LATER, counts, issued, prepared, problems, verdict
from tests.factories import (
    PersonFactory,
)
from tests.issuing import MONDAY, make_keys, signed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keys():
    make_keys()


class TestReading:
    def test_issues_nothing_and_says_what_each_line_is(self, table, level_key):
        ready, known = PersonFactory(), PersonFactory()
        issued(table(f"{known.email};;", name="avant.csv"), level_key)
        batch = prepared(table(f"{ready.email};;", f"{known.email};;", "personne;;", "qui@ecole.example;;"), level_key)
        assert rows.counted(batch) == {"READY": 1, "KNOWN": 1, "PROBLEM": 2, "ISSUED": 0}
        assert problems(batch) == [(4, "email", "email-not-valid"), (5, "email", "person-unknown")]

    def test_takes_the_same_file_once(self, table, level_key):
        path = table(f"{PersonFactory().email};;")
        first = prepared(path, level_key)
        before = counts()
        assert prepared(path, level_key) == first
        assert counts() == before

    @pytest.mark.parametrize(
        ("heading", "columns"),
        [
            ("Adresse courriel;NOM COMPLET", {"email": "Adresse courriel", "name": "NOM COMPLET"}),
            ("E-mail;Awarded on", {"email": "E-mail", "awarded_on": "Awarded on"}),
            ("Matricule;Poste", {}),
        ],
    )
    def test_knows_the_columns_by_their_usual_names(self, table, level_key, heading, columns):
        assert prepared(table("a@ecole.example;x", heading=heading), level_key).columns == columns

    def test_reads_other_columns_when_told(self, table, level_key):
        person = PersonFactory()
        batch = prepared(table(f"{person.email};1", heading="Adresse;Matricule"), level_key)
        assert rows.counted(batch)["PROBLEM"] == 1
        batches.map_columns(batch=batch, columns={"email": "Adresse", "name": "Absente"}, by=None, at=MONDAY)
        assert rows.counted(batch)["READY"] == 1

    def test_reads_a_workbook(self, tmp_path, level_key):
        person = PersonFactory()
        path = tmp_path / "liste.xlsx"
        path.write_bytes(xlsx_bytes("liste", ["Courriel", "Date"], [[person.email, date(2026, 2, 1)]]))
        batch = prepared(path, level_key)
        assert batch.rows.get().awarded_on == date(2026, 2, 1)

    @pytest.mark.parametrize(
        ("line", "code"),
        [
            ("{};;hier", "day-not-readable"),
            ("{};;2026-03-03", "day-to-come"),
            ("=1+1;;", "email-not-valid"),
        ],
    )
    def test_names_what_stops_a_line(self, table, level_key, line, code):
        batch = prepared(table(line.format(PersonFactory().email)), level_key)
        assert code in {found for _, _, found in problems(batch)}

    def test_refuses_duplicates_when_asked(self, table, level_key):
        person, has = PersonFactory(), PersonFactory()
        issued(table(f"{has.email};;", name="avant.csv"), level_key)
        lines = (f"{person.email};;", f"{person.email.upper()};;", f"{has.email};;")
        batch = prepared(table(*lines), level_key, duplicates="REFUSE")
        assert problems(batch) == [(3, "email", "row-repeated"), (4, "email", "already-awarded")]

    def test_of_an_unknown_level_is_refused(self, table):
        with pytest.raises(Refused, match="level-unknown"):
            prepared(table("a@ecole.example;;"), "nowhere/first")


class TestIssuing:
    def test_gives_each_person_what_one_award_gives(self, table, level_key):
        people = [PersonFactory(), PersonFactory(english=True)]
        batch = issued(table(*(f"{person.email};;2026-02-14" for person in people)), level_key)
        assert rows.counted(batch)["ISSUED"] == 2
        for person in people:
            award = Award.objects.get(holder=person)
            credential = award.credentials.get()
            assert verdict(credential) == "valid"
            assert (award.awarded_on, award.language) == (date(2026, 2, 14), person.language)
            assert award.facts["name"] == person.legal_name
            assert Standing.objects.get(source=award.pk).person == person
            assert Hours.objects.get(award=award.pk).minutes == award.minutes
            assert Message.objects.get(to=person).address == person.email
            assert Issuance.objects.get(credential=credential.pk).digest == credential.digest
            assert Entry.objects.get(verb="award.issued", about_id=award.pk).facts["batch"] == str(batch.pk)
        assert list(recovery.audit()) == []
        assert not Issuance.objects.filter(number=None).exists()

    def test_signs_byte_for_byte_what_one_award_would_be(self, table, level_key):
        person = PersonFactory(legal_name="Zoé « O’Neill » \\ É")
        issued(table(f"{person.email};;"), level_key)
        credential = Credential.objects.get()
        before, payload = credential.content, credential.payload
        Credential.objects.update(signed=None, digest="", signed_at=None)
        assert (actions.sign(credential_id=credential.pk, at=MONDAY).content, payload) == (before, credential.payload)

    def test_again_changes_nothing(self, table, level_key):
        path = table(f"{PersonFactory().email};;")
        batch = issued(path, level_key)
        before = counts()
        assert issued(path, level_key) == batch
        assert counts() == before

    def test_of_another_file_with_the_same_people_issues_nothing_twice(self, table, level_key):
        person = PersonFactory()
        issued(table(f"{person.email};;"), level_key)
        issued(table(f"{person.email};;", name="autre.csv", heading="Courriel;Nom;Jour"), level_key)
        assert Award.objects.count() == Credential.objects.count() == Message.objects.count() == 1

    def test_leaves_out_who_was_awarded_in_between(self, table, level_key):
        person = PersonFactory()
        batch = prepared(table(f"{person.email};;"), level_key)
        signed(holder=person, release=batch.release)
        batches.begin(batch=batch, by=None, at=MONDAY, runs=False)
        batches.go_on(batch_id=batch.pk, at=MONDAY)
        assert rows.counted(batch)["KNOWN"] == 1
        assert Award.objects.count() == 1

    def test_knows_a_person_by_any_address_of_theirs_and_issues_once(self, table, level_key):
        person = PersonFactory(email="lea@ecole.example")
        EmailAddress.objects.create(user=person, email="lea@maison.example", verified=True)
        path = table("lea@maison.example;Léa Exemple;", "lea@ecole.example;Léa Exemple;")
        batch = issued(path, level_key, people="ANY")
        assert [award.holder for award in Award.objects.all()] == [person]
        assert rows.counted(batch)["KNOWN"] == 1
        assert Person.objects.filter(email="lea@maison.example").count() == 0

    def test_of_two_addresses_that_became_one_person_since_they_were_read_issues_once(self, table, level_key):
        person = PersonFactory(email="lea@ecole.example")
        batch = prepared(table("lea@maison.example;Léa Exemple;", "lea@ecole.example;Léa;"), level_key, people="ANY")
        assert rows.counted(batch)["READY"] == 2
        EmailAddress.objects.create(user=person, email="lea@maison.example", verified=True)
        batches.begin(batch=batch, by=None, at=MONDAY, runs=False)
        batches.go_on(batch_id=batch.pk, at=MONDAY)
        assert [str(award.pk) for award in Award.objects.filter(holder=person)] == [str(batch.rows.get(line=2).award)]
        assert [row.state for row in batch.rows.order_by("line")] == ["ISSUED", "KNOWN"]

    def test_is_anchored_at_the_moment_when_its_last_line_was_written(self, table, level_key):
        """A checkpoint with the moment of the beginning would vouch for lines that came after it."""
        before = timezone.now()
        issued(table(f"{PersonFactory().email};;"), level_key)
        assert before <= Checkpoint.objects.get().at <= timezone.now()

    def test_makes_accounts_only_when_asked(self, table, level_key):
        path = table("nouvelle@ecole.example;Camille Nouvelle;")
        batch = issued(path, level_key, people="ANY")
        person = Person.objects.get(email="nouvelle@ecole.example")
        assert not person.has_usable_password()
        assert Award.objects.get(holder=person).facts["name"] == "Camille Nouvelle"
        assert rows.counted(batch)["ISSUED"] == 1

    def test_says_who_answers_for_it_and_names_no_quiz(self, table, level_key, client, settings):
        issued(table(f"{PersonFactory().email};;"), level_key)
        page = client.get(Award.objects.get().get_absolute_url(), follow=True).text
        assert settings.JALON_OPERATOR in page
        assert "Quiz réussi" not in page

    def test_stopped_anywhere_goes_on_where_it_was(self, table, level_key):
        path = table(*(f"{PersonFactory().email};;" for _ in range(7)))
        batch = prepared(path, level_key)
        batches.begin(batch=batch, by=None, at=MONDAY, runs=False)
        with patch.object(batches, "STEP", 2):
            batches._step(batch.pk, at=MONDAY)
            with patch.object(batches.bulk, "_tell", side_effect=ZeroDivisionError), pytest.raises(ZeroDivisionError):
                batches._step(batch.pk, at=MONDAY)
            assert [str(one.code) for one in recovery.audit()] == ["audit-batch-unfinished"]
            assert rows.counted(batch)["ISSUED"] == Award.objects.count() == 2
            assert recovery.recover(at=LATER)["batches"] == 1
        assert rows.counted(batch)["ISSUED"] == Award.objects.count() == Message.objects.count() == 7
        assert list(recovery.audit()) == []

    def test_publishes_nothing_when_the_sample_disagrees(self, table, level_key):
        batch = prepared(table(f"{PersonFactory().email};;"), level_key)
        batches.begin(batch=batch, by=None, at=MONDAY, runs=False)
        with patch.object(Signing, "sign_slowly", return_value=b"{}"), pytest.raises(Mismatch):
            batches.go_on(batch_id=batch.pk, at=MONDAY)
        assert not Award.objects.exists()
        assert not Credential.objects.exists()

    def test_without_a_sound_line_is_refused(self, table, level_key):
        with pytest.raises(Refused, match="batch-empty"):
            issued(table("rien;;"), level_key)


class TestEntries:
    def test_are_drawn_at_random_and_never_shared(self, table, level_key):
        issued(table(*(f"{PersonFactory().email};;" for _ in range(60))), level_key)
        found = list(Credential.objects.order_by("award__holder__email").values_list("status_index", flat=True))
        assert len(set(found)) == 60
        assert found != sorted(found)
        assert max(found) > 50_000

    def test_come_from_a_new_list_when_the_last_one_is_full(self, table, level_key):
        full = StatusList.objects.create(number=1, bits=bytes(16_384))
        with patch.object(batches.bulk, "_free", side_effect=[[], [5]]):
            issued(table(f"{PersonFactory().email};;"), level_key)
        assert Credential.objects.exclude(status_list=full).get().status_list.number == 2


class TestTakingBack:
    def test_revokes_what_the_batch_issued_and_nothing_else(self, table, level_key):
        has, new = PersonFactory(), PersonFactory()
        issued(table(f"{has.email};;", name="avant.csv"), level_key)
        batch = issued(table(f"{has.email};;", f"{new.email};;"), level_key)
        batches.withdraw(batch=batch, reason="Mauvaise liste", by=None, at=LATER)
        batches.go_on(batch_id=batch.pk, at=LATER)
        assert Award.objects.get(holder=has).is_current
        revoked = Revocation.objects.get()
        assert (revoked.award.holder, revoked.reason) == (new, "Mauvaise liste")
        assert verdict(Credential.objects.get(award__holder=new)) == "revoked"
        assert Standing.objects.get(person=new).until_on is not None
        assert list(recovery.audit()) == []

    def test_again_changes_nothing(self, table, level_key):
        batch = issued(table(f"{PersonFactory().email};;"), level_key)
        for _ in range(2):
            batches.withdraw(batch=batch, reason="Mauvaise liste", by=None, at=LATER)
            batches.go_on(batch_id=batch.pk, at=LATER)
        assert Revocation.objects.count() == 1

    def test_stopped_is_finished_by_recovery(self, table, level_key):
        batch = issued(table(*(f"{PersonFactory().email};;" for _ in range(3))), level_key)
        batches.withdraw(batch=batch, reason="Mauvaise liste", by=None, at=LATER)
        with patch.object(batches, "STEP", 1):
            batches._step(batch.pk, at=LATER)
        assert [one.code for one in recovery.audit()] == ["audit-batch-unfinished"]
        recovery.recover(at=LATER)
        assert list(recovery.audit()) == []
        assert Revocation.objects.count() == 3

    def test_lets_the_same_file_be_sent_again(self, table, level_key):
        path = table(f"{PersonFactory().email};;")
        batch = issued(path, level_key)
        batches.withdraw(batch=batch, reason="Trop tôt", by=None, at=LATER)
        batches.go_on(batch_id=batch.pk, at=LATER)
        assert issued(path, level_key) != batch
        assert Award.objects.standing().count() == 1

    def test_needs_a_reason(self, table, level_key):
        with pytest.raises(Refused, match="revocation-needs-reason"):
            batches.withdraw(
                batch=issued(table(f"{PersonFactory().email};;"), level_key), reason=" ", by=None, at=LATER
            )
