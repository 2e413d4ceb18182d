"""The pages of a practice case, without JavaScript, in both languages, in six queries at most."""

import pytest
from django.urls import reverse
from django.utils import translation

from jalon.core.cases.questions import QUESTIONS
from jalon.core.refusals import Refused
from jalon.training import actions
from jalon.training.models import CaseChoice, CaseRun
from tests.agreements.test_lapse import suspend
from tests.factories import MONDAY, EnrolmentFactory, PersonFactory, ReleaseFactory
from tests.small_pack import played_pack
from tests.training.test_pages import LANGUAGES, MOST_QUERIES, form_of, soup, text_of
from tests.training.test_playing import ANSWERS, CLEAN, SLIP, begin, choose, look_back, play

pytestmark = pytest.mark.django_db
CASE = "group-chat"


class Player:
    """A client that is signed in as somebody who holds the first level."""

    def __init__(self, client):
        self.client = client
        self.enrolment = EnrolmentFactory(release=ReleaseFactory(typed=played_pack()))
        level = self.enrolment.release.pack.levels[0]
        actions.award(enrolment=self.enrolment, level=level, decided_by=None, at=MONDAY)
        client.force_login(self.enrolment.person)

    def address(self, name, *more, language="fr-ca"):
        with translation.override(language):
            return reverse(f"training:{name}", args=[self.enrolment.program.slug, "second", *more])

    def get(self, name, *more, language="fr-ca", **options):
        return self.client.get(self.address(name, *more, language=language), **options)

    def post(self, name, *more, data=None, **options):
        return self.client.post(self.address(name, *more, language="en-ca"), data or {}, **options)


@pytest.fixture
def player(client):
    return Player(client)


PAGES = {
    "entrance": ("case", CASE),
    "answered": ("step", CASE, 2, 1),
    "waiting": ("step", CASE, 2, 2),
    "ending": ("step", CASE, 1, 4),
    "questions": ("look-back", CASE, 3),
    "result": ("debrief", CASE, 1),
    "recalling": ("reflection", "look-back", "steps"),
}


def everything(player):
    """Leave a run that is over, one in the middle, and one that waits for its six questions."""
    look_back(play(player.enrolment, CLEAN))
    choose(begin(player.enrolment, 2), 1, *SLIP[0])
    play(player.enrolment, SLIP, number=3)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("which", PAGES)
class TestEveryPageOfACase:
    def test_opens_in_six_queries_at_most(self, player, which, language, django_assert_max_num_queries):
        everything(player)
        with django_assert_max_num_queries(MOST_QUERIES):
            response = player.get(*PAGES[which], language=language)
        assert response.status_code == 200
        assert len(soup(response).select("h1")) == 1

    def test_is_not_there_for_another(self, player, which, language):
        everything(player)
        player.client.force_login(PersonFactory())
        assert player.get(*PAGES[which], language=language).status_code == 302


class TestTheEntrance:
    def test_says_whose_roles_are_played(self, player):
        assert "role/first_adult (en)" in text_of(player.get("case", CASE, language="en-ca"))

    def test_begins_a_run_and_leads_to_its_first_moment(self, player):
        response = player.post("run", CASE, 1)
        assert response.url == player.address("step", CASE, 1, 1, language="en-ca")

    def test_offers_to_go_on_and_to_start_over(self, player):
        begin(player.enrolment)
        page = soup(player.get("case", CASE))
        assert page.select_one(".buttons a")["href"] == player.address("run", CASE, 1)
        assert page.select_one(".buttons form")["action"] == player.address("run", CASE, 2)

    def test_says_why_it_is_closed_and_offers_nothing(self, client):
        enrolment = EnrolmentFactory(release=ReleaseFactory(typed=played_pack()))
        client.force_login(enrolment.person)
        with translation.override("en-ca"):
            response = client.get(reverse("training:case", args=[enrolment.program.slug, "second", CASE]))
        assert "This level opens when the level First is obtained" in text_of(response)
        assert not soup(response).select("main form")

    def test_names_the_state_of_each_run_but_no_result_before_its_questions(self, player):
        play(player.enrolment, CLEAN)
        assert "Without a fault" not in soup(player.get("case", CASE, language="en-ca")).select_one(".timeline").text
        look_back(CaseRun.objects.get())
        assert "Without a fault" in soup(player.get("case", CASE, language="en-ca")).select_one(".timeline").text


class TestAMoment:
    def test_shows_the_role_the_time_and_the_choices_as_cards(self, player):
        choose(begin(player.enrolment), 1, "corridor", "listen")
        page = soup(player.get("step", CASE, 1, 2, language="en-ca"))
        assert "10 min since the beginning" in " ".join(page.select_one(".standing").text.replace("\xa0", " ").split())
        assert [one["value"] for one in page.select("[data-cards] input")] == ["act", "label"]

    def test_folds_what_is_known_and_says_nothing_more(self, player):
        begin(player.enrolment)
        known = soup(player.get("step", CASE, 1, 1, language="en-ca")).select_one(".known").text
        assert "fact/image/reported (en)" in known
        assert "spread" not in known

    def test_answered_shows_what_follows_and_leads_on(self, player):
        begin(player.enrolment)
        sheet = form_of(player.get("step", CASE, 1, 1))
        response = player.post("step", CASE, 1, 1, data={**sheet, "choice": "look"}, follow=True)
        assert "Then." in soup(response).select_one(".followed").text
        following = player.address("step", CASE, 1, 2, language="en-ca")
        assert soup(response).select_one(".buttons a")["href"] == following

    def test_without_a_choice_asks_for_one(self, player):
        begin(player.enrolment)
        response = player.post("step", CASE, 1, 1, data={"scene": "corridor"})
        assert response.status_code == 422
        assert "Choose what you do, then go on." in text_of(response)

    @pytest.mark.parametrize(
        ("step", "data", "said"),
        [
            (1, {"scene": "corridor", "choice": "look"}, "already answered"),
            (2, {"scene": "corridor", "choice": "act"}, "another moment of the case"),
        ],
    )
    def test_doubled_or_forged_leads_to_where_one_stands_and_says_why(self, player, step, data, said):
        choose(begin(player.enrolment), 1, "corridor", "listen")
        response = player.post("step", CASE, 1, step, data=data, follow=True)
        assert response.redirect_chain == [(player.address("step", CASE, 1, 2, language="en-ca"), 302)]
        assert said in text_of(response)
        assert CaseChoice.objects.count() == 1

    @pytest.mark.parametrize("step", [0, 3, 99])
    def test_that_is_not_reached_leads_to_where_one_stands(self, player, step):
        choose(begin(player.enrolment), 1, "corridor", "listen")
        assert player.get("step", CASE, 1, step).url == player.address("step", CASE, 1, 2)

    def test_of_a_run_that_does_not_exist_is_not_found(self, player):
        assert player.get("step", CASE, 7, 1).status_code == 404
        assert player.get("case", "nothing").status_code == 404


class TestLookingBack:
    def test_comes_before_any_result(self, player):
        play(player.enrolment, SLIP)
        assert player.get("debrief", CASE, 1).url == player.address("look-back", CASE, 1)
        page = soup(player.get("look-back", CASE, 1))
        assert len(page.select("main textarea")) == len(QUESTIONS) == 6

    def test_leads_to_the_result(self, player):
        play(player.enrolment, SLIP)
        response = player.post("look-back", CASE, 1, data=ANSWERS)
        assert response.url == player.address("debrief", CASE, 1, language="en-ca")

    def test_with_a_gap_keeps_every_text_and_names_the_gap(self, player):
        play(player.enrolment, SLIP)
        response = player.post("look-back", CASE, 1, data={**ANSWERS, "keep": ""})
        assert response.status_code == 422
        assert "Question 6 has no answer yet." in text_of(response)
        assert soup(response).select_one("[name=happened]").text.strip() == ANSWERS["happened"]

    def test_closed_today_keeps_every_text_and_no_answer(self, player):
        play(player.enrolment, CLEAN)
        suspend(player.enrolment.person)
        response = player.post("look-back", CASE, 1, data=ANSWERS)
        assert response.status_code == 409
        assert [area.text.strip() for area in soup(response).select("textarea")] == list(ANSWERS.values())
        assert CaseRun.objects.get().debriefed_at is None
        with pytest.raises(Refused, match="agreement-suspended"):
            look_back(CaseRun.objects.get())

    def test_again_starts_from_the_answers_of_the_last_time(self, player):
        look_back(play(player.enrolment, SLIP))
        play(player.enrolment, CLEAN, number=2)
        page = soup(player.get("look-back", CASE, 2))
        assert page.select_one("[name=keep]").text.strip() == ANSWERS["keep"]

    def test_is_not_asked_before_the_ending(self, player):
        begin(player.enrolment)
        assert player.get("look-back", CASE, 1).url == player.address("step", CASE, 1, 1)
        assert player.get("debrief", CASE, 1).url == player.address("step", CASE, 1, 1)


class TestTheResult:
    def test_puts_the_two_paths_side_by_side_with_reason_and_source(self, player):
        look_back(play(player.enrolment, SLIP))
        page = soup(player.get("debrief", CASE, 1, language="en-ca"))
        first = page.select_one("ol.pairs .pair")
        assert "Left out" in first.text or "To take up again" in first.text
        assert "source/guide (en)" in first.select_one(".fold").text
        assert "November\xa022,\xa02026" in first.select_one(".fold").text
        assert "Never to be done" in page.select_one("ul.pairs").text
        assert "look" in page.select_one(".turns").text

    def test_without_a_fault_says_so_calmly(self, player):
        look_back(play(player.enrolment, CLEAN))
        page = soup(player.get("debrief", CASE, 1, language="en-ca"))
        assert page.select_one(".notice-ok .notice-title").text == "Without a fault"
        assert "To take up again" not in page.text

    def test_shows_the_answers_to_the_six_questions(self, player):
        look_back(play(player.enrolment, CLEAN))
        assert ANSWERS["keep"] in text_of(player.get("debrief", CASE, 1))


class TestTheReflection:
    def test_quotes_what_was_chosen(self, player):
        look_back(play(player.enrolment, SLIP))
        look_back(play(player.enrolment, CLEAN, number=2))
        said = text_of(player.get("reflection", "look-back", "steps", language="en-ca"))
        assert "The first time, you chose: “look”." in said
        assert "Without a fault, you chose: “listen”." in said
        assert "you chose" not in text_of(player.get("reflection", "look-back", "hard", language="en-ca"))
