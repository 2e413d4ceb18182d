"""Two people at the same moment: one of them is served, the other is told, and there is one of everything."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event
from time import sleep
from uuid import uuid4

import pytest
from django.db import connection

from jalon.core.refusals import Refused
from jalon.credentials import access as batch_access
from jalon.credentials import actions as credentials
from jalon.credentials import batches
from jalon.credentials.models import Award, Batch, Credential
from jalon.hours.models import Entry as HoursEntry
from jalon.library import actions as library
from jalon.library.access import why_not_start
from jalon.review import actions
from jalon.review.models import Claim, Decision
from jalon.training import actions as training
from jalon.training.models import Draft, Enrolment, QuizTry, Submission
from tests.factories import (
    MONDAY,
    AffiliationFactory,
    EnrolmentFactory,
    PersonFactory,
    ReadingFactory,
    ReleaseFactory,
    SubmissionFactory,
)
from tests.small_pack import FIRST, QUIZ, REFLECTION, RIGHT, SECOND

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*verbs: Callable[[], object]) -> list[object]:
    """Run every verb at the same moment, each on a connection of its own; a refusal is an answer too."""
    barrier = Barrier(len(verbs))

    def run(verb):
        barrier.wait()
        try:
            return verb()
        except Refused as refused:
            return refused.refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(verbs)) as pool:
        return list(pool.map(run, verbs))


@pytest.fixture(autouse=True)
def key():
    credentials.create_key(kind="ED25519", at=MONDAY)


@pytest.fixture
def reviewers():
    return PersonFactory.create_batch(2, reviewer=True)


def refusals(answers):
    return [answer for answer in answers if isinstance(answer, str)]


class TestTwoReviewersAtOnce:
    def test_hold_one_request_one_of_them(self, reviewers):
        submission = SubmissionFactory()
        answers = at_once(*[lambda by=by: actions.claim(submission=submission, by=by, at=MONDAY) for by in reviewers])
        assert (refusals(answers), Claim.objects.count()) == (["claimed-by-another"], 1)

    def test_decide_one_request_one_of_them(self, reviewers):
        submission = SubmissionFactory()
        first, second = reviewers
        answers = at_once(
            lambda: actions.accept(submission=submission, by=first, at=MONDAY),
            lambda: actions.return_(submission=submission, by=second, advice="Encore.", at=MONDAY),
        )
        assert (refusals(answers), Decision.objects.count()) == (["already-decided"], 1)
        assert Award.objects.count() == Decision.objects.filter(outcome="ACCEPTED").count()

    def test_who_click_twice_make_one_award(self, reviewers):
        submission = SubmissionFactory()
        accept = lambda: actions.accept(submission=submission, by=reviewers[0], at=MONDAY)  # noqa: E731
        answers = at_once(accept, accept, accept)
        assert len(set(answers)) == 1
        assert (Award.objects.count(), Credential.objects.count(), HoursEntry.objects.count()) == (1, 1, 1)


class TestAReviewerAndALearnerAtOnce:
    def test_read_and_take_back_one_request_one_of_them(self, reviewers):
        submission = SubmissionFactory()
        answers = at_once(
            lambda: actions.claim(submission=submission, by=reviewers[0], at=MONDAY),
            lambda: training.withdraw(submission=submission, at=MONDAY + timedelta(minutes=1)),
        )
        assert refusals(answers) in (["request-claimed"], ["request-withdrawn"])
        assert Claim.objects.count() != Submission.objects.exclude(withdrawn_at=None).count()


class TestALearnerWhoClicksTwice:
    def test_enrols_once(self):
        person, release = AffiliationFactory().person, ReleaseFactory()
        enrol = lambda: training.enrol(person=person, program=release.program, at=MONDAY)  # noqa: E731
        assert len(set(at_once(enrol, enrol))) == Enrolment.objects.count() == 1

    def test_sends_one_request(self, written):
        enrolment = EnrolmentFactory()
        training.award(enrolment=enrolment, level=FIRST, decided_by=None, at=MONDAY)
        send = written(enrolment)
        assert len(set(at_once(send, send))) == Submission.objects.count() == 1

    def test_makes_one_try_and_one_award(self):
        enrolment, sheet = EnrolmentFactory(), uuid4()
        for lesson in ("one", "two"):
            ReadingFactory(enrolment=enrolment, lesson=lesson, finished=True)
        answer = lambda: training.answer_quiz(  # noqa: E731
            enrolment=enrolment, level=FIRST, quiz=QUIZ, answers=RIGHT, form=sheet, at=MONDAY
        )
        at_once(answer, answer)
        assert (QuizTry.objects.count(), Award.objects.count()) == (1, 1)

    def test_in_two_tabs_keeps_one_text_and_hears_of_the_other(self):
        enrolment = EnrolmentFactory()
        save = lambda text: training.save_draft(  # noqa: E731
            enrolment=enrolment,
            level=SECOND,
            reflection=REFLECTION,
            question="steps",
            text=text,
            revision=0,
            at=MONDAY,
        )
        answers = at_once(lambda: save("Un onglet."), lambda: save("L’autre."))
        conflict = next(answer for answer in answers if isinstance(answer, training.Conflict))
        assert {conflict.mine, Draft.objects.get().text} == {"Un onglet.", "L’autre."}


class TestAWithdrawalAtTheMomentOfABeginning:
    """Whichever holds the program first: nobody begins a version that was withdrawn a moment before."""

    @pytest.fixture
    def pausing(self, monkeypatch):
        """What asks whether a version can be begun pauses after its answer; the event says that it has asked."""
        asked = Event()
        for module in (training, batch_access):
            monkeypatch.setattr(module, "why_not_start", self.slowly(asked, why_not_start))
        return asked

    def slowly(self, asked, ask):
        def answer(release):
            found = ask(release)
            asked.set()
            sleep(0.5)
            return found

        return answer

    def withdraw(self, release):
        library.withdraw(release=release, reason="Une source a changé", by=None, at=MONDAY)

    def test_waits_for_the_enrolment_that_has_asked(self, pausing):
        person, release = AffiliationFactory().person, ReleaseFactory()

        def withdraw():
            assert pausing.wait(10)
            self.withdraw(release)
            return Enrolment.objects.count()

        enrolled, seen_when_withdrawn = at_once(
            lambda: training.enrol(person=person, program=release.program, at=MONDAY), withdraw
        )
        assert (enrolled.release, seen_when_withdrawn) == (release, 1)

    def test_waits_for_the_list_of_badges_that_has_asked(self, pausing, tmp_path):
        release = ReleaseFactory()
        path = tmp_path / "liste.csv"
        path.write_text(f"courriel\n{PersonFactory().email}\n")
        asked = batches.Asked(f"{release.program.slug}/first")
        batch = batches.prepare(path=path, name="liste.csv", asked=asked, by=None, at=MONDAY)

        def withdraw():
            assert pausing.wait(10)
            self.withdraw(release)
            return Batch.objects.exclude(committed_at=None).count()

        _, seen_when_withdrawn = at_once(lambda: batches.begin(batch=batch, by=None, at=MONDAY, runs=False), withdraw)
        assert seen_when_withdrawn == 1

    def test_is_the_first_or_the_second_and_never_both(self):
        person, release = AffiliationFactory().person, ReleaseFactory()
        answers = at_once(
            lambda: self.withdraw(release),
            lambda: training.enrol(person=person, program=release.program, at=MONDAY),
        )
        assert refusals(answers) == ([] if Enrolment.objects.exists() else ["release-withdrawn"])
