"""Long texts on the site itself: a session that ends, no connection, two tabs. The database says what was saved."""

import json
import re
from dataclasses import dataclass

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import Locator, Page, expect

from jalon.accounts.models import Person
from jalon.core.refusals import Refusal
from jalon.training.actions import LONGEST_ANSWER
from jalon.training.models import Draft, Enrolment
from jalon.web.wording import sentence
from tests.factories import AwardFactory, DraftFactory, EnrolmentFactory
from tests.stories.conftest import PATIENCE, Visit
from tests.stories.test_the_main_job import go, the_code

A_MOMENT = 50
SAVED = re.compile("^Enregistré à ")
SAYS_SAVED = re.compile(r"^Enregistré à .+\.$")  # the message of the page that follows
BOTH = pytest.mark.parametrize("script", [True, False], ids=["JavaScript", "without-JavaScript"])


def follower(**said: object) -> Enrolment:
    """Somebody who may write the answers: the first level is theirs."""
    enrolment = EnrolmentFactory(**said)
    AwardFactory(holder=enrolment.person, release=enrolment.release, level_key=f"{enrolment.program.slug}/first")
    return enrolment


@dataclass
class Writer:
    """Somebody who writes in one tab, and may open others."""

    visit: Visit
    page: Page
    enrolment: Enrolment

    @property
    def where(self) -> str:
        with translation.override("fr-ca"):
            place = [self.enrolment.program.slug, "second", "look-back", "steps"]
            return self.visit.base + reverse("training:reflection", args=place)

    @property
    def area(self) -> Locator:
        return self.page.locator("textarea[name=text]")

    @property
    def status(self) -> Locator:
        return self.page.locator("[data-status]")

    @property
    def other(self) -> Locator:
        return self.page.get_by_label("L’autre texte")

    def opens(self) -> "Writer":
        self.page.goto(self.where)
        return self

    def other_tab(self) -> "Writer":
        return Writer(self.visit, self.visit.page.context.new_page(), self.enrolment)

    def writes(self, text: str) -> None:
        """Type, then leave the field, which saves at once."""
        self.area.fill(text)
        self.area.blur()

    def presses(self, button: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).click()

    def signs_in(self, person: Person) -> None:
        """By the page of signing in and the code of the letter."""
        if "/account/sign-in/" not in self.page.url:
            self.page.goto(f"{self.visit.base}/account/sign-in/")
        self.page.fill("input[name=login]", person.email)
        go(self.page, "form:has(input[name=login]) button")
        self.page.fill("input[name=code]", the_code(person.email))
        go(self.page, "form:has(input[name=code]) button")

    def kept(self) -> object:
        """What the device holds of this text."""
        return self.page.evaluate(f"localStorage.getItem('jalon:draft:{self.enrolment.pk}:look-back:steps')")

    def hears_of_a_copy(self, *, is_kept: bool) -> None:
        """A tab tells the others what it keeps, a moment later; one in the background draws no frame to wait for."""
        for _ in range(PATIENCE // A_MOMENT):
            if bool(self.kept()) is is_kept:
                return
            self.page.wait_for_timeout(A_MOMENT)
        raise AssertionError(f"a copy is kept: {not is_kept}")

    @property
    def saved(self) -> str:
        return Draft.objects.get(enrolment=self.enrolment, question="steps").text


@pytest.fixture
def writer_with(visit, settings, live_server):
    """Open the question of somebody whose answer is « Début », with or without JavaScript."""
    settings.EMAIL_BACKEND = "jalon.notices.mail.OutboxBackend"  # as on a real site: pytest-django replaces it
    settings.JALON_ORIGIN = live_server.url

    def opened(*, script: bool = True) -> Writer:
        enrolment = follower()
        DraftFactory(enrolment=enrolment, question="steps", text="Début")
        window = visit(enrolment.person, script=script)
        return Writer(window, window.page, enrolment).opens()

    return opened


@pytest.fixture
def writer(writer_with) -> Writer:
    return writer_with()


def sessions_end() -> None:
    Session.objects.all().delete()


class TestASessionThatEnds:
    @pytest.fixture
    def stranded(self, writer) -> Writer:
        """The text could not be saved, and the person has read why."""
        sessions_end()
        writer.writes("Sans session")
        expect(writer.status).to_have_text(sentence(Refusal("sign-in-again")))
        assert writer.saved == "Début"
        return writer

    def test_stops_nothing_for_who_signs_in_elsewhere_and_types_on(self, stranded):
        stranded.other_tab().signs_in(stranded.enrolment.person)
        stranded.writes("Sans session, puis avec")
        expect(stranded.status).to_have_text(SAVED)
        assert (stranded.saved, stranded.kept()) == ("Sans session, puis avec", None)

    @pytest.mark.parametrize("event", ["focus", "online"])
    def test_is_over_when_the_window_comes_back(self, stranded, event):
        stranded.other_tab().signs_in(stranded.enrolment.person)
        stranded.page.evaluate(f"dispatchEvent(new Event('{event}'))")
        expect(stranded.status).to_have_text(SAVED)
        assert stranded.saved == "Sans session"

    def test_lets_who_signed_in_elsewhere_go_on(self, stranded):
        stranded.other_tab().signs_in(stranded.enrolment.person)
        stranded.presses("Continuer")
        stranded.page.wait_for_url("**/hard/")
        assert stranded.saved == "Sans session"

    def test_is_told_again_and_again_but_keeps_the_text(self, stranded):
        stranded.writes("Toujours sans session")
        stranded.opens()
        assert "/account/sign-in/" in stranded.page.url
        assert json.loads(stranded.kept()) == {"text": "Toujours sans session", "revision": 1}
        stranded.signs_in(stranded.enrolment.person)
        stranded.opens()
        expect(stranded.status).to_have_text(SAVED)
        assert (stranded.saved, stranded.kept()) == ("Toujours sans session", None)

    def test_gives_nothing_to_another_person_who_signs_in(self, stranded):
        colleague = follower(release=stranded.enrolment.release)
        stranded.other_tab().signs_in(colleague.person)
        stranded.writes("Pour moi seulement")
        expect(stranded.status).to_have_text("Reconnectez-vous\xa0: votre texte est gardé")
        assert not Draft.objects.filter(enrolment=colleague).exists()
        assert stranded.saved == "Début"

    @BOTH
    @pytest.mark.parametrize("button", ["Enregistrer", "Continuer"])
    def test_leads_to_the_sign_in_with_the_text(self, writer_with, script, button):
        writer = writer_with(script=script)
        sessions_end()
        writer.area.fill("Sans session")
        writer.presses(button)
        writer.page.wait_for_url("**/account/sign-in/**")
        writer.signs_in(writer.enrolment.person)
        writer.presses("Envoyer maintenant")
        writer.page.wait_for_url("**/look-back/**")
        assert writer.saved == "Sans session"
        assert not script or writer.kept() is None


class TestATextThatIsTooLong:
    @BOTH
    def test_is_saved_once_it_is_shorter(self, writer_with, script):
        writer = writer_with(script=script)
        writer.area.fill("a" * (LONGEST_ANSWER + 1))
        writer.presses("Enregistrer")
        told = writer.status if script else writer.page.locator(".field-error")
        expect(told).to_contain_text("raccourcissez-le, puis enregistrez")
        assert writer.saved == "Début"
        writer.area.fill("Plus court")
        writer.presses("Enregistrer")
        expect(writer.page.get_by_text(SAYS_SAVED)).to_be_visible()
        assert writer.saved == "Plus court"

    def test_saves_itself_once_it_is_shorter(self, writer):
        writer.writes("a" * (LONGEST_ANSWER + 1))
        expect(writer.status).to_contain_text("raccourcissez-le, puis enregistrez")
        writer.writes("Plus court")
        expect(writer.status).to_have_text(SAVED)
        assert (writer.saved, writer.kept()) == ("Plus court", None)

    def test_stays_on_the_device_when_it_was_sent_without_a_session(self, writer):
        sessions_end()
        long = "a " * LONGEST_ANSWER
        writer.area.fill(long)
        writer.presses("Enregistrer")
        writer.page.wait_for_url("**/account/sign-in/**")
        writer.signs_in(writer.enrolment.person)
        writer.presses("Envoyer maintenant")
        expect(writer.page.locator(".field-error")).to_be_visible()
        assert json.loads(writer.kept())["text"] == long
        assert writer.saved == "Début"


class TestAConnectionThatDrops:
    def test_keeps_who_saves_on_the_page(self, writer):
        writer.page.context.set_offline(True)
        writer.area.fill("Hors ligne")
        writer.presses("Enregistrer")
        expect(writer.status).to_have_text("Hors ligne\xa0: gardé sur cet appareil")
        expect(writer.area).to_be_focused()
        writer.page.context.set_offline(False)  # the browser says so to the page, which saves
        expect(writer.status).to_have_text(SAVED)
        assert (writer.saved, writer.kept()) == ("Hors ligne", None)

    @pytest.mark.parametrize("button", ["Enregistrer", "Continuer"])
    def test_leaves_the_text_on_the_device_when_the_form_is_lost(self, writer, button):
        """The browser believes that it has a connection: the form leaves, and arrives nowhere."""
        writer.page.route("**/*", lambda route: route.abort() if route.request.method == "POST" else route.fallback())
        writer.area.fill("Perdu en chemin")
        with writer.page.expect_event("requestfailed", lambda request: request.is_navigation_request()):
            writer.presses(button)
        assert writer.saved == "Début"
        writer.page.unroute("**/*")
        writer.opens()
        expect(writer.area).to_have_value("Perdu en chemin")
        expect(writer.status).to_have_text(SAVED)
        assert (writer.saved, writer.kept()) == ("Perdu en chemin", None)


class TestTwoTabs:
    @pytest.fixture
    def tabs(self, writer) -> tuple[Writer, Writer]:
        """The other tab saved first; this one is shown both texts."""
        other = writer.other_tab().opens()
        other.writes("L’autre texte")
        expect(other.status).to_have_text(SAVED)
        writer.hears_of_a_copy(is_kept=False)
        writer.writes("Mon texte")
        expect(writer.other).to_have_value("L’autre texte")
        return writer, other

    def test_are_compared_again_when_the_page_is_opened_again(self, tabs):
        mine, _ = tabs
        mine.opens()
        expect(mine.other).to_have_value("L’autre texte")
        expect(mine.area).to_have_value("Mon texte")
        mine.opens()
        expect(mine.other).to_have_value("L’autre texte")
        assert mine.saved == "L’autre texte"
        mine.presses("Garder mon texte")
        expect(mine.status).to_have_text(SAVED)
        assert (mine.saved, mine.kept()) == ("Mon texte", None)

    def test_lose_neither_text_while_the_other_goes_on(self, tabs):
        mine, other = tabs
        other.hears_of_a_copy(is_kept=True)
        with other.page.expect_response("**/draft/"):
            other.writes("L’autre texte, plus loin")
        mine.page.close()
        other.opens()
        expect(other.area).to_have_value("Mon texte")
        expect(other.other).to_have_value("L’autre texte, plus loin")
        assert other.saved == "L’autre texte, plus loin"
        other.presses("Prendre l’autre texte")
        expect(other.area).to_have_value("L’autre texte, plus loin")
        expect(other.status).to_be_empty()
        assert (other.saved, other.kept()) == ("L’autre texte, plus loin", None)

    @pytest.mark.parametrize("button", ["Enregistrer", "Continuer"])
    def test_are_chosen_between_before_anything_is_saved(self, tabs, button):
        mine, _ = tabs
        mine.presses(button)
        expect(mine.other).to_be_focused()
        assert mine.saved == "L’autre texte"

    def test_are_shown_without_javascript_too(self, writer_with):
        mine = writer_with(script=False)
        other = mine.other_tab().opens()
        other.area.fill("L’autre texte")
        other.presses("Enregistrer")
        expect(other.page.get_by_text(SAYS_SAVED)).to_be_visible()
        mine.area.fill("Mon texte")
        mine.presses("Enregistrer")
        expect(mine.area).to_have_value("Mon texte")
        assert mine.saved == "L’autre texte"
        mine.presses("Garder mon texte")
        expect(mine.page.get_by_text(SAYS_SAVED)).to_be_visible()
        assert mine.saved == "Mon texte"
