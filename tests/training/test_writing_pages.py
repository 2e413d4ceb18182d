"""The pages on which an answer is written, checked, sent and followed, without JavaScript."""

import pytest
from django.utils import timezone, translation

from jalon.training import actions
from jalon.training.models import Draft, Submission
from jalon.web.words import clock, day
from tests.factories import MONDAY, DecisionFactory, DraftVersionFactory, SubmissionFactory
from tests.training.reader import form_of, soup, text_of

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}


class TestAnAnswer:
    def test_is_saved_by_a_plain_form(self, writer):
        data = {**form_of(writer.get("reflection", "second", "look-back", "steps")), "text": "Un\r\ndeux", "go": "next"}
        response = writer.post("reflection", "second", "look-back", "steps", data=data)
        assert response.url == writer.level("reflection", "second", "look-back", "hard")
        assert Draft.objects.get(question="steps").text == "Un\ndeux"

    def test_is_said_to_be_saved_with_one_full_stop(self, writer):
        page = writer.level("reflection", "second", "look-back", "steps", language="en-ca")
        said = text_of(writer.client.post(page, {"text": "Un", "revision": 1}, follow=True))
        with translation.override("en-ca"):
            at = clock(Draft.objects.get(question="steps").saved_at)
        assert f"At {' '.join(at.split())}, your text was saved." in said

    def test_says_once_before_the_field_that_nobody_real_is_named(self, writer):
        page = soup(writer.get("reflection", "second", "look-back", "steps"))
        page.select_one("main details").decompose()
        assert page.select_one("main").get_text().count("Ne nommez aucune personne réelle") == 1

    def test_changed_elsewhere_shows_both_texts(self, writer):
        data = form_of(writer.get("reflection", "second", "look-back", "steps"))
        Draft.objects.filter(question="steps").update(text="De l’autre onglet.", revision=2)
        response = writer.post("reflection", "second", "look-back", "steps", data={**data, "text": "Le mien."})
        assert response.status_code == 409
        assert soup(response).select_one("textarea").get_text(strip=True) == "Le mien."
        assert "De l’autre onglet." in text_of(response)
        kept = writer.post("reflection", "second", "look-back", "steps", data=form_of(response))
        assert (kept.status_code, Draft.objects.get(question="steps").text.strip()) == (302, "Le mien.")

    def test_too_long_comes_back_whole(self, writer):
        text = "a" * (actions.LONGEST_ANSWER + 1)
        response = writer.post("reflection", "second", "look-back", "steps", data={"text": text, "revision": 1})
        assert response.status_code == 422
        assert soup(response).select_one("textarea").get_text(strip=True) == text

    def test_saves_itself_and_says_when(self, writer):
        response = writer.post(
            "draft", "second", "look-back", "steps", data={"text": "Nouveau.", "revision": 1}, headers=JSON
        )
        assert (response.status_code, response.json()["revision"]) == (200, 2)
        assert response.json()["saved_at"] == clock(Draft.objects.get(question="steps").saved_at)

    def test_saving_itself_meets_another_text(self, writer):
        response = writer.post(
            "draft", "second", "look-back", "steps", data={"text": "Vieux.", "revision": 0}, headers=JSON
        )
        assert response.status_code == 409
        assert response.json() == {"theirs": "Texte de steps.", "revision": 1}

    def test_saving_itself_after_sending_says_why_not(self, writer):
        SubmissionFactory(enrolment=writer.enrolment)
        response = writer.post(
            "draft", "second", "look-back", "steps", data={"text": "Vieux.", "revision": 1}, headers=JSON
        )
        assert (response.status_code, day(MONDAY) in response.json()["reason"]) == (409, True)

    def test_saving_itself_after_the_session_ended_is_told(self, writer):
        url = writer.level("draft", "second", "look-back", "steps")
        writer.client.logout()
        response = writer.client.post(url, {"text": "Nouveau.", "revision": 1}, headers=JSON)
        assert response.status_code == 401

    def test_without_a_revision_is_told(self, writer):
        response = writer.post("draft", "second", "look-back", "steps", data={"text": "Nouveau."}, headers=JSON)
        assert (response.status_code, bool(response.json()["reason"])) == (409, True)

    def test_brings_an_earlier_version_back(self, writer):
        draft = Draft.objects.get(question="steps")
        DraftVersionFactory(draft=draft, revision=9, text="Plus ancien.")
        page = soup(writer.get("versions", "second", "look-back", "steps"))
        response = writer.client.post(page.select_one("main form")["action"])
        assert response.url == writer.level("reflection", "second", "look-back", "steps")
        assert Draft.objects.get(question="steps").text == "Plus ancien."

    @pytest.mark.parametrize("is_accepted", [False, True], ids=["sent", "accepted"])
    def test_from_another_tab_after_sending_comes_back_with_the_reason(self, writer, is_accepted):
        sent = SubmissionFactory(enrolment=writer.enrolment)
        if is_accepted:
            DecisionFactory(submission=sent, accepted=True)
        written = {"text": "Une phrase de l’autre onglet.", "revision": 1}
        response = writer.post("reflection", "second", "look-back", "steps", data=written)
        assert response.status_code == 409
        for said in ("Ce que vous aviez écrit", "Une phrase de l’autre onglet."):
            assert said in text_of(response)
        assert Draft.objects.get(question="steps").text == "Texte de steps."

    def test_once_sent_is_read_on_the_page_of_the_request(self, writer):
        submission = SubmissionFactory(enrolment=writer.enrolment)
        for name, *more in (("reflection", "steps"), ("check",)):
            assert writer.get(name, "second", "look-back", *more).url == submission.get_absolute_url()


class TestCheckingAndSending:
    def test_shows_every_answer_and_what_may_name_somebody(self, writer):
        Draft.objects.filter(question="hard").update(text="Mme Tremblay a tout vu le 3 mars.")
        response = writer.get("check", "second", "look-back")
        assert "Texte de steps." in text_of(response)
        assert "Mme Tremblay" in [item.get_text() for item in soup(response).select(".notice-warn li")]

    def test_asks_for_the_confirmation_and_keeps_the_page(self, writer):
        data = form_of(writer.get("check", "second", "look-back"))
        response = writer.post("submission", "second", "look-back", data=data)
        assert (response.status_code, Submission.objects.count()) == (422, 0)
        assert "Texte de steps." in text_of(response)

    def test_leads_to_the_follow_up_once_however_often_it_is_sent(self, writer):
        data = {**form_of(writer.get("check", "second", "look-back")), "confirm": "on"}
        urls = {writer.post("submission", "second", "look-back", data=data).url for _ in range(2)}
        assert urls == {Submission.objects.get().get_absolute_url()}

    def test_an_old_page_is_refused_when_an_answer_changed(self, writer):
        data = {**form_of(writer.get("check", "second", "look-back")), "confirm": "on"}
        Draft.objects.filter(question="hard").update(text="Changé.", revision=2)
        response = writer.post("submission", "second", "look-back", data=data)
        assert (response.status_code, Submission.objects.count()) == (409, 0)

    def test_a_forged_page_is_no_request(self, writer):
        data = {"round": "1", "revisions": "[1]", "confirm": "on"}
        assert writer.post("submission", "second", "look-back", data=data).status_code == 409
        data = {"round": "x", "revisions": "{", "confirm": "on"}
        assert writer.post("submission", "second", "look-back", data=data).status_code == 422
        assert not Submission.objects.exists()

    def test_cannot_send_while_an_answer_is_missing(self, writer):
        Draft.objects.filter(question="hard").delete()
        page = soup(writer.get("check", "second", "look-back"))
        assert not page.select("main form")

    def test_reopened_by_its_address_shows_the_check(self, writer):
        assert writer.get("submission", "second", "look-back").url == writer.level("check", "second", "look-back")


class TestTheFollowUp:
    def test_offers_to_take_back_a_fresh_request(self, writer):
        submission = SubmissionFactory(enrolment=writer.enrolment, submitted_at=timezone.now())
        page = soup(writer.client.get(submission.get_absolute_url()))
        writer.client.post(page.select_one("main form")["action"])
        submission.refresh_from_db()
        assert submission.withdrawn_at

    def test_shows_the_advice_and_the_way_to_rework(self, writer):
        decision = DecisionFactory(submission__enrolment=writer.enrolment, advice="Dites qui appelle.")
        response = writer.client.get(decision.submission.get_absolute_url())
        assert "Dites qui appelle." in text_of(response)
        assert soup(response).select_one("main p.buttons a")["href"] == writer.level(
            "reflection", "second", "look-back", "steps"
        )

    @pytest.mark.parametrize(("count", "shown"), [(2, False), (3, True)])
    def test_says_the_usual_delay_when_enough_were_decided(self, writer, count, shown):
        for _ in range(count):
            DecisionFactory(submission__enrolment__release=writer.enrolment.release)
        submission = SubmissionFactory(enrolment=writer.enrolment)
        with translation.override("en-ca"):
            response = writer.client.get(submission.get_absolute_url())
        assert ("An answer usually comes within 1 day." in text_of(response)) is shown
