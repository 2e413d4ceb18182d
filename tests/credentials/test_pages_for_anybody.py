"""What a badge recognises and who issues it: one address for people and for programs."""

import pytest
from bs4 import BeautifulSoup
from django.utils import translation

from tests.factories import PersonFactory, ReleaseFactory
from tests.issuing import make_keys

pytestmark = pytest.mark.django_db
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@pytest.fixture
def release():
    make_keys()
    return ReleaseFactory()


def id_of(release, language="fr"):
    """Return the address that a credential names."""
    return f"/achievements/{release.program.slug}/{release.version}/first/{language}"


def ask(client, path, accept=""):
    return client.get(path, headers={"accept": accept} if accept else {})


def varies(answer):
    """Tell whether a cache is told that the answer depends on the form that is asked for."""
    return "Accept" in answer.headers["Vary"].split(", ")


@pytest.mark.parametrize("page", ["/issuer/", "/achievements/{}/{}/first/"])
class TestThePage:
    def test_is_asked_for_again_and_not_sent_again_while_it_holds(self, client, release, page):
        address = page.format(release.program.slug, release.version)
        first = ask(client, address, BROWSER)
        assert (first.status_code, first.headers["Cache-Control"]) == (200, "private, no-cache")
        known = {"accept": BROWSER, "if-none-match": first.headers["ETag"]}
        assert client.get(address, headers=known).status_code == 304
        assert client.get(f"/en{address}", headers=known).status_code == 200

    def test_that_is_made_for_somebody_is_kept_nowhere(self, client, release, page):
        client.force_login(PersonFactory())
        answer = ask(client, page.format(release.program.slug, release.version), BROWSER)
        assert (answer.headers["Cache-Control"], "ETag" in answer.headers) == ("private, no-store", False)


class TestTheIdOfAnAchievement:
    @pytest.mark.parametrize("accept", ["", "*/*", "application/ld+json", "application/json", "text/plain, */*"])
    def test_is_json_ld_for_a_program(self, client, release, accept):
        answer = ask(client, id_of(release), accept)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/ld+json")
        assert answer.json()["id"] == f"http://localhost:8000{id_of(release)}"
        assert (varies(answer), bool(answer.headers["ETag"])) == (True, True)

    @pytest.mark.parametrize(("language", "prefix"), [("fr", ""), ("en", "/en")])
    def test_leads_a_browser_to_the_page_in_its_language(self, client, release, language, prefix):
        answer = ask(client, id_of(release, language), BROWSER)
        page = f"{prefix}/achievements/{release.program.slug}/{release.version}/first/"
        assert (answer.status_code, answer.headers["Location"]) == (303, page)
        assert varies(answer)
        assert "ETag" not in answer.headers

    def test_leads_to_its_drawing_whoever_asks_for_a_picture(self, client, release):
        answer = ask(client, id_of(release), "image/svg+xml")
        assert client.get(answer.headers["Location"]).headers["Content-Type"] == "image/svg+xml"

    def test_is_not_sent_again_when_it_is_known_but_a_browser_still_sees_the_page(self, client, release):
        tag = ask(client, id_of(release)).headers["ETag"]
        again = client.get(id_of(release), headers={"if-none-match": tag})
        assert (again.status_code, varies(again), again.headers["ETag"]) == (304, True, tag)
        browser = client.get(id_of(release), headers={"if-none-match": tag, "accept": BROWSER})
        assert browser.status_code == 303

    def test_of_nothing_is_missing_in_every_form(self, client, release):
        for accept in ("", BROWSER):
            for path in ("/achievements/nothing/1.0.0/first/fr", id_of(release).replace("first", "third")):
                assert ask(client, path, accept).status_code == 404


class TestThePageOfAnAchievement:
    @pytest.mark.parametrize(("language", "prefix"), [("fr", ""), ("en", "/en")])
    def test_says_what_is_recognised(self, client, release, language, prefix, django_assert_max_num_queries):
        ReleaseFactory(program=release.program, version="2.0.0", typed=release.pack)
        with django_assert_max_num_queries(2):
            answer = client.get(f"{prefix}/achievements/{release.program.slug}/{release.version}/first/")
        page = BeautifulSoup(answer.content, "html.parser")
        text, badge = page.get_text(" "), release.pack.badge_of(release.pack.levels[0])
        assert page.h1.get_text() == badge.name[language]
        assert page.select_one(".emblem img")["alt"] == badge.alt[language]
        assert badge.criteria[language].split()[-1] in text
        for said in (badge.description[language], release.pack.title[language], "3\N{NO-BREAK SPACE}h"):
            assert said in text
        assert ("Une version plus récente" if language == "fr" else "A later version") in text

    def test_leads_to_the_same_page_in_the_other_language(self, client, release):
        path = f"/achievements/{release.program.slug}/{release.version}/first/"
        page = BeautifulSoup(client.get(path).content, "html.parser")
        twin = page.select_one("dd a[hreflang]")
        assert (twin["href"], twin["lang"], twin.get_text()) == (f"/en{path}", "en-CA", "English")

    def test_names_the_addresses_for_programs(self, client, release):
        path = f"/achievements/{release.program.slug}/{release.version}/first/"
        page = BeautifulSoup(client.get(path).content, "html.parser")
        told = [link["href"] for link in page.select('link[type="application/ld+json"]')]
        assert told == [id_of(release, "fr"), id_of(release, "en")]

    @pytest.mark.parametrize("path", ["/achievements/nothing/1.0.0/first/", "/achievements/{}/9.9.9/first/"])
    def test_of_nothing_is_missing(self, client, release, path):
        assert client.get(path.format(release.program.slug)).status_code == 404
        assert client.get(f"/achievements/{release.program.slug}/{release.version}/third/").status_code == 404


class TestTheIssuer:
    @pytest.mark.parametrize("language", ["fr-ca", "en-ca"])
    def test_is_a_page_that_names_its_identity_and_its_badges(self, client, release, language):
        with translation.override(language):
            answer = client.get("/issuer/" if language == "fr-ca" else "/en/issuer/", headers={"accept": BROWSER})
        page = BeautifulSoup(answer.content, "html.parser")
        assert "did:web:localhost%3A8000" in page.get_text()
        assert [link.get_text() for link in page.select("h3 a")] == [
            release.pack.badge_of(level).name[language[:2]] for level in release.pack.levels
        ]
        assert varies(answer)

    def test_is_a_profile_for_a_program(self, client, release):
        answer = ask(client, "/issuer/", "application/ld+json")
        assert (answer.json()["type"], answer.json()["id"]) == (["Profile"], "did:web:localhost%3A8000")
        assert varies(answer)
        tag = answer.headers["ETag"]
        known = client.get("/issuer/", headers={"accept": "application/ld+json", "if-none-match": tag})
        assert known.status_code == 304

    def test_says_when_nothing_is_offered_yet(self, client, db):
        page = BeautifulSoup(client.get("/en/issuer/").content, "html.parser")
        assert "Nothing is offered yet." in page.get_text()
