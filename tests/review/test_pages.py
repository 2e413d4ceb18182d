"""The reviewer's pages, without JavaScript, in both languages, in six queries at most."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone, translation

from jalon.review.models import Claim, Decision
from tests.agreements.test_lapse import suspend
from tests.factories import (
    AffiliationFactory,
    ClaimFactory,
    DecisionFactory,
    PersonFactory,
    SubmissionFactory,
)

pytestmark = pytest.mark.django_db
LANGUAGES = ("fr-ca", "en-ca")
MOST_QUERIES = 6


def address(name, *args, language="fr-ca"):
    with translation.override(language):
        return reverse(name, args=args)


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


def text_of(response):
    return " ".join(soup(response).get_text(" ").split())


@pytest.fixture
def reviewer(client):
    person = PersonFactory(reviewer=True)
    client.force_login(person)
    return person


@pytest.fixture
def submission():
    return SubmissionFactory(submitted_at=timezone.now() - timedelta(hours=1))


@pytest.fixture
def held(submission, reviewer):
    return ClaimFactory(submission=submission, reviewer=reviewer, until=timezone.now() + timedelta(hours=1)).submission


def post(client, name, submission, **data):
    return client.post(address(f"review:{name}", submission.pk), data)


class TestEveryPageOfAReviewer:
    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("count", [0, 1, 5])
    def test_the_queue_opens_in_six_queries_at_most(
        self, client, reviewer, language, count, django_assert_max_num_queries
    ):
        for _ in range(count):
            ClaimFactory()
        with django_assert_max_num_queries(MOST_QUERIES):
            response = client.get(address("review:queue", language=language))
        assert response.status_code == 200
        assert soup(response).html["lang"] == {"fr-ca": "fr-CA", "en-ca": "en-CA"}[language]
        assert len(soup(response).select("tbody tr")) == count

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_the_desk_opens_in_six_queries_at_most(self, client, held, language, django_assert_max_num_queries):
        DecisionFactory(submission__enrolment=held.enrolment, submission__round=2)
        with django_assert_max_num_queries(MOST_QUERIES):
            response = client.get(address("review:desk", held.pk, language=language))
        assert (response.status_code, len(soup(response).select("h1"))) == (200, 1)
        assert "Accueillir, protéger." in text_of(response)

    @pytest.mark.parametrize("name", ["queue", "desk"])
    def test_is_closed_to_a_learner(self, client, submission, name):
        client.force_login(submission.enrolment.person)
        args = [submission.pk] if name == "desk" else []
        assert client.get(address(f"review:{name}", *args)).status_code == 403

    def test_leads_somebody_signed_out_to_sign_in(self, client):
        assert client.get(address("review:queue")).status_code == 302


class TestTheQueue:
    def test_shows_the_oldest_first_with_marks_at_three_and_seven_days(self, client, reviewer):
        now = timezone.now()
        ages = [timedelta(days=8), timedelta(hours=1), timedelta(days=3, minutes=1)]
        made = [SubmissionFactory(submitted_at=now - age) for age in ages]
        page = soup(client.get(address("review:queue", language="en-ca")))
        links = [row.a["href"] for row in page.select("tbody tr")]
        expected = sorted(made, key=lambda one: one.submitted_at)
        assert links == [address("review:desk", one.pk, language="en-ca") for one in expected]
        marks = [[tag.get_text(strip=True) for tag in row.select("td .tag")] for row in page.select("tbody tr")]
        assert marks == [["7 days or more", "Free"], ["3 days or more", "Free"], ["Free"]]

    def test_hides_ones_own_requests_and_those_of_colleagues(self, client, reviewer):
        SubmissionFactory(enrolment__person=reviewer)
        theirs = SubmissionFactory()
        AffiliationFactory(person=reviewer, school=theirs.enrolment.person.affiliations.get().school)
        assert not soup(client.get(address("review:queue"))).select("tbody tr")

    def test_hides_what_was_decided_or_taken_back(self, client, reviewer):
        DecisionFactory()
        SubmissionFactory(withdrawn=True)
        assert not soup(client.get(address("review:queue"))).select("tbody tr")

    def test_is_filtered_by_program_and_language(self, client, reviewer):
        french = SubmissionFactory()
        english = SubmissionFactory(language="en-ca")
        queue = address("review:queue")
        by_language = soup(client.get(queue, {"language": "en-ca"}))
        by_program = soup(client.get(queue, {"program": french.enrolment.program.slug}))
        assert [row.a["href"] for row in by_language.select("tbody tr")] == [address("review:desk", english.pk)]
        assert [row.a["href"] for row in by_program.select("tbody tr")] == [address("review:desk", french.pk)]

    @pytest.mark.parametrize("query", [{"program": "nothing"}, {"language": "xx"}, {"program": "' OR 1=1"}])
    def test_ignores_a_filter_that_does_not_exist(self, client, reviewer, submission, query):
        page = soup(client.get(address("review:queue"), query))
        assert len(page.select("tbody tr")) == 1

    def test_says_who_reads_and_until_when(self, client, reviewer):
        ClaimFactory(reviewer__legal_name="Autre Relecture", until=timezone.now() + timedelta(minutes=30))
        assert "Read by Autre Relecture until" in text_of(client.get(address("review:queue", language="en-ca")))

    def test_never_names_who_sent_a_request(self, client, reviewer, submission):
        name = submission.enrolment.person.legal_name
        assert name not in text_of(client.get(address("review:queue")))
        assert name not in text_of(client.get(address("review:desk", submission.pk)))


class TestTheDesk:
    def test_is_read_before_it_is_taken(self, client, reviewer, submission):
        page = soup(client.get(address("review:desk", submission.pk)))
        assert [form["action"] for form in page.select("main form")] == [address("review:claim", submission.pk)]

    def test_once_taken_offers_the_decision(self, client, reviewer, submission):
        response = client.post(address("review:claim", submission.pk), follow=True)
        actions = {form["action"] for form in soup(response).select(".desk form")}
        assert actions == {address(f"review:{name}", submission.pk) for name in ("acceptance", "return", "notes")}

    def test_taken_by_another_says_so_and_offers_nothing(self, client, reviewer, submission):
        ClaimFactory(submission=submission, reviewer__legal_name="Autre R.", until=timezone.now() + timedelta(hours=1))
        response = client.get(address("review:desk", submission.pk))
        assert ("Autre R." in text_of(response), soup(response).select("main form")) == (True, [])
        assert client.post(address("review:claim", submission.pk)).status_code == 409

    def test_of_ones_own_request_is_refused(self, client, reviewer):
        own = SubmissionFactory(enrolment__person=reviewer)
        assert client.get(address("review:desk", own.pk)).status_code == 403

    def test_of_a_colleagues_request_is_refused(self, client, reviewer, submission):
        AffiliationFactory(person=reviewer, school=submission.enrolment.person.affiliations.get().school)
        assert client.get(address("review:desk", submission.pk)).status_code == 403

    def test_that_does_not_exist_is_not_found(self, client, reviewer):
        missing = "00000000-0000-4000-8000-000000000000"
        assert client.get(address("review:desk", missing)).status_code == 404

    def test_keeps_private_notes(self, client, held):
        post(client, "notes", held, **{"notes-notes": "À relire."})
        assert Claim.objects.get().notes == "À relire."
        assert (
            soup(client.get(address("review:desk", held.pk))).select_one("#id_notes-notes").get_text(strip=True)
            == "À relire."
        )

    def test_is_left_to_another(self, client, held):
        assert post(client, "release", held).url == address("review:queue")
        assert Claim.objects.get().until <= timezone.now()


class TestAVerdict:
    def test_accepted_leads_to_the_next_request(self, client, held):
        following = SubmissionFactory(submitted_at=timezone.now())
        response = post(client, "acceptance", held, **{"accept-confirm": "on"})
        assert response.url == address("review:desk", following.pk)
        assert Decision.objects.get().outcome == "ACCEPTED"
        assert "Voici la demande suivante." in text_of(client.get(response.url))

    def test_accepted_while_the_territory_is_closed_tells_each_one_what_is_true(self, client, held):
        suspend(held.enrolment.person, at=timezone.now())
        response = post(client, "acceptance", held, **{"accept-confirm": "on"})
        page = text_of(client.get(response.url))
        assert ("son badge suivra" in page, "le badge est en route" in page) == (True, False)
        client.force_login(held.enrolment.person)
        page = text_of(client.get(address("training:request", held.pk)))
        assert ("Acceptée, le badge suivra" in page, "est suspendue depuis le" in page) == (True, True)

    def test_skips_what_another_reads_and_ends_at_the_queue(self, client, held):
        ClaimFactory(until=timezone.now() + timedelta(hours=1))
        response = post(client, "return", held, **{"return-advice": "Encore un mot."})
        assert response.url == address("review:queue")
        assert "Voici la demande suivante." not in text_of(client.get(response.url))

    def test_sent_twice_is_one_decision_and_no_error(self, client, held):
        answers = [post(client, "acceptance", held, **{"accept-confirm": "on"}).status_code for _ in range(2)]
        assert (answers, Decision.objects.count()) == ([302, 302], 1)

    def test_without_confirmation_keeps_the_word_to_the_person(self, client, held):
        response = post(client, "acceptance", held, **{"accept-advice": "Bravo pour la clarté."})
        assert (response.status_code, Decision.objects.count()) == (422, 0)
        assert soup(response).select_one("#id_accept-advice").get_text(strip=True) == "Bravo pour la clarté."

    def test_to_rework_without_advice_says_what_is_missing(self, client, held):
        response = post(client, "return", held, **{"return-advice": "  "})
        assert (response.status_code, Decision.objects.count()) == (422, 0)
        assert soup(response).select_one('a[href="#id_return-advice"]')

    def test_given_after_another_took_the_request_keeps_the_text(self, client, held):
        Claim.objects.update(reviewer=PersonFactory(reviewer=True, legal_name="Autre R."))
        response = post(client, "return", held, **{"return-advice": "Long conseil."})
        assert (response.status_code, Decision.objects.count()) == (409, 0)
        assert soup(response).select_one("#id_return-advice").get_text(strip=True) == "Long conseil."
        assert "Autre R." in text_of(response)

    def test_after_another_decided_is_refused_with_the_day(self, client, reviewer):
        decision = DecisionFactory()
        response = post(client, "acceptance", decision.submission, **{"accept-confirm": "on"})
        assert (response.status_code, Decision.objects.count()) == (409, 1)

    @pytest.mark.parametrize("name", ["acceptance", "return", "notes"])
    def test_reopened_by_its_address_shows_the_desk(self, client, held, name):
        assert client.get(address(f"review:{name}", held.pk)).url == address("review:desk", held.pk)

    @pytest.mark.parametrize("name", ["claim", "release", "acceptance", "return", "notes"])
    def test_by_somebody_who_does_not_review_is_refused(self, client, submission, name):
        client.force_login(PersonFactory())
        assert post(client, name, submission).status_code == 403


class TestTheWordsOfTheDesk:
    def test_say_when_a_request_was_sent_in_one_sentence(self, client, held):
        when = timezone.localtime(held.submitted_at)
        sentence = text_of(client.get(address("review:desk", held.pk)))
        assert f"Envoyée le {when.day}" in sentence
        assert f"à {when.hour}\u00a0h".replace("\u00a0", " ") in sentence.replace("\u00a0", " ")

    def test_recall_the_words_that_a_question_hopes_for(self, client, held):
        assert "La question invite à écrire de 3 à 50 mots." in text_of(client.get(address("review:desk", held.pk)))

    def test_give_no_row_to_a_figure_that_is_not_there(self, client, reviewer):
        assert soup(client.get(address("review:queue"))).select(".aside dt") == []
