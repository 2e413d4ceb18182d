"""Sending answers for review, and taking them back."""

from datetime import timedelta

import pytest

from jalon.core.refusals import Refused
from jalon.journal.models import Entry
from jalon.notices.models import Message
from jalon.training import actions
from jalon.training.models import Submission
from tests.factories import (
    MONDAY,
    ClaimFactory,
    DecisionFactory,
    DraftFactory,
    EnrolmentFactory,
    PersonFactory,
    SubmissionFactory,
)
from tests.small_pack import REFLECTION, SECOND

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def writer(django_db_setup, db):
    """Somebody who holds the first level and has written both answers."""
    enrolment = EnrolmentFactory()
    level = enrolment.release.pack.levels[0]
    actions.award(enrolment=enrolment, level=level, decided_by=None, at=MONDAY)
    for question in ("steps", "hard"):
        DraftFactory(enrolment=enrolment, question=question, text=f"Texte de {question}.")
    return enrolment


def send(enrolment, *, round=1, revisions=None, at=MONDAY):
    return actions.submit(
        enrolment=enrolment,
        level=SECOND,
        reflection=REFLECTION,
        round=round,
        revisions=revisions or {"steps": 1, "hard": 1},
        language="fr-ca",
        at=at,
    )


class TestSending:
    def test_keeps_the_answers_as_they_are(self, writer):
        submission = send(writer)
        assert submission.answers == {"steps": "Texte de steps.", "hard": "Texte de hard."}
        assert (submission.round, submission.submitted_at) == (1, MONDAY)

    def test_twice_with_one_form_is_one_request(self, writer):
        assert send(writer) == send(writer, at=MONDAY + MINUTE)
        assert Submission.objects.count() == 1
        assert Entry.objects.filter(verb="submission.sent").count() == 1

    def test_an_old_form_after_the_answer_came_is_the_old_request(self, writer):
        first = send(writer)
        DecisionFactory(submission=first)
        assert send(writer) == first

    def test_after_a_return_makes_the_next_round(self, writer):
        DecisionFactory(submission=send(writer))
        assert send(writer, round=2).round == 2

    def test_after_a_withdrawal_makes_the_next_round(self, writer):
        actions.withdraw(submission=send(writer), at=MONDAY + MINUTE)
        assert send(writer, round=2).round == 2

    def test_a_second_request_while_one_waits_is_refused(self, writer):
        send(writer)
        with pytest.raises(Refused, match="request-waiting"):
            send(writer, round=2)

    def test_a_round_that_skips_one_is_refused(self, writer):
        with pytest.raises(Refused, match="answers-changed"):
            send(writer, round=7)

    def test_without_an_answer_is_refused(self, writer):
        writer.drafts.filter(question="hard").update(text=" … ")
        with pytest.raises(Refused, match="answers-missing"):
            send(writer)

    def test_an_answer_that_changed_in_another_tab_is_refused(self, writer):
        writer.drafts.filter(question="hard").update(revision=2)
        with pytest.raises(Refused, match="answers-changed"):
            send(writer)

    def test_before_the_first_level_is_obtained_is_refused(self):
        enrolment = EnrolmentFactory()
        with pytest.raises(Refused, match="level-locked"):
            send(enrolment)

    def test_tells_the_reviewers_once_while_the_queue_is_not_empty(self, writer):
        reviewer = PersonFactory(reviewer=True)
        send(writer)
        SubmissionFactory()
        DecisionFactory(submission__enrolment=writer, submission__round=9)
        assert Message.objects.filter(to=reviewer).count() == 1

    def test_when_others_wait_already_tells_nobody(self, writer):
        reviewer = PersonFactory(reviewer=True)
        SubmissionFactory()
        send(writer)
        assert not Message.objects.filter(to=reviewer).exists()


class TestTakingARequestBack:
    def test_within_thirty_minutes_is_done(self, writer):
        submission = actions.withdraw(submission=send(writer), at=MONDAY + 30 * MINUTE)
        assert submission.withdrawn_at == MONDAY + 30 * MINUTE

    def test_twice_is_done_once(self, writer):
        submission = send(writer)
        actions.withdraw(submission=submission, at=MONDAY + MINUTE)
        assert actions.withdraw(submission=submission, at=MONDAY + 2 * MINUTE).withdrawn_at == MONDAY + MINUTE
        assert Entry.objects.filter(verb="submission.withdrawn").count() == 1

    def test_later_is_refused(self):
        with pytest.raises(Refused, match="withdrawal-too-late"):
            actions.withdraw(submission=SubmissionFactory(), at=MONDAY + 31 * MINUTE)

    def test_while_a_reviewer_reads_it_is_refused(self):
        claim = ClaimFactory()
        with pytest.raises(Refused, match="request-claimed"):
            actions.withdraw(submission=claim.submission, at=MONDAY + MINUTE)

    def test_after_the_reviewer_left_it_is_done(self):
        claim = ClaimFactory(until=MONDAY + MINUTE)
        assert actions.withdraw(submission=claim.submission, at=MONDAY + MINUTE).withdrawn_at

    def test_after_the_decision_is_refused(self):
        decision = DecisionFactory()
        with pytest.raises(Refused, match="already-decided"):
            actions.withdraw(submission=decision.submission, at=MONDAY + MINUTE)
