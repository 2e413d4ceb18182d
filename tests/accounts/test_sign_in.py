import re
import time
from types import SimpleNamespace

import pytest
from allauth.core.internal import ratelimit
from django.core import mail
from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import override

from jalon.accounts.models import Person
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
LANGUAGES = {"fr-ca": "", "en-ca": "/en"}


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


def code_in(letter) -> str:
    return re.search(r"^[A-Z0-9]+(-[A-Z0-9]+)?$", letter.body, re.MULTILINE).group()


def ask(client, email, prefix=""):
    return client.post(f"{prefix}/account/sign-in/", {"login": email}, follow=True)


class TestSigningIn:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_takes_an_address_then_the_code_that_it_receives(self, client, language):
        person, prefix = PersonFactory(), LANGUAGES[language]
        page = ask(client, person.email, prefix)
        assert page.request["PATH_INFO"] == f"{prefix}/account/sign-in/code/"
        answer = client.post(f"{prefix}/account/sign-in/code/", {"code": code_in(mail.outbox[0]), "action": "verify"})
        assert answer.headers["Location"] == f"{prefix}/path/"
        assert client.session["_auth_user_id"] == str(person.pk)

    @pytest.mark.parametrize(
        ("language", "subject"), [("fr-ca", "Votre code de connexion"), ("en-ca", "Your sign-in code")]
    )
    def test_writes_in_the_language_of_the_page(self, client, language, subject):
        ask(client, PersonFactory().email, LANGUAGES[language])
        assert mail.outbox[0].subject == subject

    def test_changes_the_key_of_the_session(self, client):
        ask(client, PersonFactory().email)
        before = client.session.session_key
        client.post("/account/sign-in/code/", {"code": code_in(mail.outbox[0])})
        assert client.session.session_key != before

    def test_refuses_a_wrong_code_and_says_so(self, client):
        ask(client, PersonFactory().email)
        page = client.post("/account/sign-in/code/", {"code": "AAAA-AAAA"})
        assert "Ce code n’est pas le bon" in page.content.decode()
        assert "_auth_user_id" not in client.session

    def test_gives_up_a_code_after_three_wrong_ones(self, client):
        ask(client, PersonFactory().email)
        for _ in range(3):
            answer = client.post("/account/sign-in/code/", {"code": "AAAA-AAAA"})
        assert answer.headers["Location"] == "/account/sign-in/"
        client.post("/account/sign-in/code/", {"code": code_in(mail.outbox[0])})
        assert "_auth_user_id" not in client.session

    def test_sends_another_code_on_request(self, client):
        ask(client, PersonFactory().email)
        client.post("/account/sign-in/code/", {"action": "resend"})
        first, second = map(code_in, mail.outbox)
        assert first != second
        client.post("/account/sign-in/code/", {"code": second})
        assert "_auth_user_id" in client.session

    def test_is_refused_with_a_code_to_a_closed_account(self, client):
        ask(client, PersonFactory(is_active=False).email)
        assert mail.outbox[0].subject == "Connexion à Jalon"

    def test_leads_back_to_the_page_that_was_asked_for(self, client):
        person = PersonFactory()
        asked = client.get("/account/")
        assert asked.headers["Location"] == "/account/sign-in/?next=%2Faccount%2F"
        client.post("/account/sign-in/", {"login": person.email, "next": "/account/"})
        answer = client.post("/account/sign-in/code/", {"code": code_in(mail.outbox[0]), "next": "/account/"})
        assert answer.headers["Location"] == "/account/"

    def test_never_leads_to_another_site(self, client):
        person = PersonFactory()
        client.post("/account/sign-in/", {"login": person.email, "next": "https://ailleurs.example/"})
        code = {"code": code_in(mail.outbox[0]), "next": "https://ailleurs.example/"}
        assert client.post("/account/sign-in/code/", code).headers["Location"] == "/path/"


class TestAnUnknownAddress:
    """… is answered exactly like a known one, by the page, its status and its work."""

    def test_shows_the_same_page(self, client):
        known, unknown = ("connue@ecole.example", "inconnue@ecole.example")
        PersonFactory(email=known)
        pages = []
        for email in (known, unknown):
            client.cookies.clear()
            page = ask(client, email)
            text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.content.decode())
            pages.append((page.status_code, page.redirect_chain, text.replace(email, "…")))
        assert pages[0] == pages[1]

    def test_receives_a_letter_too_without_a_code(self, client):
        ask(client, "inconnue@ecole.example")
        (letter,) = mail.outbox
        assert (letter.to, letter.subject) == (["inconnue@ecole.example"], "Connexion à Jalon")
        assert "http://localhost:8000/account/sign-up/" in letter.body

    def test_is_not_signed_in_by_any_code(self, client):
        ask(client, "inconnue@ecole.example")
        for code in ("", "0", "None"):
            client.post("/account/sign-in/code/", {"code": code})
        assert "_auth_user_id" not in client.session

    def test_takes_no_query_less_or_more_than_a_known_one(self, client, django_assert_max_num_queries):
        PersonFactory(email="connue@ecole.example")
        counts = []
        for email in ("connue@ecole.example", "inconnue@ecole.example"):
            client.cookies.clear()
            with django_assert_max_num_queries(60) as queries:
                client.post("/account/sign-in/", {"login": email})
            counts.append(len(queries))
        assert abs(counts[0] - counts[1]) <= 1


class TestCreatingAnAccount:
    def test_takes_an_address_then_a_code_and_opens_the_account_page(self, client):
        page = client.post("/en/account/sign-up/", {"email": "Nouvelle@ecole.example"}, follow=True)
        assert page.request["PATH_INFO"] == "/en/account/sign-in/code/"
        answer = client.post("/en/account/sign-in/code/", {"code": code_in(mail.outbox[0])})
        person = Person.objects.get()
        assert answer.headers["Location"] == "/en/account/"
        assert (person.email, person.language, person.has_usable_password()) == (
            "nouvelle@ecole.example",
            "en-ca",
            False,
        )

    def test_with_a_known_address_shows_the_same_page_and_creates_nothing(self, client):
        PersonFactory(email="connue@ecole.example")
        pages = []
        for email in ("connue@ecole.example", "nouvelle@ecole.example"):
            client.cookies.clear()
            page = client.post("/account/sign-up/", {"email": email}, follow=True)
            text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.content.decode())
            pages.append((page.status_code, page.redirect_chain, text.replace(email, "…")))
        assert pages[0] == pages[1]
        assert Person.objects.filter(email="connue@ecole.example").count() == 1
        assert "http://localhost:8000/account/sign-in/" in mail.outbox[0].body


class TestSigningOut:
    def test_ends_the_session_on_the_server(self, client):
        client.force_login(PersonFactory())
        key = client.session.session_key
        client.post("/account/sign-out/")
        assert not client.session.exists(key)

    def test_asks_before_it_does_when_it_is_a_link(self, client):
        client.force_login(PersonFactory())
        assert client.get("/account/sign-out/").status_code == 200
        assert "_auth_user_id" in client.session


class TestTheDoors:
    @pytest.mark.parametrize(
        "path",
        ["password/reset/", "password/change/", "password/set/", "reauthenticate/", "login/", "signup/", "email/"],
    )
    def test_of_the_library_that_are_not_ours_do_not_exist(self, client, path):
        client.force_login(PersonFactory())
        assert client.get(f"/account/{path}").status_code == 404

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("name", ["account_login", "account_signup"])
    def test_open_without_a_session_in_six_queries(self, client, language, name, django_assert_max_num_queries):
        with override(language):
            address = reverse(name)
        with django_assert_max_num_queries(6):
            assert client.get(address).status_code == 200

    @pytest.mark.parametrize("prefix", LANGUAGES.values())
    @pytest.mark.parametrize("path", ["address/", "sign-out/", "closed/"])
    def test_open_with_a_session_in_six_queries(self, client, prefix, path, django_assert_max_num_queries):
        client.force_login(PersonFactory())
        client.get(f"{prefix}/account/address/")  # the first visit writes what django-allauth knows of the address
        with django_assert_max_num_queries(6):
            assert client.get(f"{prefix}/account/{path}").status_code == 200

    @pytest.mark.parametrize("prefix", LANGUAGES.values())
    def test_ask_for_the_code_in_six_queries(self, client, prefix, django_assert_max_num_queries):
        ask(client, PersonFactory().email, prefix)
        with django_assert_max_num_queries(6):
            assert client.get(f"{prefix}/account/sign-in/code/").status_code == 200

    def test_close_for_a_minute_after_too_many_tries(self, client, monkeypatch):
        now = time.time()  # the same for all of them: on a busy machine the first ones are forgotten before the last
        monkeypatch.setattr(ratelimit, "time", SimpleNamespace(**vars(time) | {"time": lambda: now}))
        for number in range(31):
            page = client.post("/account/sign-in/", {"login": f"essai{number}@ecole.example"})
            client.cookies.clear()
        assert page.status_code == 429
        assert "Rien n’a été perdu" in page.content.decode()
