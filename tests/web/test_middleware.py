import json

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpResponse
from django.utils.translation import override
from django_htmx.middleware import HtmxDetails

from jalon.core.refusals import Refusal, Refused
from jalon.web import wording
from jalon.web.middleware import HeadersMiddleware, RefusalMiddleware
from jalon.web.wording import sentence
from tests.factories import PersonFactory

REFUSAL = Refusal("name-too-long", {"longest": 200})


def asked(rf, **headers):
    request = rf.post("/", headers=headers)
    request.user, request.htmx = AnonymousUser(), HtmxDetails(request)
    request._messages = CookieStorage(request)
    return request


def answered(request, refusal=REFUSAL):
    return RefusalMiddleware(lambda _: HttpResponse()).process_exception(request, Refused(refusal))


@pytest.fixture(autouse=True)
def english():
    with override("en-ca"):
        yield


class TestARefusal:
    def test_is_a_page_with_its_sentence(self, rf):
        response = answered(asked(rf, accept="text/html"))
        assert response.status_code == 409
        assert sentence(REFUSAL) in response.content.decode()

    def test_says_that_nothing_was_changed(self, rf):
        assert "What you had already saved is safe." in answered(asked(rf)).content.decode()

    def test_inside_a_part_of_a_page_becomes_a_message_of_the_refreshed_page(self, rf):
        request = asked(rf, hx_request="true")
        response = answered(request)
        assert response.headers["HX-Refresh"] == "true"
        assert [str(message) for message in get_messages(request)] == [sentence(REFUSAL)]

    def test_to_a_script_is_json(self, rf):
        response = answered(asked(rf, accept="application/json"))
        assert (response.status_code, json.loads(response.content)) == (409, {"reason": sentence(REFUSAL)})

    @pytest.mark.parametrize("code", ["reviewers-only", "registrars-only", "coordinators-only", "authors-only"])
    def test_of_a_page_that_is_for_a_role_is_403_and_is_titled_so(self, rf, code):
        response = answered(asked(rf), Refusal(code))
        assert response.status_code == 403
        assert response.content.decode().count("This page is for certain roles") == 2
        assert "This cannot be done" not in response.content.decode()

    @pytest.mark.parametrize("code", ["own-submission", "same-school", "answers-not-shared", "second-factor-first"])
    def test_of_an_act_or_of_a_page_of_no_role_is_403_and_names_no_role(self, rf, code):
        response = answered(asked(rf), Refusal(code))
        assert response.status_code == 403
        assert response.content.decode().count("This cannot be done") == 2

    @pytest.mark.parametrize(
        ("code", "words"), [("same-school", "Cela ne peut pas se faire"), ("authors-only", "Cette page est réservée")]
    )
    def test_is_titled_in_french(self, rf, code, words):
        with override("fr-ca"):
            assert f"<h1>{words}</h1>" in answered(asked(rf), Refusal(code)).content.decode()

    def test_of_what_anybody_may_at_another_moment_is_titled_so(self, rf):
        response = answered(asked(rf))
        assert response.content.decode().count("This cannot be done") == 2

    def test_of_what_ended_for_good_is_410_and_says_so(self, rf, monkeypatch):
        monkeypatch.setattr(wording, "GONE", frozenset({"name-too-long"}))
        response = answered(asked(rf))
        assert response.status_code == 410
        assert "This is no longer here" in response.content.decode()
        assert sentence(REFUSAL) in response.content.decode()

    def test_escapes_its_facts(self, rf):
        response = answered(asked(rf), Refusal("name-characters", {"characters": "<script>"}))
        assert "&lt;script&gt;" in response.content.decode()


class TestAnotherException:
    def test_is_left_to_django(self, rf):
        assert RefusalMiddleware(lambda _: HttpResponse()).process_exception(asked(rf), ValueError()) is None


class TestEveryAnswer:
    def test_turns_off_what_no_page_needs(self, client):
        response = client.get("/help/")
        for power in ("camera=()", "microphone=()", "geolocation=()"):
            assert power in response.headers["Permissions-Policy"]
        assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert response.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["X-Frame-Options"] == "DENY"

    def test_allows_no_inline_code_and_no_other_origin(self, client):
        policy = client.get("/help/").headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "script-src 'self'" in policy
        assert "object-src 'none'" in policy

    def test_may_say_otherwise_itself(self, rf):
        public = HttpResponse(headers={"Cross-Origin-Resource-Policy": "cross-origin"})
        response = HeadersMiddleware(lambda _: public)(rf.get("/"))
        assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


class Session:
    def __init__(self, accessed):
        self.accessed = accessed


class Person:
    is_authenticated = True


class TestAPageMadeForSomebody:
    @pytest.mark.parametrize(
        ("accessed", "user", "kept"),
        [(True, Person(), "private, no-store"), (True, AnonymousUser(), None), (False, Person(), None)],
        ids=["signed in", "visitor", "page that did not look"],
    )
    def test_is_kept_nowhere(self, rf, accessed, user, kept):
        request = rf.get("/")
        request.session, request.user = Session(accessed), user
        response = HeadersMiddleware(lambda _: HttpResponse())(request)
        assert response.headers.get("Cache-Control") == kept


class TestWhatWasWritten:
    @pytest.mark.parametrize("accept", ["text/html", "*/*"])
    def test_is_given_back_by_the_page_that_refuses_it(self, rf, accept):
        request = rf.post(
            "/", {"advice": "Une idée à <garder>.", "key": "abc", "empty": " "}, headers={"accept": accept}
        )
        request.user, request.htmx = AnonymousUser(), HtmxDetails(request)
        page = answered(request).content.decode()
        assert ("Une idée à &lt;garder&gt;." in page, page.count("<blockquote")) == (True, 1)

    def test_is_not_spoken_of_where_nothing_was(self, rf):
        assert "What you had written" not in answered(asked(rf)).content.decode()


class TestAnAddress:
    @pytest.mark.parametrize(("prefix", "said"), [("", "ne reçoit qu’un formulaire"), ("/en", "only takes a form")])
    def test_that_only_takes_a_form_says_so(self, client, prefix, said):
        answer = client.get(f"{prefix}/account/name/")
        assert (answer.status_code, answer.headers["Allow"], said in answer.text) == (405, "POST", True)

    @pytest.mark.parametrize("ask", [{"accept": "application/json"}, {}])
    def test_that_only_takes_a_form_answers_a_program_shortly(self, client, ask):
        method = client.get if ask else client.put
        answer = method("/account/name/", headers=ask)
        assert (answer.status_code, answer.content) == (405, b"")

    @pytest.mark.django_db
    @pytest.mark.parametrize(
        "path", ["/achievements/sexto/%00/explorer/", "/en/achievements/a/%00/b/", "/v/%00/", "/programs/%00/", "/%00"]
    )
    def test_with_a_null_character_is_not_there(self, client, path):
        assert client.get(path).status_code == 404

    @pytest.mark.django_db
    def test_searched_with_a_null_character_is_searched_without(self, client):
        client.force_login(PersonFactory())
        for page in ("/account/schools/new/", "/coverage/", "/programs/"):
            assert (page, client.get(page, {"q": "a\0b"}).status_code) == (page, 200)
