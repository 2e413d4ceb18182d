"""Around the desk: age, undoing, saved advice, the second reading, what people choose in the cases."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from jalon.core.calibration import is_drawn
from jalon.review.models import Decision, Remark, SecondReading
from tests.factories import (
    CaseChoiceFactory,
    CaseRunFactory,
    ClaimFactory,
    DecisionFactory,
    EnrolmentFactory,
    PersonFactory,
    ReleaseFactory,
    RemarkFactory,
    SubmissionFactory,
)
from tests.review.test_pages import LANGUAGES, MOST_QUERIES, address, post, soup, text_of
from tests.small_pack import played_pack

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer(client):
    person = PersonFactory(reviewer=True)
    client.force_login(person)
    return person


@pytest.fixture
def held(reviewer):
    submission = SubmissionFactory(submitted_at=timezone.now() - timedelta(hours=1), language="en-ca")
    return ClaimFactory(submission=submission, reviewer=reviewer, until=timezone.now() + timedelta(hours=1)).submission


@pytest.fixture
def drawn(reviewer):
    """A request that somebody else decided, and that asks for a second reading."""
    key = next(one for one in iter(uuid4, None) if is_drawn(one))
    return DecisionFactory(submission__id=key, advice="Un conseil déjà donné.").submission


class TestTheQueue:
    @pytest.mark.parametrize(("age", "count"), [("", 3), ("3", 2), ("7", 1)])
    def test_is_filtered_by_age(self, client, reviewer, age, count):
        for days in (0, 4, 8):
            SubmissionFactory(submitted_at=timezone.now() - timedelta(days=days))
        assert len(soup(client.get(address("review:queue"), {"age": age})).select("tbody tr")) == count

    def test_shows_how_long_people_wait(self, client, reviewer):
        for days in (1, 3, 5):
            now = timezone.now()
            DecisionFactory(submission__submitted_at=now - timedelta(days=days), at=now)
        aside = soup(client.get(address("review:queue", language="en-ca"))).select_one(".aside")
        said = " ".join(aside.get_text(" ").split())
        assert "Median time to answer 3 days" in said
        assert "Nine in ten come within 5 days" in said

    def test_lets_a_return_be_undone(self, client, held):
        post(client, "return", held, **{"return-advice": "Dites qui."})
        page = soup(client.get(address("review:queue")))
        undoing = page.select_one("form[action$='/undoing/']")["action"]
        response = client.post(undoing, follow=True)
        assert not Decision.objects.exists()
        assert "Dites qui." in soup(response).select_one("[name=notes-notes]").text

    def test_undone_twice_is_undone_once(self, client, held):
        post(client, "return", held, **{"return-advice": "Dites qui."})
        for _ in range(2):
            assert post(client, "undoing", held).url == address("review:desk", held.pk)


class TestSendingBack:
    def test_takes_saved_advice_in_the_language_of_the_person(self, client, held):
        remark = RemarkFactory()
        data = {"return-remarks": [remark.pk], "return-advice": "And when?", "return-second": "", "return-third": ""}
        client.post(address("review:return", held.pk), data)
        assert Decision.objects.get().advice == "1. Say who calls the police.\n\n2. And when?"

    def test_shows_the_saved_advice_at_the_desk(self, client, held):
        RemarkFactory()
        RemarkFactory(retired=True, text_en="Gone.")
        said = text_of(client.get(address("review:desk", held.pk)))
        assert "Say who calls the police." in said
        assert "Gone." not in said

    def test_with_more_than_three_ideas_keeps_the_text_and_says_why(self, client, held):
        data = {"return-remarks": [RemarkFactory().pk], "return-advice": "a", "return-second": "b", "return-third": "c"}
        response = client.post(address("review:return", held.pk, language="en-ca"), data)
        assert response.status_code == 422
        assert "Three ideas at most" in text_of(response)
        assert soup(response).select_one("[name=return-third]").text.strip() == "c"
        assert not Decision.objects.exists()


class TestASecondReading:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_is_asked_without_telling_the_decision(self, client, drawn, language, django_assert_max_num_queries):
        assert client.get(address("review:desk", drawn.pk, language=language)).status_code == 302
        with django_assert_max_num_queries(MOST_QUERIES):
            response = client.get(address("review:second-reading", drawn.pk, language=language))
        assert "Accueillir, protéger." in text_of(response)
        assert "Un conseil déjà donné." not in text_of(response)

    def test_given_shows_both_readings(self, client, drawn):
        data = {"second-outcome": "ACCEPTED", "second-note": "Tout y est."}
        where = address("review:second-reading", drawn.pk, language="en-ca")
        response = client.post(where, data, follow=True)
        assert "would have accepted" in text_of(response)
        assert "Sent back to rework" in text_of(response)
        assert SecondReading.objects.get().note == "Tout y est."
        assert client.get(where).url == address("review:desk", drawn.pk, language="en-ca")

    def test_without_a_choice_asks_for_one(self, client, drawn):
        response = client.post(address("review:second-reading", drawn.pk), {"second-note": "Hum."})
        assert response.status_code == 422
        assert soup(response).select_one("[name=second-note]").text.strip() == "Hum."

    def test_that_is_not_asked_is_refused(self, client, reviewer):
        assert client.get(address("review:second-reading", SubmissionFactory().pk)).status_code == 409


class TestTheSavedAdvice:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_is_listed_added_and_retired(self, client, reviewer, language, django_assert_max_num_queries):
        where = address("review:remarks", language=language)
        client.post(where, {"remark-text_fr": "Dites qui.", "remark-text_en": "Say who."})
        with django_assert_max_num_queries(MOST_QUERIES):
            page = soup(client.get(where))
        assert "Dites qui." in page.text
        client.post(page.select_one("form[action$='/retirement/']")["action"])
        assert "Dites qui." not in soup(client.get(where)).text
        assert Remark.objects.get().retired_at

    def test_asks_for_both_languages(self, client, reviewer):
        response = client.post(address("review:remarks"), {"remark-text_fr": "Dites qui."})
        assert (response.status_code, Remark.objects.count()) == (422, 0)


class TestWhatPeopleChoose:
    def test_is_counted_from_five_people_on(self, client, reviewer, django_assert_max_num_queries):
        release = ReleaseFactory(typed=played_pack())
        for number in range(6):
            run = CaseRunFactory(enrolment=EnrolmentFactory(release=release))
            CaseChoiceFactory(run=run, choice="listen" if number else "look")
            again = CaseRunFactory(enrolment=run.enrolment)
            CaseChoiceFactory(run=again, choice="look")
        with django_assert_max_num_queries(MOST_QUERIES):
            page = soup(client.get(address("review:choices", language="en-ca")))
        first = [row.td.text for row in page.select("table")[0].select("tbody tr")]
        assert first == ["5", "fewer than 5", "fewer than 5"]

    def test_says_when_no_program_has_cases(self, client, reviewer):
        assert client.get(address("review:choices")).status_code == 200
        assert client.get(address("review:choices"), {"program": "nothing"}).status_code == 200

    def test_of_an_unknown_program_is_not_found(self, client, reviewer):
        ReleaseFactory(typed=played_pack())
        assert client.get(address("review:choices"), {"program": "nothing"}).status_code == 404


@pytest.mark.parametrize("name", ["remarks", "choices"])
def test_a_learner_sees_none_of_it(client, name):
    client.force_login(PersonFactory())
    assert client.get(address(f"review:{name}")).status_code == 403
