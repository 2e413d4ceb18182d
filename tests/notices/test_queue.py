import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection

from jalon.notices import actions
from jalon.notices.models import Message
from tests.factories import MONDAY, PersonFactory

pytestmark = pytest.mark.django_db


class TestQueueing:
    @pytest.mark.parametrize("kind", actions.KINDS)
    @pytest.mark.parametrize(
        ("language", "subjects"),
        [
            ("fr-ca", {"Une tâche vous attend", "Du nouveau dans votre compte"}),
            ("en-ca", {"A task awaits you", "There is news in your account"}),
        ],
    )
    def test_says_that_something_waits_and_never_what(self, kind, language, subjects):
        person = PersonFactory(language=language)
        message = actions.queue(to=person, kind=kind, at=MONDAY)
        assert message.subject in subjects
        assert (message.to, message.address, message.queued_at) == (person, person.email, MONDAY)
        for told in ("sexto", "attestation", "révision", "review ", "refus", person.legal_name, str(person.pk)):
            assert told not in message.body.lower()

    @pytest.mark.parametrize(
        ("kind", "language", "path"),
        [("review", "fr-ca", "/review/"), ("award", "en-ca", "/en/badges/"), ("answer", "fr-ca", "/path/")],
    )
    def test_leads_to_a_list_under_the_address_of_the_site(self, kind, language, path):
        message = actions.queue(to=PersonFactory(language=language), kind=kind, at=MONDAY)
        assert f"http://localhost:8000{path}\n" in message.body

    def test_takes_one_query(self, django_assert_num_queries):
        person = PersonFactory()
        with django_assert_num_queries(1):
            actions.queue(to=person, kind="award", at=MONDAY)

    def test_knows_its_kinds(self):
        with pytest.raises(KeyError):
            actions.queue(to=PersonFactory(), kind="surprise", at=MONDAY)


class TestAMailOfDjango:
    @pytest.fixture(autouse=True)
    def outbox(self, settings):
        settings.EMAIL_BACKEND = "jalon.notices.mail.OutboxBackend"

    def test_waits_in_the_outbox_once_for_each_address(self):
        EmailMessage("Code", "AB12", to=["a@ecole.example"], cc=["b@ecole.example"]).send()
        assert set(Message.objects.values_list("address", "subject", "body", "sent_at")) == {
            ("a@ecole.example", "Code", "AB12", None),
            ("b@ecole.example", "Code", "AB12", None),
        }

    def test_is_written_in_one_query_whatever_their_number(self, django_assert_num_queries):
        mails = [EmailMessage("Code", "AB12", to=[f"{number}@ecole.example"]) for number in range(9)]
        with django_assert_num_queries(1):
            assert get_connection().send_messages(mails) == 9

    def test_keeps_its_text_and_cuts_a_subject_that_is_too_long(self):
        mail = EmailMultiAlternatives("É" * 300, "texte", to=["a@ecole.example"])
        mail.attach_alternative("<p>texte</p>", "text/html")
        mail.send()
        message = Message.objects.get()
        assert (len(message.subject), message.body) == (200, "texte")
