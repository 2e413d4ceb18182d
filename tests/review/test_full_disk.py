"""A database that cannot write while a request is accepted: nothing is said to be done, and nothing is half done."""

from datetime import timedelta

import pytest
from django.utils import timezone

from jalon.credentials import recovery
from jalon.credentials.models import Award, Credential
from jalon.hours.models import Entry as Hours
from jalon.notices.models import Message
from jalon.review.models import Decision
from tests.factories import ClaimFactory, PersonFactory, SubmissionFactory
from tests.issuing import make_keys
from tests.review.test_pages import address, post, text_of
from tests.training import test_full_disk

pytestmark = pytest.mark.django_db(transaction=True)
trouble = test_full_disk.trouble
MADE = (Decision, Award, Credential, Hours, Message)


@pytest.fixture
def held(client):
    make_keys()
    reviewer = PersonFactory(reviewer=True)
    client.force_login(reviewer)
    client.raise_request_exception = False
    submission = SubmissionFactory(submitted_at=timezone.now() - timedelta(hours=1))
    return ClaimFactory(submission=submission, reviewer=reviewer, until=timezone.now() + timedelta(hours=1)).submission


def accept(client, held):
    return post(client, "acceptance", held, **{"accept-confirm": "on", "accept-advice": "Bravo. " * 500})


def test_an_acceptance_is_whole_or_not_at_all(client, held, trouble):
    with trouble():
        answer = accept(client, held)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "n’a pas été enregistré, même en partie" in text_of(answer)
    assert [kind.objects.count() for kind in MADE] == [0, 0, 0, 0, 0]
    assert list(recovery.audit()) == []


def test_once_there_is_room_the_same_form_makes_one_signed_badge(client, held, trouble):
    with trouble():
        accept(client, held)
    assert accept(client, held).url == address("review:queue")
    assert [kind.objects.count() for kind in MADE] == [1, 1, 1, 1, 1]
    assert Credential.objects.get().signed_at is not None
    assert list(recovery.audit()) == []
