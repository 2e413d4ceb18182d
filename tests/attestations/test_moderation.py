"""Whoever tries codes that nobody was given, or has very much checked, waits a minute; whoever opens what exists never
does."""

from itertools import count

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from jalon.attestations import cost
from jalon.core import codes
from jalon.demo.matrix import DOORS
from jalon.web import moderation
from tests.issuing import make_keys, signed

pytestmark = pytest.mark.django_db
REST = {"language": "fr", "form": "svg"}
NUMBERS = count()


def public_doors_by_code() -> list[str]:
    """The names of the addresses that hold the code of an award, for anybody; that of a school is no secret."""
    found = set()

    def walk(resolver: URLResolver, prefix: str) -> None:
        for one in resolver.url_patterns:
            if isinstance(one, URLPattern) and "code" in one.pattern.regex.groupindex:
                found.add(f"{prefix}{one.name}")
            elif isinstance(one, URLResolver):
                walk(one, f"{one.namespace}:" if one.namespace else prefix)

    walk(get_resolver(), "")
    return sorted(name for name in found if DOORS[name].who == "anyone" and not name.startswith("agreements:"))


def path_of(name: str, code: str) -> str:
    for names in ({}, {"language": "fr"}, REST):
        try:
            return reverse(name, kwargs={"code": code, **names})
        except NoReverseMatch:
            continue
    raise AssertionError(name)


def unknown() -> str:
    """A well-formed code that nobody was given, another one each time."""
    return codes.display(codes.new(lambda most: next(NUMBERS) % most))


def used_up(client: Client, **headers) -> int:
    """Try codes until the site has had enough; return how many were looked up."""
    for tried in range(200):
        if client.get(f"/v/{unknown()}/", **headers).status_code == 429:
            return tried
    raise AssertionError("no limit")


class TestEveryDoorByCode:
    def test_is_among_those_that_are_tried_here(self):
        assert public_doors_by_code() == [
            "attestations:attestation",
            "credentials:badge",
            "documents:credential",
            "documents:jwt",
            "files:baked",
            "files:paper",
        ]

    @pytest.mark.parametrize("name", public_doors_by_code())
    def test_counts_a_code_that_nobody_was_given(self, client, name):
        moderation.ASKED.charge("127.0.0.1", moderation.ASKED.most - 0.5, now=moderation.time.monotonic())
        assert client.get(path_of(name, unknown())).status_code == 404
        assert client.get(path_of(name, unknown())).status_code == 429

    @pytest.mark.parametrize("name", public_doors_by_code())
    def test_is_open_as_often_as_one_likes_for_a_code_that_exists(self, client, name):
        make_keys()
        path = path_of(name, codes.display(signed().code))
        for _ in range(3):
            assert client.get(path).status_code == 200
        assert moderation.ASKED.used("127.0.0.1", now=moderation.time.monotonic()) == 0


class TestTooManyGuesses:
    def test_are_refused_before_anything_is_looked_up(self, client, django_assert_num_queries):
        assert 120 <= used_up(client) <= 125
        with django_assert_num_queries(0):
            answer = client.get(f"/en/v/{unknown()}/")
        assert answer.headers["Retry-After"] == "60"
        assert "Please wait a minute" in answer.text
        assert "nothing is lost" in answer.text

    def test_are_told_to_a_program_in_words_too(self, client):
        used_up(client)
        answer = client.get(f"/v/{unknown()}/", headers={"accept": "application/json"})
        assert (answer.status_code, answer.headers["Retry-After"], list(answer.json())) == (429, "60", ["reason"])

    def test_on_the_page_of_verification_count_as_well(self, client):
        moderation.ASKED.charge("127.0.0.1", moderation.ASKED.most - 0.5, now=moderation.time.monotonic())
        assert client.get("/verify/", {"code": unknown()}).status_code == 200
        assert client.get("/verify/", {"code": unknown()}).status_code == 429
        assert client.get("/verify/").status_code == 200

    def test_give_back_what_was_pasted(self, client):
        used_up(client)
        answer = client.post("/en/verify/", {"code": '{"name": "A long text"}'})
        assert answer.status_code == 429
        assert "A long text" in answer.text

    def test_shut_nobody_else_out(self, client):
        used_up(client, REMOTE_ADDR="192.0.2.1")
        assert client.get(f"/v/{unknown()}/", REMOTE_ADDR="192.0.2.2").status_code == 404

    def test_are_counted_by_household_where_addresses_are_plenty(self, client):
        used_up(client, REMOTE_ADDR="2001:db8:0:1::1")
        assert client.get(f"/v/{unknown()}/", REMOTE_ADDR="2001:db8:0:1:ffff::2").status_code == 429
        assert client.get(f"/v/{unknown()}/", REMOTE_ADDR="2001:db8:0:2::1").status_code == 404

    def test_are_counted_one_by_one_where_a_proxy_writes_addresses_in_the_new_form(self, client):
        used_up(client, REMOTE_ADDR="::ffff:192.0.2.1")
        assert client.get(f"/v/{unknown()}/", REMOTE_ADDR="192.0.2.1").status_code == 429
        assert client.get(f"/v/{unknown()}/", REMOTE_ADDR="::ffff:192.0.2.2").status_code == 404

    def test_are_not_hidden_by_a_forged_header(self, client):
        used_up(client)
        forged = client.get(f"/v/{unknown()}/", headers={"x-forwarded-for": "192.0.2.9"})
        assert forged.status_code == 429

    def test_behind_a_proxy_are_those_of_the_visitor(self, client, settings):
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
        used_up(client, headers={"x-forwarded-for": "203.0.113.7, 192.0.2.1"})
        others = {"x-forwarded-for": "192.0.2.1, 192.0.2.2"}
        same = {"x-forwarded-for": "192.0.2.2, 192.0.2.1"}
        assert client.get(f"/v/{unknown()}/", headers=others).status_code == 404
        assert client.get(f"/v/{unknown()}/", headers=same).status_code == 429

    @pytest.mark.parametrize("address", ["", "unix:", "nonsense"])
    def test_of_an_address_that_is_none_are_counted_together(self, client, address):
        used_up(client, REMOTE_ADDR=address)
        assert client.get(f"/v/{unknown()}/", REMOTE_ADDR="").status_code == 429


class TestWhatIsChecked:
    def test_costs_the_processor_time_that_it_took(self, client, monkeypatch):
        spent = iter([10.0, 12.5])
        monkeypatch.setattr(cost, "spent", lambda: next(spent, 12.5))
        client.post("/verify/", {"code": "not a code"})
        used = moderation.ASKED.used("127.0.0.1", now=moderation.time.monotonic())
        assert used == pytest.approx(2.5, abs=0.1)

    def test_of_an_honest_folder_of_two_hundred_papers_is_far_below_the_limit(self, client):
        make_keys()
        paper = client.get(f"/v/{codes.display(signed().code)}/attestation-fr.pdf").content
        for number in range(200):
            file = SimpleUploadedFile(f"scan-{number}.pdf", paper)
            assert client.post("/verify/", {"file": file}).status_code == 200
        assert moderation.ASKED.used("127.0.0.1", now=moderation.time.monotonic()) < moderation.ASKED.most / 2

    def test_is_not_refused_where_the_form_was_not_right(self, client):
        used_up(client)
        assert client.post("/verify/", {}).status_code == 200


def test_no_setting_of_the_tests_makes_the_limit_another():
    assert moderation.ASKED.most == 120.0
    assert "ALLAUTH_TRUSTED_PROXY_COUNT" not in vars(settings)
