"""The main menu leads each role to its page, without a query more."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import CoordinatorFactory, PersonFactory, RegistrarFactory

pytestmark = pytest.mark.django_db
each_language = pytest.mark.parametrize("prefix", ["", "/en"])


def menu(client, path="/"):
    page = BeautifulSoup(client.get(path).content, "html.parser")
    return {link["href"]: link.get_text() for link in page.select(".menu nav a")}


@each_language
class TestTheMainMenu:
    def test_leads_a_registrar_to_the_members(self, client, prefix):
        client.force_login(RegistrarFactory().person)
        links = menu(client, f"{prefix}/")
        assert links[f"{prefix}/members/"] == {"": "Membres", "/en": "Members"}[prefix]
        assert f"{prefix}/agreements/" not in links

    def test_leads_a_coordinator_to_the_agreements(self, client, prefix):
        client.force_login(CoordinatorFactory().person)
        links = menu(client, f"{prefix}/")
        assert links[f"{prefix}/agreements/"] == {"": "Ententes", "/en": "Agreements"}[prefix]
        assert f"{prefix}/members/" not in links

    def test_leads_an_author_to_the_published_content(self, client, prefix):
        client.force_login(PersonFactory(is_author=True))
        links = menu(client, f"{prefix}/")
        assert links[f"{prefix}/content/"] == {"": "Contenus", "/en": "Content"}[prefix]
        assert f"{prefix}/journal/" not in links

    @pytest.mark.parametrize("role", ["is_privacy_officer", "is_operator"])
    def test_leads_who_may_read_the_journal_to_it(self, client, prefix, role):
        client.force_login(PersonFactory(**{role: True}))
        assert menu(client, f"{prefix}/")[f"{prefix}/journal/"] == "Journal"

    def test_says_nothing_of_a_role_to_others(self, client, prefix):
        visitor = set(menu(client, f"{prefix}/"))
        client.force_login(PersonFactory())
        learner = set(menu(client, f"{prefix}/"))
        roles = {f"{prefix}/{one}/" for one in ("members", "agreements", "review", "content", "journal")}
        assert not roles & (visitor | learner)


def here(client, path):
    page = BeautifulSoup(client.get(path).content, "html.parser")
    return [link["href"] for link in page.select(".menu nav a[aria-current]")]


@each_language
class TestThePlaceThatIsCurrent:
    @pytest.mark.parametrize("path", ["/members/", "/badges/", "/programs/"])
    def test_is_marked(self, client, prefix, path):
        client.force_login(RegistrarFactory().person)
        assert here(client, prefix + path) == [prefix + path]

    def test_is_also_that_of_a_page_below_it(self, client, prefix):
        client.force_login(RegistrarFactory().person)
        assert here(client, f"{prefix}/members/readiness/") == [f"{prefix}/members/"]

    def test_is_not_my_badges_where_a_registrar_enters_those_of_others(self, client, prefix):
        client.force_login(RegistrarFactory().person)
        assert client.get(f"{prefix}/badges/several/").status_code == 200
        assert here(client, f"{prefix}/badges/several/") == []


def test_a_role_that_is_taken_away_is_gone_from_the_next_page(client):
    registrar = RegistrarFactory()
    client.force_login(registrar.person)
    assert "/members/" in menu(client)
    registrar.delete()
    assert "/members/" not in menu(client)


def test_a_page_costs_the_session_and_the_person_whatever_the_roles(client):
    person = PersonFactory()
    client.force_login(person)
    client.get("/")
    counted = []
    for give in (lambda: None, lambda: RegistrarFactory(person=person), lambda: CoordinatorFactory(person=person)):
        give()
        with CaptureQueriesContext(connection) as captured:
            client.get("/")
        counted.append(len(captured))
    assert counted == [2, 2, 2]


def test_an_account_that_is_closed_is_signed_out(client):
    person = PersonFactory()
    client.force_login(person)
    type(person).objects.update(is_active=False)
    assert "/path/" not in menu(client)
    assert client.get("/account/").status_code == 302
