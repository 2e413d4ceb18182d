"""A session that ends in mid-sentence loses nothing."""

import re

import pytest
from django.core import mail
from django.core.cache import cache

from jalon.accounts.sessions import IDLE
from tests.accounts import test_sessions
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
clock = test_sessions.clock
TEXT = "Élodie  Exemple\nsur deux lignes"


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


def sign_in(client, person):
    client.post("/account/sign-in/", {"login": person.email})
    code = re.search(r"^[A-Z0-9]+(-[A-Z0-9]+)?$", mail.outbox[-1].body, re.MULTILINE).group()
    return client.post("/account/sign-in/code/", {"code": code})


class TestPostingAfterTheSessionHasEnded:
    def test_leads_to_the_sign_in_page_which_says_that_the_text_is_kept(self, client):
        page = client.post("/account/name/", {"legal_name": TEXT}, follow=True)
        assert page.redirect_chain == [("/account/sign-in/?next=%2Faccount%2Fresend%2F", 302)]
        assert "Ce que vous avez écrit est gardé" in page.content.decode()

    def test_offers_the_same_form_again_once_signed_in(self, client):
        client.post("/account/name/?from=here", {"legal_name": TEXT, "csrfmiddlewaretoken": "old"})
        assert sign_in(client, PersonFactory()).headers["Location"] == "/account/resend/"
        page = client.get("/account/resend/").content.decode()
        assert 'action="/account/name/?from=here"' in page
        assert f'name="legal_name" value="{TEXT}"' in page
        assert 'value="old"' not in page

    def test_is_sent_once_and_then_waits_no_longer(self, client):
        person = PersonFactory()
        client.post("/account/name/", {"legal_name": "Élodie Exemple"})
        sign_in(client, person)
        client.post("/account/name/", {"legal_name": "Élodie Exemple"})
        person.refresh_from_db()
        assert (person.legal_name, "kept" in client.session) == ("Élodie Exemple", False)
        assert client.get("/account/resend/").headers["Location"] == "/path/"

    def test_survives_a_change_of_address_in_mid_sign_in(self, client):
        client.post("/account/name/", {"legal_name": TEXT})
        client.post("/account/sign-in/", {"login": "faute@ecole.example"})
        client.post("/account/sign-out/", {"next": "/account/sign-in/"})
        assert sign_in(client, PersonFactory()).headers["Location"] == "/account/resend/"

    def test_is_gone_with_the_session_that_signs_out(self, client):
        client.post("/account/name/", {"legal_name": TEXT})
        sign_in(client, PersonFactory())
        client.post("/account/sign-out/")
        assert "kept" not in client.session

    def test_keeps_no_more_than_a_person_types(self, client):
        client.post("/account/name/", {"legal_name": "a " * 150_000})
        assert "kept" not in client.session

    def test_answers_401_with_a_sentence_to_a_script_which_keeps_its_own_text(self, client):
        answer = client.post("/account/name/", {"legal_name": TEXT}, headers={"accept": "application/json"})
        assert (answer.status_code, "kept" in client.session) == (401, False)
        assert answer.json()["reason"].startswith("Votre session est terminée.")

    def test_leads_the_whole_page_to_sign_in_when_a_part_was_asked_for(self, client):
        answer = client.post("/account/name/", {"legal_name": TEXT}, headers={"hx-request": "true"})
        assert answer.headers["HX-Redirect"] == "/account/sign-in/?next=%2Faccount%2Fresend%2F"


class TestWhoseItIs:
    @pytest.mark.parametrize("is_the_same", [True, False])
    def test_is_asked_where_the_session_that_ended_was_somebodys(self, client, clock, is_the_same):
        """On a shared computer, who signs in next is not shown the text of the one before."""
        writer, other = PersonFactory(), PersonFactory()
        client.force_login(writer)
        client.get("/account/")
        clock(IDLE)
        client.post("/account/name/", {"legal_name": TEXT})
        sign_in(client, writer if is_the_same else other)
        page = client.get("/account/resend/", follow=True).content.decode()
        assert (f'value="{TEXT}"' in page) is is_the_same
