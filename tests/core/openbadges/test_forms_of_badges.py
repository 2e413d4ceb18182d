"""A badge of a known issuer is valid only with the parts that Open Badges 3.0 demands, written as it demands."""

import json
from copy import deepcopy
from typing import Any

import pytest

from jalon.core.openbadges import jcs, jwt
from jalon.core.openbadges.kinds import ACHIEVEMENT_TYPES
from tests.core.openbadges import cast, test_first_model
from tests.core.openbadges.test_badge_tokens import HEADER, packed
from tests.core.openbadges.test_verdicts import changed, signed, verdict

VALID = ("valid", "")
INCOMPLETE = ("unverifiable", "incomplete")
GONE = object()
SUBJECT = ("credentialSubject",)
ACHIEVEMENT = (*SUBJECT, "achievement")

LACKING = {
    "no name": {(*ACHIEVEMENT, "name"): GONE},
    "an empty name": {(*ACHIEVEMENT, "name"): ""},
    "a blank name": {(*ACHIEVEMENT, "name"): " \u00a0"},
    "no description": {(*ACHIEVEMENT, "description"): GONE},
    "an empty description": {(*ACHIEVEMENT, "description"): ""},
    "a description in a list": {(*ACHIEVEMENT, "description"): ["A"]},
    "no id of the achievement": {(*ACHIEVEMENT, "id"): GONE},
    "no criteria": {(*ACHIEVEMENT, "criteria"): GONE},
    "criteria that say nothing": {(*ACHIEVEMENT, "criteria"): {"type": "Criteria"}},
    "criteria without a word": {(*ACHIEVEMENT, "criteria"): {"narrative": " "}},
    "criteria by their address alone": {(*ACHIEVEMENT, "criteria"): "https://a.example/criteria"},
    "criteria in a list": {(*ACHIEVEMENT, "criteria"): [{"narrative": "A"}]},
    "an invented type of achievement": {(*ACHIEVEMENT, "achievementType"): "Fun"},
    "a type of achievement in another case": {(*ACHIEVEMENT, "achievementType"): "badge"},
    "a prefix alone": {(*ACHIEVEMENT, "achievementType"): "ext:"},
    "a type of achievement in a list": {(*ACHIEVEMENT, "achievementType"): ["Badge"]},
    "nobody": {(*SUBJECT, "id"): GONE, (*SUBJECT, "identifier"): GONE},
    "nobody by a name": {
        (*SUBJECT, "id"): GONE,
        (*SUBJECT, "identifier"): [{"type": "IdentityObject", "hashed": False, "identityType": "name"}],
    },
    "no type of the issuer": {("issuer", "type"): GONE},
    "another type of the issuer": {("issuer", "type"): ["Address"]},
    "an empty name of the badge": {("name",): ""},
}
ALLOWED = {
    "no name of the badge": {("name",): GONE},
    "an issuer by its address alone": {("issuer",): cast.DID},
    "an issuer without a name": {("issuer", "name"): GONE},
    "a type as a text": {(*ACHIEVEMENT, "type"): "Achievement", (*SUBJECT, "type"): "AchievementSubject"},
    "two types": {("issuer", "type"): ["Profile", "Achievement"]},
    "no type of achievement": {(*ACHIEVEMENT, "achievementType"): GONE},
    "a type of achievement of its own": {(*ACHIEVEMENT, "achievementType"): "ext:Éveil"},
    "criteria by their address": {(*ACHIEVEMENT, "criteria"): {"id": "https://a.example/criteria"}},
    "criteria in words": {(*ACHIEVEMENT, "criteria"): {"type": "Criteria", "narrative": "A"}},
    "an id alone": {(*SUBJECT, "identifier"): GONE},
}


def written(changes: dict[tuple[str, ...], Any]) -> dict[str, Any]:
    """Return our badge, before it is signed, with other members."""
    document = deepcopy(cast.document())
    for (*path, name), value in changes.items():
        place = document
        for step in path:
            place = place[step]
        place.pop(name, None)
        if value is not GONE:
            place[name] = value
    return document


def token(document: dict[str, Any]) -> bytes:
    return packed(HEADER, document).encode()


class TestABadge:
    @pytest.mark.parametrize("name", LACKING)
    def test_that_lacks_what_the_standard_demands_is_never_valid(self, name):
        document = written(LACKING[name])
        assert verdict(signed(document)) == INCOMPLETE
        assert verdict(token(document)) == INCOMPLETE

    @pytest.mark.parametrize("place", [SUBJECT, ACHIEVEMENT], ids=["subject", "achievement"])
    @pytest.mark.parametrize(
        "types", [GONE, ["Profile"], "Évaluation", None], ids=["none", "other", "invented", "null"]
    )
    def test_whose_parts_are_of_another_type_is_never_valid(self, place, types):
        """What the words in them mean goes by their type."""
        assert verdict(token(written({(*place, "type"): types})))[0] == "unverifiable"

    @pytest.mark.parametrize("name", ALLOWED)
    def test_with_all_that_the_standard_demands_is_valid(self, name):
        document = written(ALLOWED[name])
        assert verdict(signed(document)) == VALID
        assert verdict(token(document)) == VALID

    @pytest.mark.parametrize("name", sorted(ACHIEVEMENT_TYPES))
    def test_of_each_type_of_the_list_is_valid(self, name):
        assert verdict(token(written({(*ACHIEVEMENT, "achievementType"): name}))) == VALID

    def test_of_somebody_named_by_an_identifier_alone_is_valid(self):
        (one,) = cast.document()["credentialSubject"]["identifier"]
        for identifier in (one, [one]):
            document = written({(*SUBJECT, "id"): GONE, (*SUBJECT, "identifier"): identifier})
            assert verdict(signed(document)) == VALID

    def test_that_lacks_a_part_is_first_of_all_altered_revoked_over_or_a_strangers(self):
        lacking = written(LACKING["no criteria"])
        revoked = cast.known(status_lists={cast.LIST: cast.status_list(revoked=(cast.INDEX,))})
        assert verdict(signed(lacking), knowing=revoked) == ("revoked", "revocation")
        assert verdict(signed(lacking | {"validUntil": "2026-03-02T15:20:00Z"})) == ("expired", "expired")
        assert verdict(signed(lacking), knowing=cast.known(issuers={}))[0] == "unknown_issuer"
        assert verdict(changed(credentialSubject=lacking["credentialSubject"]))[0] == "altered"


class TestItsContexts:
    FIRST, SECOND = cast.document()["@context"]
    MORE = "https://w3id.org/security/suites/ed25519-2020/v1"

    @pytest.mark.parametrize(
        ("contexts", "expected"),
        [
            ([FIRST, SECOND], VALID),
            ([FIRST, SECOND, MORE], VALID),
            ([SECOND, FIRST], INCOMPLETE),
            ([FIRST, MORE, SECOND], INCOMPLETE),
            ([MORE, FIRST, SECOND], INCOMPLETE),
        ],
        ids=str,
    )
    def test_come_in_their_order(self, contexts, expected):
        assert verdict(token(cast.document() | {"@context": contexts})) == expected

    @pytest.mark.parametrize(
        ("order", "expected"), [((0, 1, 2), VALID), ((1, 0, 2), INCOMPLETE), ((0, 2, 1), INCOMPLETE)], ids=str
    )
    def test_of_the_first_model_come_in_their_order_too(self, order, expected):
        contexts = test_first_model.badge()["@context"]
        badge = test_first_model.badge(**{"@context": [contexts[at] for at in order]})
        assert test_first_model.verdict(test_first_model.signed(badge)) == expected


class TestABadgeOnTheFirstModel:
    @pytest.mark.parametrize("part", ["name", "description", "criteria", "id"])
    def test_lacks_nothing_either(self, part):
        badge = test_first_model.badge()
        del badge["credentialSubject"]["achievement"][part]
        assert test_first_model.verdict(test_first_model.signed(badge)) == INCOMPLETE

    def test_in_a_token_may_leave_its_issuer_to_the_claims(self):
        badge = test_first_model.badge()
        del badge["issuer"]
        assert verdict(packed(HEADER, {"iss": cast.DID, "vc": badge}).encode()) == VALID


def test_ours_has_all_parts():
    assert verdict(jcs.canonical(json.loads(cast.credential()))) == VALID
    assert verdict(jwt.sign(cast.document(), key=cast.TOKEN_KEY, alg="ES256", kid=cast.TOKEN_METHOD).encode()) == VALID
