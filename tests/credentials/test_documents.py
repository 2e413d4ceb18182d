"""The doors for machines: the same bytes for everybody, an ETag, no cookie, readable from any site."""

import json
from datetime import timedelta

import pytest
from django.db.models import F
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import override

from jalon.core import codes
from jalon.core.openbadges import keys as public_keys
from jalon.core.openbadges import status
from jalon.core.refusals import Refusal
from jalon.credentials import actions, keys, queries
from jalon.credentials.documents import JSON_LD
from jalon.credentials.models import Key, StatusList
from jalon.web.wording import sentence
from tests.factories import PersonFactory
from tests.issuing import MONDAY, credential_of, issued, make_keys, signed

pytestmark = pytest.mark.django_db


@pytest.fixture
def award():
    make_keys()
    return signed()


def addresses(award) -> list[str]:
    code = codes.display(award.code)
    program, _, level = award.level_key.partition("/")
    return [
        "/.well-known/did.json",
        f"/v/{code}/fr.json",
        f"/v/{code}/fr.jwt",
        f"/v/{code}/fr.svg",
        f"/v/{code}/fr.png",
        "/status/1",
        f"/achievements/{program}/1.0.0/{level}/fr",
        f"/achievements/{program}/1.0.0/{level}.svg",
    ]


class TestADocument:
    @pytest.mark.parametrize("number", range(8))
    def test_is_the_same_twice_and_then_not_modified(self, client, award, number):
        address = addresses(award)[number]
        first, again = client.get(address), client.get(address)
        assert (first.status_code, first.content) == (200, again.content)
        unchanged = client.get(address, headers={"if-none-match": first.headers["ETag"]})
        assert (unchanged.status_code, unchanged.content) == (304, b"")
        assert unchanged.headers["ETag"] == first.headers["ETag"]

    @pytest.mark.parametrize("number", range(8))
    def test_is_open_to_any_site_and_sets_no_cookie(self, client, award, number):
        answer = client.get(addresses(award)[number])
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert not answer.cookies
        assert "cookie" not in answer.headers.get("Vary", "").lower()

    @pytest.mark.parametrize("number", range(8))
    def test_does_not_depend_on_who_asks(self, client, award, number):
        address = addresses(award)[number]
        alone = client.get(address)
        client.force_login(PersonFactory())
        assert client.get(address).content == alone.content

    @pytest.mark.parametrize("number", range(8))
    def test_stays_out_of_search_engines(self, client, award, number):
        assert client.get(addresses(award)[number]).headers["X-Robots-Tag"] == "noindex"

    @pytest.mark.parametrize("number", range(8))
    def test_costs_one_query(self, client, award, number, django_assert_num_queries):
        address = addresses(award)[number]
        client.get(address)
        with django_assert_num_queries(1):
            client.get(address)

    @pytest.mark.parametrize("number", range(1, 6))
    def test_that_bears_a_name_or_a_status_is_asked_for_again_each_time(self, client, award, number):
        assert client.get(addresses(award)[number]).headers["Cache-Control"] == "public, no-cache"

    def test_that_holds_the_keys_is_kept_five_minutes(self, client, award):
        assert client.get("/.well-known/did.json").headers["Cache-Control"] == "public, max-age=300"

    @pytest.mark.parametrize("number", range(8))
    def test_answers_reading_only(self, client, award, number):
        assert client.post(addresses(award)[number]).status_code == 405


class TestACredential:
    def test_is_served_byte_for_byte_as_it_was_signed(self, client, award):
        answer = client.get(f"/v/{codes.display(award.code)}/fr.json")
        assert (answer.content, answer.headers["Content-Type"]) == (credential_of(award).content, JSON_LD)

    def test_is_served_at_the_address_that_it_states(self, client, award):
        stated = json.loads(credential_of(award).content)["id"]
        assert client.get(stated.removeprefix("http://localhost:8000")).content == credential_of(award).content

    def test_is_found_without_hyphens_too(self, client, award):
        assert client.get(f"/v/{award.code}/fr.json").status_code == 200

    def test_has_no_language_in_which_it_was_not_signed(self, client, award):
        assert client.get(f"/v/{codes.display(award.code)}/en.json").status_code == 404

    @pytest.mark.parametrize("form", ["fr.json", "fr.jwt", "fr.svg", "fr.png"])
    def test_in_preparation_is_not_there(self, client, form):
        make_keys()
        assert client.get(f"/v/{issued().code}/{form}").status_code == 404

    @pytest.mark.parametrize("form", ["fr.json", "fr.jwt", "fr.svg", "fr.png", "attestation-fr.pdf"])
    def test_revoked_is_handed_out_no_more(self, client, award, form):
        address = f"/v/{codes.display(award.code)}/{form}"
        assert client.get(address).status_code == 200
        actions.revoke(award=award, reason="Erreur", by=None, at=MONDAY)
        answer = client.get(address)
        assert answer.status_code == 410
        assert award.holder.legal_name not in answer.text

    def test_waits_for_the_key_with_a_sentence(self, client, award):
        kid = queries.key_in_use("P256").kid
        keys.path_of(kid).unlink()
        answer = client.get(f"/v/{award.code}/fr.jwt")
        assert answer.status_code == 503
        with override("fr-ca"):
            assert escape(sentence(Refusal("key-unavailable"))) in answer.text


class TestTheDidDocument:
    def test_gives_the_key_that_verifies(self, client, award):
        document = client.get("/.well-known/did.json").json()
        method = json.loads(credential_of(award).content)["proof"]["verificationMethod"]
        found = {one["id"]: one for one in document["verificationMethod"]}
        assert document["id"] == queries.issuer_did() == method.partition("#")[0]
        assert method in document["assertionMethod"]
        assert found[method]["controller"] == document["id"]
        public = public_keys.from_multikey(found[method]["publicKeyMultibase"])
        assert public == keys.ed25519(queries.key_in_use("ED25519").kid).public_key()

    @pytest.mark.parametrize("is_made", [False, True])
    def test_of_a_site_without_a_key_that_may_be_believed_says_so_in_a_sentence(self, client, is_made):
        if is_made:
            make_keys()
            Key.objects.update(compromised_from=MONDAY, retired_at=MONDAY)
        answer = client.get("/.well-known/did.json")
        assert answer.status_code == 503
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "n’a pas encore de clé à publier" in answer.text

    def test_says_nothing_of_the_seal(self, client, award):
        assert queries.key_in_use("SEAL").kid not in client.get("/.well-known/did.json").text


def a_second_passes() -> None:
    StatusList.objects.update(signed_at=F("signed_at") - timedelta(seconds=1))


class TestAStatusList:
    def test_shows_a_revocation_within_a_second(self, client, award):
        before = client.get("/status/1")
        actions.revoke(award=award, reason="Erreur", by=None, at=MONDAY)
        a_second_passes()
        after = client.get("/status/1", headers={"if-none-match": before.headers["ETag"]})
        assert after.status_code == 200
        bits = status.decode(after.json()["credentialSubject"]["encodedList"])
        assert status.StatusList("", "", "", bits).is_set(credential_of(award).status_index)

    def test_shows_a_revocation_when_the_clock_was_set_back(self, client, award):
        client.get("/status/1")
        StatusList.objects.update(signed_at=F("signed_at") + timedelta(days=400))
        actions.revoke(award=award, reason="Erreur", by=None, at=MONDAY)
        bits = status.decode(client.get("/status/1").json()["credentialSubject"]["encodedList"])
        assert status.StatusList("", "", "", bits).is_set(credential_of(award).status_index)

    @pytest.mark.parametrize(
        ("is_stale", "signed", "is_fresh"),
        [
            (False, timedelta(0), True),
            (False, timedelta(milliseconds=999), True),
            (False, timedelta(seconds=1), False),
            (False, timedelta(days=-1, seconds=1), True),
            (False, timedelta(days=-1), False),
            (True, timedelta(0), True),
            (True, timedelta(seconds=1), False),
            (True, timedelta(seconds=-1), False),
        ],
    )
    def test_is_served_from_when_it_was_signed_and_to_whom_it_overtook(self, is_stale, signed, is_fresh):
        listed = StatusList(signed=b"{}", signed_at=MONDAY + signed, is_stale=is_stale)
        assert queries.is_fresh(listed, at=MONDAY) is is_fresh

    def test_names_nobody_and_states_its_own_address(self, client, award):
        answer = client.get("/status/1")
        assert answer.json()["id"] == "http://localhost:8000/status/1"
        assert award.holder.legal_name not in answer.text

    def test_has_no_other_number(self, client, award):
        assert client.get("/status/2").status_code == 404

    def test_waits_for_the_key_rather_than_serve_an_old_one(self, client, award):
        client.get("/status/1")
        actions.revoke(award=award, reason="Erreur", by=None, at=MONDAY)
        a_second_passes()
        keys.path_of(queries.key_in_use("ED25519").kid).unlink()
        assert client.get("/status/1").status_code == 503


class TestAnAchievement:
    def test_is_described_in_each_language_and_names_its_sibling(self, client, award):
        program, _, level = award.level_key.partition("/")
        for language, other, name in (("fr", "en", "Insigne"), ("en", "fr", "Badge")):
            stated = client.get(f"/achievements/{program}/1.0.0/{level}/{language}").json()
            assert (stated["name"], stated["type"]) == (name, ["Achievement"])
            assert stated["related"][0]["id"].endswith(f"/{level}/{other}")

    def test_is_the_one_of_its_release_alone(self, client, award):
        program, _, level = award.level_key.partition("/")
        assert client.get(f"/achievements/{program}/2.0.0/{level}/fr").status_code == 404
        assert client.get(f"/achievements/{program}/1.0.0/third/fr").status_code == 404

    def test_has_its_drawing(self, client, award):
        image = reverse("documents:achievement_image", args=[*award.level_key.split("/")[:1], "1.0.0", "first"])
        answer = client.get(image)
        assert answer.headers["Content-Type"] == "image/svg+xml"
        assert answer.content.startswith(b"<svg")
