"""Undoing a return, reading a second time, and the saved advice."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError

from jalon.core.calibration import is_drawn
from jalon.core.refusals import Refused
from jalon.journal.models import Entry
from jalon.notices.models import Message
from jalon.review import actions, queries
from jalon.review.models import Decision, Remark, SecondReading
from tests.factories import (
    MONDAY,
    AffiliationFactory,
    DecisionFactory,
    PersonFactory,
    RemarkFactory,
    SecondReadingFactory,
    SubmissionFactory,
)

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
ADVICE = "Dites qui appelle la police."


def key(*, drawn):
    return next(one for one in iter(uuid4, None) if is_drawn(one) is drawn)


@pytest.fixture
def reviewer():
    return PersonFactory(reviewer=True)


@pytest.fixture
def returned(reviewer):
    return actions.return_(submission=SubmissionFactory(), by=reviewer, advice=ADVICE, at=MONDAY)


def undo(decision, by, *, at=MONDAY + 10 * MINUTE):
    return actions.undo(decision=decision, by=by, at=at)


class TestAReturn:
    def test_is_told_to_the_person_after_ten_minutes(self, returned):
        message = Message.objects.get(to=returned.submission.enrolment.person)
        assert (message.queued_at, message.next_try_at) == (MONDAY, MONDAY + 10 * MINUTE)

    def test_undone_in_time_waits_again_and_tells_nobody(self, returned, reviewer):
        held = undo(returned, reviewer)
        assert not Decision.objects.exists()
        assert not Message.objects.exists()
        assert (held.reviewer, held.notes, held.until) == (reviewer, ADVICE, MONDAY + 70 * MINUTE)
        assert list(Entry.objects.order_by("number").values_list("verb", flat=True))[-2:] == [
            "submission.returned",
            "submission.return-undone",
        ]

    def test_undone_can_be_decided_again(self, returned, reviewer):
        undo(returned, reviewer)
        decision = actions.accept(submission=returned.submission, by=reviewer, at=MONDAY + 12 * MINUTE)
        assert decision.outcome == "ACCEPTED"

    @pytest.mark.parametrize(
        ("situation", "code"),
        [
            (lambda decision, by: (PersonFactory(reviewer=True), MONDAY), "decision-of-another"),
            (lambda decision, by: (by, MONDAY + 11 * MINUTE), "undo-too-late"),
            (
                lambda decision, by: (
                    SubmissionFactory(enrolment=decision.submission.enrolment, round=2) and by,
                    MONDAY,
                ),
                "request-sent-again",
            ),
        ],
        ids=["by another", "too late", "answered meanwhile"],
    )
    def test_is_not_undone(self, returned, reviewer, situation, code):
        by, at = situation(returned, reviewer)
        with pytest.raises(Refused, match=code):
            undo(returned, by, at=at)
        assert Decision.objects.get() == returned
        assert Message.objects.filter(to=returned.submission.enrolment.person).exists()

    def test_that_accepts_is_not_undone(self, reviewer):
        decision = actions.accept(submission=SubmissionFactory(), by=reviewer, at=MONDAY)
        with pytest.raises(Refused, match="acceptance-stands"):
            undo(decision, reviewer, at=MONDAY)


class TestASecondReading:
    def decided(self, *, drawn=True, **options):
        return DecisionFactory(submission__id=key(drawn=drawn), **options).submission

    def read_again(self, submission, by, outcome="ACCEPTED"):
        return actions.read_again(submission=submission, outcome=outcome, note="Bien vu.", by=by, at=MONDAY)

    def test_is_kept_beside_the_decision_and_changes_nothing(self, reviewer):
        submission = self.decided()
        made = self.read_again(submission, reviewer)
        assert (made.outcome, made.note, made.by) == ("ACCEPTED", "Bien vu.", reviewer)
        assert Decision.objects.get().outcome == "TO_REWORK"
        assert Entry.objects.get(verb="submission.read-again").facts == {"alike": False}

    @pytest.mark.parametrize(
        ("submission", "who", "code"),
        [
            (lambda self: self.decided(drawn=False), "another", "second-reading-not-asked"),
            (lambda self: SubmissionFactory(id=key(drawn=True)), "another", "second-reading-not-asked"),
            (lambda self: self.decided(), "the first reviewer", "second-reading-of-own"),
            (
                lambda self: SecondReadingFactory(decision__submission__id=key(drawn=True)).submission,
                "another",
                "second-reading-done",
            ),
            (lambda self: self.decided(), "a learner", "reviewers-only"),
            (lambda self: self.decided(), "a colleague", "same-school"),
        ],
    )
    def test_is_refused_with_its_reason(self, reviewer, submission, who, code):
        found = submission(self)
        by = {"another": reviewer, "a learner": PersonFactory(), "a colleague": reviewer}.get(who)
        by = by or found.decision.by
        if who == "a colleague":
            AffiliationFactory(person=by, school=found.enrolment.person.affiliations.get().school)
        with pytest.raises(Refused, match=code):
            self.read_again(found, by)

    def test_is_asked_of_every_other_reviewer_for_one_request_in_ten(self, reviewer, django_assert_num_queries):
        asked = self.decided()
        self.decided(drawn=False)
        self.decided(by=reviewer)
        with django_assert_num_queries(1):
            found = queries.figures_for(reviewer, at=MONDAY)
        assert found.to_read_again == [asked]

    def test_feeds_the_agreement_that_the_queue_shows(self, reviewer):
        for outcome in ("TO_REWORK", "ACCEPTED"):
            self.read_again(self.decided(), reviewer, outcome)
        found = queries.figures_for(reviewer, at=MONDAY)
        assert (found.agreement, found.readings) == (50, 2)


class TestTheFigures:
    def test_are_nothing_without_a_decision(self, reviewer):
        found = queries.figures_for(reviewer, at=MONDAY)
        assert (found.turnaround, found.agreement, found.undoable) == (None, None, None)

    def test_say_how_long_people_waited(self, reviewer):
        for days in (1, 3, 5):
            DecisionFactory(submission__submitted_at=MONDAY - timedelta(days=days))
        found = queries.figures_for(reviewer, at=MONDAY).turnaround
        assert (found.median, found.ninetieth) == (timedelta(days=3), timedelta(days=5))

    def test_offer_to_undo_what_this_reviewer_has_just_returned(self, returned, reviewer):
        assert queries.figures_for(reviewer, at=MONDAY + 9 * MINUTE).undoable == returned
        assert queries.figures_for(reviewer, at=MONDAY + 11 * MINUTE).undoable is None
        assert queries.figures_for(PersonFactory(reviewer=True), at=MONDAY).undoable is None

    def test_offer_nothing_to_undo_once_the_answers_were_sent_again(self, returned, reviewer):
        sent = returned.submission
        SubmissionFactory(enrolment=sent.enrolment, level=sent.level, round=sent.round + 1)
        assert queries.figures_for(reviewer, at=MONDAY + 9 * MINUTE).undoable is None


class TestASavedPieceOfAdvice:
    def add(self, by, *, fr="Dites qui appelle.", en="Say who calls."):
        return actions.add_remark(text_fr=fr, text_en=en, by=by, at=MONDAY)

    def test_has_its_words_in_both_languages(self, reviewer):
        made = self.add(reviewer)
        assert (made.text_in("fr-ca"), made.text_in("en-ca")) == ("Dites qui appelle.", "Say who calls.")

    def test_added_twice_is_one(self, reviewer):
        assert self.add(reviewer) == self.add(reviewer, fr=" Dites qui appelle. ")
        assert Remark.objects.count() == 1

    @pytest.mark.parametrize("missing", [{"fr": " "}, {"en": ""}])
    def test_with_one_language_is_refused(self, reviewer, missing):
        with pytest.raises(Refused, match="remark-in-both-languages"):
            self.add(reviewer, **missing)
        with pytest.raises(IntegrityError, match="remark_in_both_languages"):
            RemarkFactory(text_en="")

    def test_is_added_and_retired_by_reviewers_only(self):
        with pytest.raises(Refused, match="reviewers-only"):
            self.add(PersonFactory())
        with pytest.raises(Refused, match="reviewers-only"):
            actions.retire_remark(remark=RemarkFactory(), by=PersonFactory(), at=MONDAY)

    def test_retired_can_no_longer_be_chosen(self, reviewer):
        remark = RemarkFactory()
        actions.retire_remark(remark=remark, by=reviewer, at=MONDAY)
        actions.retire_remark(remark=remark, by=reviewer, at=MONDAY + MINUTE)
        assert Remark.objects.get().retired_at == MONDAY
        assert queries.remarks() == []
        assert Entry.objects.filter(verb="remark.retired").count() == 1


def test_one_request_has_one_second_reading():
    first = SecondReadingFactory()
    with pytest.raises(IntegrityError):
        SecondReading.objects.create(submission=first.submission, outcome="ACCEPTED", by=first.by, at=MONDAY)
