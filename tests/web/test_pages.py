import gzip
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.template.loader import get_template
from django.test import RequestFactory
from django.utils import timezone
from django.utils.translation import override

import jalon
from jalon.core.typography import spacing_faults
from jalon.web import views

HOUSE = Path(jalon.__file__).parent
STYLES = sorted((HOUSE / "web/static/web").glob("*.css"))
TEMPLATES = sorted(HOUSE.glob("*/templates/**/*.html"))
PAGES = ["/", "/about/", "/help/", "/accessibility/", "/privacy/", "/components/"]
TEXTS = ["about", "help", "accessibility", "privacy"]


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


@pytest.mark.parametrize("path", PAGES)
class TestEveryPageOfTheSite:
    @pytest.mark.parametrize(("prefix", "lang"), [("", "fr-CA"), ("/en", "en-CA")])
    def test_has_one_title_one_heading_and_its_language(self, client, path, prefix, lang):
        page = soup(client.get(prefix + path))
        assert page.html["lang"] == lang
        assert page.title.get_text().endswith(" – Jalon")
        assert len(page.select("h1")) == 1
        assert page.select_one("a.skip")["href"] == "#" + page.main["id"]

    def test_has_no_repeated_id(self, client, path):
        ids = [tag["id"] for tag in soup(client.get(path)).find_all(id=True)]
        assert len(ids) == len(set(ids))

    def test_leads_nowhere_that_does_not_exist(self, client, path):
        page = soup(client.get(path))
        for link in page.select("a[href^='#']"):
            assert page.find(id=link["href"][1:]), link

    def test_asks_the_database_nothing(self, client, path):
        assert client.get(path).status_code == 200  # this test has no access to the database


class TestALongText:
    @pytest.mark.parametrize("name", TEXTS)
    def test_has_the_same_shape_in_both_languages(self, client, name):
        french, english = (soup(client.get(f"{prefix}/{name}/")).main for prefix in ("", "/en"))
        for selector in ("h2", "li", "details", "time"):
            assert len(french.select(selector)) == len(english.select(selector)), selector
        assert french.time["datetime"] == english.time["datetime"]

    @pytest.mark.parametrize("name", TEXTS)
    def test_is_spaced_as_in_quebec(self, client, name):
        text = soup(client.get(f"/{name}/")).main.get_text(" ", strip=True)
        assert list(spacing_faults(re.sub(r"\s+([.,;)])", r"\1", text))) == []


class TestAnErrorPage:
    @pytest.mark.parametrize(
        ("prefix", "words"), [("", "Cette page est introuvable"), ("/en", "This page was not found")]
    )
    def test_for_an_unknown_address_is_in_the_language_of_the_address(self, client, prefix, words):
        response = client.get(f"{prefix}/nowhere/")
        assert response.status_code == 404
        assert soup(response).h1.get_text() == words

    @pytest.mark.parametrize(
        ("view", "arguments", "status"),
        [
            (views.bad_request, [ValueError()], 400),
            (views.forbidden, [PermissionError()], 403),
            (views.csrf_failure, [], 403),
        ],
        ids=["bad request", "forbidden", "old seal"],
    )
    def test_says_that_nothing_was_changed_and_shows_a_way_on(self, view, arguments, status):
        with override("en-ca"):
            response = view(RequestFactory().get("/"), *arguments)
        assert response.status_code == status
        assert "othing was changed" in soup(response).main.get_text()
        assert soup(response).main.select_one("a.button")

    @pytest.mark.parametrize(
        ("language", "words"), [("fr-ca", "Un ennui de notre côté"), ("en-ca", "Something went wrong")]
    )
    def test_for_a_failure_needs_neither_session_nor_person_nor_database(self, language, words):
        with override(language):
            response = views.failure(RequestFactory().get("/"))
        assert response.status_code == 500
        assert words in soup(response).h1.get_text()

    def test_for_an_old_seal_says_how_to_get_the_text_back(self):
        with override("fr-ca"):
            assert "Pour retrouver votre texte" in views.csrf_failure(RequestFactory().get("/")).content.decode()


class TestATimeOfDay:
    @pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(HOUSE).as_posix())
    def test_does_not_end_a_sentence_since_in_english_it_ends_with_a_full_stop(self, path):
        sentences = re.findall(r"{% blocktranslate (.*?)%}(.*?){% endblocktranslate %}", path.read_text(), re.DOTALL)
        for given, said in sentences:
            times = re.findall(r"(\w+)=[\w.]+\|(?:moment|clock)\b", given)
            assert [time for time in times if f"{{{{ {time} }}}}." in said] == []


class TestHealth:
    def test_is_one_word_without_database_or_language(self, client):
        response = client.get("/healthz")
        assert (response.status_code, response.content) == (200, b"alive\n")


class TestSearchEngines:
    def test_may_read_the_site_so_that_they_learn_what_stays_out(self, client):
        assert client.get("/robots.txt").text == "User-agent: *\nDisallow:\n"

    def test_stay_out_of_a_demonstration(self, client, settings):
        settings.JALON_DEMO = True
        assert client.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"


class TestWhoFoundAWeakness:
    """Source: RFC 9116, sections 2.5.3 (Contact) and 2.5.5 (Expires)."""

    def test_learns_where_to_write(self, client, settings):
        answer = client.get("/.well-known/security.txt")
        said = dict(line.split(": ", 1) for line in answer.text.splitlines())
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert said["Contact"] == f"mailto:{settings.JALON_CONTACT}"
        assert said["Canonical"] == f"{settings.JALON_ORIGIN}/.well-known/security.txt"
        expires = datetime.fromisoformat(said["Expires"])
        assert timedelta(days=29) < expires - timezone.now() < timedelta(days=31)


class TestTheBanner:
    def test_is_there_in_a_demonstration_with_its_five_people(self, client, settings):
        settings.JALON_DEMO = True
        banner = soup(client.get("/help/")).select_one(".demo-banner")
        assert banner.strong.get_text() == "Données fictives"
        assert [form["action"] for form in banner.select("form[method=post]")] == [
            "/demo/sign-in/learner/",
            "/demo/sign-in/uncovered/",
            "/demo/sign-in/reviewer/",
            "/demo/sign-in/registrar/",
            "/demo/sign-in/coordinator/",
        ]

    @pytest.mark.django_db
    @pytest.mark.parametrize(("prefix", "words"), [("", "Courriels retenus"), ("/en", "Captured mail")])
    def test_leads_to_the_letters_where_a_code_is_read(self, client, settings, prefix, words):
        settings.JALON_DEMO = True
        link = soup(client.get(f"{prefix}/help/")).select_one(".demo-banner a")
        assert (link.get_text(), link["href"]) == (words, f"{prefix}/demo/mail/")
        assert client.get(link["href"]).status_code == 200

    def test_is_not_on_a_real_site(self, client, settings):
        settings.JALON_DEMO = False
        assert soup(client.get("/help/")).select_one(".demo-banner") is None


class TestTheLight:
    @pytest.mark.parametrize(
        ("theme", "media"),
        [("auto", "screen and (prefers-color-scheme: dark)"), ("dark", "screen"), ("light", None)],
    )
    def test_is_the_one_of_the_account(self, theme, media):
        with override("en-ca"):
            page = get_template("web/base.html").render(
                {"site": views_site(theme), "messages": []}, RequestFactory().get("/")
            )
        link = BeautifulSoup(page, "html.parser").select_one("link[href*='dark.css']")
        assert (link["media"] if link else None) == media

    def test_of_paper_is_always_day(self):
        assert "screen" in get_template("web/base.html").template.source.split("dark.css")[1][:60]


def views_site(theme):
    from dataclasses import replace

    from jalon.web.context import surroundings

    return replace(surroundings(RequestFactory().get("/")), theme=theme)


class TestTheBudgets:
    def test_of_the_styles_is_15_kilobytes_over_the_wire(self):
        assert sum(len(gzip.compress(path.read_bytes())) for path in STYLES) <= 15_000

    def test_of_our_scripts_is_200_lines(self):
        scripts = HOUSE.glob("*/static/**/*.js")
        assert sum(len(path.read_text().splitlines()) for path in scripts) <= 200

    def test_of_a_page_is_5_kilobytes_over_the_wire(self, client):
        assert len(gzip.compress(client.get("/").content)) <= 5_000


class TestTheStrictPolicy:
    INLINE = re.compile(
        r"<style|<script(?![^>]*\s(?:src=|type=.application/json.))|\sstyle=|\son[a-z]+=|javascript:|hx-on|hx-vals=.js:"
    )

    @pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(HOUSE).as_posix())
    def test_finds_nothing_inline_in_a_template(self, path):
        assert self.INLINE.search(path.read_text()) is None

    def test_finds_no_other_origin_in_the_styles(self):
        for path in STYLES:
            assert not re.search(r"@import|url\((?!['\"]?data:)", path.read_text()), path.name


class TestTheHomePage:
    def test_shows_a_path_of_which_a_visitor_did_nothing(self, client):
        page = soup(client.get("/"))
        assert [step["class"] for step in page.select(".event")] == [["event", "event-todo"]] * 5
        assert "Vous vous exercez" in page.select(".event")[1].get_text()

    def test_speaks_of_the_kit_in_the_future(self, client):
        assert "la trousse guidera" in soup(client.get("/")).main.get_text()

    def test_has_its_doors_under_their_heading(self, client):
        page = soup(client.get("/"))
        assert ([len(page.select(f".doors {level}")) for level in ("h2", "h3")]) == [0, 3]


class TestTheHeadOfAPage:
    @pytest.mark.parametrize(("path", "other"), [("/about/", "/en/about/"), ("/en/about/", "/about/")])
    def test_tells_search_engines_its_address_its_other_language_and_what_it_is(self, client, settings, path, other):
        settings.JALON_ORIGIN = "https://jalon.example"
        head = soup(client.get(path + "?a=1")).head
        assert head.select_one("link[rel=canonical]")["href"] == "https://jalon.example" + path
        found = {link["hreflang"]: link["href"] for link in head.select("link[rel=alternate][hreflang]")}
        french, english = sorted((path, other), key=len)
        assert found == {"fr-CA": "https://jalon.example" + french, "en-CA": "https://jalon.example" + english}
        assert len(head.select_one("meta[name=description]")["content"]) > 50
