"""VC-JWT: the credential as a token that public validators accept, and nothing that brings its own key."""

import json
from dataclasses import replace
from datetime import timedelta

import jwt as pyjwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from jalon.core.openbadges import documents, jcs, jwt, keys, multibase, verification
from jalon.core.openbadges.problems import Altered, NotValid, UnknownIssuer, Unreadable, Unverifiable
from tests.core.openbadges import cast
from tests.core.openbadges import test_first_model as first_model

SELF_MADE = keys.did_key(cast.OTHER_KEY.public_key())
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def packed(header, payload, key=cast.TOKEN_KEY):
    """A token with any header, signed with ES256 whatever the header says."""
    parts = [
        multibase.to_base64url(part if isinstance(part, bytes) else jcs.canonical(part)) for part in (header, payload)
    ]
    signed = ".".join(parts)
    return f"{signed}.{multibase.to_base64url(jwt._signature(key, signed.encode()))}"


HEADER = {"alg": "ES256", "kid": cast.TOKEN_METHOD, "typ": "JWT"}


def other_signature(token: str) -> str:
    """The same token with the signature that anybody can write without the key."""
    signed, _, last = token.rpartition(".")
    signature = multibase.from_base64url(last)
    s = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551 - int.from_bytes(signature[32:], "big")
    return f"{signed}.{multibase.to_base64url(signature[:32] + s.to_bytes(32, 'big'))}"


class TestATokenOfOurs:
    @pytest.mark.parametrize(("alg", "key"), [("ES256", cast.TOKEN_KEY), ("RS256", RSA)])
    def test_is_accepted_by_an_independent_library(self, alg, key):
        token = jwt.sign(cast.document(), key=key, alg=alg, kid=cast.TOKEN_METHOD)
        payload = pyjwt.decode(token, keys.export_public(key.public_key()), algorithms=[alg])
        assert payload["credentialSubject"] == cast.document()["credentialSubject"]
        assert pyjwt.get_unverified_header(token) == {"alg": alg, "kid": cast.TOKEN_METHOD, "typ": "JWT"}

    def test_has_the_lower_of_the_two_signatures_that_anybody_can_write(self):
        """Source: SEC 1, section 4.1: (r, s) and (r, n - s) are both signatures of the same text."""
        for _ in range(8):
            token = jwt.sign(cast.document(), key=cast.TOKEN_KEY, alg="ES256", kid=cast.TOKEN_METHOD)
            assert not jwt.is_upper(jwt.read(token))
            assert jwt.is_upper(jwt.read(other_signature(token)))
            assert jwt.lowered(other_signature(token)) == jwt.lowered(token) == token

    def test_is_altered_with_the_other_one_and_that_of_another_issuer_may_have_either(self):
        other = other_signature(cast.token()).encode()
        for own, expected in ((frozenset({cast.DID}), "altered"), (frozenset(), "valid")):
            assert verification.verify(other, known=cast.known(own=own), now=cast.MONDAY).verdict == expected

    def test_repeats_what_the_credential_says(self):
        payload = jwt.read(cast.token()).payload
        assert (payload["iss"], payload["jti"]) == (cast.DID, cast.AWARDED.id)
        assert (payload["sub"], payload["nbf"]) == (cast.AWARDED.subject_id, int(cast.MONDAY.timestamp()))

    def test_ends_when_the_credential_ends(self):
        until = cast.MONDAY + timedelta(days=365)
        ending = documents.open_badge_credential(replace(cast.AWARDED, valid_until=until))
        payload = jwt.read(jwt.sign(ending, key=cast.TOKEN_KEY, alg="ES256", kid="a#b")).payload
        assert payload["exp"] == int(until.timestamp())

    @pytest.mark.parametrize(("alg", "key"), [("ES256", cast.TOKEN_KEY), ("RS256", RSA)])
    def test_is_read_back_as_the_credential(self, alg, key):
        token = jwt.read(jwt.sign(cast.document(), key=key, alg=alg, kid=cast.TOKEN_METHOD))
        jwt.verify(token, key=key.public_key())
        assert jwt.credential(token) == cast.document()

    def test_is_refused_with_a_key_of_another_kind(self):
        with pytest.raises(ValueError, match="kind"):
            jwt.sign(cast.document(), key=cast.TOKEN_KEY, alg="RS256", kid="a#b")
        with pytest.raises(Unverifiable, match="key-of-another-kind"):
            jwt.verify(jwt.read(cast.token()), key=RSA.public_key())

    def test_needs_an_id_of_the_subject(self):
        document = cast.document()
        subject = {name: value for name, value in document["credentialSubject"].items() if name != "id"}
        with pytest.raises(ValueError, match="subject"):
            jwt.sign(document | {"credentialSubject": subject}, key=cast.TOKEN_KEY, alg="ES256", kid="a#b")


class TestAHostileToken:
    @pytest.mark.parametrize(
        ("header", "problem", "why"),
        [
            (HEADER | {"alg": "none"}, Unverifiable, "algorithm-not-accepted"),
            (HEADER | {"alg": "HS256"}, Unverifiable, "algorithm-not-accepted"),
            (HEADER | {"alg": "EdDSA"}, Unverifiable, "algorithm-not-accepted"),
            (HEADER | {"alg": "es256"}, Unverifiable, "algorithm-not-accepted"),
            (HEADER | {"alg": ["ES256"]}, Unverifiable, "algorithm-not-accepted"),
            (HEADER | {"jwk": keys.jwk(cast.TOKEN_KEY.public_key())}, UnknownIssuer, "key-in-header"),
            (HEADER | {"jku": "https://a.example/keys"}, UnknownIssuer, "key-in-header"),
            (HEADER | {"x5u": "https://a.example/cert"}, UnknownIssuer, "key-in-header"),
            (HEADER | {"x5c": ["MIIB"]}, UnknownIssuer, "key-in-header"),
            (HEADER | {"crit": ["exp"]}, Unverifiable, "header-not-understood"),
            (HEADER | {"b64": False}, Unverifiable, "header-not-understood"),
            (HEADER | {"typ": "at+jwt"}, Unverifiable, "header-not-understood"),
            (HEADER | {"typ": ["JWT"]}, Unverifiable, "header-not-understood"),
            ({"alg": "ES256"}, Unverifiable, "header-not-understood"),
            (HEADER | {"kid": 7}, Unverifiable, "header-not-understood"),
            ([], Unreadable, "not-an-object"),
            (b'{"alg":"none","alg":"ES256"}', Unreadable, "repeated-key"),
        ],
    )
    def test_is_refused_by_its_header(self, header, problem, why):
        with pytest.raises(NotValid) as refused:
            jwt.read(packed(header, cast.document()))
        assert isinstance(refused.value, problem)
        assert refused.value.reason == why

    @pytest.mark.parametrize(
        "token",
        [
            "",
            "a",
            "a.b",
            "a.b.c.d",
            "..",
            cast.token() + "=",
            cast.token() + "\n",
            " " + cast.token(),
            "é.é.é",
            cast.token().replace(".", "..", 1),
        ],
    )
    def test_is_refused_by_its_form(self, token):
        with pytest.raises(Unreadable):
            jwt.read(token)

    def test_is_refused_when_it_is_long(self):
        with pytest.raises(Unreadable, match="too-large"):
            jwt.read("a" * (jwt.MAX_BYTES + 1))

    @pytest.mark.parametrize("signature", [b"", b"\0" * 64, b"\xff" * 64, b"\0" * 63, b"\0" * 65])
    def test_is_refused_by_its_signature(self, signature):
        signed = cast.token().rpartition(".")[0]
        token = jwt.read(f"{signed}.{multibase.to_base64url(signature)}")
        with pytest.raises(Altered, match="signature-does-not-match"):
            jwt.verify(token, key=cast.TOKEN_KEY.public_key())

    @pytest.mark.parametrize(
        ("claim", "value"),
        [("iss", "did:web:other.example"), ("jti", "urn:x:2"), ("sub", "urn:x:3"), ("nbf", 1), ("nbf", "1")],
    )
    def test_is_refused_when_it_says_one_thing_and_its_credential_another(self, claim, value):
        payload = jwt.read(cast.token()).payload | {claim: value}
        with pytest.raises(Altered, match="claims-disagree"):
            jwt.credential(jwt.read(packed(HEADER, payload)))


class TestATokenWithTheMomentsOfTheFirstModel:
    @pytest.mark.parametrize(
        ("claim", "old", "name"), [("nbf", "issuanceDate", "validFrom"), ("exp", "expirationDate", "validUntil")]
    )
    def test_keeps_the_moment_of_its_claim_beside_that_of_its_credential(self, claim, old, name):
        payload = {key: value for key, value in cast.document().items() if key not in ("validFrom", "validUntil")}
        payload |= {old: "2026-03-02T15:19:00Z", claim: 4_102_444_800}
        document = jwt.credential(jwt.read(packed(HEADER, payload)))
        assert (document[old], document[name]) == ("2026-03-02T15:19:00Z", "2100-01-01T00:00:00Z")

    @pytest.mark.parametrize("nbf", [True, "soon", None, [1], {}])
    def test_is_refused_when_its_claim_is_no_moment(self, nbf):
        payload = {key: value for key, value in cast.document().items() if key != "validFrom"} | {"nbf": nbf}
        with pytest.raises(Altered, match="claims-disagree"):
            jwt.credential(jwt.read(packed(HEADER, payload)))


class TestATokenOnTheFirstDataModel:
    CLAIMS = {
        "iss": cast.DID,
        "jti": "urn:uuid:1",
        "nbf": int(cast.MONDAY.timestamp()),
        "exp": int(cast.MONDAY.timestamp()) + 60,
        "sub": cast.AWARDED.subject_id,
        "vc": {
            "@context": ["https://www.w3.org/2018/credentials/v1"],
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "issuanceDate": "2026-03-02T15:19:00Z",
            "credentialSubject": {"id": cast.AWARDED.subject_id, "achievement": {"name": "a"}},
        },
    }

    def test_is_brought_to_the_second(self):
        document = jwt.credential(jwt.read(packed(HEADER, self.CLAIMS)))
        assert document["id"] == "urn:uuid:1"
        assert document["issuer"] == cast.DID
        assert (document["validFrom"], document["validUntil"]) == ("2026-03-02T15:19:00Z", "2026-03-02T15:20:00Z")

    def test_names_its_subject_in_the_token_alone_if_it_likes(self):
        """Source: Verifiable Credentials Data Model 1.1, section 6.3.1: `sub` stands for the id of the subject."""
        without = self.CLAIMS | {"vc": self.CLAIMS["vc"] | {"credentialSubject": {"achievement": {"name": "a"}}}}
        subject = jwt.credential(jwt.read(packed(HEADER, without)))["credentialSubject"]
        assert subject == {"id": cast.AWARDED.subject_id, "achievement": {"name": "a"}}

    @pytest.mark.parametrize("changes", [{"nbf": 5}, {"exp": "a"}, {"exp": 10**14}, {"sub": "urn:x:1"}])
    def test_is_refused_when_its_claims_disagree(self, changes):
        with pytest.raises(Altered, match="claims-disagree"):
            jwt.credential(jwt.read(packed(HEADER, self.CLAIMS | changes)))


def test_the_header_is_plain_json():
    assert json.loads(multibase.from_base64url(cast.token().partition(".")[0])) == HEADER


class TestATokenAroundAProof:
    """A credential that was signed, then put into a token: both signatures hold, by keys of the one issuer."""

    def around(self, document: dict, **claims) -> tuple[str, str]:
        payload = document | jwt._claims(document) | claims
        found = verification.verify(packed(HEADER, payload).encode(), known=cast.known(), now=cast.MONDAY)
        return found.verdict, found.reason

    def proven(self, **how) -> dict:
        return cast.sign(cast.document(), **how)

    def test_is_valid_when_both_hold(self):
        assert self.around(self.proven()) == ("valid", "")

    def test_is_altered_when_the_proof_is_of_another_text(self):
        changed = self.proven() | {"name": "Autre"}
        assert self.around(changed) == ("altered", "second-proof-does-not-match")

    def test_is_altered_when_the_proof_is_made_with_another_key(self):
        foreign = self.proven(key=cast.OTHER_KEY)
        assert self.around(foreign) == ("altered", "second-proof-does-not-match")

    @pytest.mark.parametrize("method", ["did:web:other.example#key-1", f"{cast.DID}#key-9", SELF_MADE])
    def test_cannot_be_verified_when_the_proof_is_by_somebody_else(self, method):
        foreign = self.proven(key=cast.OTHER_KEY, method=method)
        assert self.around(foreign) == ("unverifiable", "second-proof-not-checked")

    @pytest.mark.parametrize(
        "proof",
        [None, "", [], {}, {"type": "DataIntegrityProof"}, [{}, {}]],
        ids=["null", "text", "none", "empty", "half", "two"],
    )
    def test_cannot_be_verified_when_the_proof_is_none(self, proof):
        assert self.around(cast.document() | {"proof": proof}) == ("unverifiable", "second-proof-not-checked")

    def test_cannot_be_verified_when_the_proof_is_of_a_kind_that_is_not_known(self):
        proof = self.proven()["proof"] | {"cryptosuite": "bbs-2023"}
        assert self.around(cast.document() | {"proof": proof}) == ("unverifiable", "second-proof-not-checked")

    def test_is_altered_when_the_token_itself_is_whatever_the_proof_says(self):
        token = packed(HEADER, self.proven() | jwt._claims(cast.document()))
        forged = token.rpartition(".")[0] + "." + "A" * 86
        found = verification.verify(forged.encode(), known=cast.known(), now=cast.MONDAY)
        assert (found.verdict, found.reason) == ("altered", "signature-does-not-match")

    def test_is_judged_by_the_text_inside_it_on_the_first_model_too(self):
        """The proof was made for what stands in `vc`, not for what the claims of the token add to it."""
        for name, expected in (("Premiers pas", "valid"), ("Autre", "altered")):
            document = json.loads(first_model.signed(first_model.badge()))
            claims = {"iss": cast.DID, "vc": document | {"name": name}}
            knowing = cast.known(older_contexts=frozenset({cast.DID}))
            found = verification.verify(packed(HEADER, claims).encode(), known=knowing, now=cast.MONDAY)
            assert (name, found.verdict, found.reason) == (name, expected, found.reason)

    def test_is_altered_when_a_proof_stands_beside_the_text(self):
        claims = {"iss": cast.DID, "vc": first_model.badge(), "proof": self.proven()["proof"]}
        with pytest.raises(Altered, match="claims-disagree"):
            jwt.credential(jwt.read(packed(HEADER, claims)))

    def test_is_not_a_status_list_when_its_proof_does_not_hold(self):
        listed = json.loads(cast.status_list())
        assert self.read_list(listed).address == cast.LIST
        with pytest.raises(Altered, match="second-proof-does-not-match"):
            self.read_list(listed | {"validFrom": "2026-03-01T15:19:00Z"})

    def read_list(self, document: dict):
        return verification.read_status_list(
            packed(HEADER, document | {"iss": cast.DID}).encode(), known=cast.known(), now=cast.MONDAY
        )
