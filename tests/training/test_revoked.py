"""A badge that was revoked: the level offers nothing that would do nothing, and the request says what became of it."""

import pytest

from jalon.credentials import actions as credentials
from jalon.credentials.models import Award
from tests.factories import MONDAY, PersonFactory, SubmissionFactory
from tests.review.test_deciding import accept
from tests.training.reader import soup, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def revoked(client):
    """The badge of an accepted request ended, and its holder is signed in."""
    submission = SubmissionFactory()
    accept(submission, PersonFactory(reviewer=True, legal_name="Réjeanne Relecture"))
    credentials.revoke(award=Award.objects.get(), reason="Erreur", by=None, at=MONDAY)
    client.force_login(submission.enrolment.person)
    return submission


def test_the_level_says_so_and_offers_nothing(client, revoked, django_assert_max_num_queries):
    address = f"/programs/{revoked.enrolment.program.slug}/second/"
    with django_assert_max_num_queries(6):
        page = client.get(address)
    assert "Le badge de ce niveau a été révoqué" in text_of(page)
    assert soup(page).select("main form") == []
    assert f"/v/{Award.objects.get().code}/" in page.text


def test_the_request_does_not_say_that_the_level_is_obtained(client, revoked):
    page = text_of(client.get(revoked.get_absolute_url()))
    assert ("Acceptée, puis révoquée ou corrigée" in page, "Le niveau est obtenu" in page) == (True, False)
