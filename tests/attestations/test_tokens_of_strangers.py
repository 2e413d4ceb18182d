"""Tokens of others: the signature, what it is wrapped around, and the meaning of every word in it."""

import json

import pytest

from jalon.attestations import proofs, strangers
from jalon.attestations.sandbox import Stopped
from jalon.core.openbadges import jcs, jwt
from jalon.credentials import actions as credentials
from tests.attestations import test_strangers
from tests.attestations.test_strangers import DOCUMENT, check
from tests.core.openbadges import cast
from tests.issuing import credential_of, make_keys, signed

pytestmark = pytest.mark.django_db
published, trusting = test_strangers.published, test_strangers.trusting


FORGED = {
    "none": {"alg": "none"},
    "HS256 with the public key": {"alg": "HS256"},
    "embedded jwk": {"alg": "ES256", "jwk": {"kty": "EC", "crv": "P-256"}},
    "jku": {"alg": "ES256", "jku": "https://evil.example/keys"},
    "x5u": {"alg": "ES256", "x5u": "https://evil.example/keys"},
    "x5c": {"alg": "ES256", "x5c": ["MII"]},
    "kid URL": {"alg": "ES256", "kid": "https://evil.example/key"},
    "kid path": {"alg": "ES256", "kid": "../../../../dev/null"},
    "crit": {"alg": "ES256", "crit": ["exp"]},
    "wrong typ": {"alg": "ES256", "typ": "at+jwt"},
    "EdDSA": {"alg": "EdDSA"},
    "another key of ours": {"alg": "ES256", "kid": cast.METHOD},
}


class TestAForgedToken:
    @pytest.mark.parametrize("name", FORGED)
    def test_is_never_valid_and_calls_nobody_it_names(self, name, trusting):
        """The payload is the issuer's own; the signature is by somebody else's key, or none."""
        _, payload, _ = cast.token().split(".")
        header = {"kid": cast.TOKEN_METHOD, "typ": "JWT"} | FORGED[name]
        first = jwt.multibase.to_base64url(json.dumps(header).encode())
        for signature in ("", jwt.multibase.to_base64url(bytes(64)), jwt.multibase.to_base64url(bytes(32))):
            found = check(f"{first}.{payload}.{signature}".encode())
            assert found.verdict in ("unreadable", "altered", "unknown_issuer", "unverifiable")
        assert not any("evil" in address for address in trusting["asked"])


class TestATokenThatTheIssuerSigned:
    @pytest.mark.parametrize(
        ("claims", "verdict"),
        [
            ({}, "valid"),
            ({"iat": 1}, "valid"),
            ({"aud": "https://somebody.example"}, "unverifiable"),
            ({"aud": []}, "unverifiable"),
            ({"iss": "did:web:other.example"}, "altered"),
            ({"sub": "urn:uuid:another"}, "altered"),
            ({"jti": "https://jalon.example/another"}, "altered"),
            ({"nbf": 1}, "altered"),
            ({"exp": 1}, "expired"),
        ],
    )
    def test_is_valid_only_when_its_claims_say_what_its_credential_says_to_everybody(self, claims, verdict, trusting):
        payload = {name: value for name, value in cast.document().items() if name not in claims} | claims
        assert check(token_of(payload)).verdict == verdict


def token_of(payload: dict) -> bytes:
    """Return whatever the trusted issuer may have signed as a token."""
    header = {"alg": "ES256", "kid": cast.TOKEN_METHOD, "typ": "JWT"}
    signed = ".".join(jwt.multibase.to_base64url(jcs.canonical(part)) for part in (header, payload))
    signature = jwt._signature(cast.TOKEN_KEY, signed.encode())
    return f"{signed}.{jwt.multibase.to_base64url(signature)}".encode()


def achieved(**members) -> dict:
    subject = cast.document()["credentialSubject"]
    return {"credentialSubject": subject | {"achievement": subject["achievement"] | members}}


CONTEXT = cast.document()["@context"]
TWIN = {"type": ["Alignment"], "targetName": "A", "targetUrl": "https://a.example/"}
NOT_DEFINED = {
    "an invented member": ({"invented": "A"}, "meaning-not-defined"),
    "an invented member further in": (achieved(invented={"name": "A"}), "meaning-not-defined"),
    "a member by its address": ({"https://schema.org/name": "A"}, "meaning-not-defined"),
    "a class as a member": (achieved(Criteria={"narrative": "A"}), "meaning-not-defined"),
    "a relative address": (achieved(id="explorer"), "meaning-not-defined"),
    "an invented type": ({"type": ["VerifiableCredential", "OpenBadgeCredential", "Diploma"]}, "meaning-not-defined"),
    "a second description": (
        achieved(creator={"id": cast.DID, "type": ["Profile"], "name": "A"}),
        "meaning-not-defined",
    ),
    "a redefined term": ({"@context": [*CONTEXT, {"achievement": "https://evil.example/a"}]}, "unknown-context"),
    "a redefined term further in": (achieved(**{"@context": {"name": "https://evil.example/n"}}), "unknown-context"),
    "a vocabulary for all": ({"@context": [*CONTEXT, {"@vocab": "https://evil.example/"}]}, "unknown-context"),
    "a remote context": ({"@context": [*CONTEXT, "https://evil.example/context"]}, "unknown-context"),
    "one context alone": ({"@context": "https://evil.example/context"}, "unknown-context"),
    "no context": ({"@context": None}, "unknown-context"),
    "twelve twins": (achieved(alignment=[TWIN] * 12), "too-much-work"),
    "many objects": (achieved(alignment=[{"targetName": f"A{n}"} for n in range(1_100)]), "too-much-work"),
}


class TestATokenWhoseMeaningIsNotDefined:
    @pytest.mark.parametrize("name", NOT_DEFINED)
    def test_is_never_valid_and_calls_nobody(self, name, trusting):
        changes, reason = NOT_DEFINED[name]
        found = check(token_of(cast.document() | changes))
        assert (found.verdict, found.reason, found.holder) == ("unverifiable", reason, "")
        assert set(trusting["asked"]) <= {DOCUMENT}

    def test_is_found_out_in_the_child_and_remembered_when_it_is_well(self, trusting, monkeypatch):
        asked = []
        ask = proofs.CREW.ask

        def listen(question):
            asked.append(question.keys())
            return ask(question)

        monkeypatch.setattr(proofs.CREW, "ask", listen)
        for _ in range(3):
            assert check(cast.token().encode()).verdict == "valid"
        assert asked.count({"document"}) == 1
        wrong = token_of(cast.document() | {"invented": "A"})
        assert [check(wrong).verdict for _ in range(2)] == ["unverifiable"] * 2
        assert asked.count({"document"}) == 3

    def test_is_too_much_work_when_the_child_is_killed(self, trusting, monkeypatch):
        def stopped(_question):
            raise Stopped("time")

        monkeypatch.setattr(proofs.CREW, "ask", stopped)
        found = check(cast.token().encode())
        assert (found.verdict, found.reason) == ("unverifiable", "too-much-work")

    def test_is_no_status_list_either(self, trusting):
        listed = {name: value for name, value in json.loads(cast.status_list()).items() if name != "proof"}
        trusting[cast.LIST] = token_of(listed)
        assert check(cast.credential()).verdict == "valid"
        strangers.RECENT.clear()
        trusting[cast.LIST] = token_of(listed | {"invented": "A"})
        found = check(cast.credential())
        assert (found.verdict, found.reason) == ("unverifiable", "status-list-not-authentic")


def test_a_token_of_ours_is_not_read_twice_and_stays_valid(monkeypatch):
    make_keys()
    credential = credential_of(signed())
    monkeypatch.setattr(proofs.CREW, "ask", lambda _question: pytest.fail("a child was asked"))
    assert check(credentials.state_as_jwt(credential=credential).encode()).verdict == "valid"
