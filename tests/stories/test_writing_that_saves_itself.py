"""The script of long texts, against a server that we hold in our hand: slow, absent, in conflict, refusing."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from django import forms
from django.template import Context, Template
from django.utils.translation import override
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

import jalon
from tests.conftest import MONDAY
from tests.stories.conftest import PATIENCE

SITE = "http://writing.test"
SCRIPTS = Path(jalon.__file__).parent / "web/static/web"
PAGE = """<!doctype html><html lang="fr-CA"><title>Écrire</title><main><h1>Écrire</h1>
<a href="/en/write" data-language>English</a>
<form method="post" action="/send" {% autosave "/save" "p:e:q" revision %}>
<input type="hidden" name="csrfmiddlewaretoken" value="{{ seal }}">
<input type="hidden" name="revision" value="{{ revision }}">
{% field form.text %}{% autosave_status %}{% button "Continuer" %}</form>
<form method="post" action="/sign-out" data-sign-out="Quand même?"><button>Fermer la session</button></form>
</main><script src="/pages.js"></script><script src="/autosave.js"></script>"""


class TextForm(forms.Form):
    text = forms.CharField(label="Quelle étape?", widget=forms.Textarea)


class Server:
    """What the server has, what it was asked, and how it answers."""

    def __init__(self, context: BrowserContext) -> None:
        self.text, self.revision, self.seal = "Début", 1, "first"
        self.mode = "works"
        self.asked: list[dict[str, str]] = []
        self.visited: list[str] = []
        self.sent: dict[str, list[str]] = {}
        context.route("**/*", self.answer)

    def answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(SITE)
        if path.endswith(".js"):
            route.fulfill(body=(SCRIPTS / path[1:]).read_text(), content_type="text/javascript")
        elif path == "/save":
            self.save(route)
        else:
            self.visited.append(f"{route.request.method} {path}")
            self.sent = parse_qs(route.request.post_data or "")
            route.fulfill(body=self.page(), content_type="text/html; charset=utf-8")

    def page(self) -> str:
        with override("fr-ca"):
            form = TextForm(initial={"text": self.text})
            return Template(PAGE).render(Context({"form": form, "revision": self.revision, "seal": self.seal}))

    def save(self, route: Route) -> None:
        sent = {name: values[0] for name, values in parse_qs(route.request.post_data or "").items()}
        self.asked.append(sent)
        if self.mode == "absent":
            return route.abort()
        if sent["csrfmiddlewaretoken"] != self.seal:
            return route.fulfill(status=403, body="<p>403</p>", content_type="text/html")
        if self.mode == "refuses":
            return self.say(route, 409, reason="Cette demande est déjà envoyée.")
        if int(sent["revision"]) != self.revision:
            return self.say(route, 409, theirs=self.text, revision=self.revision)
        self.text, self.revision = sent["text"], self.revision + 1
        self.say(route, 200, saved_at="15\xa0h\xa019", revision=self.revision)

    @staticmethod
    def say(route: Route, status: int, **answer: object) -> None:
        route.fulfill(status=status, body=json.dumps(answer), content_type="application/json")


@pytest.fixture
def window(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(locale="fr-CA")
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def server(window: BrowserContext) -> Server:
    return Server(window)


@pytest.fixture
def page(window: BrowserContext, server: Server) -> Iterator[Page]:
    """The page of a question, with a clock that the test moves."""
    page = window.new_page()
    page.clock.install(time=MONDAY)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{SITE}/write")
    page.clock.pause_at(MONDAY + timedelta(hours=1))  # however long the page took, it has not been there so long
    yield page
    assert problems == []


def write(page: Page, text: str) -> None:
    page.get_by_label("Quelle étape?").fill(text)


def status(page: Page):
    return page.get_by_role("status")


def time_passes_until(page: Page, words: str) -> None:
    """Ten seconds go by, again and again: the script may still be waiting for an answer while the clock is moved."""
    for _ in range(30):
        page.clock.run_for(10_100)
        if status(page).text_content() == words:
            return
    expect(status(page)).to_have_text(words)


def kept(page: Page) -> object:
    return page.evaluate("localStorage.getItem('jalon:draft:p:e:q')")


class TestAPersonWhoWrites:
    def test_is_saved_two_seconds_after_the_last_key(self, page, server):
        write(page, "Le moment d’écouter")
        page.clock.run_for(1500)
        assert server.asked == []
        page.clock.run_for(600)
        expect(status(page)).to_have_text("Enregistré à 15\xa0h\xa019")
        assert server.text == "Le moment d’écouter"

    def test_without_pause_is_saved_every_ten_seconds(self, page, server):
        for second in range(15):
            write(page, f"Mot {second}")
            page.clock.run_for(1000)
        expect(status(page)).to_have_text("Enregistré à 15\xa0h\xa019")
        assert server.asked[0]["text"] in {"Mot 9", "Mot 10"}

    def test_is_saved_on_leaving_the_field(self, page, server):
        write(page, "Le moment")
        page.get_by_label("Quelle étape?").blur()
        expect(status(page)).to_have_text("Enregistré à 15\xa0h\xa019")

    def test_sees_the_words_counted(self, page):
        write(page, "Un deux trois")
        expect(page.get_by_text("3 mots")).to_be_visible()
        write(page, "Un")
        expect(page.get_by_text("1 mot", exact=True)).to_be_visible()

    def test_leaves_no_copy_behind_once_the_server_has_confirmed(self, page):
        write(page, "Le moment")
        assert json.loads(kept(page)) == {"text": "Le moment", "revision": 1}
        page.clock.run_for(2100)
        expect(status(page)).to_have_text("Enregistré à 15\xa0h\xa019")
        assert kept(page) is None

    def test_sends_the_form_with_the_revision_that_was_saved(self, page, server):
        write(page, "Le moment")
        page.get_by_role("button", name="Continuer").click()
        page.wait_for_url("**/send")
        assert server.visited[-1] == "POST /send"
        assert (server.text, server.revision) == ("Le moment", 2)
        assert server.sent["revision"] == ["2"]


class TestAConnectionThatDrops:
    def test_keeps_the_text_on_the_device_and_sends_it_later(self, page, server):
        server.mode = "absent"
        write(page, "Le moment")
        page.clock.run_for(2100)
        expect(status(page)).to_have_text("Hors ligne\xa0: gardé sur cet appareil")
        server.mode = "works"
        time_passes_until(page, "Enregistré à 15\xa0h\xa019")
        assert server.text == "Le moment"

    def test_gives_the_text_back_when_the_page_is_opened_again(self, page, server):
        server.mode = "absent"
        write(page, "Le moment")
        page.clock.run_for(2100)
        expect(status(page)).to_have_text("Hors ligne\xa0: gardé sur cet appareil")
        server.mode = "works"
        page.reload()
        expect(page.get_by_label("Quelle étape?")).to_have_value("Le moment")
        expect(status(page)).to_have_text("Enregistré à 15\xa0h\xa019")
        assert kept(page) is None

    def test_is_named_before_signing_out(self, page, server):
        server.mode = "absent"
        write(page, "Le moment")
        asked = []
        page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
        page.get_by_role("button", name="Fermer la session").click()
        assert asked == ["Quand même?"]
        assert "POST /sign-out" not in server.visited


class TestASecondTab:
    @pytest.fixture(autouse=True)
    def elsewhere(self, page, server):
        server.text, server.revision = "L’autre texte", 2
        write(page, "Mon texte")
        page.clock.run_for(2100)
        expect(page.get_by_label("L’autre texte")).to_have_value("L’autre texte")

    def test_is_shown_beside_and_overwrites_nothing(self, page, server):
        expect(status(page)).to_have_text("Ce texte a aussi été modifié ailleurs")
        expect(page.get_by_label("Quelle étape?")).to_have_value("Mon texte")
        page.clock.run_for(30_000)
        assert (server.text, len(server.asked)) == ("L’autre texte", 1)

    def test_gives_way_when_the_person_keeps_their_own_text(self, page, server):
        page.get_by_role("button", name="Garder mon texte").click()
        expect(status(page)).to_have_text("Enregistré à 15\xa0h\xa019")
        assert (server.text, server.revision) == ("Mon texte", 3)
        expect(page.get_by_label("L’autre texte")).to_be_hidden()

    def test_may_be_preferred(self, page, server):
        page.get_by_role("button", name="Prendre l’autre texte").click()
        expect(page.get_by_label("Quelle étape?")).to_have_value("L’autre texte")
        assert (server.text, server.revision) == ("L’autre texte", 2)
        assert kept(page) is None


class TestASealThatIsOld:
    def test_is_renewed_without_a_word(self, page, server):
        server.seal = "second"  # signing in again, in another tab, renews the seal of the forms
        write(page, "Le moment")
        page.clock.run_for(2100)
        expect(status(page)).to_have_text("Enregistré à 15\xa0h\xa019")
        assert (server.text, len(server.asked)) == ("Le moment", 2)


class TestAnAnswerThatCannotChangeAnyMore:
    def test_says_why_and_does_not_insist(self, page, server):
        server.mode = "refuses"
        write(page, "Trop tard")
        page.clock.run_for(2100)
        expect(status(page)).to_have_text("Cette demande est déjà envoyée.")
        page.clock.run_for(60_000)
        assert len(server.asked) == 1


class TestTheLanguageLink:
    def test_saves_the_draft_first(self, page, server):
        write(page, "Le moment")
        page.get_by_role("link", name="English").click()
        page.wait_for_url("**/en/write")
        assert server.text == "Le moment"
