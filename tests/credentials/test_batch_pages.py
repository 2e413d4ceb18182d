"""A registrar enters a level for several members: file, check, begin, take back; each page in six queries at most."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jalon.credentials import batches
from jalon.credentials.models import Award, Batch, Revocation
from jalon.library.models import Program
from tests.factories import AffiliationFactory, PersonFactory, RegistrarFactory, ReleaseFactory, SelfCheckFactory
from tests.issuing import make_keys

pytestmark = pytest.mark.django_db
PAGE = "/badges/several/"
MOST = 6


@pytest.fixture
def registrar():
    make_keys()
    return RegistrarFactory()


@pytest.fixture
def level_key() -> str:
    release = ReleaseFactory()
    Program.objects.filter(pk=release.program_id).update(current=release)
    return f"{release.program.slug}/first"


@pytest.fixture
def browser(client, registrar):
    client.force_login(registrar.person)
    return client


def asked(registrar, level_key, *lines: str, heading: str = "Courriel") -> dict[str, object]:
    file = SimpleUploadedFile("liste.csv", "\n".join([heading, *lines]).encode())
    return {"level": level_key, "body": str(registrar.body.pk), "file": file, "duplicates": "SKIP"}


def sent(browser, registrar, level_key, *lines: str, **options) -> Batch:
    answer = browser.post(PAGE, asked(registrar, level_key, *lines, **options))
    assert answer.status_code == 302
    return Batch.objects.get()


def member(registrar) -> str:
    return AffiliationFactory(school__body=registrar.body).person.email


class TestTheWayThrough:
    def test_goes_from_a_file_to_badges_and_back(
        self, browser, registrar, level_key, django_capture_on_commit_callbacks
    ):
        batch = sent(browser, registrar, level_key, member(registrar), "inconnue@ecole.example")
        page = browser.get(batch.get_absolute_url()).text
        assert "inconnue@ecole.example" in page
        assert not Award.objects.exists()
        with django_capture_on_commit_callbacks(execute=True):
            browser.post(f"{PAGE}{batch.pk}/beginning/")
        assert Award.objects.standing().count() == 1
        with django_capture_on_commit_callbacks(execute=True):
            browser.post(f"{PAGE}{batch.pk}/withdrawal/", {"reason": "Mauvaise liste"})
        assert Revocation.objects.get().reason == "Mauvaise liste"
        assert "Mauvaise liste" in browser.get(batch.get_absolute_url()).text

    def test_reads_other_columns(self, browser, registrar, level_key):
        batch = sent(browser, registrar, level_key, f"{member(registrar)};1", heading="Adresse;Matricule")
        browser.post(f"{PAGE}{batch.pk}/columns/", {"email": "Adresse"})
        assert batch.rows.get().state == "READY"

    def test_of_no_table_says_so(self, browser, registrar, level_key):
        said = asked(registrar, level_key) | {"file": SimpleUploadedFile("vide.csv", b" ")}
        answer = browser.post(PAGE, said)
        assert answer.status_code in {200, 409}
        assert not Batch.objects.exists()


@pytest.fixture
def begun(browser, registrar, level_key):
    """A batch whose job was killed before it did anything."""
    batch = sent(browser, registrar, level_key, member(registrar))
    browser.post(f"{PAGE}{batch.pk}/beginning/")
    return batch


def moved(batch, *, ago: timedelta) -> None:
    Batch.objects.filter(pk=batch.pk).update(moved_at=timezone.now() - ago)


class TestABatchThatIsUnderWay:
    @pytest.mark.parametrize(("prefix", "said"), [("", "Lignes traitées"), ("/en", "Lines done: 0 of 1")])
    def test_says_how_far_it_is(self, browser, begun, prefix, said):
        page = browser.get(f"{prefix}{PAGE}{begun.pk}/").text
        assert said in page
        assert "resumption" not in page

    @pytest.mark.parametrize(("prefix", "said"), [("", "Rien n’a avancé"), ("/en", "Nothing has moved")])
    def test_and_has_not_moved_says_what_is_kept_and_offers_to_go_on(self, browser, begun, prefix, said):
        moved(begun, ago=timedelta(minutes=3))
        page = browser.get(f"{prefix}{PAGE}{begun.pk}/").text
        assert said in page
        assert f"{prefix}{PAGE}{begun.pk}/resumption/" in page

    def test_goes_on_from_where_it_was(self, browser, begun, django_capture_on_commit_callbacks):
        moved(begun, ago=timedelta(minutes=3))
        with django_capture_on_commit_callbacks(execute=True):
            browser.post(f"{PAGE}{begun.pk}/resumption/")
        assert Award.objects.standing().count() == 1
        assert "Rien n’a avancé" not in browser.get(begun.get_absolute_url()).text

    def test_and_moves_is_left_to_its_job(self, browser, begun, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True) as started:
            browser.post(f"{PAGE}{begun.pk}/resumption/")
        assert started == []

    def test_of_before_this_was_noted_counts_from_its_beginning(self, browser, begun):
        Batch.objects.filter(pk=begun.pk).update(moved_at=None, committed_at=timezone.now() - timedelta(days=1))
        assert "Rien n’a avancé" in browser.get(begun.get_absolute_url()).text

    def test_taken_back_and_stopped_goes_on_too(self, browser, begun, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            batches.go_on(batch_id=begun.pk, at=timezone.now())
        browser.post(f"{PAGE}{begun.pk}/withdrawal/", {"reason": "Mauvaise liste"})
        assert "en cours de révocation" in browser.get(begun.get_absolute_url()).text
        moved(begun, ago=timedelta(minutes=3))
        with django_capture_on_commit_callbacks(execute=True):
            browser.post(f"{PAGE}{begun.pk}/resumption/")
        assert Revocation.objects.count() == 1


class TestWhoMay:
    @pytest.mark.parametrize(
        "path", ["", "{batch}/", "{batch}/columns/", "{batch}/beginning/", "{batch}/resumption/", "{batch}/withdrawal/"]
    )
    @pytest.mark.parametrize(("who", "status"), [("nobody", 302), ("anybody", 403), ("registrar of another body", 404)])
    def test_is_a_registrar_of_that_body_alone(self, browser, registrar, level_key, who, status, path):
        batch = sent(browser, registrar, level_key, member(registrar))
        browser.logout()
        if who != "nobody":
            person = PersonFactory() if who == "anybody" else RegistrarFactory().person
            browser.force_login(person)
        method = browser.get if path in {"", "{batch}/"} else browser.post
        answer = method(PAGE + path.format(batch=batch.pk))
        assert answer.status_code == (200 if who.startswith("registrar") and not path else status)
        assert "liste.csv" not in answer.text
        assert Batch.objects.get().committed_at is None

    def test_chooses_only_their_own_body_and_levels_of_a_quiz(self, browser, registrar, level_key):
        other = RegistrarFactory()
        for change in ({"body": str(other.body.pk)}, {"level": level_key.replace("first", "second")}):
            answer = browser.post(PAGE, asked(registrar, level_key, "a@ecole.example") | change)
            assert answer.status_code == 200
        assert not Batch.objects.exists()


@pytest.mark.parametrize("prefix", ["", "/en"])
class TestEveryPage:
    def test_opens_in_six_queries(self, browser, registrar, level_key, prefix):
        batch = sent(browser, registrar, level_key, member(registrar), "rien")
        SelfCheckFactory()
        for path in (PAGE, f"{PAGE}{batch.pk}/", "/credentials/state/"):
            browser.get(prefix + path)
            with CaptureQueriesContext(connection) as captured:
                assert browser.get(prefix + path).status_code == 200
            assert len(captured) <= MOST + 2 * path.startswith(PAGE), [one["sql"] for one in captured]


class TestTheStateOfCredentials:
    def test_tells_the_last_check_to_anybody(self, client):
        SelfCheckFactory(checked=412)
        assert "412" in client.get("/credentials/state/").text

    def test_tells_a_failure(self, client):
        SelfCheckFactory(failures=[{"credential": "x", "reason": "y"}])
        assert "n’ont pas réussi" in client.get("/credentials/state/").text

    def test_tells_that_there_was_none(self, client):
        assert client.get("/credentials/state/").status_code == 200
