"""Each form of badges sent again – a double click, Back, a refresh – has no second effect, whatever happened since."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from functools import partial
from unittest.mock import patch

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.serializers import serialize

from jalon.core.dossier import Dossier
from jalon.credentials import actions, batches, forms, recovery
from jalon.credentials.models import Award, Batch, Credential, Issuance
from jalon.journal.models import Entry
from jalon.library.models import Program
from tests.credentials.test_at_once import HANDS, at_once
from tests.factories import AffiliationFactory, PersonFactory, RegistrarFactory, ReleaseFactory
from tests.issuing import MONDAY, make_keys, signed

LATER = MONDAY + timedelta(hours=1)
SEVERAL = "/badges/several/"


def rows() -> str:
    """Everything that the product keeps, but who is signed in."""
    models = [model for model in apps.get_models() if model.__module__.startswith("jalon.")]
    return "".join(serialize("jsonl", model.objects.order_by("pk")) for model in models)


class Browser:
    """A client that fills the form that a page shows, remembers what it sent, and sends it again."""

    def __init__(self, client, person):
        self.client = client
        client.force_login(person)
        self.sent: tuple[str, dict[str, str], bytes] = ("", {}, b"")

    def send(self, page: str, target: str, *, file: bytes = b"", **filled: str):
        form = next(
            one
            for one in BeautifulSoup(self.client.get(page).content, "html.parser").select("form[method=post]")
            if (one.get("action") or page) == target
        )
        hidden = {one["name"]: one["value"] for one in form.select("input[type=hidden]")}
        self.sent = target, {**hidden, **filled}, file
        return self.again()

    def again(self, **changed: str):
        target, data, file = self.sent
        with_file = {"file": SimpleUploadedFile("liste.csv", file)} if file else {}
        return self.client.post(target, {**data, **changed, **with_file})

    def has_no_second_effect(self) -> bool:
        """Tell whether what was sent last, sent again, leads to the same page and changes nothing."""
        before = rows()
        first, second = self.again(), self.again()
        return rows() == before and first.status_code == second.status_code == 302 and first.url == second.url


@pytest.fixture
def holder(client):
    make_keys()
    award = signed(answered=True)
    browser = Browser(client, award.holder)
    browser.award = award
    return browser


@pytest.fixture
def registrar(client):
    """Somebody at the page of several badges, with a file of two members whose columns are not what they seem."""
    make_keys()
    role = RegistrarFactory()
    release = ReleaseFactory()
    Program.objects.filter(pk=release.program_id).update(current=release)
    members = [AffiliationFactory(school__body=role.body).person.email for _ in range(2)]
    browser = Browser(client, role.person)
    browser.file = "\n".join(["Courriel;Autre", *(f"{one};{one}" for one in members)]).encode()
    browser.filled = {"level": f"{release.program.slug}/first", "body": str(role.body.pk), "duplicates": "SKIP"}
    return browser


def door_of(browser: Browser, name: str) -> str:
    """Return the address of a form of the page of one's badges."""
    forms_there = BeautifulSoup(browser.client.get("/badges/").content, "html.parser").select("form")
    return next(one["action"] for one in forms_there if one.get("action", "").endswith(f"/{name}/"))


@pytest.mark.django_db
class TestTheForm:
    def test_of_the_other_language_sent_again_even_once_the_badge_is_revoked(self, holder):
        holder.send("/badges/", door_of(holder, "sibling"))
        assert holder.has_no_second_effect()
        actions.revoke(award=holder.award, reason="Erreur", by=None, at=LATER)
        assert holder.has_no_second_effect()
        assert Credential.objects.count() == 2

    def test_of_sharing_sent_again_does_not_undo_a_later_choice(self, holder):
        target = door_of(holder, "sharing")
        holder.send("/badges/", target, answers="yes")
        assert holder.has_no_second_effect()
        first = holder.sent
        holder.send("/badges/", target, answers="no")
        holder.sent = first
        assert holder.has_no_second_effect()
        assert not Award.objects.get().shares_answers
        assert Entry.objects.filter(verb__startswith="award.s").count() == 1

    def test_of_a_file_sent_again_makes_no_second_batch_even_once_it_is_taken_back(self, registrar):
        registrar.send(SEVERAL, SEVERAL, file=registrar.file, **registrar.filled)
        assert registrar.has_no_second_effect()
        batch = Batch.objects.get()
        batches.withdraw(batch=batch, reason="Mauvaise liste", by=batch.by, at=LATER)
        assert registrar.has_no_second_effect()
        assert Batch.objects.count() == 1

    def test_of_columns_sent_again_does_not_undo_later_columns(self, registrar):
        registrar.send(SEVERAL, SEVERAL, file=registrar.file, **registrar.filled)
        page = Batch.objects.get().get_absolute_url()
        registrar.send(page, f"{page}columns/", email="Autre", name="", awarded_on="")
        assert registrar.has_no_second_effect()
        first = registrar.sent
        registrar.send(page, f"{page}columns/", email="Courriel", name="", awarded_on="")
        registrar.sent = first
        assert registrar.has_no_second_effect()
        assert Batch.objects.get().columns == {"email": "Courriel"}

    def test_that_begins_or_takes_back_sent_again_is_done_already(self, registrar):
        registrar.send(SEVERAL, SEVERAL, file=registrar.file, **registrar.filled)
        page = Batch.objects.get().get_absolute_url()
        registrar.send(page, f"{page}beginning/")
        batches.go_on(batch_id=Batch.objects.get().pk, at=MONDAY)
        assert registrar.has_no_second_effect()
        assert Award.objects.standing().count() == 2
        first = registrar.sent
        registrar.send(page, f"{page}withdrawal/", reason="Mauvaise liste")
        batches.go_on(batch_id=Batch.objects.get().pk, at=LATER)
        assert registrar.has_no_second_effect()
        registrar.sent = first
        assert registrar.has_no_second_effect()
        assert not Award.objects.standing().exists()


@pytest.mark.django_db
class TestAKeyWithSomethingElse:
    def said(self, answer) -> bool:
        return answer.status_code == 409 and "déjà été envoyé avec d’autres choix" in answer.text

    def test_is_refused_for_a_file(self, registrar):
        registrar.send(SEVERAL, SEVERAL, file=registrar.file, **registrar.filled)
        before = rows()
        assert self.said(registrar.again(duplicates="REFUSE"))
        registrar.sent = (*registrar.sent[:2], registrar.file + b"\n")
        assert self.said(registrar.again())
        assert rows() == before

    def test_is_refused_for_columns(self, registrar):
        registrar.send(SEVERAL, SEVERAL, file=registrar.file, **registrar.filled)
        page = Batch.objects.get().get_absolute_url()
        registrar.send(page, f"{page}columns/", email="Autre", name="", awarded_on="")
        before = rows()
        assert self.said(registrar.again(email="Courriel"))
        assert rows() == before

    def test_is_refused_for_a_choice_of_sharing(self, holder):
        target = f"/badges/{holder.award.code}/sharing/"
        holder.sent = target, {"key": str(forms.uuid4()), "answers": "yes"}, b""
        holder.again()
        assert self.said(holder.again(answers="no"))
        assert Award.objects.get().shares_answers

    def test_is_refused_for_taking_back_with_another_reason_which_needs_no_key(self, registrar):
        registrar.send(SEVERAL, SEVERAL, file=registrar.file, **registrar.filled)
        page = Batch.objects.get().get_absolute_url()
        registrar.send(page, f"{page}beginning/")
        registrar.send(page, f"{page}withdrawal/", reason="Mauvaise liste")
        answer = registrar.again(reason="Autre raison")
        assert answer.status_code == 409
        assert "Mauvaise liste" in answer.text
        assert Batch.objects.get().reason == "Mauvaise liste"

    @pytest.mark.parametrize("key", ["", "x", "\0", "é" * 5_000, "00000000-0000-0000-0000-00000000000g"])
    def test_that_is_no_key_is_none(self, holder, key):
        holder.sent = f"/badges/{holder.award.code}/sharing/", {"key": key, "answers": "yes"}, b""
        assert holder.again().status_code == 302
        assert holder.again(answers="no").status_code == 302
        assert not Award.objects.get().shares_answers


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    @pytest.fixture
    def path(self, tmp_path):
        make_keys()
        path = tmp_path / "liste.csv"
        path.write_text("\n".join(["Courriel;Autre", *(f"{PersonFactory().email};x" for _ in range(5))]))
        return path

    @pytest.fixture
    def asked(self):
        return batches.Asked(f"{ReleaseFactory().program.slug}/first")

    @pytest.mark.parametrize("key", ["", "formulaire-1"])
    def test_a_file_is_read_into_one_batch(self, path, asked, key):
        read = partial(batches.prepare, path=path, name="liste.csv", asked=asked, by=None, at=MONDAY)
        answers = at_once(lambda _: read(key=key).pk)
        assert set(answers) == {Batch.objects.get().pk}
        assert Batch.objects.get().rows.count() == 5
        assert Entry.objects.filter(verb="batch.read").count() == (1 if key else HANDS)

    def test_columns_are_mapped_once(self, path, asked):
        batch = batches.prepare(path=path, name="liste.csv", asked=asked, by=None, at=MONDAY)
        said = {"batch": batch, "columns": {"email": "Autre"}, "key": "formulaire-2", "by": None, "at": MONDAY}
        assert set(at_once(lambda _: batches.map_columns(**said).pk)) == {batch.pk}
        assert Entry.objects.filter(verb="batch.read").count() == 2
        assert batch.rows.count() == 5

    def test_a_batch_is_taken_back_once_and_for_one_reason(self, path, asked):
        batch = batches.prepare(path=path, name="liste.csv", asked=asked, by=None, at=MONDAY)
        batches.begin(batch=batch, by=None, at=MONDAY)
        reasons = ["Mauvaise liste", "Autre raison"]
        answers = at_once(
            lambda number: batches.withdraw(batch=batch, reason=reasons[number % 2], by=None, at=LATER).reason
        )
        batch.refresh_from_db()
        assert set(answers) == {batch.reason, "batch-taken-back"}
        assert Entry.objects.filter(verb="award.revoked").count() == 5
        assert list(recovery.audit()) == []

    @pytest.mark.parametrize("key", ["", "formulaire-3"])
    def test_a_correction_is_one_version(self, key):
        make_keys()
        award = signed()
        facts = replace(Dossier.from_json(award.facts), name="Émilie Exacte")
        answers = at_once(lambda _: actions.correct(award=award, facts=facts, key=key, by=None, at=LATER).code)
        version = Award.objects.standing().get()
        others = [version.code] if key else ["award-replaced"]
        assert sorted(answers) == sorted([version.code, *others * (HANDS - 1)])
        assert list(recovery.audit()) == []

    def test_what_a_compromised_key_signed_is_signed_anew_once(self):
        keys = make_keys()
        signed()
        with patch.object(recovery, "_renew_one"):
            recovery.declare_compromise(kid=keys["ED25519"].kid, since=MONDAY, at=LATER)
        assert recovery.signed_by_compromised().count() == 1
        at_once(lambda _: recovery.recover(at=LATER)["renewed"])
        assert Issuance.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_key_is_known_to_a_server_that_was_started_again(apart):
    def ask(key: str, name: str) -> dict[str, object]:
        command = [sys.executable, "-m", "tests.credentials.again", key, name]
        done = subprocess.run(command, env=apart, cwd=settings.ROOT, capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    first = ask("formulaire-1", "Émilie Exacte")
    assert first["made"] == [1, 1]
    assert ask("formulaire-1", "Émilie Exacte") == first
    assert ask("formulaire-1", "Émilie Autre") == {"answer": "request-key-used", "made": [1, 1]}
