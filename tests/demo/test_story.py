"""The story leaves its files, twice the same, and each is valid; its doors exist on a demonstration only."""

import io
import json
import os
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.conf import settings as site
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from jalon.accounts.models import Affiliation, Person
from jalon.agreements.models import Agreement
from jalon.attestations import checking
from jalon.credentials import queries
from jalon.credentials.models import Award
from jalon.demo import serving
from jalon.demo.cast import CAST, OTHERS
from jalon.demo.story import Story
from jalon.hours.models import Entry as HoursEntry
from jalon.notices.models import Message
from jalon.review.access import why_not_decide
from jalon.review.models import Decision
from jalon.training.models import Submission
from tests.attestations.pdftext import bare, text_of
from tests.factories import MessageFactory

FILES = {
    "attestation-fr.pdf",
    "attestation-en.pdf",
    "credential.json",
    "credential.jwt",
    "badge.svg",
    "badge.png",
    "did.json",
    "status-list.json",
}


@pytest.fixture(scope="class")
def played(django_db_setup, django_db_blocker, tmp_path_factory):
    """The story, played twice in one database, and then taken back."""
    keys, site.JALON_KEYS = site.JALON_KEYS, tmp_path_factory.mktemp("keys")
    folders = [tmp_path_factory.mktemp("first"), tmp_path_factory.mktemp("second")]
    with django_db_blocker.unblock(), transaction.atomic():
        point = transaction.savepoint()
        for folder in folders:
            story = Story(folder)
            list(story.play())
            story.report()
        yield folders
        transaction.savepoint_rollback(point)
    site.JALON_KEYS = keys


@pytest.mark.usefixtures("played")
class TestTheStory:
    def test_leaves_every_file_and_the_report(self, played):
        assert {one.name for one in played[0].iterdir()} == {*FILES, "report.json"}

    def test_played_again_leaves_the_same_bytes(self, played):
        first, second = played
        assert [name for name in FILES if (first / name).read_bytes() != (second / name).read_bytes()] == []

    def test_is_told_alike_but_for_the_time_it_took(self, played):
        told = [json.loads((folder / "report.json").read_text()) for folder in played]
        for one in told:
            assert len(one.pop("milliseconds")) == Story.STEPS
        assert told[0] == told[1]
        assert set(told[0]["verdicts"].values()) == {"valid"}
        assert (told[0]["rounds"], told[0]["quiz_tries"]) == (2, 2)

    def test_shows_each_part_of_the_main_job(self, played):
        levels = [award.level_key for award in Award.objects.order_by("awarded_at")]
        assert levels == ["sexto/explorer", "sexto/architect", "sexto/explorer"]
        assert sorted(Decision.objects.values_list("outcome", flat=True)) == ["ACCEPTED", "TO_REWORK"]
        assert (Submission.objects.count(), HoursEntry.objects.count()) == (3, 3)
        assert Message.objects.exists()

    def test_leaves_a_request_to_the_reviewer(self, played):
        waiting = Submission.objects.get(decision=None)
        assert waiting.enrolment.person.email == OTHERS["peer"].email
        assert why_not_decide(Person.objects.get(email=CAST["reviewer"].email), waiting, at=timezone.now()) is None

    def test_leaves_people_to_confirm_to_the_registrar(self, played):
        waiting = Affiliation.objects.filter(confirmed_at=None).values_list("person__email", flat=True)
        assert set(waiting) == {CAST["colleague"].email, OTHERS["newcomer"].email}

    def test_leaves_an_agreement_that_ends_soon_to_the_coordinator(self, played):
        today = timezone.localdate()
        soon = Agreement.objects.filter(ends_on__gt=today, ends_on__lte=today + timedelta(days=60))
        coordinator = Person.objects.get(email=CAST["coordinator"].email)
        assert set(soon.values_list("police_service__coordinators__person", flat=True)) == {coordinator.pk}

    def test_has_a_covered_learner_whose_agreement_was_suspended_and_reinstated(self, played):
        award = Award.objects.get(holder__email=CAST["learner"].email, level_key="sexto/architect", is_current=True)
        agreement = Agreement.objects.get(reference=award.facts["basis"]["agreement"])
        assert [change.act for change in agreement.changes.all()] == ["SUSPENDED", "REINSTATED"]

    def test_prints_the_questions_the_answers_and_the_partners(self, played):
        text = text_of((played[0] / "attestation-fr.pdf").read_bytes())
        for words in ("Camille Exemple-Étoilée", "Noa Fictif", "Je retiens une suite courte.", "DPCP", "niveau\u00a02"):
            assert bare(words) in text

    def test_has_fictional_people_only(self, played):
        assert {person.email.rpartition(".")[2] for person in Person.objects.all()} == {"example"}

    def test_is_valid_by_its_code(self, played):
        award = Award.objects.get(level_key="sexto/architect")
        assert checking.check_code(award.code, now=timezone.now()).verdict == "valid"

    def test_publishes_the_keys_that_signed(self, played):
        published = json.loads((played[0] / "did.json").read_text())
        assert published["id"] == queries.issuer_did()
        method = json.loads((played[0] / "credential.json").read_text())["proof"]["verificationMethod"]
        assert method in published["assertionMethod"]


@pytest.mark.django_db
class TestTheCommand:
    def test_says_what_to_do_when_the_folder_cannot_be_written(self, tmp_path):
        (tmp_path / "file").write_text("x")
        with pytest.raises(CommandError, match="--out"):
            call_command("demo", "--no-serve", "--out", str(tmp_path / "file" / "demo"), stdout=io.StringIO())


class TestServingIt:
    def test_looks_like_a_real_site(self, monkeypatch):
        collected, served = [], []
        monkeypatch.setattr(serving.subprocess, "run", lambda command, **options: collected.append(options["env"]))
        monkeypatch.setattr(serving.os, "execve", lambda path, command, environment: served.append(environment))
        serving.serve(port=8123, demo=True)
        assert collected == served
        assert (served[0]["DEBUG"], served[0]["JALON_DEMO"]) == ("no", "yes")

    def test_of_a_real_site_keeps_its_own_settings(self, monkeypatch):
        served = []
        monkeypatch.setattr(serving.os, "execve", lambda path, command, environment: served.append(environment))
        monkeypatch.setenv("DEBUG", "no")
        serving.serve(port=8123, demo=False)
        assert (served[0]["JALON_DEMO"], served[0].get("JALON_CONTACT")) == ("no", os.environ.get("JALON_CONTACT"))

    def test_is_waited_for_no_longer_than_the_server_lives(self):
        without_a_secret = {name: value for name, value in os.environ.items() if name != "SECRET_KEY"} | {"DEBUG": "no"}
        with pytest.raises(RuntimeError, match="before it answered"), serving.running(environment=without_a_secret):
            pass


@pytest.mark.django_db
class TestTheDoors:
    def test_are_closed_on_a_real_site(self, client, settings):
        settings.JALON_DEMO = False
        assert client.post("/demo/sign-in/learner/").status_code == 404
        assert client.get("/demo/mail/").status_code == 404

    @pytest.mark.parametrize(
        ("who", "door"),
        [
            ("learner", "/path/"),
            ("reviewer", "/review/"),
            ("registrar", "/members/"),
            ("colleague", "/path/"),
        ],
    )
    def test_open_as_one_of_the_fictional_people(self, client, settings, who, door):
        settings.JALON_DEMO = True
        Person.objects.create_user(CAST[who].email, legal_name=CAST[who].name, language=CAST[who].language)
        answer = client.post(f"/demo/sign-in/{who}/")
        assert answer.status_code == 302
        assert answer.headers["Location"].removeprefix("/en") == door
        assert client.session["_auth_user_id"] == str(Person.objects.get().pk)

    def test_open_as_nobody_else(self, client, settings):
        settings.JALON_DEMO = True
        assert client.post("/demo/sign-in/director/").status_code == 404
        assert client.get("/demo/sign-in/learner/").status_code == 405

    @pytest.mark.parametrize("wanted", ["https://ailleurs.example/", "//ailleurs.example", "/\\ailleurs.example"])
    def test_never_lead_elsewhere(self, client, settings, wanted):
        settings.JALON_DEMO = True
        Person.objects.create_user(CAST["learner"].email, legal_name="Camille Exemple")
        assert client.post("/demo/sign-in/learner/", {"next": wanted}).headers["Location"] == "/path/"

    @pytest.mark.parametrize(("prefix", "title"), [("", "Courriels retenus"), ("/en", "Captured mail")])
    def test_show_the_mail_that_was_not_sent(self, client, settings, prefix, title):
        settings.JALON_DEMO = True
        MessageFactory(subject="Une tâche vous attend", body="Bonjour <b>vous</b>")
        page = client.get(f"{prefix}/demo/mail/")
        said = BeautifulSoup(page.text, "html.parser").main.get_text(" ")
        assert title in said
        assert "Une tâche vous attend" in said
        assert "Bonjour <b>vous</b>" in said

    def test_say_so_when_there_is_no_mail(self, client, settings):
        settings.JALON_DEMO = True
        assert "Aucun courriel" in client.get("/demo/mail/").text
