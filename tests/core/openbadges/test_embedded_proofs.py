"""Proofs inside a document: `eddsa-rdfc-2022` made and checked."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from hypothesis import given, settings
from hypothesis import strategies as st

from jalon.core.openbadges import dataintegrity, documents, keys, multibase
from jalon.core.openbadges.contexts import Contexts
from jalon.core.openbadges.problems import Altered, NotValid, Unreadable, Unverifiable
from jalon.credentials.contexts import contexts
from tests.core.openbadges import cast

VECTOR_KEY = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
VECTOR_SECRET = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"


@pytest.fixture
def vector_contexts(vectors) -> Contexts:
    folder = vectors / "w3c-eddsa-rdfc-2022"
    added = {
        "https://www.w3.org/ns/credentials/examples/v2": "examples-v2.jsonld",
        "https://w3id.org/citizenship/v4rc1": "citizenship-v4rc1.json",
    }
    read = {address: json.loads((folder / name).read_bytes()) for address, name in added.items()}
    return Contexts({**contexts().documents, **read})


@pytest.fixture
def vector_secret() -> ed25519.Ed25519PrivateKey:
    """Source: Data Integrity EdDSA Cryptosuites 1.0, section B.1, secretKeyMultibase."""
    return ed25519.Ed25519PrivateKey.from_private_bytes(multibase.from_base58(VECTOR_SECRET[1:])[2:])


class TestTheStandardsVectors:
    @pytest.mark.parametrize("folder", [".", "employ"])
    def test_verify(self, vectors, vector_contexts, folder):
        signed = json.loads((vectors / "w3c-eddsa-rdfc-2022" / folder / "signedDataInt.json").read_bytes())
        dataintegrity.verify(signed, key=keys.from_multikey(VECTOR_KEY), contexts=vector_contexts)

    @pytest.mark.parametrize("folder", [".", "employ"])
    def test_are_signed_to_the_same_bytes(self, vectors, vector_contexts, vector_secret, folder):
        place = vectors / "w3c-eddsa-rdfc-2022" / folder
        expected = json.loads((place / "signedDataInt.json").read_bytes())
        document = {name: value for name, value in expected.items() if name != "proof"}
        options = {name: value for name, value in expected["proof"].items() if name != "proofValue"}
        hashed = dataintegrity.hash_data(document, options, vector_contexts)
        assert hashed.hex() == (place / "combinedHashDataInt.txt").read_text().strip()
        signature = vector_secret.sign(hashed)
        assert signature.hex() == (place / "sigHexDataInt.txt").read_text().strip()
        assert dataintegrity.proof_value(signature) == (place / "sigBTC58DataInt.txt").read_text().strip()
        secured = dataintegrity.sign_eddsa(
            document,
            key=vector_secret,
            verification_method=options["verificationMethod"],
            created=datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC),
            contexts=vector_contexts,
        )
        assert secured == expected


class TestSigning:
    def test_leaves_the_document_that_it_was_given_unchanged(self):
        document = documents.open_badge_credential(cast.AWARDED)
        cast.sign(document)
        assert "proof" not in document

    def test_again_gives_the_same_bytes(self):
        assert cast.sign(cast.document()) == cast.sign(cast.document())

    def test_a_second_time_on_top_is_refused(self):
        with pytest.raises(ValueError, match="already"):
            cast.sign(cast.sign(cast.document()))

    def test_a_term_that_no_context_defines_is_refused(self):
        with pytest.raises(Altered, match="undefined-term"):
            cast.sign(cast.document() | {"commentaire": "a"})

    @settings(max_examples=30)
    @given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
    def test_any_text_gives_a_proof_that_holds(self, text):
        secured = cast.sign(cast.document() | {"name": text})
        dataintegrity.verify(secured, key=cast.KEY.public_key(), contexts=contexts())


def changed(**proof):
    secured = cast.sign(cast.document())
    return secured | {"proof": {name: value for name, value in (secured["proof"] | proof).items() if value}}


class TestAProofThatDoesNotHold:
    @pytest.mark.parametrize(
        ("secured", "problem", "why"),
        [
            (lambda: changed(created="2026-03-02T15:19:01Z"), Altered, "signature-does-not-match"),
            (lambda: changed(created=None), Altered, "signature-does-not-match"),
            (lambda: changed(verificationMethod=f"{cast.DID}#key-9"), Altered, "signature-does-not-match"),
            (lambda: changed(expires="2030-01-01T00:00:00Z"), Altered, "signature-does-not-match"),
            (lambda: changed(proofPurpose="authentication"), Altered, "not-an-assertion"),
            (lambda: changed(proofValue="z" + "1" * 64), Altered, "signature-does-not-match"),
            (lambda: changed(proofValue="z"), Altered, "signature-does-not-match"),
            (lambda: changed(proofValue="z0OIl"), Altered, "signature-does-not-match"),
            (lambda: changed(proofValue="u" + "A" * 86), Altered, "signature-does-not-match"),
            (lambda: changed(proofValue=["z1"]), Unreadable, "proof-incomplete"),
            (lambda: changed(proofValue=None), Unreadable, "proof-incomplete"),
            (lambda: changed(verificationMethod=None), Unreadable, "proof-incomplete"),
            (lambda: changed(unknown="a"), Altered, "undefined-term"),
            (lambda: changed(type="Ed25519Signature2020", cryptosuite=None), Altered, "undefined-term"),
            (lambda: changed(type=["DataIntegrityProof"]), Unverifiable, "suite-not-supported"),
            (lambda: changed(cryptosuite="eddsa-jcs-2022"), Unverifiable, "suite-not-supported"),
            (lambda: changed(cryptosuite="none"), Unverifiable, "suite-not-supported"),
            (lambda: changed(cryptosuite="ecdsa-sd-2023"), Unverifiable, "key-of-another-kind"),
            (lambda: changed(**{"@context": ["https://www.w3.org/ns/credentials/v2"]}), Altered, "unexpected-context"),
            (cast.document, Unreadable, "no-single-proof"),
            (lambda: cast.document() | {"proof": []}, Unreadable, "no-single-proof"),
            (lambda: cast.document() | {"proof": [changed()["proof"]] * 2}, Unreadable, "no-single-proof"),
            (lambda: changed() | {"name": "Architecte"}, Altered, "signature-does-not-match"),
        ],
    )
    def test_is_refused_with_its_reason(self, secured, problem, why):
        with pytest.raises(NotValid) as refused:
            dataintegrity.verify(secured(), key=cast.KEY.public_key(), contexts=contexts())
        assert (type(refused.value), refused.value.reason) == (problem, why)

    def test_was_made_with_another_key(self):
        with pytest.raises(Altered, match="signature-does-not-match"):
            dataintegrity.verify(cast.sign(cast.document()), key=cast.OTHER_KEY.public_key(), contexts=contexts())

    def test_is_checked_with_a_key_of_another_kind(self):
        with pytest.raises(Unverifiable, match="key-of-another-kind"):
            dataintegrity.verify(cast.sign(cast.document()), key=cast.TOKEN_KEY.public_key(), contexts=contexts())

    def test_has_a_signature_with_the_order_of_the_group_added(self):
        """The same point, another number: Ed25519 accepts only the smaller one."""
        secured = cast.sign(cast.document())
        signature = multibase.from_base58(secured["proof"]["proofValue"][1:])
        order = 2**252 + 27742317777372353535851937790883648493
        larger = int.from_bytes(signature[32:], "little") + order
        forged = dataintegrity.proof_value(signature[:32] + larger.to_bytes(32, "little"))
        with pytest.raises(Altered, match="signature-does-not-match"):
            dataintegrity.verify(changed(proofValue=forged), key=cast.KEY.public_key(), contexts=contexts())


class TestAMomentInACredential:
    def test_is_written_in_utc(self):
        assert dataintegrity.timestamp(datetime.fromisoformat("2026-03-02T10:19:07-05:00")) == "2026-03-02T15:19:07Z"

    @pytest.mark.parametrize("at", [datetime(2026, 3, 2), cast.MONDAY + timedelta(microseconds=1)])  # noqa: DTZ001
    def test_has_a_time_zone_and_whole_seconds(self, at):
        with pytest.raises(ValueError, match="whole seconds"):
            dataintegrity.timestamp(at)
