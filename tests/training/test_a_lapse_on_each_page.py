"""A suspended agreement is told on every page that would keep something, to who holds the level and to who does not."""

import pytest

from jalon.training import actions
from jalon.training.models import CaseChoice, CaseRun, QuizTry
from tests.agreements.test_lapse import suspend
from tests.factories import MONDAY
from tests.training import test_case_pages
from tests.training.reader import form_of, soup, text_of
from tests.training.test_case_pages import CASE
from tests.training.test_playing import ANSWERS, CLEAN, begin, play

pytestmark = pytest.mark.django_db
player = test_case_pages.player


def award(enrolment, number):
    """The person holds this level."""
    level = enrolment.release.pack.levels[number]
    actions.award(enrolment=enrolment, level=level, decided_by=None, at=MONDAY)


@pytest.fixture(params=["holds the level", "does not"])
def is_holder(request):
    return request.param == "holds the level"


def is_told(answer, status):
    assert answer.status_code == status
    return "suspendue depuis le" in text_of(answer)


class TestAQuiz:
    def test_says_why_takes_no_try_and_loses_no_choice(self, learner, is_holder):
        if is_holder:
            award(learner.enrolment, 0)
        asked = "quiz", "first", "first-quiz"
        sheet = {**form_of(learner.get(*asked)), "q-who": "a", "q-what": ["a", "b"]}
        suspend(learner.enrolment.person)
        shown, sent = learner.get(*asked), learner.post(*asked, data=sheet)
        assert (is_told(shown, 200), is_told(sent, 409), QuizTry.objects.count()) == (True, True, 0)
        assert soup(shown).select("main form button") == []
        assert [box["value"] for box in soup(sent).select("input[checked]")] == ["a", "a", "b"]


class TestAPracticeCase:
    @pytest.fixture(autouse=True)
    def held(self, player, is_holder):
        if is_holder:
            award(player.enrolment, 1)

    def french(self, player, name, *more, data):
        return player.client.post(player.address(name, *more), data)

    def test_begins_no_run(self, player):
        suspend(player.enrolment.person)
        shown, sent = player.get("case", CASE), self.french(player, "run", CASE, 1, data={})
        assert (is_told(shown, 200), is_told(sent, 409), CaseRun.objects.count()) == (True, True, 0)
        assert soup(shown).select("main form") == []

    def test_keeps_no_choice_and_says_why_beside_it(self, player):
        begin(player.enrolment)
        choice = {**form_of(player.get("step", CASE, 1, 1)), "choice": CLEAN[0][1]}
        suspend(player.enrolment.person)
        shown, sent = player.get("step", CASE, 1, 1), self.french(player, "step", CASE, 1, 1, data=choice)
        assert (is_told(shown, 200), is_told(sent, 409), CaseChoice.objects.count()) == (True, True, 0)
        assert soup(shown).select("main form button") == []
        assert [box["value"] for box in soup(sent).select("input[checked]")] == [CLEAN[0][1]]

    def test_keeps_what_was_looked_back_on_in_its_place(self, player):
        play(player.enrolment, CLEAN)
        suspend(player.enrolment.person)
        shown, sent = player.get("look-back", CASE, 1), self.french(player, "look-back", CASE, 1, data=ANSWERS)
        assert (is_told(shown, 200), is_told(sent, 409)) == (True, True)
        assert [area.text.strip() for area in soup(sent).select("textarea")] == list(ANSWERS.values())
        assert CaseRun.objects.get().debriefed_at is None
