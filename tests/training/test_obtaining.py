"""Reading, answering, and the award that follows by itself."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from jalon.core.dossier import Dossier
from jalon.core.refusals import Refused
from jalon.credentials import actions as credentials
from jalon.credentials.models import Award, Credential
from jalon.hours.models import Entry as HoursEntry
from jalon.notices.models import Message
from jalon.places.queries import served_by
from jalon.training import actions
from jalon.training.models import QuizTry
from tests.factories import MONDAY, EnrolmentFactory, QuizTryFactory, ReadingFactory
from tests.small_pack import FIRST, QUIZ, RIGHT, WRONG

pytestmark = pytest.mark.django_db
SHEET = UUID("00000000-0000-4000-8000-000000000001")


def read(enrolment, lesson, part, *, at=MONDAY):
    chosen = enrolment.release.pack.lessons[lesson]
    return actions.finish_part(enrolment=enrolment, level=FIRST, lesson=chosen, part=part, at=at)


def answer(enrolment, answers=RIGHT, *, form=None, at=MONDAY):
    return actions.answer_quiz(
        enrolment=enrolment, level=FIRST, quiz=QUIZ, answers=answers, form=form or uuid4(), at=at
    )


@pytest.fixture
def enrolment():
    return EnrolmentFactory()


@pytest.fixture
def reader():
    """Somebody who has finished both lessons."""
    enrolment = EnrolmentFactory()
    for lesson in ("one", "two"):
        ReadingFactory(enrolment=enrolment, lesson=lesson, finished=True)
    return enrolment


class TestReadingAPart:
    def test_moves_to_the_next(self, enrolment):
        reading = read(enrolment, "one", "p1")
        assert (reading.part, reading.finished_at) == ("p2", None)

    def test_that_is_the_last_finishes_the_lesson(self, enrolment):
        read(enrolment, "one", "p1")
        reading = read(enrolment, "one", "p2", at=MONDAY + timedelta(hours=1))
        assert (reading.part, reading.finished_at) == ("p2", MONDAY + timedelta(hours=1))

    def test_again_keeps_the_day_it_was_finished(self, enrolment):
        read(enrolment, "one", "p2")
        reading = read(enrolment, "one", "p2", at=MONDAY + timedelta(days=1))
        assert (reading.finished_at, enrolment.readings.count()) == (MONDAY, 1)


class TestAnsweringAQuiz:
    def test_keeps_every_answer_and_the_score(self, enrolment):
        attempt = answer(enrolment, {"who": ["a"], "what": ["a"]})
        assert (attempt.answers, attempt.score, attempt.passed) == ({"who": ["a"], "what": ["a"]}, 50, False)

    def test_numbers_the_tries_without_limit(self, enrolment):
        assert [answer(enrolment, WRONG).number for _ in range(4)] == [1, 2, 3, 4]

    def test_twice_with_one_sheet_is_one_try(self, enrolment):
        first, second = (answer(enrolment, WRONG, form=SHEET) for _ in range(2))
        assert (first, second.score, QuizTry.objects.count()) == (second, 0, 1)

    def test_with_the_sheet_of_before_and_other_answers_is_another_try_and_one_only(self, enrolment):
        """Back shows the sheet again as it was filled in: what is corrected on it counts."""
        tries = [answer(enrolment, answers, form=SHEET) for answers in (WRONG, RIGHT, RIGHT, WRONG)]
        assert [one.number for one in tries] == [1, 2, 2, 1]
        assert [one.score for one in tries] == [0, 100, 100, 0]

    def test_with_a_gap_is_refused_and_keeps_nothing(self, enrolment):
        with pytest.raises(Refused, match="quiz-incomplete"):
            answer(enrolment, {"who": ["a"]})
        assert not QuizTry.objects.exists()

    def test_is_refused_after_the_person_left_their_school(self, enrolment):
        enrolment.person.affiliations.update(ends_on=MONDAY.date())
        with pytest.raises(Refused, match="work-ended"):
            answer(enrolment)


class TestTheAward:
    def test_comes_with_the_passing_try_when_everything_was_read(self, reader):
        answer(reader)
        award = Award.objects.get()
        assert (award.holder, award.level_key) == (reader.person, f"{reader.program.slug}/first")
        assert (award.minutes, award.awarded_on) == (180, date(2026, 3, 2))

    def test_comes_with_the_last_part_when_the_quiz_was_passed_before(self, enrolment):
        answer(enrolment)
        ReadingFactory(enrolment=enrolment, lesson="one", finished=True)
        assert not Award.objects.exists()
        read(enrolment, "two", "p2")
        assert Award.objects.count() == 1

    def test_does_not_come_with_a_try_that_fails(self, reader):
        answer(reader, WRONG)
        assert not Award.objects.exists()

    def test_comes_once_whatever_is_done_again(self, reader):
        answer(reader)
        answer(reader)
        read(reader, "one", "p2")
        assert (Award.objects.count(), Credential.objects.count(), HoursEntry.objects.count()) == (1, 1, 1)

    def test_brings_its_hours_a_notice_and_a_reserved_credential(self, reader):
        answer(reader)
        hours, award = HoursEntry.objects.get(), Award.objects.get()
        assert (hours.person, hours.minutes, hours.award) == (reader.person, 180, award.pk)
        assert hours.title_fr == "Programme d’essai – Premier"
        assert (Message.objects.get().to, award.credentials.get().signed) == (reader.person, None)

    def test_freezes_what_is_printed(self, reader):
        answer(reader)
        school = reader.person.affiliations.get().school
        dossier = Dossier.from_json(Award.objects.get().facts)
        assert (dossier.name, dossier.score, dossier.decided_by) == (reader.person.legal_name, 100, "")
        assert (dossier.basis.school, dossier.basis.body) == (school.name, school.body.name)
        there = served_by(school, on=dossier.basis.checked_on)
        assert (dossier.basis.territory, dossier.basis.police_service) == (
            there.municipality.name,
            there.police_service.name,
        )
        assert dossier.content.sha256 == reader.release.sha256

    def test_is_never_made_again_by_itself_after_a_revocation(self, reader):
        answer(reader)
        credentials.revoke(award=Award.objects.get(), reason="Erreur d’identité", by=None, at=MONDAY)
        answer(reader)
        assert Award.objects.count() == 1

    def test_waits_while_the_level_is_closed_then_comes_when_asked(self, reader):
        QuizTryFactory(enrolment=reader)
        reader.person.affiliations.update(confirmed_at=None, confirmed_by=None)
        read(reader, "one", "p2")
        with pytest.raises(Refused, match="work-unconfirmed"):
            actions.obtain(enrolment=reader, level=FIRST, at=MONDAY)
        reader.person.affiliations.update(confirmed_at=MONDAY, confirmed_by=reader.person)
        assert actions.obtain(enrolment=reader, level=FIRST, at=MONDAY) == Award.objects.get()

    def test_asked_for_too_early_does_not_come(self, enrolment):
        assert actions.obtain(enrolment=enrolment, level=FIRST, at=MONDAY) is None
