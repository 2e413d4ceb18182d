"""Keys: written down, read back, and bound to the issuer that publishes them."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from openbadgeslib.ob3.did import resolve_verification_method

from jalon.core.openbadges import jcs, keys, multibase
from jalon.core.openbadges.problems import Unverifiable
from tests.core.openbadges import cast

RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
KEYS = {"ed25519": cast.KEY, "p256": cast.TOKEN_KEY, "rsa": RSA}
VECTOR = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"


def same(first, second) -> bool:
    return keys.export_public(first) == keys.export_public(second)


class TestAKey:
    @pytest.mark.parametrize("kind", ["ed25519", "p256", "rsa"])
    def test_that_is_generated_is_of_its_kind_and_comes_back_from_its_file(self, kind):
        key = keys.generate(kind)
        assert keys.kind_of(key) == kind
        assert same(keys.import_private(keys.export_private(key)).public_key(), key.public_key())
        assert same(keys.import_public(keys.export_public(key.public_key())), key.public_key())

    @pytest.mark.parametrize("kind", ["ed25519", "p256", "rsa"])
    def test_comes_back_from_its_jwk(self, kind):
        public = KEYS[kind].public_key()
        assert same(keys.from_jwk(keys.jwk(public)), public)
        assert "d" not in keys.jwk(public)

    @pytest.mark.parametrize("kind", ["ed25519", "p256"])
    def test_comes_back_from_its_multikey_and_its_did(self, kind):
        public = KEYS[kind].public_key()
        assert same(keys.from_multikey(keys.multikey(public)), public)
        assert same(keys.from_did_key(keys.did_key(public)), public)

    def test_has_the_multikey_of_the_standards_vector(self):
        assert keys.multikey(keys.from_multikey(VECTOR)) == VECTOR

    def test_of_another_kind_is_refused(self):
        curve = ec.generate_private_key(ec.SECP384R1())
        short = rsa.generate_private_key(public_exponent=65537, key_size=1024)
        for key in (curve, short):
            with pytest.raises(Unverifiable, match="key-not-accepted"):
                keys.kind_of(key)
            with pytest.raises(ValueError, match="key-not-accepted"):
                keys.import_private(keys.export_private(key))

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "z",
            "u6Mk",
            VECTOR[:-1],
            VECTOR + "1",
            "z1" + VECTOR[1:],
            "z6Mk0",
            "zQ3s",
            VECTOR[1:],
            "z" + multibase.to_base58(b"\x80$" + b"\x02" + b"\xff" * 32),
            "z" + multibase.to_base58(b"\x80$" + b"\x04" + b"\x01" * 64),
        ],
    )
    def test_written_in_another_way_is_refused(self, text):
        with pytest.raises(Unverifiable, match="key-not-accepted"):
            keys.from_multikey(text)

    @pytest.mark.parametrize(
        "value",
        [
            {},
            {"kty": "oct", "k": "AAAA"},
            {"kty": "OKP", "crv": "Ed25519", "x": "AA"},
            {"kty": "OKP", "crv": "Ed25519", "x": 7},
            {"kty": "OKP", "crv": "Ed25519"},
            {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
            {"kty": "EC", "crv": "secp256k1", "x": "AA", "y": "AA"},
            {"kty": "RSA", "n": "AA", "e": "AQAB"},
            {"kty": ["RSA"]},
            keys.jwk(cast.KEY.public_key()) | {"d": "AA"},
        ],
    )
    def test_in_a_bad_jwk_is_refused(self, value):
        with pytest.raises(Unverifiable, match="key-not-accepted"):
            keys.from_jwk(value)


class TestADidDocument:
    def test_publishes_every_key_for_assertion(self):
        methods = {f"{cast.DID}#{kind}": key.public_key() for kind, key in KEYS.items()}
        found = keys.published_keys(keys.did_document(cast.DID, methods), cast.DID, now=cast.MONDAY)
        assert found.keys() == methods.keys()
        assert all(same(found[method], methods[method]) for method in methods)

    @pytest.mark.parametrize("kind", ["ed25519", "p256", "rsa"])
    def test_is_read_by_an_independent_library(self, kind):
        method = f"{cast.DID}#{kind}"
        document = jcs.canonical(keys.did_document(cast.DID, {method: KEYS[kind].public_key()}))
        read = resolve_verification_method(method, download=lambda _: document)
        assert same(keys.import_public(read), KEYS[kind].public_key())

    def test_holds_only_methods_of_its_own_did(self):
        with pytest.raises(ValueError, match="belongs"):
            keys.did_document(cast.DID, {"did:web:other.example#key-1": cast.KEY.public_key()})

    def test_of_an_issuer_without_a_key_is_not_made(self):
        with pytest.raises(keys.NoKey):
            keys.did_document(cast.DID, {})

    @pytest.mark.parametrize(
        "change",
        [
            {"assertionMethod": []},
            {"assertionMethod": None},
            {"assertionMethod": [f"{cast.DID}#other", {"id": ["a"]}, 7]},
            {"verificationMethod": []},
            {"verificationMethod": [{"id": cast.METHOD, "controller": "did:web:other.example"}]},
            {"verificationMethod": [{"id": [], "controller": cast.DID}, 7, None]},
            {"verificationMethod": [{"id": cast.METHOD, "controller": cast.DID, "publicKeyMultibase": 7}]},
            {"verificationMethod": [{"id": cast.METHOD, "controller": cast.DID, "publicKeyPem": "a"}]},
        ],
    )
    def test_gives_no_key_that_may_not_assert(self, change):
        published = keys.did_document(cast.DID, {cast.METHOD: cast.KEY.public_key()})
        assert keys.published_keys(published | change, cast.DID, now=cast.MONDAY) == {}

    @pytest.mark.parametrize("name", ["revoked", "expires"])
    @pytest.mark.parametrize(
        ("moment", "is_given"),
        [
            ("2026-03-02T15:19:01Z", True),
            ("2026-03-02T15:19:00Z", False),
            ("2020-01-01T00:00:00Z", False),
            ("2030-01-01T00:00:00", False),
            ("soon", False),
            (None, False),
        ],
    )
    def test_gives_a_key_until_it_ends(self, name, moment, is_given):
        entry = keys.verification_method(cast.METHOD, cast.KEY.public_key()) | {name: moment}
        found = keys.published_keys({"id": cast.DID, "assertionMethod": [entry]}, cast.DID, now=cast.MONDAY)
        assert (cast.METHOD in found) is is_given

    def test_repeated_without_its_end_gives_none(self):
        entry = keys.verification_method(cast.METHOD, cast.KEY.public_key())
        document = keys.did_document(cast.DID, {cast.METHOD: cast.KEY.public_key()})
        ended = entry | {"revoked": "2020-01-01T00:00:00Z"}
        for methods in ([entry, ended], [ended, entry]):
            assert keys.published_keys(document | {"verificationMethod": methods}, cast.DID, now=cast.MONDAY) == {}

    def test_of_another_did_is_refused(self):
        with pytest.raises(Unverifiable, match="not-the-issuers"):
            keys.published_keys(cast.did_document(), "did:web:other.example", now=cast.MONDAY)

    def test_may_name_its_methods_relatively_and_inside_the_assertion(self):
        entry = {"id": "#key-1", "controller": cast.DID, "publicKeyMultibase": VECTOR}
        found = keys.published_keys({"id": cast.DID, "assertionMethod": [entry]}, cast.DID, now=cast.MONDAY)
        assert found.keys() == {cast.METHOD}


class TestADid:
    def test_of_a_host_names_its_port_and_path(self):
        assert keys.did_web("jalon.example") == "did:web:jalon.example"
        assert keys.did_web("localhost:8000", "css", "issuer") == "did:web:localhost%3A8000:css:issuer"

    @pytest.mark.parametrize("address", ["did:web:a", f"did:key:{VECTOR}#z6Mk", "did:key:", VECTOR])
    def test_that_is_not_the_key_itself_is_refused(self, address):
        with pytest.raises(Unverifiable, match="key-not-accepted"):
            keys.from_did_key(address)

    def test_of_a_key_may_name_itself_in_its_fragment(self):
        assert same(keys.from_did_key(f"did:key:{VECTOR}#{VECTOR}"), keys.from_multikey(VECTOR))
