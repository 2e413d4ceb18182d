"""Every page, for everybody who may open it: both languages, light and dark, phone and desk, scripts on and off."""

from pathlib import Path

import pytest
from django.conf import settings as site
from django.db import connection
from django.test import Client
from django.test.signals import template_rendered
from django.urls import reverse
from playwright.sync_api import Error

from jalon.demo.matrix import DOORS
from tests.stories.conftest import DESK, PHONE, Visit
from tests.stories.every_page import ELSEWHERE, NO_PAGE, PAGES, VISITORS, Look
from tests.stories.world import World

# Each form by every rule of axe; without scripts, each width and each scheme once.
FORMS = {
    True: [(DESK, "light"), (DESK, "dark"), (PHONE, "dark"), (PHONE, "light")],
    False: [(PHONE, "light"), (DESK, "dark")],
}
SCRIPTS = {True: "on", False: "off"}
# What a page is without scripts does not depend on the database: these looks, two fifths of all, are on SQLite alone.
LOOKED_AT = FORMS if connection.vendor == "sqlite" else [True]
# A 500 and a 503 are asked for, so that their pages are seen; any other failure answers another status than expected.
ASKED_FOR = {500: "status of 500", 503: "status of 503"}
TEMPLATES = {
    path.relative_to(folder).as_posix()
    for folder in Path(site.ROOT, "jalon").glob("*/templates")
    for path in folder.rglob("*.html")
}
LANGUAGES = [pytest.param("", "fr-CA", id="French"), pytest.param("/en", "en-CA", id="English")]
SEND = """([action, fields]) => {
  const form = Object.assign(document.createElement("form"), {method: "post", action});
  const seal = document.querySelector("input[name=csrfmiddlewaretoken]").value;
  for (const [name, value] of Object.entries({csrfmiddlewaretoken: seal, ...fields}))
    form.append(Object.assign(document.createElement("input"), {type: "hidden", name, value}));
  document.body.append(form);
  form.submit();
}"""


@pytest.fixture
def world(story, tmp_path, settings) -> World:
    settings.ROOT_URLCONF = "tests.stories.failing"

    return World(story, tmp_path).prepare()


@pytest.fixture
def rendered():
    """The names of the templates that the site has used so far."""
    names: set[str] = set()

    def note(template, **rest) -> None:
        names.add(template.name)

    template_rendered.connect(note)
    yield names
    template_rendered.disconnect(note)


def show(window: Visit, world: World, name: str, look: Look, prefix: str) -> None:
    """The window shows the page: opened, or answered to a form."""
    path = prefix + reverse(look.posted_to or name, kwargs=look.names(world)) + look.query
    start = prefix + reverse(look.begins) if look.begins else path
    window.open(start)
    if look.sent is None:
        return
    known = {"prefix": prefix, "scripts": SCRIPTS[window.script]}
    fields = {key: str(value).format(**known) for key, value in look.sent(world).items()}
    with window.page.expect_navigation() as arriving:
        window.page.evaluate(SEND, [path, fields])
    window.status = arriving.value.status


def judged(window: Visit, look: Look, lang: str) -> list[str]:
    """Return what is wrong with the page in its forms."""
    found = [] if window.status == look.status else [f"answers {window.status}, not {look.status}"]
    if window.page.evaluate("document.documentElement.lang") != lang:
        found.append(f"is not in {lang}")
    for width, scheme in FORMS[window.script]:
        window.page.set_viewport_size(width)
        window.page.emulate_media(color_scheme=scheme)
        said = window.findings()
        form = f"{width['width']} px, {scheme}, scripts {SCRIPTS[window.script]}"
        found += [f"{form}: {one}" for one in said if ASKED_FOR.get(look.status, "\n") not in one]
    return found


class TestTheTable:
    def test_holds_every_address_that_can_be_opened(self):
        elsewhere = tuple(ELSEWHERE.values())
        opened = {name for name, door in DOORS.items() if "GET" in door.methods and not name.startswith(elsewhere)}
        assert opened - set(PAGES) - set(NO_PAGE) == set(), "add a row to PAGES"
        assert (set(PAGES) | set(NO_PAGE)) - set(DOORS) == {"failing"}


class TestALook:
    def test_finds_a_word_that_is_cut_between_two_letters(self, visit):
        window = visit(width=PHONE)
        window.open("/about/")
        window.page.locator("h1").evaluate(
            "one => { one.textContent = 'oui, éventuellement'; one.style.width = '3em'; }"
        )
        assert "words cut between two letters: ['éventuellement']" in window.findings()


@pytest.mark.parametrize(("prefix", "lang"), LANGUAGES)
class TestEveryPage:
    def test_is_accessible_and_fits(self, world, visit, rendered, prefix, lang):
        windows: dict[tuple[str, bool], Visit] = {}
        wrong = []
        for name, look in ((name, look) for name, looks in PAGES.items() for look in looks):
            shown = set()
            for script in LOOKED_AT:
                if (look.who, script) not in windows:
                    person = None if look.who in VISITORS else world.people[look.who]
                    windows[look.who, script] = visit(person, script=script)
                window = windows[look.who, script]
                try:
                    show(window, world, name, look, prefix)
                    found = judged(window, look, lang)
                    shown.add(f"{window.page.url} « {window.page.title()} »")
                except Error as error:  # the other pages are looked at all the same
                    found = [str(error)]
                wrong += [f"{name} ({look.who or 'visitor'}) {window.page.url}: {one}" for one in found]
            if len(shown) > 1:
                wrong.append(f"{name}: another page without scripts: {' / '.join(sorted(shown))}")
        assert not wrong, "\n".join(wrong)
        other = ".en.html" if lang == "fr-CA" else ".fr.html"
        unseen = {one for one in TEMPLATES - rendered if not one.startswith("mfa/") and not one.endswith(other)}
        assert unseen == set(), "no look at these templates: add one to PAGES"


class TestAnAddressWithoutAPage:
    def test_answers_a_document_or_leads_on(self, world, client):
        assert self.wrong(world, client) == []

    @staticmethod
    def wrong(world: World, client: Client) -> list[tuple[str, int, str]]:
        """Return the name, status and type of each address that answers a page or a failure."""
        found = []
        for name, look in NO_PAGE.items():
            if look.who:
                client.force_login(world.people[look.who])
            answer = client.get(reverse(name, kwargs=look.names(world)))
            if answer.status_code != 302 and (answer.status_code != 200 or "html" in answer["Content-Type"]):
                found.append((name, answer.status_code, answer["Content-Type"]))
        return found
