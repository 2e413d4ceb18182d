"""Credentials of others: only a trusted issuer is believed, only as far as what it publishes can be had now."""

import json
import time
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from jalon.attestations import checking, cost, fetching, proofs, strangers
from jalon.core.openbadges import jcs, keys, status
from jalon.credentials import queries
from tests.core.openbadges import cast
from tests.core.openbadges import test_first_model as first_model
from tests.core.openbadges import test_selective_disclosure as selective
from tests.issuing import make_keys, signed

pytestmark = pytest.mark.django_db
LATER = cast.MONDAY + timedelta(days=1)
ENDING = selective.TestAPresentationOfACredentialOfOurs.ENDING
DOCUMENT = "https://jalon.example/.well-known/did.json"


@pytest.fixture
def published(monkeypatch):
    """What others publish, by address, and the addresses that were asked for."""
    found = {DOCUMENT: jcs.canonical(cast.did_document()), cast.LIST: cast.status_list()}
    found["asked"] = []

    def fetch(address):
        found["asked"].append(address)
        if address not in found:
            raise fetching.NotFetched("absent")
        return found[address]

    monkeypatch.setattr(fetching, "fetch", fetch)
    return found


@pytest.fixture
def trusting(settings, published):
    settings.JALON_TRUSTED_ISSUERS = f"did:web:other.example, {cast.DID}"
    return published


def check(content: bytes, now=LATER):
    (found,) = checking.check_file("badge.json", content, now=now)
    return found


class TestAStranger:
    def test_is_unknown_and_nobody_is_asked(self, published):
        found = check(cast.credential())
        assert (found.verdict, found.issuer_name, found.holder) == ("unknown_issuer", "", "")
        assert published["asked"] == []

    def test_with_a_key_in_its_name_is_unknown(self, published):
        did = keys.did_key(cast.KEY.public_key())
        document = cast.document() | {"issuer": {"id": did, "type": ["Profile"], "name": "Jalon"}}
        found = check(jcs.canonical(cast.sign(document, method=f"{did}#{did.removeprefix('did:key:')}")))
        assert (found.verdict, found.reason) == ("unknown_issuer", "issuer-not-known")

    def test_that_claims_to_be_us_is_not_us(self, trusting):
        make_keys()
        document = cast.document() | {"issuer": {"id": queries.issuer_did(), "type": ["Profile"], "name": "Jalon"}}
        assert check(jcs.canonical(cast.sign(document))).verdict == "unknown_issuer"


class TestATrustedIssuer:
    def test_is_believed_under_its_own_name(self, trusting):
        found = check(cast.credential())
        assert (found.verdict, found.issuer_name) == ("valid", "Jalon (démonstration)")
        assert (found.holder, found.issuer) == ("Élodie Exemple-Fictive", cast.DID)
        assert trusting["asked"] == [DOCUMENT, cast.LIST]

    def test_is_believed_in_a_token_too(self, trusting):
        assert check(cast.token().encode()).verdict == "valid"

    @pytest.mark.parametrize(
        "badge",
        [
            pytest.param(lambda: selective.presented(ENDING), id="ecdsa-sd-2023"),
            *(
                pytest.param(lambda old=old: first_model.signed(first_model.badge(old)), id=f"VC 1.1 and OB 3.0.{old}")
                for old in (1, 2, 3)
            ),
        ],
    )
    def test_is_believed_in_each_older_or_rarer_form_by_a_child_that_just_began(self, badge, trusting):
        proofs.CREW.dismiss()
        assert check(badge()).verdict == "valid"

    def test_is_asked_once_for_many_badges(self, trusting):
        for _ in range(5):
            assert check(cast.credential()).verdict == "valid"
        assert trusting["asked"] == [DOCUMENT, cast.LIST]

    def test_may_be_known_by_its_key_alone(self, settings, published):
        did = keys.did_key(cast.KEY.public_key())
        settings.JALON_TRUSTED_ISSUERS = did
        document = cast.document() | {"issuer": {"id": did, "type": ["Profile"], "name": "Clé"}}
        del document["credentialStatus"]
        for method in (did, f"{did}#{did.removeprefix('did:key:')}"):
            assert check(jcs.canonical(cast.sign(document, method=method))).verdict == "valid"
        assert published["asked"] == []

    def test_that_took_a_badge_back_has_taken_it_back(self, trusting):
        trusting[cast.LIST] = cast.status_list(revoked=(cast.INDEX,))
        found = check(cast.credential())
        assert (found.verdict, found.issuer_name) == ("revoked", "Jalon (démonstration)")

    def test_cannot_borrow_the_page_of_a_badge_of_ours(self, trusting):
        make_keys()
        document = cast.document()
        document["credentialSubject"] = document["credentialSubject"] | {"licenseNumber": signed().code}
        found = check(jcs.canonical(cast.sign(document)))
        assert (found.verdict, found.code, checking.dossiers_of([found])) == ("valid", "", {})

    def test_cannot_sign_with_the_key_of_another_trusted_one(self, trusting):
        document = cast.document() | {"issuer": {"id": "did:web:other.example", "type": ["Profile"], "name": "Autre"}}
        assert check(jcs.canonical(cast.sign(document))).verdict != "valid"


class TestWhatCannotBeHad:
    @pytest.mark.parametrize(
        ("address", "content", "reason"),
        [
            (DOCUMENT, None, "issuer-not-reachable"),
            (DOCUMENT, b"<html>", "not-the-issuers-did-document"),
            (DOCUMENT, b'{"id": "did:web:other.example"}', "not-the-issuers-did-document"),
            (cast.LIST, None, "status-not-available"),
            (cast.LIST, b"<html>", "status-list-not-authentic"),
            (cast.LIST, cast.credential(), "status-list-not-authentic"),
            (cast.LIST, cast.status_list(issued_at=cast.MONDAY - timedelta(days=8)), "status-list-not-authentic"),
            (cast.LIST, cast.status_list(purpose="suspension"), "status-list-not-authentic"),
            (cast.LIST, cast.status_list().replace(b'List":"u', b'List":"uA'), "status-list-not-authentic"),
        ],
    )  # fmt: skip
    def test_is_never_valid_and_never_revoked(self, address, content, reason, trusting):
        if content is None:
            del trusting[address]
        else:
            trusting[address] = content
        found = check(cast.credential())
        assert (found.verdict, found.reason, found.holder) == ("unverifiable", reason, "")

    def test_is_what_was_there_a_moment_ago(self, trusting, monkeypatch):
        """Each address answers once, then no more, and nothing of it is kept."""
        answers = {address: [content] for address, content in trusting.items() if address != "asked"}

        def once(address):
            if not answers[address]:
                raise fetching.NotFetched("gone")
            return answers[address].pop()

        monkeypatch.setattr(fetching, "fetch", once)
        monkeypatch.setattr(strangers, "kept_seconds", lambda content: 0.0)
        assert check(cast.credential()).verdict == "unverifiable"

    def test_is_everything_while_the_setting_is_off(self, settings):
        settings.JALON_TRUSTED_ISSUERS = cast.DID
        settings.JALON_FETCH = "off"
        found = check(cast.credential())
        assert (found.verdict, found.reason) == ("unverifiable", "issuer-not-reachable")

    def test_is_an_entry_outside_the_list(self, trusting):
        document = cast.document()
        entry = status.entry(address=cast.LIST, index=status.ENTRIES)
        found = check(jcs.canonical(cast.sign(document | {"credentialStatus": entry})))
        assert (found.verdict, found.reason) == ("unverifiable", "status-index-out-of-range")

    def test_is_a_key_that_the_issuer_no_longer_publishes(self, trusting):
        other = {f"{cast.DID}#key-9": cast.OTHER_KEY.public_key()}
        trusting[DOCUMENT] = jcs.canonical(keys.did_document(cast.DID, other))
        assert check(cast.credential()).verdict == "unknown_issuer"


class TestAnIssuerThatHangs:
    """Each address that does not answer takes its five seconds by a clock that only this fixture moves."""

    @pytest.fixture
    def passed(self, published, trusting, monkeypatch):
        clock = [0.0]

        def hangs(address):
            published["asked"].append(address)
            if address in published:
                return published[address]
            clock[0] += fetching.SECONDS
            raise fetching.NotFetched("too slow")

        monkeypatch.setattr(fetching, "fetch", hangs)
        monkeypatch.setattr(cost.time, "monotonic", lambda: clock[0])
        return clock

    @staticmethod
    def badge(lists: int = 8) -> bytes:
        entries = [status.entry(address=f"{cast.LIST}{number}", index=7) for number in range(lists)]
        return jcs.canonical(cast.sign(cast.document() | {"credentialStatus": entries}))

    def test_is_waited_for_ten_seconds_in_all_however_many_lists_a_badge_names(self, published, passed):
        found = check(self.badge())
        assert (found.verdict, found.reason) == ("unverifiable", "status-not-available")
        assert passed == [checking.MAX_WAIT]
        assert len(published["asked"]) == 3

    def test_is_not_taken_to_be_away_because_others_took_its_time(self, published, passed):
        check(self.badge())
        published |= {f"{cast.LIST}{number}": b"" for number in range(8)}
        published["asked"].clear()
        check(self.badge())
        assert published["asked"] == [f"{cast.LIST}{number}" for number in range(2, 8)]

    def test_is_asked_no_second_time_within_a_minute(self, published, passed):
        check(self.badge(lists=2))
        published["asked"].clear()
        check(self.badge(lists=2))
        assert published["asked"] == []
        assert passed == [checking.MAX_WAIT]


def listed_for(ttl, *, revoked=(), ended: bool = False) -> bytes:
    """A list of the trusted issuer that asks to be kept for so many milliseconds."""
    at = cast.MONDAY - timedelta(days=8) if ended else cast.MONDAY
    listed = json.loads(cast.status_list(revoked=revoked, issued_at=at))
    listed["credentialSubject"]["ttl"] = ttl
    return jcs.canonical(cast.sign({name: value for name, value in listed.items() if name != "proof"}))


class TestTheTimeToLiveOfAList:
    YEAR = 365 * 24 * 3_600_000

    @pytest.fixture
    def later(self, monkeypatch):
        """Let seconds pass for what is kept."""
        clock = time.monotonic()
        monkeypatch.setattr(strangers.time, "monotonic", lambda: clock)

        def pass_by(seconds):
            nonlocal clock
            clock += seconds

        return pass_by

    def test_never_makes_a_list_good_that_is_past_its_date(self, trusting):
        trusting[cast.LIST] = listed_for(self.YEAR, ended=True)
        found = check(cast.credential())
        assert (found.verdict, found.reason) == ("unverifiable", "status-list-not-authentic")

    def test_never_keeps_a_list_that_ends_meanwhile(self, trusting):
        trusting[cast.LIST] = listed_for(self.YEAR)
        assert check(cast.credential(), now=cast.MONDAY + timedelta(days=7, seconds=-1)).verdict == "valid"
        found = check(cast.credential(), now=cast.MONDAY + timedelta(days=7))
        assert (found.verdict, found.reason) == ("unverifiable", "status-list-not-authentic")

    def test_never_keeps_a_list_beyond_our_own_minute(self, trusting, later):
        trusting[cast.LIST] = listed_for(self.YEAR)
        assert check(cast.credential()).verdict == "valid"
        trusting[cast.LIST] = listed_for(self.YEAR, revoked=(cast.INDEX,))
        later(59)
        assert check(cast.credential()).verdict == "valid"
        later(2)
        assert check(cast.credential()).verdict == "revoked"

    def test_has_a_list_fetched_sooner_when_it_asks_for_that(self, trusting, later):
        trusting[cast.LIST] = listed_for(5_000)
        assert check(cast.credential()).verdict == "valid"
        trusting[cast.LIST] = listed_for(5_000, revoked=(cast.INDEX,))
        later(6)
        assert check(cast.credential()).verdict == "revoked"
        assert trusting["asked"] == [DOCUMENT, cast.LIST, cast.LIST]

    def test_of_nothing_lets_a_folder_of_badges_ask_once(self, trusting, later):
        trusting[cast.LIST] = listed_for(0)
        assert [check(cast.credential()).verdict for _ in range(3)] == ["valid"] * 3
        assert trusting["asked"].count(cast.LIST) == 1
        later(6)
        assert check(cast.credential()).verdict == "valid"
        assert trusting["asked"].count(cast.LIST) == 2


class TestWhereAnIssuerPublishes:
    @pytest.mark.parametrize(
        ("issuer", "address"),
        [
            ("did:web:badges.example", "https://badges.example/.well-known/did.json"),
            ("did:web:badges.example:a:b", "https://badges.example/a/b/did.json"),
            ("did:web:badges.example%3A8443", "https://badges.example:8443/.well-known/did.json"),
            ("https://badges.example/issuer", "https://badges.example/issuer"),
            ("did:web:badges.example:..%2F", ""),
            ("did:web:badges.example:", ""),
            ("did:key:z6Mk", ""),
            ("http://badges.example/", ""),
            ("", ""),
        ],
    )
    def test_follows_from_its_name(self, issuer, address):
        assert strangers.document_address(issuer) == address


class TestThePage:
    @pytest.mark.parametrize(
        ("prefix", "words"), [("", "Un émetteur de confiance a signé"), ("/en", "A trusted issuer signed this")]
    )
    def test_names_the_trusted_issuer(self, client, trusting, prefix, words):
        trusting[cast.LIST] = cast.status_list(issued_at=timezone.now().replace(microsecond=0))
        answer = client.post(f"{prefix}/verify/", {"file": SimpleUploadedFile("badge.json", cast.credential())})
        assert answer.status_code == 200
        assert words in answer.text
        for shown in ("Jalon (démonstration)", cast.DID, "Élodie Exemple-Fictive", "Explorateur"):
            assert shown in answer.text
        assert "/v/7K3M9" not in answer.text

    @pytest.mark.parametrize(
        ("prefix", "words"),
        [
            ("", ("Liste d’état", "Ceci n’est pas un badge.", "Un émetteur de confiance l’a signée.")),
            ("/en", ("Status list", "This is not a badge.", "A trusted issuer signed it.")),
        ],
    )
    def test_says_of_its_status_list_that_it_is_no_badge(self, client, trusting, prefix, words):
        listed = cast.status_list(issued_at=timezone.now().replace(microsecond=0))
        answer = client.post(f"{prefix}/verify/", {"code": listed.decode()})
        assert answer.status_code == 200
        for shown in (*words, cast.DID):
            assert shown in answer.text
        for of_a_badge in ("notice-ok", "Date obtained", "Obtenu le"):
            assert of_a_badge not in answer.text
