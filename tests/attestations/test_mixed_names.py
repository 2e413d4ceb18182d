"""A name that mixes alphabets is told, in words, on each page where somebody believes a name; nothing is held back."""

import io
import json
import zipfile

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from jalon.accounts.models import Person
from jalon.core import codes
from jalon.credentials.models import Award, Batch
from jalon.library.models import Program
from tests.factories import (
    AffiliationFactory,
    AwardFactory,
    PersonFactory,
    RegistrarFactory,
    ReleaseFactory,
    SchoolFactory,
)
from tests.issuing import credential_of, make_keys, signed

pytestmark = pytest.mark.django_db
MIXED, PLAIN = "Zoé Tr\u0435mblay", "Zoé Tremblay"
SAID = {
    "": "Ce nom mêle des alphabets : « \u0435 » (cyrillique). "
    "Il peut être exact; dans le doute, comparez-le à un autre document.",
    "/en": "This name mixes alphabets: “\u0435” (Cyrillic). "
    "It may be right; when in doubt, compare it with another document.",
}
each_language = pytest.mark.parametrize("prefix", ["", "/en"])


def notes(answer) -> list[str]:
    found = BeautifulSoup(answer.content, "html.parser").select("main .name-note")
    return [one.get_text(" ", strip=True).replace("\xa0", " ") for one in found]


@pytest.fixture
def registrar(client):
    registrar = RegistrarFactory()
    client.force_login(registrar.person)
    return registrar


@pytest.fixture
def level_key() -> str:
    release = ReleaseFactory()
    Program.objects.filter(pk=release.program_id).update(current=release)
    return f"{release.program.slug}/first"


def badge_of(name: str) -> Award:
    make_keys()
    return signed(holder=PersonFactory(legal_name=name))


def people_file(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(
        "personnes.csv", f"courriel;nom légal;école;fonction\nz@ecole.example;{name};912001;teacher\n".encode()
    )


@each_language
class TestAMixedName:
    def test_is_told_to_whoever_reads_a_badge_or_its_attestation(self, client, prefix):
        code = codes.display(badge_of(MIXED).code)
        for address in (f"/v/{code}/", f"/attestations/{code}/"):
            assert notes(client.get(prefix + address)) == [SAID[prefix]]

    def test_is_told_to_whoever_verifies_a_code_or_several_files(self, client, prefix):
        award, plain = badge_of(MIXED), signed(holder=PersonFactory(legal_name="В'ячеслав Приклад"))
        assert notes(client.post(f"{prefix}/verify/", {"code": codes.display(award.code)})) == [SAID[prefix]]
        assert notes(client.post(f"{prefix}/verify/", {"code": codes.display(plain.code)})) == []
        told = notes(client.post(f"{prefix}/verify/", {"file": archive(award, plain)}))
        assert told == [SAID[prefix]]

    def test_is_told_to_who_confirms_where_people_work(self, client, registrar, prefix):
        school = SchoolFactory(body=registrar.body)
        work = AffiliationFactory(school=school, person__legal_name=MIXED, waiting=True)
        AffiliationFactory(school=school, person__legal_name=PLAIN)
        assert notes(client.get(f"{prefix}/members/")) == [SAID[prefix]]
        assert notes(client.get(f"{prefix}/members/{work.pk}/")) == [SAID[prefix]]

    def test_is_told_to_who_asks_who_is_trained(self, client, registrar, prefix):
        AffiliationFactory(school__body=registrar.body, person__legal_name=MIXED)
        assert notes(client.get(prefix + reverse("agreements:readiness"))) == [SAID[prefix]]

    def test_is_told_to_the_person_once_it_is_saved(self, client, prefix):
        client.force_login(PersonFactory(legal_name=PLAIN))
        assert notes(client.get(f"{prefix}/account/")) == []
        answer = client.post(f"{prefix}/account/name/", {"legal_name": MIXED}, follow=True)
        assert notes(answer) == [SAID[prefix]]
        assert Person.objects.filter(legal_name=MIXED).exists()

    def test_is_told_before_people_are_imported(self, client, registrar, prefix):
        SchoolFactory(code="912001", body=registrar.body)
        answer = client.post(f"{prefix}/members/imports/", {"people": [people_file(MIXED)]}, follow=True)
        assert notes(answer) == [SAID[prefix]]
        assert "confirmation" in answer.text

    def test_is_told_before_a_batch_is_begun_and_holds_no_line_back(self, client, registrar, level_key, prefix):
        make_keys()
        lines = [
            AffiliationFactory(school__body=registrar.body, person__legal_name=name).person.email
            for name in (MIXED, PLAIN)
        ]
        file = SimpleUploadedFile("liste.csv", "\n".join(["Courriel", *lines, "personne"]).encode())
        asked = {"level": level_key, "body": str(registrar.body.pk), "file": file, "duplicates": "SKIP"}
        answer = client.post(f"{prefix}/badges/several/", asked, follow=True)
        assert notes(answer) == [SAID[prefix]]
        batch = Batch.objects.get()
        assert sorted(batch.rows.values_list("state", flat=True)) == ["PROBLEM", "READY", "READY"]
        client.post(f"{prefix}/badges/several/{batch.pk}/beginning/")
        assert notes(client.get(f"{prefix}/badges/several/{batch.pk}/")) == []

    def test_is_not_told_of_a_line_that_is_not_issued(self, client, registrar, level_key, prefix):
        person = AffiliationFactory(school__body=registrar.body, person__legal_name=MIXED).person
        AwardFactory(holder=person, level_key=level_key)
        file = SimpleUploadedFile("liste.csv", f"Courriel\n{person.email}".encode())
        asked = {"level": level_key, "body": str(registrar.body.pk), "file": file, "duplicates": "SKIP"}
        assert notes(client.post(f"{prefix}/badges/several/", asked, follow=True)) == []


def archive(*awards: Award) -> SimpleUploadedFile:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for award in awards:
            archive.writestr(f"{award.code}.json", credential_of(award).content)
    return SimpleUploadedFile("badges.zip", made.getvalue())


class TestAtTheCommandLine:
    def test_a_mixed_name_of_a_batch_is_told_with_its_line(self, tmp_path, level_key):
        make_keys()
        path = tmp_path / "liste.csv"
        path.write_text(f"Courriel;Nom\na@ecole.example;{MIXED}\nb@ecole.example;{PLAIN}\n")
        said = typed("credentials", "batch", str(path), "--level", level_key, "--new-people")
        assert f"line 2, « {MIXED} »: {SAID['/en']}" in said
        assert "2 to issue" in said
        told = json.loads(typed("credentials", "batch", str(path), "--level", level_key, "--new-people", "--json"))
        assert [(one["line"], one["value"]) for one in told["mixed"]] == [(2, MIXED)]
        assert told["problems"] == []

    def test_a_mixed_name_of_a_file_of_people_is_told_with_its_line(self, tmp_path):
        SchoolFactory(code="912001")
        path = tmp_path / "personnes.csv"
        path.write_bytes(people_file(MIXED).read())
        assert SAID["/en"] in typed("people", "--language", "en", "import", str(path))


def typed(*words: str) -> str:
    said = io.StringIO()
    call_command(*words, stdout=said)
    return said.getvalue()
