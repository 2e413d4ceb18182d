"""Badges on the first data model (VC 1.1) with `Ed25519Signature2020`: verified, never issued."""

import json
from datetime import timedelta
from typing import Any

import pytest

from jalon.core.openbadges import dataintegrity, jcs, keys, multibase, verification
from jalon.core.openbadges.contexts import CREDENTIALS, CREDENTIALS_FIRST, ED25519_2020, OPEN_BADGES, Contexts
from jalon.credentials.contexts import contexts
from tests.core.openbadges import cast
from tests.core.openbadges.cast import DID, METHOD, MONDAY, known
from tests.core.openbadges.test_embedded_proofs import VECTOR_KEY

LATER = MONDAY + timedelta(days=1)
OB = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.%d.json"
OPTIONS = {
    "type": "Ed25519Signature2020",
    "created": "2026-03-02T15:19:00Z",
    "verificationMethod": METHOD,
    "proofPurpose": "assertionMethod",
}


def badge(revision: int = 2, **changes: Any) -> dict[str, Any]:
    return {
        "@context": [CREDENTIALS_FIRST, OB % revision, ED25519_2020],
        "id": "urn:uuid:0a4f5e9e-6d7a-4b7c-9a54-1f8f6ed9b1aa",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Premiers pas",
        "issuer": {"id": DID, "type": ["Profile"], "name": "Émetteur fictif"},
        "issuanceDate": "2026-03-02T15:19:00Z",
        "credentialSubject": {
            "id": "urn:uuid:6f1d3c1e-2a57-4c6e-9d59-0a6f1c0f5a11",
            "type": ["AchievementSubject"],
            "achievement": {
                "id": "urn:uuid:1c5df1c4-9f43-4a5e-8a2c-33a1c5c3a3a1",
                "type": ["Achievement"],
                "name": "Premiers pas",
                "description": "Un insigne fictif.",
                "criteria": {"narrative": "Suivre les leçons."},
            },
        },
        **changes,
    }


def signed(document: dict[str, Any], *, options: dict[str, Any] = OPTIONS, known: Contexts | None = None) -> bytes:
    signature = cast.KEY.sign(dataintegrity.hash_data(document, options, known or contexts()))
    return jcs.canonical(document | {"proof": options | {"proofValue": "z" + multibase.to_base58(signature)}})


def verdict(payload: bytes, *, now=LATER, **changes: Any) -> tuple[str, str]:
    knowing = known(older_contexts=frozenset({DID}), **changes)
    found = verification.verify(payload, known=knowing, now=now)
    return found.verdict, found.reason


class TestTheStandardsVector:
    # Source: W3C Data Integrity EdDSA Cryptosuites 1.0, appendix A, the signed credential of Ed25519Signature2020.
    VALUE = "z57Mm1vboMtZiCyJ4aReZsv8co4Re64Y8GEjL1ZARzMbXZgkARFLqFs1P345NpPGG2hgCrS4nNdvJhpwnrNyG3kEF"

    def test_verifies_and_one_letter_changed_does_not(self, vectors):
        """It signs the same credential as the vector of the newer suite."""
        folder = vectors / "w3c-eddsa-rdfc-2022"
        examples = {
            "https://www.w3.org/ns/credentials/examples/v2": json.loads((folder / "examples-v2.jsonld").read_bytes())
        }
        document = json.loads((folder / "signedDataInt.json").read_bytes())
        document["@context"] = [*document["@context"], ED25519_2020]
        method = f"did:key:{VECTOR_KEY}#{VECTOR_KEY}"
        options = {"created": "2023-02-24T23:36:38Z", "verificationMethod": method}
        document["proof"] = OPTIONS | options | {"proofValue": self.VALUE}
        at_hand = Contexts({**contexts().documents, **examples})
        dataintegrity.verify(document, key=keys.from_multikey(VECTOR_KEY), contexts=at_hand)
        changed = document | {"name": document["name"] + "s"}
        with pytest.raises(dataintegrity.Altered, match="signature-does-not-match"):
            dataintegrity.verify(changed, key=keys.from_multikey(VECTOR_KEY), contexts=at_hand)


class TestABadgeOnTheFirstModel:
    @pytest.mark.parametrize("revision", [1, 2, 3])
    def test_is_valid_with_each_revision_of_the_badge_context(self, revision):
        assert verdict(signed(badge(revision))) == ("valid", "")

    def test_says_when_it_was_obtained(self):
        found = verification.verify(signed(badge()), known=known(older_contexts=frozenset({DID})), now=LATER)
        assert (found.awarded_on, found.achievement, found.issuer) == ("2026-03-02", "Premiers pas", DID)

    def test_of_the_second_model_may_bear_the_older_signature_too(self):
        document = badge() | {"@context": [CREDENTIALS, OPEN_BADGES, ED25519_2020], "validFrom": "2026-03-02T15:19:00Z"}
        del document["issuanceDate"]
        assert verdict(signed(document)) == ("valid", "")

    @pytest.mark.parametrize(
        ("dates", "days", "expected"),
        [
            ({}, -1, "not_yet_valid"),
            ({"expirationDate": "2026-03-04T00:00:00Z"}, 1, "valid"),
            ({"expirationDate": "2026-03-04T00:00:00Z"}, 3, "expired"),
            ({"validFrom": "2026-03-05T00:00:00Z"}, 1, "not_yet_valid"),
            ({"validUntil": "2026-03-04T00:00:00Z"}, 3, "expired"),
            ({"validUntil": "2026-03-04T00:00:00Z", "expirationDate": "2036-03-04T00:00:00Z"}, 3, "expired"),
            ({"validUntil": "2036-03-04T00:00:00Z", "expirationDate": "2026-03-04T00:00:00Z"}, 3, "expired"),
        ],
    )
    def test_holds_only_while_all_its_dates_say_so(self, dates, days, expected):
        assert verdict(signed(badge(**dates)), now=MONDAY + timedelta(days=days))[0] == expected

    def test_whose_proof_has_an_end_ends_with_it(self):
        payload = signed(badge(), options=OPTIONS | {"expires": "2026-03-04T00:00:00Z"})
        assert verdict(payload) == ("valid", "")
        assert verdict(payload, now=MONDAY + timedelta(days=3)) == ("expired", "expired")

    @pytest.mark.parametrize("name", ["issuanceDate", "expirationDate"])
    @pytest.mark.parametrize("value", ["2026-03-02", "demain", 5, {"@value": "2026-03-02T00:00:00Z"}])
    def test_with_a_date_that_is_none_is_unreadable(self, name, value):
        document = json.loads(signed(badge())) | {name: value}
        assert verdict(jcs.canonical(document)) == ("unreadable", "not-a-moment")

    def test_without_a_date_is_unreadable(self):
        document = json.loads(signed(badge()))
        del document["issuanceDate"]
        assert verdict(jcs.canonical(document)) == ("unreadable", "incomplete")

    @pytest.mark.parametrize("at", range(0, len(signed(badge())), 23))
    def test_with_a_bit_changed_is_never_valid(self, at):
        good = signed(badge(3))
        wrong = good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :]
        # The revision of the badge context is one digit of an address: the same words mean the same in both.
        assert verdict(wrong)[0] != "valid" or wrong == signed(badge(3)).replace(b"3.0.3", b"3.0.2")


class TestWhatCannotBeChecked:
    @pytest.mark.parametrize("kind", ["StatusList2021Entry", "RevocationList2020Status", "1EdTechRevocationList"])
    def test_of_its_status_is_never_valid(self, kind):
        status = {"id": "https://jalon.example/status#1", "type": kind}
        document = json.loads(signed(badge())) | {"credentialStatus": status}
        assert verdict(jcs.canonical(document))[0] in ("altered", "unverifiable")
        extended = Contexts({**contexts().documents, "https://status.example/": status_words(kind)})
        document = badge(credentialStatus=status)
        document["@context"] = [*document["@context"], "https://status.example/"]
        payload = signed(document, known=extended)
        assert verdict(payload) == ("unverifiable", "unknown-context")
        assert verdict(payload, contexts=extended) == ("unverifiable", "status-not-supported")

    @pytest.mark.parametrize(
        "change",
        [
            {"type": "Ed25519Signature2018"},
            {"type": "RsaSignature2018"},
            {"type": "Ed25519Signature2020", "cryptosuite": "eddsa-rdfc-2022"},
            {"type": "Ed25519Signature2020", "cryptosuite": "ecdsa-sd-2023"},
            {"type": ["Ed25519Signature2020"]},
        ],
    )
    def test_of_its_proof_is_never_valid(self, change):
        document = json.loads(signed(badge()))
        document["proof"] |= change
        assert verdict(jcs.canonical(document)) == ("unverifiable", "suite-not-supported")

    @pytest.mark.parametrize(
        "address", ["https://purl.imsglobal.org/spec/ob/v3p0/context.json", OB % 0, "https://w3id.org/security/v2"]
    )
    def test_of_its_words_is_never_valid(self, address):
        document = json.loads(signed(badge())) | {"@context": [CREDENTIALS_FIRST, address, ED25519_2020]}
        assert verdict(jcs.canonical(document)) == ("unverifiable", "unknown-context")

    def test_in_our_own_name_is_altered(self):
        """We issue on the second model alone."""
        found = verification.verify(signed(badge()), known=known(), now=LATER)
        assert (found.verdict, found.reason) == ("altered", "unexpected-context")

    def test_with_a_key_of_another_kind_is_refused(self):
        document = json.loads(signed(badge()))
        document["proof"]["verificationMethod"] = cast.TOKEN_METHOD
        assert verdict(jcs.canonical(document)) == ("unverifiable", "key-of-another-kind")


def status_words(kind: str) -> dict[str, Any]:
    return {"@context": {kind: f"https://status.example/#{kind}"}}
