"""A form that gave a badge, sent again once that badge is revoked or corrected, gives no second one."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from jalon.accounts.models import Standing
from jalon.core.dossier import Dossier
from jalon.credentials import actions as credentials
from jalon.credentials.models import Award, Credential, Issuance
from jalon.hours.models import Entry as HoursEntry
from jalon.notices.models import Message
from jalon.review import actions as review
from jalon.training import actions as training
from jalon.training.queries import place_of
from tests.agreements.test_lapse import reinstate, suspend
from tests.credentials.test_replays import Browser
from tests.factories import (
    MONDAY,
    ClaimFactory,
    EnrolmentFactory,
    PersonFactory,
    QuizTryFactory,
    ReadingFactory,
    SubmissionFactory,
)

pytestmark = pytest.mark.django_db
LESSONS = ("one", "two")


def address(enrolment, name, level, *more):
    return reverse(f"training:{name}", args=[enrolment.program.slug, level, *more])


def reader(*lessons):
    """Return the enrolment of somebody who has finished these lessons."""
    enrolment = EnrolmentFactory()
    for lesson in lessons:
        ReadingFactory(enrolment=enrolment, lesson=lesson, finished=True)
    return enrolment


def accept(client):
    """A reviewer accepts a request at the desk."""
    held = ClaimFactory(until=timezone.now() + timedelta(hours=1))
    page, target = (reverse(f"review:{name}", args=[held.submission_id]) for name in ("desk", "acceptance"))
    browser = Browser(client, held.reviewer)
    browser.send(page, target, **{"accept-advice": "Merci.", "accept-confirm": "on"})
    return browser


def answer_the_quiz(client):
    """A learner who has read everything passes the quiz."""
    enrolment = reader(*LESSONS)
    sheet = address(enrolment, "quiz", "first", "first-quiz")
    browser = Browser(client, enrolment.person)
    browser.send(sheet, sheet, **{"q-who": "a", "q-what": ["a", "b"]})
    return browser


def read_the_last_part(client):
    """A learner who has passed the quiz finishes the last lesson."""
    enrolment = reader("one")
    QuizTryFactory(enrolment=enrolment)
    page, target = (address(enrolment, name, "first", "two", "p2") for name in ("lesson", "reading"))
    browser = Browser(client, enrolment.person)
    browser.send(page, target)
    return browser


def obtain_what_was_done(client):
    """A learner has done everything while the level was closed, and asks for the badge now."""
    enrolment = reader(*LESSONS)
    QuizTryFactory(enrolment=enrolment)
    browser = Browser(client, enrolment.person)
    browser.send(address(enrolment, "level", "first"), address(enrolment, "award", "first"))
    return browser


def obtain_what_was_accepted(client):
    """A request was accepted while no agreement was in force; the learner asks for the badge now."""
    submission = SubmissionFactory()
    enrolment = submission.enrolment
    suspend(enrolment.person)
    review.accept(submission=submission, by=PersonFactory(reviewer=True), at=MONDAY)
    reinstate(enrolment.person)
    browser = Browser(client, enrolment.person)
    browser.sent = address(enrolment, "award", "second"), {}, b""
    browser.again()
    return browser


def revoke(award):
    credentials.revoke(award=award, reason="Erreur", by=None, at=timezone.now())


def correct(award):
    facts = replace(Dossier.from_json(award.facts), name="Émilie Exacte")
    credentials.correct(award=award, facts=facts, by=None, at=timezone.now())


def made():
    """Return everything that a badge brings, as it is."""
    models = (Award, Credential, Issuance, HoursEntry, Standing, Message)
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.mark.parametrize("end", [revoke, correct])
@pytest.mark.parametrize(
    "obtain", [accept, answer_the_quiz, read_the_last_part, obtain_what_was_done, obtain_what_was_accepted]
)
def test_what_gave_a_badge_gives_no_second_one_after_its_end(client, obtain, end):
    browser = obtain(client)
    end(Award.objects.get())
    before = made()
    assert [browser.again().status_code for _ in range(2)] == [302, 302]
    assert made() == before


def test_a_request_gives_one_badge_for_ever_and_another_request_another():
    first = SubmissionFactory()
    second = SubmissionFactory(enrolment=first.enrolment, round=2)
    reviewer = PersonFactory(reviewer=True)

    def award(submission):
        level = place_of(submission).level
        return training.award(
            enrolment=submission.enrolment, level=level, decided_by=reviewer, at=MONDAY, submission=submission
        )

    ended = award(first)
    credentials.revoke(award=ended, reason="Erreur", by=None, at=MONDAY)
    assert award(first) == ended
    assert award(second) == Award.objects.standing().get()
    assert Award.objects.count() == HoursEntry.objects.count() == 2
