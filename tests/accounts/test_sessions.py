"""How long one stays signed in, and what remains when one no longer is."""

import json
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jalon.accounts.models import Person
from jalon.accounts.sessions import ABSOLUTE, IDLE
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock(monkeypatch):
    """Return a way to let time pass on the server."""
    start, passed = timezone.now(), []
    monkeypatch.setattr(timezone, "now", lambda: start + sum(passed, timedelta()))
    return passed.append


@pytest.fixture
def somebody(client, clock) -> Client:
    client.force_login(PersonFactory())
    return client


def is_signed_in(client) -> bool:
    return client.get("/account/").status_code == 200


class TestASession:
    def test_lasts_as_long_as_somebody_is_there(self, somebody, clock):
        for _ in range(10):
            clock(IDLE - 6 * MINUTE)
            assert is_signed_in(somebody)

    @pytest.mark.parametrize(("idle", "lasts"), [(IDLE - MINUTE, True), (IDLE, False), (IDLE * 3, False)])
    def test_ends_after_sixty_minutes_without_a_page(self, somebody, clock, idle, lasts):
        clock(idle)
        assert is_signed_in(somebody) is lasts

    def test_ends_twelve_hours_after_the_sign_in_even_if_somebody_is_there(self, somebody, clock):
        for _ in range(23):
            clock(ABSOLUTE / 24)
            assert is_signed_in(somebody)
        clock(ABSOLUTE / 24)
        assert not is_signed_in(somebody)

    @pytest.mark.parametrize("how_long", [IDLE, ABSOLUTE])
    def test_that_has_ended_is_gone_on_the_server(self, somebody, clock, how_long):
        stolen = somebody.cookies["session"].value
        clock(how_long)
        is_signed_in(somebody)
        assert not Session.objects.filter(session_key=stolen, expire_date__gt=timezone.now()).exists()

    def test_of_before_these_limits_begins_now(self, somebody, clock):
        session = somebody.session
        del session["began_at"], session["seen_at"]
        session.save()
        assert is_signed_in(somebody)
        clock(IDLE)
        assert not is_signed_in(somebody)

    def test_of_nobody_is_not_made(self, client):
        client.get("/")
        assert not Session.objects.exists()


class TestAPage:
    def test_writes_the_session_every_five_minutes_at_most(self, somebody, clock, django_assert_num_queries):
        def written() -> str:
            return Session.objects.get(session_key=somebody.session.session_key).session_data

        before = written()
        for _ in range(4):
            clock(MINUTE)
            assert is_signed_in(somebody)
            assert written() == before
        clock(MINUTE)
        assert is_signed_in(somebody)
        assert written() != before

    def test_takes_no_query_for_the_limits(self, somebody, clock, settings, django_assert_num_queries):
        path = reverse("credentials:mine")
        somebody.get(path)
        with django_assert_num_queries(len(queries_without_limits(somebody, settings, path))):
            somebody.get(path)


def queries_without_limits(client, settings, path) -> list:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    plain = Client()
    plain.cookies = client.cookies
    kept = settings.MIDDLEWARE
    settings.MIDDLEWARE = [one for one in kept if not one.endswith("LimitsMiddleware")]
    with CaptureQueriesContext(connection) as captured:
        assert plain.get(path).status_code == 200
    settings.MIDDLEWARE = kept
    return list(captured)


class TestATextInMidSentence:
    """… when sixty minutes have passed."""

    def test_that_is_posted_waits_for_the_next_session(self, somebody, clock):
        clock(IDLE)
        answer = somebody.post("/account/name/", {"legal_name": "Élodie Écrite-Longuement"})
        assert answer.headers["Location"].startswith("/account/sign-in/")
        somebody.force_login(Person.objects.get())
        assert "Élodie Écrite-Longuement" in somebody.get("/account/resend/").content.decode()

    def test_that_saves_itself_is_told_to_stay_on_the_device(self, somebody, clock):
        clock(IDLE)
        answer = somebody.post("/account/name/", {"legal_name": "x"}, headers={"accept": "application/json"})
        assert answer.status_code == 401
        assert "conservé" in json.loads(answer.content)["reason"]

    def test_that_already_waited_waits_on(self, somebody, clock):
        somebody.logout()
        somebody.post("/account/name/", {"legal_name": "Élodie Écrite-Longuement"})
        somebody.force_login(PersonFactory())
        clock(IDLE)
        assert not is_signed_in(somebody)
        somebody.force_login(PersonFactory())
        assert "Élodie Écrite-Longuement" in somebody.get("/account/resend/").content.decode()


class TestSigningOut:
    def test_ends_the_session_on_the_server(self, somebody):
        stolen = somebody.cookies["session"].value
        somebody.post("/account/sign-out/")
        assert not Session.objects.filter(session_key=stolen).exists()
        somebody.cookies["session"] = stolen
        assert not is_signed_in(somebody)

    @pytest.mark.parametrize(("ticked", "header"), [({}, None), ({"shared": "yes"}, '"cache"')])
    def test_clears_what_the_browser_keeps_on_a_shared_computer_only(self, somebody, ticked, header):
        answer = somebody.post("/account/sign-out/", ticked)
        assert answer.headers.get("Clear-Site-Data") == header

    @pytest.mark.parametrize("page", ["/account/sign-out/", "/account/"])
    def test_asks_whether_the_computer_is_shared(self, somebody, page):
        assert "Cet ordinateur est partagé" in somebody.get(page).content.decode()
