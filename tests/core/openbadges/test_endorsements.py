"""Endorsements: made as the standard asks, and a badge that carries one is valid only when it holds as well."""

import json
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from jalon.core.openbadges import documents, endorsements, jcs, jwt, keys, status, verification
from jalon.core.openbadges.endorsements import Endorsement
from tests.core.openbadges import cast
from tests.core.openbadges.cast import ACHIEVEMENT, AWARDED, DID, MONDAY

ENDORSER = "did:web:partenaire.example"
ENDORSER_METHOD = f"{ENDORSER}#key-1"
ENDORSER_TOKEN = f"{ENDORSER}#key-2"
LIST = "https://partenaire.example/status/1"
ENDORSER_KEY = cast.OTHER_KEY
LATER = MONDAY + timedelta(days=1)
SAID = Endorsement(
    id="https://partenaire.example/endorsements/1",
    issuer=documents.Profile(ENDORSER, "Partenaire fictif"),
    endorsed=ACHIEVEMENT.id,
    comment="Ce badge répond à un besoin des écoles.",
    name="Appui au badge Explorateur",
    valid_from=MONDAY,
)
BOTH = {
    DID: {cast.METHOD: cast.KEY.public_key(), cast.TOKEN_METHOD: cast.TOKEN_KEY.public_key()},
    ENDORSER: {ENDORSER_METHOD: ENDORSER_KEY.public_key(), ENDORSER_TOKEN: cast.TOKEN_KEY.public_key()},
}
HOLDERS = {"achievement": ACHIEVEMENT.id, "issuer": DID, "credential": AWARDED.id}


def endorsed(**changes: Any) -> dict[str, Any]:
    document = endorsements.endorsement_credential(replace(SAID, **changes))
    return cast.sign(document, key=ENDORSER_KEY, method=ENDORSER_METHOD)


def token(**changes: Any) -> str:
    document = endorsements.endorsement_credential(replace(SAID, **changes))
    return jwt.sign(document, key=cast.TOKEN_KEY, alg="ES256", kid=ENDORSER_TOKEN)


def listed(revoked: tuple[int, ...]) -> bytes:
    """Return the status list of the endorser."""
    bits = status.with_statuses(status.empty(), indexes=revoked, is_set=True)
    document = status.status_list_credential(
        address=LIST, issuer=ENDORSER, bits=bits, valid_from=MONDAY, valid_for=timedelta(days=7)
    )
    return jcs.canonical(cast.sign(document, key=ENDORSER_KEY, method=ENDORSER_METHOD))


def carrying(*said: Any, name: str = "endorsement", where: str = "achievement") -> dict[str, Any]:
    """Return our badge, signed by us, with these endorsements in it."""
    document = deepcopy(cast.document())
    places = {"achievement": document["credentialSubject"]["achievement"], "issuer": document["issuer"]}
    places.get(where, document)[name] = list(said)
    return cast.sign(document)


def verdict(badge: dict[str, Any], *, now=LATER, **changes: Any) -> tuple[str, str]:
    knowing = cast.known(**{"issuers": BOTH} | changes)
    found = verification.verify(jcs.canonical(badge), known=knowing, now=now)
    return found.verdict, found.reason


class TestAnEndorsement:
    def test_is_written_as_the_standard_asks(self):
        document = endorsements.endorsement_credential(SAID)
        assert document["@context"] == list(documents.CONTEXT)
        assert document["type"] == ["VerifiableCredential", "EndorsementCredential"]
        assert document["name"] == "Appui au badge Explorateur"
        assert document["issuer"] == {"id": ENDORSER, "type": ["Profile"], "name": "Partenaire fictif"}
        assert document["credentialSubject"] == {
            "id": ACHIEVEMENT.id,
            "type": ["EndorsementSubject"],
            "endorsementComment": "Ce badge répond à un besoin des écoles.",
        }
        assert document["validFrom"] == "2026-03-02T15:19:00Z"
        assert document.keys().isdisjoint({"validUntil", "credentialStatus"})

    def test_may_have_an_end_and_a_status(self):
        document = endorsements.endorsement_credential(
            replace(SAID, valid_until=LATER, status=documents.Status(cast.LIST, 7))
        )
        assert document["validUntil"] == "2026-03-03T15:19:00Z"
        assert document["credentialStatus"]["statusListIndex"] == "7"

    @pytest.mark.parametrize("part", ["id", "endorsed", "comment", "name"])
    def test_lacks_no_part(self, part):
        with pytest.raises(ValueError, match="empty"):
            endorsements.endorsement_credential(replace(SAID, **{part: " "}))


class TestABadgeThatCarriesAnEndorsement:
    @pytest.mark.parametrize("where", HOLDERS)
    def test_is_valid_when_both_hold_wherever_it_stands(self, where):
        assert verdict(carrying(endorsed(endorsed=HOLDERS[where]), where=where)) == ("valid", "")

    @pytest.mark.parametrize("where", HOLDERS)
    def test_is_valid_with_one_in_a_token_too(self, where):
        badge = carrying(token(endorsed=HOLDERS[where]), name="endorsementJwt", where=where)
        assert verdict(badge) == ("valid", "")

    def test_is_never_valid_under_the_name_of_the_endorser(self):
        knowing = cast.known(issuers=BOTH)
        found = verification.verify(jcs.canonical(carrying(endorsed())), known=knowing, now=LATER)
        assert (found.issuer, found.issuer_name) == (DID, "Jalon (démonstration)")

    @pytest.mark.parametrize(
        ("change", "expected"),
        [
            ({"credentialSubject": {"endorsementComment": "Autre"}}, "endorsement-altered"),
            ({"name": "Autre"}, "endorsement-altered"),
            ({"validFrom": "2026-03-01T00:00:00Z"}, "endorsement-altered"),
            ({"proof": {"created": "2026-03-02T15:19:01Z"}}, "endorsement-altered"),
            ({"issuer": cast.document()["issuer"]}, "endorsement-by-a-stranger"),
            ({"proof": {"verificationMethod": f"{ENDORSER}#key-9"}}, "endorsement-by-a-stranger"),
            ({"proof": {"cryptosuite": "ecdsa-sd-2023"}}, "endorsement-not-checked"),
            ({"credentialSubject": {"id": "https://jalon.example/achievements/other"}}, "endorsement-not-checked"),
        ],
    )
    def test_that_was_changed_before_the_badge_was_signed_cannot_be_verified(self, change, expected):
        """Our own proof holds and covers the change: it is the proof of the endorser that does not."""
        said = endorsed()
        for name, value in change.items():
            said[name] = said[name] | value if isinstance(value, dict) else value
        assert verdict(carrying(said)) == ("unverifiable", expected)

    def test_by_somebody_unknown_cannot_be_verified(self):
        assert verdict(carrying(endorsed()), issuers={DID: BOTH[DID]}) == ("unverifiable", "endorsement-by-a-stranger")

    def test_by_whoever_holds_a_key_of_its_own_name_cannot_be_verified(self):
        own = keys.did_key(ENDORSER_KEY.public_key())
        document = endorsements.endorsement_credential(replace(SAID, issuer=documents.Profile(own, "Inconnu")))
        said = cast.sign(document, key=ENDORSER_KEY, method=f"{own}#{own.removeprefix('did:key:')}")
        assert verdict(carrying(said)) == ("unverifiable", "endorsement-by-a-stranger")

    @pytest.mark.parametrize(
        ("days", "expected"), [(0, "valid"), (2, "valid"), (3, "unverifiable")], ids=["first", "last", "after"]
    )
    def test_that_has_an_end_cannot_be_verified_after_it(self, days, expected):
        badge = carrying(endorsed(valid_until=MONDAY + timedelta(days=3)))
        assert verdict(badge, now=MONDAY + timedelta(days=days))[0] == expected

    @pytest.mark.parametrize(
        ("revoked", "expected"), [((), ("valid", "")), ((7,), ("unverifiable", "endorsement-ended"))], ids=str
    )
    def test_that_was_taken_back_cannot_be_verified(self, revoked, expected):
        badge = carrying(endorsed(status=documents.Status(LIST, 7)))
        assert verdict(badge, status_lists={cast.LIST: cast.status_list(), LIST: listed(revoked)}) == expected

    def test_with_the_status_list_of_somebody_else_cannot_be_verified(self):
        badge = carrying(endorsed(status=documents.Status(cast.LIST, 7)))
        assert verdict(badge) == ("unverifiable", "endorsement-not-checked")

    def test_that_is_itself_out_of_date_says_so_before_its_endorsement(self):
        document = deepcopy(cast.document()) | {"validUntil": "2026-03-03T00:00:00Z"}
        document["credentialSubject"]["achievement"]["endorsement"] = [endorsed() | {"name": "Autre"}]
        assert verdict(cast.sign(document)) == ("expired", "expired")

    @pytest.mark.parametrize(
        "said",
        [
            "https://partenaire.example/endorsements/1",
            "urn:uuid:1c5df1c4-9f43-4a5e-8a2c-33a1c5c3a3a1",
            {"id": "https://partenaire.example/endorsements/1", "type": ["EndorsementCredential"], "name": "A"},
        ],
        ids=["address", "urn", "unsigned"],
    )
    def test_that_is_none_cannot_be_verified(self, said):
        assert verdict(carrying(said))[0] == "unverifiable"

    def test_with_another_context_cannot_be_verified(self):
        said = endorsed() | {"@context": [documents.CONTEXT[0]]}
        badge = cast.sign(deepcopy(cast.document()))
        badge["credentialSubject"]["achievement"]["endorsement"] = [said]
        assert verdict(badge) == ("unverifiable", "unknown-context")

    def test_with_more_than_a_few_is_too_much_work(self):
        many = [endorsed(id=f"https://partenaire.example/endorsements/{n}") for n in range(endorsements.MOST + 1)]
        assert verdict(carrying(*many[:-1])) == ("valid", "")
        assert verdict(carrying(*many)) == ("unverifiable", "too-much-work")

    def test_with_one_bit_changed_is_never_valid(self):
        good = jcs.canonical(carrying(endorsed()))
        assert verdict(json.loads(good)) == ("valid", "")
        believed = []
        for at in range(0, len(good), 19):
            wrong = good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :]
            if verification.verify(wrong, known=cast.known(issuers=BOTH), now=LATER).verdict == "valid":
                believed.append(at)
        assert believed == []

    @pytest.mark.parametrize("name", ["name", "description", "inLanguage"])
    def test_cannot_have_a_member_of_the_achievement_moved_into_it(self, name):
        """Both are one node of the graph, so that our own proof still holds."""
        badge = carrying(endorsed())
        achievement = badge["credentialSubject"]["achievement"]
        achievement["endorsement"][0]["credentialSubject"][name] = achievement.pop(name)
        assert verdict(badge)[0] != "valid"

    def test_cannot_have_its_comment_moved_out_of_it(self):
        badge = carrying(endorsed())
        achievement = badge["credentialSubject"]["achievement"]
        achievement["endorsementComment"] = achievement["endorsement"][0]["credentialSubject"].pop("endorsementComment")
        assert verdict(badge)[0] != "valid"


def test_a_token_whose_words_mean_nothing_defined_endorses_nothing():
    document = endorsements.endorsement_credential(SAID)
    for added, expected in (({}, ("valid", "")), ({"invented": "A"}, ("unverifiable", "endorsement-not-checked"))):
        said = jwt.sign(document | added, key=cast.TOKEN_KEY, alg="ES256", kid=ENDORSER_TOKEN)
        assert verdict(carrying(said, name="endorsementJwt")) == expected
