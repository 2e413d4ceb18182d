"""Playing a practice case: begin, choose, look back; every run and every choice is kept."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from jalon.accounts.models import Affiliation
from jalon.core.cases.questions import QUESTIONS
from jalon.core.progress import State
from jalon.core.refusals import Refusal, Refused
from jalon.journal.models import Entry
from jalon.training import actions, actions_case, queries
from jalon.training.models import CaseChoice, CaseRun
from jalon.training.queries_case import recalled
from jalon.training.record import record_of
from tests.factories import (
    MONDAY,
    CaseChoiceFactory,
    CaseRunFactory,
    EnrolmentFactory,
    PersonFactory,
    ReleaseFactory,
    SubmissionFactory,
)
from tests.small_pack import played_pack
from tests.training.reader import address, soup

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
CLEAN = (("corridor", "listen"), ("office", "act"), ("later", "support"))
SLIP = (("corridor", "look"), ("office", "act"), ("later", "dig"))
ANSWERS = {question.id: "Quelques mots." for question in QUESTIONS}


@pytest.fixture
def player(django_db_setup, db):
    """Somebody who holds the first level of the pack whose second level has a case."""
    enrolment = EnrolmentFactory(release=ReleaseFactory(typed=played_pack()))
    actions.award(enrolment=enrolment, level=enrolment.release.pack.levels[0], decided_by=None, at=MONDAY)
    return enrolment


def second(enrolment):
    return enrolment.release.pack.levels[1]


def the_case(enrolment):
    return enrolment.release.pack.cases["group-chat"]


def begin(enrolment, number=1, at=MONDAY):
    return actions_case.begin_case(
        enrolment=enrolment, level=second(enrolment), case=the_case(enrolment), number=number, at=at
    )


def choose(run, position, scene, choice):
    return actions_case.choose(
        run=run,
        level=second(run.enrolment),
        case=the_case(run.enrolment),
        position=position,
        scene=scene,
        choice=choice,
        at=MONDAY,
    )


def look_back(run, answers=ANSWERS):
    return actions_case.look_back(run=run, level=second(run.enrolment), answers=answers, at=MONDAY + MINUTE)


def play(enrolment, path, number=1):
    run = begin(enrolment, number)
    for position, (scene, choice) in enumerate(path, start=1):
        run = choose(run, position, scene, choice)
    return run


def state(enrolment):
    progress = record_of(enrolment.person).progress(enrolment, enrolment.release.pack, second(enrolment))
    return [step.state for step in progress.steps]


class TestBeginning:
    def test_makes_a_run_at_the_first_scene(self, player):
        run = begin(player)
        assert (run.number, run.path, run.started_at, run.finished_at) == (1, (), MONDAY, None)

    def test_pressed_twice_makes_one_run(self, player):
        assert begin(player) == begin(player, at=MONDAY + MINUTE)
        assert CaseRun.objects.count() == 1

    def test_again_keeps_the_run_that_was_left(self, player):
        left = choose(begin(player), 1, "corridor", "listen")
        again = begin(player, number=2)
        assert (again.number, again.path) == (2, ())
        assert CaseRun.objects.get(pk=left.pk).path == ("listen",)

    def test_with_a_forged_number_makes_the_next_run(self, player):
        assert begin(player, number=70).number == 1

    def test_is_refused_while_the_level_is_locked(self):
        enrolment = EnrolmentFactory(release=ReleaseFactory(typed=played_pack()))
        with pytest.raises(Refused) as refused:
            begin(enrolment)
        assert refused.value.refusal.code == "level-locked"


class TestChoosing:
    def test_keeps_each_choice_with_its_scene_and_moment(self, player):
        play(player, CLEAN)
        kept = CaseChoice.objects.values_list("position", "scene", "choice", "at")
        assert list(kept) == [(place, *pair, MONDAY) for place, pair in enumerate(CLEAN, start=1)]

    @pytest.mark.parametrize(("path", "is_clean"), [(CLEAN, True), (SLIP, False)])
    def test_is_judged_at_the_ending(self, player, path, is_clean):
        run = play(player, path)
        assert (run.finished_at, run.is_clean) == (MONDAY, is_clean)
        facts = Entry.objects.get(verb="case.played").facts
        assert facts == {"case": "group-chat", "number": 1, "clean": is_clean}

    def test_sent_twice_is_one_choice(self, player):
        run = begin(player)
        assert choose(run, 1, "corridor", "listen") == choose(run, 1, "corridor", "listen")
        assert CaseChoice.objects.count() == 1

    @pytest.mark.parametrize(
        ("position", "scene", "choice", "code"),
        [
            (1, "corridor", "look", "step-answered"),
            (2, "later", "dig", "choice-not-offered"),
            (2, "office", "listen", "choice-not-offered"),
            (2, "corridor", "act", "choice-not-offered"),
            (2, "nowhere", "act", "choice-not-offered"),
            (3, "later", "dig", "choice-not-offered"),
            (2, "office", "", "choice-not-offered"),
        ],
    )
    def test_what_is_not_offered_changes_nothing_and_says_why(self, player, position, scene, choice, code):
        run = choose(begin(player), 1, "corridor", "listen")
        assert choose(run, position, scene, choice) == Refusal(code)
        assert CaseRun.objects.get(pk=run.pk).path == ("listen",)

    def test_after_the_ending_changes_nothing(self, player):
        run = play(player, CLEAN)
        assert choose(run, 4, "end", "listen") == Refusal("choice-not-offered")

    def test_goes_on_when_the_program_has_a_newer_release(self, player):
        run = choose(begin(player), 1, "corridor", "listen")
        ReleaseFactory(program=player.program, version="2.0.0")
        assert choose(run, 2, "office", "act").path == ("listen", "act")

    def test_waits_where_it_is_when_the_place_of_work_has_ended_and_goes_on_when_it_is_back(self, player):
        run = choose(begin(player), 1, "corridor", "listen")
        Affiliation.objects.update(ends_on=MONDAY.date())
        with pytest.raises(Refused) as refused:
            choose(run, 2, "office", "act")
        assert (refused.value.refusal.code, CaseRun.objects.get().path) == ("work-ended", ("listen",))
        Affiliation.objects.update(ends_on=None)
        assert choose(run, 2, "office", "act").path == ("listen", "act")


class TestLookingBack:
    def test_keeps_the_six_answers_and_opens_the_result(self, player):
        run = look_back(play(player, SLIP))
        assert (run.answers, run.debriefed_at) == (ANSWERS, MONDAY + MINUTE)

    def test_twice_keeps_the_first_answers(self, player):
        run = look_back(play(player, SLIP))
        assert look_back(run, {"happened": "Autre chose."}).answers == ANSWERS

    @pytest.mark.parametrize("answers", [{}, {**ANSWERS, "keep": "  "}])
    def test_without_every_answer_is_refused(self, player, answers):
        run = play(player, SLIP)
        with pytest.raises(Refused) as refused:
            look_back(run, answers)
        assert refused.value.refusal.code == "look-back-incomplete"

    def test_before_the_ending_is_refused(self, player):
        with pytest.raises(Refused) as refused:
            look_back(begin(player))
        assert refused.value.refusal.code == "case-unfinished"


class TestTheLevel:
    def test_shows_no_result_before_the_six_answers(self, player):
        run = play(player, CLEAN)
        assert state(player) == [State.STARTED, State.LOCKED]
        look_back(run)
        assert state(player) == [State.DONE, State.TODO]

    def test_keeps_its_reflection_closed_until_a_run_is_clean(self, player):
        look_back(play(player, SLIP))
        assert state(player) == [State.STARTED, State.LOCKED]
        with pytest.raises(Refused) as refused:
            actions.save_draft(
                enrolment=player,
                level=second(player),
                reflection=player.release.pack.reflections["look-back"],
                question="steps",
                text="Trop tôt.",
                revision=0,
                at=MONDAY,
            )
        assert refused.value.refusal.code == "activity-locked"
        look_back(play(player, CLEAN, number=2))
        assert state(player) == [State.DONE, State.TODO]

    def test_keeps_the_reflection_locked_and_its_page_leads_to_the_level(self, player, client):
        slug = player.program.slug
        client.force_login(player.person)
        response = client.get(address("training:reflection", slug, "second", "look-back", "steps"))
        links = {link["href"] for link in soup(response).select("main .button")}
        assert (response.status_code, address("training:level", slug, "second") in links) == (409, True)

    def test_stays_done_after_another_run(self, player):
        look_back(play(player, CLEAN))
        look_back(play(player, SLIP, number=2))
        assert state(player)[0] is State.DONE

    def test_names_its_cases_on_the_award(self, player):
        submission = SubmissionFactory(enrolment=player)
        reviewer = PersonFactory(reviewer=True)
        facts = queries.dossier_for(player, second(player), decided_by=reviewer, at=MONDAY, submission=submission)
        assert facts.cases == ({"fr": "Le groupe", "en": "The group chat"},)


class TestWhatIsRecalled:
    def test_quotes_the_turning_point_of_the_first_run_and_of_the_clean_one(self, player):
        look_back(play(player, SLIP))
        look_back(play(player, CLEAN, number=2))
        (one,) = recalled(player, second(player))
        assert (one.case.id, one.runs, one.first, one.then) == ("group-chat", 2, "look", "listen")

    def test_quotes_the_beginning_of_a_path_that_was_clean_at_once(self, player):
        look_back(play(player, CLEAN))
        (one,) = recalled(player, second(player))
        assert (one.first, one.then) == ("listen", "")

    def test_is_nothing_before_a_case_was_looked_back_on(self, player):
        play(player, CLEAN)
        assert recalled(player, second(player)) == []


class TestTheDatabaseRefuses:
    @pytest.mark.parametrize("early", [{"is_clean": True}, {"debriefed_at": MONDAY}])
    def test_a_result_before_the_ending(self, early):
        with pytest.raises(IntegrityError, match="case_run_is_judged_at_its_end"), transaction.atomic():
            CaseRunFactory(**early)

    def test_two_answers_to_one_step(self):
        first = CaseChoiceFactory()
        with pytest.raises(IntegrityError, match=r"case_choice_once_per_step|position"), transaction.atomic():
            CaseChoiceFactory(run=first.run, position=1)

    def test_two_runs_of_one_number(self):
        first = CaseRunFactory()
        with pytest.raises(IntegrityError, match=r"case_run_numbered_once|number"), transaction.atomic():
            CaseRunFactory(enrolment=first.enrolment, number=1)
