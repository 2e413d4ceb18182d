"""The learner's pages, without JavaScript, in both languages, in six queries at most."""

from uuid import uuid4

import pytest
from django.utils import timezone

from jalon.credentials.models import Award
from jalon.training.models import Draft, Enrolment, QuizTry, Submission
from tests.factories import (
    AffiliationFactory,
    DraftFactory,
    DraftVersionFactory,
    PersonFactory,
    QuizTryFactory,
    ReadingFactory,
    ReleaseFactory,
    SubmissionFactory,
)
from tests.small_pack import RIGHT
from tests.training.reader import address, form_of, soup, text_of

pytestmark = pytest.mark.django_db
LANGUAGES = ("fr-ca", "en-ca")
MOST_QUERIES = 6


def everything(learner):
    """Return the address of every page of the learner, by name, with something on each."""
    enrolment = learner.enrolment
    for lesson in ("one", "two"):
        ReadingFactory(enrolment=enrolment, lesson=lesson)
    QuizTryFactory(enrolment=enrolment, number=1, answers=RIGHT)
    draft = Draft.objects.filter(enrolment=enrolment).first() or DraftFactory(enrolment=enrolment)
    DraftVersionFactory(draft=draft, revision=9)
    waiting = SubmissionFactory(submitted_at=timezone.now())
    learner.client.force_login(enrolment.person)
    Submission.objects.filter(pk=waiting.pk).update(enrolment=enrolment, withdrawn_at=timezone.now())
    slug = enrolment.program.slug
    return {
        "path": ("training:path",),
        "first level": ("training:level", slug, "first"),
        "second level": ("training:level", slug, "second"),
        "lesson": ("training:lesson", slug, "first", "one", "p1"),
        "last part": ("training:lesson", slug, "first", "one", "p2"),
        "quiz": ("training:quiz", slug, "first", "first-quiz"),
        "try": ("training:try", slug, "first", "first-quiz", 1),
        "question": ("training:reflection", slug, "second", "look-back", "steps"),
        "versions": ("training:versions", slug, "second", "look-back", draft.question),
        "check": ("training:check", slug, "second", "look-back"),
        "request": ("training:request", waiting.pk),
    }


PAGES = (
    "path",
    "first level",
    "second level",
    "lesson",
    "last part",
    "quiz",
    "try",
    "question",
    "versions",
    "check",
    "request",
)


class TestEveryPageOfALearner:
    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("which", PAGES)
    def test_opens_in_six_queries_at_most(self, writer, which, language, django_assert_max_num_queries):
        name, *args = everything(writer)[which]
        with django_assert_max_num_queries(MOST_QUERIES):
            response = writer.client.get(address(name, *args, language=language))
        assert response.status_code == 200
        assert soup(response).html["lang"] == {"fr-ca": "fr-CA", "en-ca": "en-CA"}[language]
        assert len(soup(response).select("h1")) == 1

    @pytest.mark.parametrize(
        "which", [page for page in PAGES if page not in {"lesson", "last part"} and "level" not in page]
    )
    def test_leads_somebody_signed_out_to_sign_in(self, writer, client, which):
        name, *args = everything(writer)[which]
        client.logout()
        response = client.get(address(name, *args))
        assert (response.status_code, response.url.split("?")[0]) == (302, address("account_login"))

    @pytest.mark.parametrize("which", ["request"])
    def test_about_a_request_is_not_there_for_another(self, writer, client, which):
        name, *args = everything(writer)[which]
        client.force_login(PersonFactory(reviewer=True))
        assert client.get(address(name, *args)).status_code == 404


def way_in(client, program):
    """Return the label and the address of the buttons of a program's page."""
    page = soup(client.get(address("library:program", program.slug)))
    return [(link.get_text(strip=True), link["href"]) for link in page.select("main p.buttons a.button")]


class TestTheWayIntoAProgram:
    def test_starts_at_its_first_level_for_a_visitor(self, client):
        program = ReleaseFactory().program
        assert way_in(client, program) == [("Commencer", address("training:level", program.slug, "first"))]

    def test_continues_at_the_level_that_is_open(self, learner, writer):
        program = learner.enrolment.program
        assert way_in(learner.client, program) == [("Continuer", writer.level("level", "second"))]

    def test_is_shown_to_a_learner_in_six_queries_at_most(self, writer, django_assert_max_num_queries):
        way_in(writer.client, writer.enrolment.program)
        with django_assert_max_num_queries(MOST_QUERIES):
            way_in(writer.client, writer.enrolment.program)


class TestALevel:
    @pytest.mark.parametrize("name", ["training:level", "library:program"])
    def test_says_what_one_learns_and_not_what_its_badge_states(self, client, name):
        program = ReleaseFactory().program
        text = text_of(client.get(address(name, program.slug, *(["first"] if name == "training:level" else []))))
        assert ("Savoir accueillir." in text, "Sait intervenir." in text) == (True, False)

    def test_shows_its_steps_and_the_next_one(self, learner):
        ReadingFactory(enrolment=learner.enrolment, lesson="one", finished=True)
        page = soup(learner.client.get(learner.level("level", "first", language="en-ca")))
        assert page.select_one("main progress")["aria-label"] == "1 of 3 steps completed"
        page = soup(learner.get("level", "first"))
        assert page.select_one("main p.buttons a")["href"] == learner.level("lesson-entrance", "first", "two")

    def test_offers_the_program_to_confirmed_staff(self, client):
        release, person = ReleaseFactory(), AffiliationFactory().person
        client.force_login(person)
        page = soup(client.get(address("training:level", release.program.slug, "first")))
        form = page.select_one("main form.one-button")
        assert form["action"] == address("training:enrolment", release.program.slug)
        response = client.post(form["action"])
        assert response.url == address("training:level", release.program.slug, "first")
        assert Enrolment.objects.get().person == person

    def test_says_why_it_is_closed_and_offers_nothing(self, client):
        release = ReleaseFactory()
        client.force_login(AffiliationFactory(waiting=True, school__name="École du Quai").person)
        response = client.get(address("training:level", release.program.slug, "first", language="en-ca"))
        assert "nobody has yet confirmed that you work at École du Quai" in text_of(response)
        assert not soup(response).select("main form")

    def test_refuses_a_forged_enrolment_with_its_reason(self, client):
        release = ReleaseFactory()
        client.force_login(PersonFactory())
        response = client.post(address("training:enrolment", release.program.slug))
        assert (response.status_code, Enrolment.objects.count()) == (409, 0)

    def test_can_be_read_by_anybody(self, client, django_assert_max_num_queries):
        release = ReleaseFactory()
        with django_assert_max_num_queries(2):
            response = client.get(address("training:level", release.program.slug, "first"))
        assert response.status_code == 200
        assert soup(response).select(".task a")

    def test_that_does_not_exist_is_not_found(self, client):
        release = ReleaseFactory()
        assert client.get(address("training:level", release.program.slug, "third")).status_code == 404
        assert client.get(address("training:level", "nothing", "first")).status_code == 404

    def test_locked_says_which_one_comes_first(self, learner):
        response = learner.client.get(learner.level("level", "second", language="en-ca"))
        assert "This level opens when the level First is obtained" in text_of(response)

    def test_obtained_leads_to_the_level_that_it_opens_and_to_none_after_the_last(self, writer):
        onward = writer.level("level", "second")
        assert onward in [link["href"] for link in soup(writer.get("level", "first")).select("main .button")]
        assert "Continuer vers" not in text_of(writer.get("level", "second"))

    def test_not_obtained_leads_to_no_other(self, learner):
        assert "Continuer vers" not in text_of(learner.get("level", "first"))

    def test_sent_leads_from_the_path_to_the_request(self, writer):
        request = SubmissionFactory(enrolment=writer.enrolment, submitted_at=timezone.now())
        page = soup(writer.client.get(address("training:path")))
        assert [tag.get_text() for tag in page.select("#go-on ~ .card .tag")] == ["Envoyée"]
        assert page.select_one("#go-on ~ .card .card-more a")["href"] == address("training:request", request.pk)


class TestALesson:
    def test_is_read_by_anybody_with_its_sources(self, client):
        release = ReleaseFactory()
        page = soup(client.get(address("training:lesson", release.program.slug, "first", "one", "p1")))
        assert page.select_one(".notes a")["href"] == "https://guide.example/"
        assert page.select_one(".foot-nav a")["href"].endswith("/lessons/one/p2/")
        assert not page.select(".foot-nav form")

    def test_goes_on_part_by_part_and_returns_to_the_last(self, learner):
        response = learner.post("reading", "first", "one", "p1")
        assert response.url == learner.level("lesson", "first", "one", "p2")
        assert learner.get("lesson-entrance", "first", "one").url == learner.level("lesson", "first", "one", "p2")

    def test_finished_leads_back_to_the_level(self, learner):
        assert learner.post("reading", "first", "one", "p2").url == learner.level("level", "first")

    def test_says_the_minutes_that_are_left(self, learner):
        first = text_of(learner.client.get(learner.level("lesson", "first", "one", "p1", language="en-ca")))
        last = text_of(learner.client.get(learner.level("lesson", "first", "one", "p2", language="en-ca")))
        assert ("20 min left" in first, "10 min left" in last) == (True, True)

    @pytest.mark.parametrize("place", [("first", "three", "p1"), ("first", "one", "p3"), ("second", "one", "p1")])
    def test_that_is_not_of_the_level_is_not_found(self, learner, place):
        assert learner.get("lesson", *place).status_code == 404


class TestAQuiz:
    def test_answered_on_one_sheet_leads_to_its_result(self, learner):
        sheet = form_of(learner.get("quiz", "first", "first-quiz"))
        data = {**sheet, "q-who": "a", "q-what": ["a", "b"]}
        response = learner.post("quiz", "first", "first-quiz", data=data)
        assert response.url == learner.level("try", "first", "first-quiz", 1)

    def test_sent_twice_is_one_try(self, learner):
        data = {**form_of(learner.get("quiz", "first", "first-quiz")), "q-who": "b", "q-what": ["a"]}
        urls = {learner.post("quiz", "first", "first-quiz", data=data).url for _ in range(2)}
        assert (len(urls), QuizTry.objects.count()) == (1, 1)

    def test_with_a_gap_keeps_every_choice_and_names_the_gap(self, learner):
        data = {"form": uuid4(), "q-what": ["a", "c"]}
        response = learner.post("quiz", "first", "first-quiz", data=data)
        page = soup(response)
        assert response.status_code == 422
        assert [box["value"] for box in page.select("input[checked]")] == ["a", "c"]
        assert page.select_one(".error-summary a, .errors a")["href"].startswith("#id_q-who")
        assert not QuizTry.objects.exists()

    def test_with_a_forged_choice_or_sheet_is_no_try(self, learner):
        data = {"form": "x", "q-who": "z", "q-what": ["a"]}
        assert learner.post("quiz", "first", "first-quiz", data=data).status_code == 422
        assert not QuizTry.objects.exists()

    def test_explains_every_option(self, learner):
        QuizTryFactory(
            enrolment=learner.enrolment, number=1, answers={"who": ["b"], "what": ["a"]}, score=0, passed=False
        )
        page = soup(learner.get("try", "first", "first-quiz", 1))
        assert len(page.select(".answer")) == 5
        assert all(why.get_text(strip=True) for why in page.select(".answer-why"))
        assert len(page.select(".answer-chosen")) == 2

    @pytest.mark.parametrize(("language", "said"), [("fr-ca", "vérifié le"), ("en-ca", "checked on")])
    def test_tells_the_sources_of_each_question_that_has_some(self, learner, monkeypatch, language, said):
        source = learner.enrolment.release.pack.sources["guide"]
        QuizTryFactory(enrolment=learner.enrolment, number=1, answers=RIGHT)
        url = {"fr": "https://guide.example/fr/", "en": "https://guide.example/en/"}
        monkeypatch.setitem(source.url, "fr", url["fr"])
        monkeypatch.setitem(source.url, "en", url["en"])
        page = soup(learner.client.get(learner.level("try", "first", "first-quiz", 1, language=language)))
        assert [len(one.select(".notes li")) for one in page.select("main section")] == [1, 0]
        told = page.select_one(".notes li")
        assert (told.a.get_text(), told.a["href"]) == ("Guide", url[language[:2]])
        assert said in told.get_text()
        assert page.select(".notes .note-back") == []

    def test_passed_after_the_lessons_shows_the_badge(self, learner):
        for lesson in ("one", "two"):
            ReadingFactory(enrolment=learner.enrolment, lesson=lesson, finished=True)
        data = {**form_of(learner.get("quiz", "first", "first-quiz")), "q-who": "a", "q-what": ["a", "b"]}
        response = learner.post("quiz", "first", "first-quiz", data=data, follow=True)
        assert soup(response).select_one(f'a[href="{Award.objects.get().get_absolute_url()}"]')

    def test_leads_who_does_not_follow_to_the_level(self, client):
        release = ReleaseFactory()
        client.force_login(PersonFactory())
        response = client.get(address("training:quiz", release.program.slug, "first", "first-quiz"))
        assert response.url == address("training:level", release.program.slug, "first")


class TestMyPath:
    def test_of_a_newcomer_leads_to_the_programs(self, client):
        client.force_login(PersonFactory())
        page = soup(client.get(address("training:path")))
        assert page.select_one("main p.buttons a")["href"] == address("library:programs")

    def test_goes_on_with_the_next_step(self, learner):
        ReadingFactory(enrolment=learner.enrolment, lesson="one", finished=True)
        page = soup(learner.client.get(address("training:path")))
        assert page.select_one("main p.buttons a")["href"] == learner.level("lesson-entrance", "first", "two")

    def test_shows_what_is_obtained_with_its_hours_and_its_attestation(self, writer):
        page, award = soup(writer.client.get(address("training:path"))), Award.objects.get()
        card = page.select_one(f'article:has(a[href="{award.get_absolute_url()}"])')
        assert "3\u00a0h reconnues" in card.get_text()
        assert card.select_one(f'a[href="{address("attestations:attestation", award.code)}"]')
