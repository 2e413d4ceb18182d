"""One address, several forms: what is asked for by Accept is what is answered."""

from datetime import timedelta
from random import Random

import pytest
from django.utils import timezone

from jalon.core import codes
from jalon.core.openbadges import jwt
from jalon.credentials import actions, keys, queries, recovery, selfcheck
from jalon.credentials.models import SelfCheck, StatusList
from jalon.credentials.selfcheck import run
from tests.issuing import MONDAY, credential_of, make_keys, signed

pytestmark = pytest.mark.django_db
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@pytest.fixture
def award():
    make_keys()
    return signed()


def ask(client, path: str, accept: str):
    return client.get(path, headers={"accept": accept} if accept else {})


class TestThePageOfABadge:
    @pytest.mark.parametrize(
        ("accept", "kind"),
        [
            ("", "text/html; charset=utf-8"),
            (BROWSER, "text/html; charset=utf-8"),
            ("*/*", "text/html; charset=utf-8"),
            ("application/ld+json", "application/ld+json"),
            ('application/ld+json; profile="https://www.w3.org/ns/json-ld#compacted"', "application/ld+json"),
            ("application/json", "application/json"),
            ("application/vc", "application/vc"),
            ("application/vc+ld+json", "application/vc+ld+json"),
            ("application/jwt", "application/jwt"),
            ("application/vc+jwt", "application/vc+jwt"),
            ("application/vc+ld+jwt", "application/vc+ld+jwt"),
            ("text/html;q=0.1, application/json", "application/json"),
            ("application/ld+json;q=0.2, application/vc+jwt;q=0.9", "application/vc+jwt"),
            ("image/webp", "text/html; charset=utf-8"),
            ("text/html;q=0", "text/html; charset=utf-8"),
        ],
    )
    def test_answers_in_the_form_that_is_asked_for(self, client, award, accept, kind):
        answer = ask(client, f"/v/{codes.display(award.code)}/", accept)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind)
        assert "Accept" in answer.headers["Vary"]

    @pytest.mark.parametrize("form", ["png", "svg"])
    def test_leads_to_the_picture_that_carries_the_credential(self, client, award, form):
        accept = {"png": "image/png", "svg": "image/svg+xml"}[form]
        answer = ask(client, f"/v/{codes.display(award.code)}/", accept)
        assert answer.headers["Location"].endswith(f"/fr.{form}")

    def test_of_an_unknown_code_is_missing_in_every_form(self, client, award):
        other = codes.display(codes.new(Random(6).randrange))
        for accept in ("", "application/json", "application/jwt"):
            assert ask(client, f"/v/{other}/", accept).status_code == 404

    def test_hands_out_nothing_of_a_revoked_badge(self, client, award):
        actions.revoke(award=award, reason="Erreur", by=None, at=MONDAY)
        assert ask(client, f"/v/{codes.display(award.code)}/", "application/json").status_code == 410


class TestTheIdOfACredential:
    def test_is_json_for_whoever_asks_for_nothing_special(self, client, award):
        for accept in ("", "*/*", BROWSER, "application/ld+json"):
            answer = ask(client, f"/v/{codes.display(award.code)}/fr.json", accept)
            assert answer.content == credential_of(award).content

    def test_is_a_token_for_whoever_asks_for_one(self, client, award):
        answer = ask(client, f"/v/{codes.display(award.code)}/fr.json", "application/jwt")
        assert jwt.read(answer.text).algorithm == "ES256"

    def test_is_not_sent_again_when_it_is_known(self, client, award):
        path = f"/v/{codes.display(award.code)}/"
        tag = ask(client, path, "application/json").headers["ETag"]
        assert client.get(path, headers={"accept": "application/json", "if-none-match": tag}).status_code == 304


class TestAStatusList:
    def test_is_a_token_for_whoever_asks_for_one(self, client, award):
        answer = ask(client, "/status/1", "application/jwt")
        token = jwt.read(answer.text)
        assert (answer.headers["Content-Type"], token.payload["id"]) == (
            "application/jwt",
            "http://localhost:8000/status/1",
        )

    def test_as_a_token_is_signed_once_until_it_changes(self, client, award):
        first = ask(client, "/status/1", "application/jwt").content
        assert ask(client, "/status/1", "application/jwt").content == first


class TestTheCheckpoint:
    def test_is_there_once_it_is_made(self, client, award):
        assert client.get("/credentials/log/checkpoint.json").status_code == 404
        actions.checkpoint(at=MONDAY)
        assert client.get("/credentials/log/checkpoint.json").json()["size"] == 1


class TestTheSelfCheck:
    def test_by_a_foreign_library_accepts_what_stands_and_refuses_what_ended(self, award, settings):
        settings.JALON_ORIGIN = "https://jalon.example"
        now = timezone.now()
        standing, ended = signed(), signed()
        actions.revoke(award=ended, reason="Erreur", by=None, at=now)
        award.credentials.all().delete()
        done = run(most=None, at=now)
        assert (done.checked, done.failures) == (2, [])
        assert standing.is_current

    def test_after_a_compromise_asks_nothing_of_what_had_ended_before(self, award, settings):
        """Its key is no longer published: nobody vouches for it, and it stands for nothing."""
        now = timezone.now()
        settings.JALON_ORIGIN = "https://jalon.example"
        award.credentials.all().delete()
        signed()
        actions.revoke(award=signed(), reason="Erreur", by=None, at=now)
        recovery.declare_compromise(kid=queries.key_in_use("ED25519").kid, since=now, at=now)
        done = run(most=None, at=now)
        assert (done.checked, done.failed, done.failures) == (1, 0, [])

    def test_takes_what_changes_meanwhile_for_no_fault(self, award, settings):
        """The list was read before a badge of it was revoked, and that badge is looked at afterwards."""
        settings.JALON_ORIGIN = "https://jalon.example"
        first, then = signed(), signed()
        desk, before = selfcheck.Desk(timezone.now()), credential_of(then)
        assert desk.fault(credential_of(first)) == ""
        actions.revoke(award=then, reason="Erreur", by=None, at=timezone.now())
        assert desk.fault(credential_of(then)) == ""
        assert desk.fault(before) == ""
        assert desk.fault(credential_of(first)) == ""

    def test_reads_row_by_row_what_it_drew(self, award, settings, monkeypatch):
        settings.JALON_ORIGIN = "https://jalon.example"
        monkeypatch.setattr(selfcheck, "CHUNK", 2)
        for _ in range(4):
            signed()
        assert run(most=None, at=timezone.now()).checked == 5

    def test_counts_every_failure_and_names_the_first_ones(self, award, settings, client, monkeypatch):
        settings.JALON_ORIGIN = "https://jalon.example"
        award.credentials.all().delete()
        monkeypatch.setattr(selfcheck, "MOST_KEPT", 1)
        for one in (signed(), signed()):
            one.credentials.update(signed=b"{}")
        done = run(most=None, at=timezone.now())
        assert (done.checked, done.failed, len(done.failures)) == (2, 2, 1)
        assert "2 sur 2" in client.get("/credentials/state/").text

    @pytest.mark.parametrize("part", ["signed", "jwt"])
    def test_of_a_revoked_one_that_is_damaged_tells_it(self, award, settings, part):
        settings.JALON_ORIGIN = "https://jalon.example"
        award.credentials.all().delete()
        ended = signed()
        actions.state_as_jwt(credential=credential_of(ended))
        actions.revoke(award=ended, reason="Erreur", by=None, at=timezone.now())
        assert run(most=None, at=timezone.now()).failures == []
        credential = credential_of(ended)
        credential.signed, credential.jwt = {
            "signed": (b"garbage", credential.jwt),
            "jwt": (credential.content, credential.jwt[:-8] + "AAAAAAAA"),
        }[part]
        credential.save()
        assert len(run(most=None, at=timezone.now()).failures) == 1

    def test_tells_that_a_status_list_is_not_what_was_signed(self, award, settings):
        settings.JALON_ORIGIN = "https://jalon.example"
        award.credentials.all().delete()
        number = credential_of(signed()).status_list.number
        actions.publish_status_as_jwt(number=number, at=timezone.now())
        listed = StatusList.objects.get(number=number)
        listed.signed = listed.content.replace(b'"statusPurpose":"revocation"', b'"statusPurpose":"suspension"')
        listed.save()
        assert [one["reason"] for one in run(most=None, at=timezone.now()).failures] == [
            "StatusListOB3VerificationError"
        ]

    def test_that_stops_is_kept_as_a_failure(self, award, client):
        StatusList.objects.update(signed=None)
        keys.path_of(queries.key_in_use("ED25519").kid).unlink()
        with pytest.raises(queries.KeyUnavailable):
            run(most=None, at=timezone.now())
        assert SelfCheck.objects.get().failures == [{"credential": "", "reason": "KeyUnavailable"}]
        assert "s’est arrêtée avant la fin" in client.get("/credentials/state/").text

    @pytest.mark.parametrize(("hours", "is_late"), [(35, False), (37, True)])
    def test_that_did_not_take_place_for_a_day_and_a_half_is_no_proof_any_more(self, client, hours, is_late):
        at = timezone.now() - timedelta(hours=hours)
        SelfCheck.objects.create(at=at, library="autre 1.0", checked=3)
        page = client.get("/credentials/state/").text
        assert ("La dernière vérification date de plus de 36" in page) is is_late
        assert ("Tout ce qui a été vérifié est tel qu’émis" in page) is not is_late

    def test_tells_which_failed(self, award, settings):
        settings.JALON_ORIGIN = "https://jalon.example"
        credential = signed().credentials.get()
        credential.signed = credential.content.replace(b'"creditsEarned":3', b'"creditsEarned":4')
        credential.save()
        award.credentials.all().delete()
        done = run(most=10, at=timezone.now())
        assert [one["credential"] for one in done.failures] == [str(credential.pk)]
        assert SelfCheck.objects.get() == done
