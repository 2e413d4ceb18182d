"""What the database itself refuses, by the name of each constraint."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from jalon.training.models import Submission
from tests.factories import (
    MONDAY,
    AffiliationFactory,
    DecisionFactory,
    DraftFactory,
    DraftVersionFactory,
    EnrolmentFactory,
    PersonFactory,
    QuizTryFactory,
    ReadingFactory,
    SubmissionFactory,
)

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()


def refused_by(constraint: str):
    """The database refuses: PostgreSQL names the constraint, SQLite the constraint or its columns."""
    return pytest.raises(IntegrityError, match=constraint)


class TestTheDatabaseRefuses:
    def test_a_second_enrolment_in_a_program(self):
        enrolment = EnrolmentFactory()
        with refused_by("enrolment_once_per_program|training_enrolment.person_id, training_enrolment.program_id"):
            EnrolmentFactory(person=enrolment.person, release=enrolment.release)

    def test_a_second_place_in_one_lesson(self):
        reading = ReadingFactory()
        with refused_by("reading_once_per_lesson|training_reading.enrolment_id, training_reading.lesson"):
            ReadingFactory(enrolment=reading.enrolment)

    def test_two_tries_of_one_number(self):
        attempt = QuizTryFactory()
        with refused_by("quiz_try_numbered_once|training_quiztry.quiz, training_quiztry.number"):
            QuizTryFactory(enrolment=attempt.enrolment, number=attempt.number)

    def test_two_tries_of_one_sheet(self):
        attempt = QuizTryFactory()
        with refused_by("quiz_try_once_per_sheet|training_quiztry.form"):
            QuizTryFactory(enrolment=attempt.enrolment, form=attempt.form)

    def test_a_score_over_a_hundred_per_cent(self):
        with refused_by("quiz_try_score_is_per_cent"):
            QuizTryFactory(score=101)

    def test_a_second_text_of_one_answer(self):
        draft = DraftFactory()
        with refused_by("draft_once_per_question|training_draft.reflection, training_draft.question"):
            DraftFactory(enrolment=draft.enrolment)

    def test_two_versions_of_one_revision(self):
        version = DraftVersionFactory()
        with refused_by("draft_version_once_per_revision|training_draftversion.draft_id"):
            DraftVersionFactory(draft=version.draft)

    def test_two_requests_of_one_round(self):
        submission = SubmissionFactory()
        with refused_by("submission_numbered_once|training_submission.level, training_submission.round"):
            SubmissionFactory(enrolment=submission.enrolment)

    def test_a_round_zero(self):
        with refused_by("submission_rounds_start_at_one"):
            SubmissionFactory(round=0)


class TestTheRequestsThatAReviewerReads:
    def test_are_neither_decided_nor_withdrawn(self):
        waiting = SubmissionFactory()
        DecisionFactory()
        SubmissionFactory(withdrawn=True)
        assert list(Submission.objects.awaiting_review()) == [waiting]

    def test_are_never_their_own(self):
        reviewer = PersonFactory(reviewer=True)
        SubmissionFactory(enrolment__person=reviewer)
        assert not Submission.objects.reviewable_by(reviewer, TODAY).exists()

    def test_are_never_from_a_colleague(self):
        reviewer = PersonFactory(reviewer=True)
        theirs, other = SubmissionFactory(), SubmissionFactory()
        school = theirs.enrolment.person.affiliations.get().school
        AffiliationFactory(person=reviewer, school=school, waiting=True)
        assert list(Submission.objects.reviewable_by(reviewer, TODAY)) == [other]

    def test_may_be_from_a_former_colleague(self):
        reviewer = PersonFactory(reviewer=True)
        theirs = SubmissionFactory()
        school = theirs.enrolment.person.affiliations.get().school
        AffiliationFactory(person=reviewer, school=school, ends_on=TODAY)
        assert list(Submission.objects.reviewable_by(reviewer, TODAY)) == [theirs]
        assert not Submission.objects.reviewable_by(reviewer, TODAY - timedelta(days=1)).exists()

    def test_are_none_for_somebody_who_does_not_review(self):
        SubmissionFactory()
        assert not Submission.objects.reviewable_by(PersonFactory(), TODAY).exists()
