"""A reviewer sets up a second step of sign-in in the browser: with a passkey, with an app, with scripts off."""

import re

import pytest
from django.core import mail
from django.core.cache import cache

from tests.accounts.second_step import code_of, stop_the_clock, wrong
from tests.factories import PersonFactory
from tests.stories.conftest import DESK, PHONE

LANGUAGES = {
    "French": ("", "Continuer", "Mes codes sont en lieu sûr, continuer", "Utiliser une clé d’accès"),
    "English": ("/en", "Continue", "They are kept: continue", "Use a passkey"),
}
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(autouse=True)
def a_real_site(settings, live_server, monkeypatch):
    stop_the_clock(monkeypatch)
    settings.JALON_SECOND_FACTOR = "roles"
    settings.JALON_ORIGIN = live_server.url
    cache.clear()


def press(control) -> None:
    """Press a link or a button, and wait for the page that follows."""
    with control.page.expect_navigation():
        control.click()


def with_device(window) -> None:
    """The window runs on a device that makes passkeys and answers at once."""
    session = window.page.context.new_cdp_session(window.page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})


def first_step(window, prefix: str, person) -> None:
    page = window.open(f"{prefix}/account/sign-in/")
    page.get_by_role("textbox").fill(person.email)
    page.locator("main form button").first.click()
    page.wait_for_url("**/code/")
    code = re.findall(r"^[A-Z]+-[A-Z]+$", mail.outbox[-1].body, re.MULTILINE)[-1]
    page.get_by_role("textbox").fill(code)
    page.locator("main form button").first.click()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [PHONE, DESK], ids=["phone", "desk"])
def test_a_passkey_is_set_up_on_the_way_to_the_queue_and_opens_it_again(visit, language, width):
    prefix, go_on, kept, use = LANGUAGES[language]
    person = PersonFactory(reviewer=True)
    window = visit(person, width=width, scheme="dark" if width == PHONE else "light")
    with_device(window)

    page = window.open(f"{prefix}/review/")
    assert page.url.endswith(f"{prefix}/account/second-step/")
    window.check()
    press(page.locator("main a[href$='/passkeys/new/']"))
    window.check()
    page.get_by_role("button", name=go_on).click()
    page.wait_for_url("**/codes/")
    assert page.locator(".codes li").count() == 10
    window.check()
    press(page.get_by_role("link", name=kept))
    assert page.url.endswith(f"{prefix}/review/")

    page.goto(f"{window.base}{prefix}/account/second-step/")
    window.check()
    page.goto(f"{window.base}{prefix}/account/")
    window.check()
    page.goto(f"{window.base}{prefix}/account/sign-out/")
    window.check()
    press(page.locator("main form button"))
    first_step(window, prefix, person)
    page.wait_for_url("**/second-step/")
    window.check()
    page.get_by_role("button", name=use).click()
    page.wait_for_url(f"**{prefix}/path/")
    page.goto(f"{window.base}{prefix}/review/")
    assert page.url.endswith(f"{prefix}/review/")
    window.check()


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_an_app_is_set_up_and_removed(visit, script):
    window = visit(PersonFactory(reviewer=True), script=script)
    page = window.open("/review/")
    press(page.locator("main a[href$='/app/']"))
    window.check()
    page.locator("main summary").click()
    secret = page.locator("main details code").inner_text()
    other = wrong(secret)
    page.get_by_role("textbox").fill(f"{other[:3]} {other[3:]}")
    press(page.locator("main form button"))
    window.check()
    page.get_by_role("textbox").fill(code_of(secret))
    page.locator("main form button").click()
    page.wait_for_url("**/codes/")
    window.open("/account/second-step/codes/")
    window.check()
    for path in ("/account/second-step/codes/new/", "/account/second-step/again/", "/account/second-step/app/removal/"):
        window.open(path)
        window.check()
    page.locator("main form button").click()
    page.wait_for_url("**/account/second-step/")
    window.check()
    window.open("/review/")
    assert page.url.endswith("/account/second-step/")


def test_a_browser_without_scripts_says_where_to_go_instead_of_a_passkey(visit):
    window = visit(PersonFactory(), script=False)
    page = window.open("/account/second-step/passkeys/new/")
    assert page.get_by_text("les scripts sont désactivés").is_visible()
    assert page.locator("main .hint a[href$='/app/']").is_visible()
    window.check()
