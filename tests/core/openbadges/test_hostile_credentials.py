"""What somebody tries with a credential that was signed, or with a key of a known issuer: never a false "valid"."""

import json
from copy import deepcopy

import pytest

from jalon.core.openbadges import baking, dataintegrity, jcs
from jalon.core.openbadges.problems import Altered
from jalon.credentials.contexts import contexts
from tests.core.openbadges import cast
from tests.core.openbadges.test_badge_tokens import HEADER, packed
from tests.core.openbadges.test_first_model import badge
from tests.core.openbadges.test_verdicts import changed, verdict, verify


class TestAMomentBeyondTheCalendar:
    @pytest.mark.parametrize(
        ("name", "moment"),
        [("validFrom", "0001-01-01T00:00:00+14:00"), ("validUntil", "9999-12-31T23:59:59-14:00")],
    )
    def test_is_unreadable(self, name, moment):
        assert verdict(changed(**{name: moment})) == ("unreadable", "not-a-moment")


class TestAProofThatEnds:
    @pytest.mark.parametrize("written", [lambda proof: proof, lambda proof: [proof]], ids=["alone", "in a list"])
    @pytest.mark.parametrize(
        ("expires", "expected"),
        [
            ("2026-03-02T16:00:00Z", ("expired", "expired")),
            ("2030-01-01T00:00:00Z", ("valid", "")),
        ],
    )
    def test_ends_the_credential_however_it_is_written(self, written, expires, expected):
        options = dataintegrity.proof_options(verification_method=cast.METHOD, created=cast.MONDAY)
        options |= {"expires": expires}
        signature = cast.KEY.sign(dataintegrity.hash_data(cast.document(), options, contexts()))
        proof = options | {"proofValue": dataintegrity.proof_value(signature)}
        assert verdict(jcs.canonical(cast.document() | {"proof": written(proof)})) == expected


def token(**members) -> bytes:
    """Return a token that our own key signed, with other members than ours have; None takes one away."""
    claims = cast.document() | members
    return packed(HEADER, {name: value for name, value in claims.items() if value is not None}).encode()


class TestATokenThatIsNotYetToBeUsed:
    def test_is_not_yet_valid_whatever_its_credential_says(self):
        payload = packed(HEADER, badge() | {"nbf": 4_102_444_800}).encode()
        assert verdict(payload) == ("not_yet_valid", "not-yet-valid")


class TestATokenWhoseWordsMeanNothingDefined:
    """What its signature covers are bytes: what they mean is asked as it is of a credential with an embedded proof."""

    def test_is_never_valid(self):
        assert verdict(token(invented="A")) == ("unverifiable", "meaning-not-defined")
        context = [*cast.document()["@context"], {"achievement": "https://evil.example/other"}]
        assert verdict(token(**{"@context": context})) == ("unverifiable", "unknown-context")

    def test_is_judged_by_its_signature_first(self):
        first, second, third = token(invented="A").decode().split(".")
        wrong = ".".join((first, second, third[:-4] + "AAAA"))
        assert verdict(wrong.encode()) == ("altered", "signature-does-not-match")

    def test_is_not_asked_where_it_was_asked_before_signing(self, monkeypatch):
        monkeypatch.setattr(dataintegrity, "check_meaning", lambda *_: pytest.fail("read again"))
        assert verdict(cast.token().encode(), knowing=cast.known(own=frozenset({cast.DID}))) == ("valid", "")

    def test_in_the_first_model_is_asked_in_its_own_contexts(self):
        assert verdict(packed(HEADER, {"vc": badge()}).encode()) == ("valid", "")
        assert verdict(packed(HEADER, {"vc": badge(invented="A")}).encode()) == ("unverifiable", "meaning-not-defined")

    def test_is_altered_when_it_carries_two_credentials(self):
        assert verdict(token(vc=badge())) == ("altered", "claims-disagree")

    def test_is_too_large_where_a_credential_would_be(self):
        assert verdict(token(name="A" * 2**16)) == ("unreadable", "too-large")


class TestAnIssuerThatIsDescribedTwice:
    def made_by(self, creator: dict) -> dict:
        document = deepcopy(cast.document())
        document["credentialSubject"]["achievement"]["creator"] = creator
        return document

    def test_in_other_words_is_not_signed_since_both_names_could_trade_places(self):
        creator = {"id": cast.DID, "type": ["Profile"], "name": "Un autre nom"}
        with pytest.raises(Altered, match="described-twice"):
            cast.sign(self.made_by(creator))

    def test_in_the_same_words_or_by_its_address_alone_is_valid(self):
        for creator in (cast.document()["issuer"], {"id": cast.DID}):
            assert verdict(jcs.canonical(cast.sign(self.made_by(creator)))) == ("valid", "")

    def test_and_whose_names_traded_places_is_altered(self):
        signed = cast.sign(self.made_by(cast.document()["issuer"]))
        signed["issuer"] = signed["issuer"] | {"name": "Un autre nom"}
        assert verdict(jcs.canonical(signed)) == ("altered", "described-twice")


def rewritten(*path: str | int, value) -> bytes:
    """Return our credential, proof and all, with a member written in another way by `value`."""
    document = json.loads(cast.credential())
    place = document
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value(place[path[-1]])
    return jcs.canonical(document)


def in_a_list(text):
    return [text]


def in_an_object(text):
    return {"@value": text}


class TestATextWrittenOtherwise:
    @pytest.mark.parametrize("value", [in_a_list, in_an_object])
    @pytest.mark.parametrize(
        "path",
        [
            ("issuer", "name"),
            ("awardedDate",),
            ("credentialSubject", "licenseNumber"),
            ("credentialSubject", "achievement", "name"),
            ("credentialSubject", "identifier", 0, "identityHash"),
            ("credentialSubject", "identifier", 0, "identityType"),
            ("credentialSubject", "identifier", 0, "hashed"),
        ],
        ids=str,
    )
    def test_hides_nothing_although_its_signature_holds(self, path, value):
        assert verdict(rewritten(*path, value=value))[0] == "unreadable"

    def test_leaves_the_name_of_the_holder_to_be_read(self):
        found = verify(rewritten("credentialSubject", "identifier", value=lambda identifiers: identifiers[0]))
        assert (found.verdict, found.holder) == ("valid", "Élodie Exemple-Fictive")


class TestSomebodyElsesDrawing:
    OTHER = cast.SVG.replace(b"#0A595F", b"#FF0000")

    def split(self) -> bytes:
        """Return our credential with the kind of its picture said of the badge's image: it has the same address."""
        document = json.loads(cast.credential())
        kind = document["relatedResource"][0].pop("mediaType")
        document["credentialSubject"]["achievement"]["image"]["mediaType"] = kind
        return jcs.canonical(document)

    @pytest.mark.parametrize("value", [in_a_list, in_an_object])
    @pytest.mark.parametrize("name", ["mediaType", "digestSRI"])
    def test_is_altered_however_the_right_one_is_named(self, name, value):
        payload = rewritten("relatedResource", 0, name, value=value).decode()
        assert verdict(baking.bake_svg(self.OTHER, payload))[0] == "altered"

    def test_is_altered_when_the_right_one_is_described_in_two_places(self):
        assert verdict(self.split()) == ("valid", "")
        assert verdict(baking.bake_svg(cast.SVG, self.split().decode())) == ("valid", "")
        assert verdict(baking.bake_svg(self.OTHER, self.split().decode())) == ("altered", "picture-does-not-match")
