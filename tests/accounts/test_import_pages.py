"""The page of an import says how far it is, by itself or opened again, and what to do when it has stopped."""

import json
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jalon.accounts.models import PeopleImport
from tests.factories import AffiliationFactory, ImportLineFactory, PeopleImportFactory, RegistrarFactory, UploadFactory

pytestmark = pytest.mark.django_db
each_language = pytest.mark.parametrize("prefix", ["", "/en"])
MOST = 8  # six, and what is asked of a role


@pytest.fixture
def registrar(client):
    registrar = RegistrarFactory()
    client.force_login(registrar.person)
    return registrar


@pytest.fixture
def made(registrar):
    def make(**said):
        now = timezone.now()
        return PeopleImportFactory(by=registrar.person, **{"at": now, "working_at": now, **said})

    return make


def shown(client, batch, prefix=""):
    page = BeautifulSoup(client.get(f"{prefix}/members/imports/{batch.pk}/").content, "html.parser")
    return page.select_one("#import"), page.select_one("#import").get_text(" ", strip=True).replace("\xa0", " ")


def posts(part):
    return {form["action"].rsplit("/", 2)[1] for form in part.select("form")}


@each_language
class TestAnImportInProgress:
    def test_says_how_far_it_is_in_words_and_asks_again_by_itself(self, client, made, prefix):
        part, words = shown(client, made(total=1_500, done=500), prefix)
        said = {"": "Lignes importées : 500 sur 1500", "/en": "Lines imported: 500 of 1500"}[prefix]
        assert said in words.replace("1 500", "1500").replace("1,500", "1500")
        assert (part["hx-trigger"], part["hx-get"], part.progress["value"]) == (
            "every 3s", part.select_one("p > a")["href"], "500",
        )  # fmt: skip
        assert posts(part) == set()

    def test_says_first_that_the_file_is_checked(self, client, made, prefix):
        said = {"": "vérifié une dernière fois", "/en": "checked once more"}[prefix]
        assert said in shown(client, made(), prefix)[1]

    def test_that_has_not_moved_offers_to_go_on_or_to_undo_it(self, client, made, prefix):
        batch = made(working_at=timezone.now() - timedelta(minutes=3))
        UploadFactory(pk=batch.pk, by=batch.by)
        part, words = shown(client, batch, prefix)
        assert {"": "Rien n’a avancé", "/en": "Nothing has moved"}[prefix] in words
        assert posts(part) == {"resumption", "undoing"}
        assert "hx-get" not in part.attrs

    def test_of_the_command_line_that_has_not_moved_is_undone_only(self, client, made, prefix):
        part, words = shown(client, made(working_at=timezone.now() - timedelta(minutes=3)), prefix)
        assert {"": "en ligne de commande", "/en": "at the command line"}[prefix] in words
        assert posts(part) == {"undoing"}


class TestWhatIsSaidAloud:
    """The part that is swapped every three seconds is silent; the line beside it changes with each quarter."""

    def said(self, client, batch, **asked):
        page = BeautifulSoup(client.get(f"/members/imports/{batch.pk}/", asked).content, "html.parser")
        return page.select_one("#import"), page.select_one("[role=status]")

    def test_is_outside_of_the_part_that_is_swapped(self, client, made):
        part, status = self.said(client, made(total=1_500, done=500))
        assert part.select("[role=status], [aria-live]") == []
        assert status.get_text(" ", strip=True) == "En cours – 25\N{NO-BREAK SPACE}% des lignes traitées"
        assert part["hx-select-oob"] == f"#{status['id']}:innerHTML"

    def test_is_not_said_again_before_the_next_quarter(self, client, made):
        batch = made(total=1_500, done=500)
        part, _status = self.said(client, batch)
        told = json.loads(part["hx-vals"])
        type(batch).objects.filter(pk=batch.pk).update(done=700)
        assert self.said(client, batch, **told)[1] is None
        type(batch).objects.filter(pk=batch.pk).update(done=800)
        assert "50" in self.said(client, batch, **told)[1].text
        type(batch).objects.filter(pk=batch.pk).update(working_at=None)
        assert "Importé" in self.said(client, batch, **told)[1].text


@each_language
class TestAnUndoing:
    def test_says_how_far_it_is(self, client, made, prefix):
        batch = made(undone_at=timezone.now(), undone=2, kept=1)
        ImportLineFactory(batch=batch, affiliation=AffiliationFactory())
        said = {"": "Lignes annulées : 3 sur 4", "/en": "Lines undone: 3 of 4"}[prefix]
        assert said in shown(client, batch, prefix)[1]

    def test_that_is_over_says_what_it_did(self, client, made, prefix):
        part, words = shown(client, made(working_at=None, undone_at=timezone.now(), undone=2, kept=1), prefix)
        assert {"": "Changées depuis, et conservées 1", "/en": "Changed since, and kept 1"}[prefix] in words
        assert posts(part) == set()


def test_an_import_that_was_stopped_leads_to_the_choice_of_a_file(client, made):
    part, words = shown(client, made(working_at=None, undone_at=timezone.now(), wrong=2))
    assert "2 problèmes sont apparus" in words
    assert part.select_one("a.button")["href"] == "/members/imports/"


def test_an_import_goes_on_when_that_is_asked(client, made, django_capture_on_commit_callbacks):
    batch = made(undone_at=timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/members/imports/{batch.pk}/resumption/")
    assert PeopleImport.objects.get().state == "UNDONE"


def test_an_import_of_yesterday_is_not_undone_any_more(client, made):
    part, _ = shown(client, made(working_at=None, at=timezone.now() - timedelta(hours=25)))
    assert posts(part) == set()


@pytest.mark.parametrize("is_one", [False, True])
def test_each_page_opens_in_few_queries_whatever_the_number_of_imports(client, made, is_one):
    batch = made(undone_at=timezone.now())
    counted = []
    for more in (0, 5):
        for _ in range(more):
            made()
        client.get("/members/imports/")
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/members/imports/{batch.pk}/" if is_one else "/members/imports/")
        counted.append(len(captured))
    assert counted[0] == counted[1] <= MOST
