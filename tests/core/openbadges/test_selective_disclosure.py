"""Derived proofs `ecdsa-sd-2023`: checked against the standard's vectors."""

import json
from contextlib import suppress
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from jalon.core.openbadges import (
    cbor,
    dataintegrity,
    documents,
    ecdsasd,
    jcs,
    jsonld,
    jwt,
    keys,
    multibase,
    verification,
)
from jalon.core.openbadges.contexts import Contexts
from jalon.core.openbadges.problems import Altered, NotValid, Unverifiable
from jalon.credentials.contexts import contexts
from tests.core.openbadges import cast

FOLDERS = ["employ", "prc"]


@pytest.fixture
def citizenship(vectors) -> Contexts:
    added = json.loads((vectors / "w3c-eddsa-rdfc-2022" / "citizenship-v4rc1.json").read_bytes())
    return Contexts({**contexts().documents, "https://w3id.org/citizenship/v4rc1": added})


@pytest.fixture
def base_key(vectors):
    material = json.loads((vectors / "w3c-ecdsa-sd-2023" / "SDKeyMaterial.json").read_bytes())
    return keys.from_multikey(material["baseKeyPair"]["publicKeyMultibase"])


@pytest.fixture(params=FOLDERS)
def place(request, vectors):
    return vectors / "w3c-ecdsa-sd-2023" / request.param


def read(place, name):
    return json.loads((place / f"{name}.json").read_bytes())


class TestTheStandardsVectors:
    def test_are_read_as_published(self, place):
        expected = read(place, "verifyDerivedProofValue")
        proof = ecdsasd.read(read(place, "derivedRevealDocument")["proof"]["proofValue"])
        assert proof.base_signature.hex() == expected["baseSignature"]
        assert keys.multikey(keys.from_multikey_bytes(proof.public_key)) == expected["publicKey"]
        assert [signature.hex() for signature in proof.signatures] == expected["signatures"]
        assert proof.labels == dict(expected["labelMap"])
        assert proof.mandatory == frozenset(expected["mandatoryIndexes"])

    def test_give_the_same_statements(self, place, citizenship):
        revealed = read(place, "derivedRevealDocument")
        proof = ecdsasd.read(revealed.pop("proof")["proofValue"])
        assert ecdsasd.statements(revealed, proof.labels, citizenship) == read(place, "verifyNQuads")

    def test_verify(self, place, citizenship, base_key):
        dataintegrity.verify(read(place, "derivedRevealDocument"), key=base_key, contexts=citizenship)


class TestAnAlteredPresentation:
    @pytest.mark.parametrize(
        "change",
        [
            lambda doc: doc.update(validUntil="2039-12-03T00:00:00Z"),
            lambda doc: doc.pop("validUntil"),
            lambda doc: doc.pop("validFrom"),
            lambda doc: doc["issuer"].pop("image"),
            lambda doc: doc["credentialSubject"].update(givenName="JOHN"),
            lambda doc: doc["proof"].update(created="2023-08-15T23:36:39Z"),
        ],
    )
    def test_is_refused(self, place, citizenship, base_key, change):
        revealed = read(place, "derivedRevealDocument")
        change(revealed)
        with pytest.raises(Altered, match="signature-does-not-match"):
            dataintegrity.verify(revealed, key=base_key, contexts=citizenship)

    def test_is_refused_under_another_key(self, place, citizenship, vectors):
        material = json.loads((vectors / "w3c-ecdsa-sd-2023" / "SDKeyMaterial.json").read_bytes())
        other = keys.from_multikey(material["proofKeyPair"]["publicKeyMultibase"])
        with pytest.raises(Altered, match="signature-does-not-match"):
            dataintegrity.verify(read(place, "derivedRevealDocument"), key=other, contexts=citizenship)

    def test_is_refused_wherever_its_proof_is_changed(self, place, citizenship, base_key):
        revealed = read(place, "derivedRevealDocument")
        value = revealed["proof"]["proofValue"]
        for at in range(0, len(value), 7):
            other = value[:at] + ("A" if value[at] != "A" else "B") + value[at + 1 :]
            revealed["proof"]["proofValue"] = other
            with pytest.raises(NotValid):
                dataintegrity.verify(revealed, key=base_key, contexts=citizenship)

    def test_is_refused_when_it_is_the_base_proof(self, place, citizenship, base_key):
        with pytest.raises(Unverifiable, match="proof-not-readable"):
            dataintegrity.verify(read(place, "addSignedSDBase"), key=base_key, contexts=citizenship)


def presented(document: dict, *, hidden: tuple[str, ...] = (), optional: tuple[str, ...] = ()) -> bytes:
    """Return what a holder would show of a credential of ours: some members hidden, some not demanded by the issuer."""
    shown = {name: value for name, value in document.items() if name not in hidden}
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": "ecdsa-sd-2023",
        "created": "2026-03-02T15:19:00Z",
        "verificationMethod": cast.TOKEN_METHOD,
        "proofPurpose": "assertionMethod",
    }
    nodes = jsonld.first_degree_hashes(jsonld.quads(shown, contexts()))
    labels = {number: bytes([number]) for number in range(len(nodes))}
    named = {f"c14n{number}": "u" + multibase.to_base64url(label) for number, label in labels.items()}
    lines = ecdsasd.statements(shown, named, contexts())
    free = [number for number, line in enumerate(lines) if any(term in line for term in optional)]
    demanded = [number for number in range(len(lines)) if number not in free]
    own = ec.derive_private_key(7, ec.SECP256R1())
    key = keys.multikey_bytes(own.public_key())
    hashed = sha256("".join(lines[number] for number in demanded).encode()).digest()
    signed = jsonld.digest(options | {"@context": shown["@context"]}, contexts()) + key + hashed
    base = jwt._signature(cast.TOKEN_KEY, signed)
    parts = [base, key, [jwt._signature(own, lines[number].encode()) for number in free], labels, demanded]
    value = "u" + multibase.to_base64url(b"\xd9\x5d\x01" + packed(parts))
    return jcs.canonical(shown | {"proof": options | {"proofValue": value}})


def packed(value) -> bytes:
    """CBOR in its shortest form."""

    def head(major: int, number: int) -> bytes:
        if number < 24:
            return bytes([major << 5 | number])
        size = 1 if number < 256 else 2
        return bytes([major << 5 | 23 + size]) + number.to_bytes(size, "big")

    match value:
        case int():
            return head(0, value)
        case bytes():
            return head(2, len(value)) + value
        case list():
            return head(4, len(value)) + b"".join(map(packed, value))
    return head(5, len(value)) + b"".join(packed(key) + packed(item) for key, item in value.items())


class TestAPresentationOfACredentialOfOurs:
    ENDING = documents.open_badge_credential(replace(cast.AWARDED, valid_until=cast.MONDAY + timedelta(days=2)))

    def verdict(self, payload: bytes, *, days: int = 1, **knowing) -> tuple[str, str]:
        now = cast.MONDAY + timedelta(days=days)
        found = verification.verify(payload, known=cast.known(**knowing), now=now)
        return found.verdict, found.reason

    def test_that_shows_its_period_and_its_status_is_valid(self):
        assert self.verdict(presented(self.ENDING, optional=("schema.org/name",))) == ("valid", "")

    def test_that_is_over_has_expired(self):
        assert self.verdict(presented(self.ENDING), days=3) == ("expired", "expired")

    def test_that_is_revoked_is_revoked(self):
        revoked = {cast.LIST: cast.status_list(revoked=(cast.INDEX,))}
        assert self.verdict(presented(self.ENDING), status_lists=revoked) == ("revoked", "revocation")

    @pytest.mark.parametrize("member", ["id", "name", "description", "criteria", "achievementType"])
    def test_that_hides_a_part_of_the_achievement_is_valid(self, member):
        """What else is hidden is the holder's choice."""
        document = deepcopy(self.ENDING)
        del document["credentialSubject"]["achievement"][member]
        document["issuer"] = {"id": cast.DID}
        assert self.verdict(presented(document)) == ("valid", "")

    def test_that_names_nobody_is_valid(self):
        document = deepcopy(self.ENDING)
        for member in ("id", "identifier"):
            del document["credentialSubject"][member]
        assert self.verdict(presented(document)) == ("valid", "")

    @pytest.mark.parametrize(("member", "value"), [("name", " "), ("description", ""), ("achievementType", "Fun")])
    def test_that_shows_a_part_otherwise_than_the_standard_has_it_is_never_valid(self, member, value):
        document = deepcopy(self.ENDING)
        document["credentialSubject"]["achievement"][member] = value
        assert self.verdict(presented(document)) == ("unverifiable", "incomplete")

    @pytest.mark.parametrize("member", ["validUntil", "credentialStatus"])
    def test_that_hides_its_end_or_its_status_is_never_valid(self, member):
        assert self.verdict(presented(self.ENDING, hidden=(member,))) == ("unverifiable", "may-hide-its-status")

    @pytest.mark.parametrize(
        "term", ["validFrom", "validUntil", "credentialStatus>", "statusListIndex", "status#statusPurpose"]
    )
    def test_that_might_hide_a_part_of_them_is_never_valid(self, term):
        assert self.verdict(presented(self.ENDING, optional=(term,))) == ("unverifiable", "may-hide-its-status")


class TestCbor:
    @pytest.mark.parametrize(
        ("data", "value"),
        [
            ("00", 0),
            ("17", 23),
            ("1818", 24),
            ("1903e8", 1000),
            ("43010203", b"\1\2\3"),
            ("83010203", [1, 2, 3]),
            ("a201410a024114", {1: b"\n", 2: b"\x14"}),
        ],
    )
    def test_is_read(self, data, value):
        assert cbor.decode(bytes.fromhex(data)) == value

    @pytest.mark.parametrize(
        "data",
        [
            "",
            "18",
            "1817",
            "1900ff",
            "5f",
            "9fff",
            "20",
            "f4",
            "6161",
            "0000",
            "a201000100",
            "a14000",
            "c000",
            "1c",
            "818181818181",
            "9affffffff",
            "5bffffffffffffffff00",
            "9a00ffffff" + "00" * 9000,
        ],
    )
    def test_in_another_form_is_refused(self, data):
        with pytest.raises(cbor.NotCbor):
            cbor.decode(bytes.fromhex(data))

    @given(st.binary(max_size=60))
    def test_of_any_bytes_is_read_or_refused(self, data):
        with suppress(cbor.NotCbor):
            cbor.decode(data)


@given(st.binary(max_size=80))
def test_any_proof_value_is_read_or_refused(data):
    with suppress(Unverifiable):
        ecdsasd.read("u" + multibase.to_base64url(b"\xd9\x5d\x01" + data))
