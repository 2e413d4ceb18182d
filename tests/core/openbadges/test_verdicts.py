"""What a stranger's check says of a credential: valid only when everything could be checked and holds."""

import json
import zlib
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.core.openbadges import baking, documents, jcs, jwt, keys, status, verification
from jalon.core.openbadges.problems import NotValid
from jalon.core.openbadges.verification import Known, Verdict
from tests.core.openbadges import cast
from tests.core.openbadges.cast import AWARDED, DID, LIST, METHOD, MONDAY, TOKEN_METHOD, known
from tests.core.openbadges.test_baked_pictures import PNG

OTHER_DID = "did:web:other.example"
OTHER_METHOD = f"{OTHER_DID}#key-1"
OTHER_PUBLIC = cast.OTHER_KEY.public_key()
SELF_MADE = keys.did_key(OTHER_PUBLIC)
LATER = MONDAY + timedelta(days=1)


def verify(payload: bytes, *, knowing: Known | None = None, now=LATER) -> Verdict:
    return verification.verify(payload, known=knowing or known(), now=now)


def verdict(payload: bytes, *, knowing: Known | None = None, now=LATER) -> tuple[str, str]:
    found = verify(payload, knowing=knowing, now=now)
    return found.verdict, found.reason


def signed(document: dict, **how) -> bytes:
    return jcs.canonical(cast.sign(document, **how))


def awarded(**changes) -> bytes:
    return signed(documents.open_badge_credential(replace(AWARDED, **changes)))


def without(name: str) -> bytes:
    return jcs.canonical({key: value for key, value in json.loads(cast.credential()).items() if key != name})


def changed(**members) -> bytes:
    """Return our credential with members exchanged and the old proof kept: its form is looked at before its proof."""
    return jcs.canonical(json.loads(cast.credential()) | members)


class TestACredentialOfOurs:
    @pytest.mark.parametrize(
        "payload",
        [
            cast.credential(),
            cast.token().encode(),
            baking.bake_png(PNG, cast.credential().decode()),
            baking.bake_png(PNG, cast.token()),
            baking.bake_svg(cast.SVG, cast.credential().decode()),
            baking.bake_svg(cast.SVG, cast.token()),
            json.dumps(json.loads(cast.credential()), indent=2).encode(),
            b"\n " + cast.credential() + b"\n",
        ],
        ids=["json", "token", "png", "png-token", "svg", "svg-token", "indented", "spaced"],
    )
    def test_is_valid_in_whatever_it_comes(self, payload):
        assert verdict(payload) == ("valid", "")

    def test_says_who_obtained_what_and_when(self):
        found = verify(cast.credential())
        assert found.code == "7K3M9-RT4WX"
        assert found.holder == "Élodie Exemple-Fictive"
        assert found.achievement == "Explorateur"
        assert found.awarded_on == "2026-03-02"
        assert (found.issuer, found.issuer_name) == (DID, "Jalon (démonstration)")
        assert found.credential_id == AWARDED.id
        assert found.document == json.loads(cast.credential())

    def test_is_valid_from_its_first_second_to_its_last(self):
        payload = awarded(valid_until=MONDAY + timedelta(days=3))
        moments = [-1, 0, 3 * 86_400 - 1, 3 * 86_400]
        found = [verdict(payload, now=MONDAY + timedelta(seconds=at))[0] for at in moments]
        assert found == ["not_yet_valid", "valid", "valid", "expired"]

    def test_that_has_ended_has_ended_even_when_its_status_is_out_of_reach(self):
        payload = awarded(valid_until=MONDAY + timedelta(seconds=1))
        assert verdict(payload, knowing=known(status_lists={}))[0] == "expired"

    def test_without_a_status_is_valid(self):
        assert verdict(awarded(status=None)) == ("valid", "")


class TestStatus:
    def test_that_is_set_is_revoked_even_when_expired(self):
        knowing = known(status_lists={LIST: cast.status_list(revoked=(cast.INDEX,))})
        assert verdict(cast.credential(), knowing=knowing) == ("revoked", "revocation")
        ended = awarded(valid_until=MONDAY + timedelta(seconds=1))
        assert verdict(ended, knowing=knowing) == ("revoked", "revocation")

    def test_of_a_neighbour_changes_nothing(self):
        knowing = known(status_lists={LIST: cast.status_list(revoked=(cast.INDEX - 1, cast.INDEX + 1))})
        assert verdict(cast.credential(), knowing=knowing) == ("valid", "")

    def test_of_a_replaced_credential_names_the_one_that_replaces_it(self):
        found = verify(cast.credential(), knowing=known(replaced={AWARDED.id: "https://jalon.example/2"}))
        assert (found.verdict, found.replaced_by) == ("replaced", "https://jalon.example/2")

    def test_list_may_be_a_token(self):
        listed = json.loads(cast.status_list(revoked=(cast.INDEX,)))
        del listed["proof"]
        token = jwt.sign(listed, key=cast.TOKEN_KEY, alg="ES256", kid=TOKEN_METHOD).encode()
        assert verdict(cast.credential(), knowing=known(status_lists={LIST: token}))[0] == "revoked"

    @pytest.mark.parametrize(
        ("lists", "why"),
        [
            ({}, "status-not-available"),
            ({LIST: None}, "status-not-available"),
            ({LIST: b""}, "status-list-not-authentic"),
            ({LIST: b"<html>"}, "status-list-not-authentic"),
            ({LIST: b"{" * 50_000}, "status-list-not-authentic"),
            ({LIST: cast.credential()}, "status-list-not-authentic"),
            ({LIST: cast.status_list().replace(b'"revocation"', b'"suspension"')}, "status-list-not-authentic"),
            ({LIST: cast.status_list(purpose="suspension")}, "status-list-not-authentic"),
            ({LIST: cast.status_list(issued_at=MONDAY - timedelta(days=7))}, "status-list-not-authentic"),
            ({LIST: cast.status_list(issued_at=MONDAY + timedelta(days=2))}, "status-list-not-authentic"),
        ],
    )
    def test_that_cannot_be_checked_is_never_valid(self, lists, why):
        assert verdict(cast.credential(), knowing=known(status_lists=lists)) == ("unverifiable", why)

    @pytest.mark.parametrize(
        "change",
        [
            {"id": "https://jalon.example/credentials/status/2"},
            {"issuer": OTHER_DID},
            {"type": ["VerifiableCredential"]},
            {"credentialSubject": {"type": "BitstringStatusList", "statusPurpose": "revocation"}},
            {"credentialSubject": {"type": "BitstringStatusList", "statusPurpose": "revocation", "encodedList": "uA"}},
            {"credentialSubject": "urn:x:1"},
        ],
    )
    def test_list_that_is_not_the_right_one_is_never_believed(self, change):
        listed = json.loads(cast.status_list())
        del listed["proof"]
        knowing = known(status_lists={LIST: signed(listed | change)})
        assert verdict(cast.credential(), knowing=knowing) == ("unverifiable", "status-list-not-authentic")

    def test_list_of_another_known_issuer_is_never_believed(self):
        listed = json.loads(cast.status_list()) | {"issuer": OTHER_DID}
        del listed["proof"]
        knowing = known(
            issuers=known().issuers | {OTHER_DID: {OTHER_METHOD: OTHER_PUBLIC}},
            status_lists={LIST: signed(listed, key=cast.OTHER_KEY, method=OTHER_METHOD)},
        )
        assert verdict(cast.credential(), knowing=knowing) == ("unverifiable", "status-list-not-authentic")

    def test_list_that_was_read_before_is_believed_until_its_end(self):
        read = verification.read_status_list(cast.status_list(), known=known(), now=LATER)
        knowing = known(status_lists={LIST: read})
        assert verdict(cast.credential(), knowing=knowing) == ("valid", "")
        late = MONDAY + timedelta(days=7)
        assert verdict(cast.credential(), knowing=knowing, now=late) == ("unverifiable", "status-list-expired")

    def test_list_that_is_not_ours_is_not_read(self):
        forged = json.loads(cast.status_list())
        forged["credentialSubject"]["encodedList"] = status.encode(b"\xff" * 16_384)
        with pytest.raises(NotValid):
            verification.read_status_list(jcs.canonical(forged), known=known(), now=LATER)

    @pytest.mark.parametrize(
        ("entries", "expected"),
        [
            ([("revocation", "1"), ("revocation", "90210")], "revoked"),
            ([("revocation", "90210"), ("revocation", "1")], "revoked"),
            ([("other", "90210"), ("revocation", "90210")], "revoked"),
            ([("revocation", "1"), ("other", "1")], "unverifiable"),
            ([("revocation", "1"), ("revocation", "2")], "valid"),
        ],
    )
    def test_of_several_entries_is_the_worst_of_them(self, entries, expected):
        usual = cast.document()["credentialStatus"]
        several = [
            usual | {"id": f"{LIST}#{purpose}-{index}", "statusPurpose": purpose, "statusListIndex": index}
            for purpose, index in entries
        ]
        knowing = known(status_lists={LIST: cast.status_list(revoked=(cast.INDEX,))})
        payload = signed(cast.document() | {"credentialStatus": several})
        assert verdict(payload, knowing=knowing)[0] == expected

    @pytest.mark.parametrize(
        "change",
        [
            {"statusListIndex": "131072"},
            {"statusListIndex": "-1"},
            {"statusListIndex": "9" * 30},
            {"statusListIndex": "090210"},
            {"statusListIndex": "٣"},
            {"statusListIndex": 90_210},
            {"statusSize": 2},
            {"statusPurpose": "message"},
            {"type": "StatusList2021Entry"},
            {"type": "1EdTechRevocationList"},
        ],
    )
    def test_entry_that_is_not_understood_is_never_valid(self, change):
        entry = cast.document()["credentialStatus"] | change
        token = jwt.sign(
            cast.document() | {"credentialStatus": entry}, key=cast.TOKEN_KEY, alg="ES256", kid=TOKEN_METHOD
        )
        assert verdict(token.encode())[0] == "unverifiable"


class TestAnIssuerThatIsNotKnown:
    def test_who_signs_in_our_name_with_a_key_of_its_own_is_unknown(self):
        payload = signed(cast.document(), key=cast.OTHER_KEY, method=f"{SELF_MADE}#{SELF_MADE[8:]}")
        assert verdict(payload) == ("unknown_issuer", "issuer-not-known")

    def test_who_signs_in_its_own_name_is_unknown(self):
        document = cast.document() | {"issuer": cast.document()["issuer"] | {"id": SELF_MADE}}
        assert verdict(signed(document, key=cast.OTHER_KEY, method=SELF_MADE)) == ("unknown_issuer", "issuer-not-known")

    def test_whose_did_document_was_fetched_is_still_unknown(self):
        document = cast.document() | {"issuer": cast.document()["issuer"] | {"id": OTHER_DID}}
        payload = signed(document, key=cast.OTHER_KEY, method=OTHER_METHOD)
        published = jcs.canonical(keys.did_document(OTHER_DID, {OTHER_METHOD: OTHER_PUBLIC}))
        knowing = known(did_documents={OTHER_DID: published})
        assert verdict(payload, knowing=knowing) == ("unknown_issuer", "issuer-not-known")
        changed = payload.replace(b"Explorateur", b"Exploratrix")
        assert verdict(changed, knowing=knowing) == ("altered", "signature-does-not-match")

    @pytest.mark.parametrize(
        ("documents_at_hand", "expected"),
        [
            ({}, ("unknown_issuer", "issuer-not-known")),
            ({OTHER_DID: None}, ("unverifiable", "issuer-not-reachable")),
            ({OTHER_DID: b"[]"}, ("unverifiable", "not-the-issuers-did-document")),
            ({OTHER_DID: jcs.canonical(cast.did_document())}, ("unverifiable", "not-the-issuers-did-document")),
            ({OTHER_DID: b'{"id":"did:web:other.example"}'}, ("unknown_issuer", "key-not-the-issuers")),
        ],
    )
    def test_whose_key_cannot_be_had_is_not_valid(self, documents_at_hand, expected):
        document = cast.document() | {"issuer": cast.document()["issuer"] | {"id": OTHER_DID}}
        payload = signed(document, key=cast.OTHER_KEY, method=OTHER_METHOD)
        assert verdict(payload, knowing=known(did_documents=documents_at_hand)) == expected

    def test_who_names_a_key_that_we_do_not_have_is_unknown(self):
        payload = signed(cast.document(), key=cast.OTHER_KEY, method=f"{DID}#key-9")
        assert verdict(payload) == ("unknown_issuer", "key-not-known")

    def test_who_names_a_key_of_ours_has_altered_it(self):
        assert verdict(signed(cast.document(), key=cast.OTHER_KEY)) == ("altered", "signature-does-not-match")

    def test_cannot_borrow_the_key_of_another_known_issuer(self):
        knowing = known(issuers=known().issuers | {OTHER_DID: {OTHER_METHOD: OTHER_PUBLIC}})
        payload = signed(cast.document(), key=cast.OTHER_KEY, method=OTHER_METHOD)
        assert verdict(payload, knowing=knowing)[0] == "unknown_issuer"

    def test_who_brings_its_key_in_the_token_is_unknown(self):
        header = {"alg": "ES256", "kid": TOKEN_METHOD, "jwk": keys.jwk(cast.TOKEN_KEY.public_key())}
        first = jwt.multibase.to_base64url(jcs.canonical(header))
        token = ".".join((first, *cast.token().split(".")[1:]))
        assert verdict(token.encode()) == ("unknown_issuer", "key-in-header")


class TestKeyRotation:
    def test_keeps_what_the_retired_key_signed(self):
        rotated = {DID: {METHOD: cast.KEY.public_key(), f"{DID}#key-3": OTHER_PUBLIC}}
        assert verdict(cast.credential(), knowing=known(issuers=rotated)) == ("valid", "")

    def test_refuses_what_a_withdrawn_key_signed(self):
        without_it = {DID: {f"{DID}#key-3": OTHER_PUBLIC}}
        assert verdict(cast.credential(), knowing=known(issuers=without_it))[0] == "unknown_issuer"


class TestAContext:
    OLDER = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json"

    def older(self) -> bytes:
        achievement = replace(cast.ACHIEVEMENT, related=(), tags=(), image=None)
        document = documents.open_badge_credential(replace(AWARDED, achievement=achievement))
        del document["awardedDate"], document["credentialSubject"]["achievement"]["inLanguage"]
        return signed(document | {"@context": [documents.CONTEXT[0], self.OLDER]})

    def test_of_an_older_revision_is_refused_since_the_signature_does_not_cover_its_address(self):
        assert verdict(self.older()) == ("altered", "unexpected-context")
        assert verdict(cast.credential().replace(b"context-3.0.3", b"context-3.0.2"))[0] == "altered"

    def test_of_an_older_revision_is_read_from_an_issuer_that_uses_it(self):
        assert verdict(self.older(), knowing=known(older_contexts=frozenset({DID}))) == ("valid", "")

    def test_that_is_not_pinned_is_refused(self):
        proof = json.loads(cast.credential())["proof"] | {"verificationMethod": SELF_MADE}
        payload = changed(issuer=SELF_MADE, proof=proof, **{"@context": ["https://a.example/"]})
        assert verdict(payload) == ("unverifiable", "unknown-context")


class TestAPicture:
    def test_whose_drawing_was_changed_is_altered(self):
        baked = baking.bake_svg(cast.SVG, cast.credential().decode())
        assert verdict(baked.replace(b"#0A595F", b"#FF0000")) == ("altered", "picture-does-not-match")

    def test_that_carries_somebody_elses_drawing_is_altered(self):
        other = baking.bake_svg(cast.SVG.replace(b"jalon", b"sceau"), cast.credential().decode())
        assert verdict(other) == ("altered", "picture-does-not-match")

    def test_that_the_credential_does_not_name_is_not_looked_at(self):
        plain = awarded(pictures=())
        assert verdict(baking.bake_svg(cast.SVG.replace(b"jalon", b"sceau"), plain.decode())) == ("valid", "")


class TestSomethingElse:
    @pytest.mark.parametrize(
        ("payload", "expected"),
        [
            (b"", ("unreadable", "not-a-token")),
            (b"bonjour", ("unreadable", "not-a-token")),
            (b"\xff\xfe", ("unreadable", "not-a-credential")),
            (b"[]", ("unreadable", "not-a-token")),
            (b"{}", ("unreadable", "not-an-open-badge")),
            (b"%PDF-1.7", ("unreadable", "not-a-token")),
            (b"{" * 100_000, ("unreadable", "too-large")),
            (b'{"a":' * 10_000, ("unreadable", "too-deep")),
            (cast.credential() + b"{}", ("unreadable", "not-json")),
            (cast.credential()[:-1], ("unreadable", "not-json")),
            (cast.credential().replace(b'"name":', b'"name":"a","name":', 1), ("unreadable", "repeated-key")),
            (cast.credential()[:-1] + b"," + b" " * 70_000 + b'"a":1}', ("unreadable", "too-large")),
            (baking.bake_svg(cast.SVG, "{}"), ("unreadable", "not-an-open-badge")),
            (without("validFrom"), ("unreadable", "incomplete")),
            (without("issuer"), ("unreadable", "no-issuer")),
            (without("credentialSubject"), ("unreadable", "no-achievement")),
            (changed(validFrom="2026-03-02"), ("unreadable", "not-a-moment")),
            (changed(validUntil="demain"), ("unreadable", "not-a-moment")),
            (changed(validUntil=5), ("unreadable", "not-a-moment")),
            (changed(type=["VerifiableCredential"]), ("unreadable", "not-an-open-badge")),
            (changed(type=["OpenBadgeCredential"]), ("unreadable", "not-an-open-badge")),
            (jcs.canonical(cast.document()), ("unreadable", "no-single-proof")),
        ],
    )
    def test_is_unreadable(self, payload, expected):
        assert verdict(payload) == expected

    def test_that_hides_a_member_behind_its_full_address_is_altered(self):
        """The graph is the same and the signature holds, but a reader would not see when it ends."""
        ended = json.loads(awarded(valid_until=MONDAY + timedelta(seconds=1)))
        ended["https://www.w3.org/2018/credentials#validUntil"] = {
            "@value": ended.pop("validUntil"),
            "@type": "http://www.w3.org/2001/XMLSchema#dateTime",
        }
        assert verdict(jcs.canonical(ended)) == ("altered", "unsigned-member")

    @pytest.mark.parametrize("name", ["name", "description", "image", "inLanguage", "tag", "related"])
    def test_that_says_of_the_criteria_what_was_said_of_the_achievement_is_altered(self, name):
        """Both have one address and are one node: the graph is the same, but a reader would not find the member."""
        achievement = replace(cast.ACHIEVEMENT, criteria_url=cast.ACHIEVEMENT.id)
        moved = json.loads(awarded(achievement=achievement))
        assert verdict(jcs.canonical(moved)) == ("valid", "")
        read = moved["credentialSubject"]["achievement"]
        read["criteria"][name] = read.pop(name)
        assert verdict(jcs.canonical(moved)) == ("altered", "described-twice")

    def test_that_says_of_the_achievement_what_was_said_of_the_criteria_is_altered(self):
        moved = json.loads(awarded(achievement=replace(cast.ACHIEVEMENT, criteria_url=cast.ACHIEVEMENT.id)))
        read = moved["credentialSubject"]["achievement"]
        read["narrative"] = read["criteria"].pop("narrative")
        assert verdict(jcs.canonical(moved)) == ("altered", "described-twice")

    @pytest.mark.parametrize("name", ["validFrom", "validUntil"])
    def test_that_wraps_a_moment_in_an_object_is_unreadable(self, name):
        ended = json.loads(awarded(valid_until=MONDAY + timedelta(seconds=1)))
        ended[name] = {"@value": ended[name], "@type": "http://www.w3.org/2001/XMLSchema#dateTime"}
        assert verdict(jcs.canonical(ended)) == ("unreadable", "not-a-moment")

    @given(st.binary(max_size=300))
    def test_of_any_bytes_is_never_valid_and_never_fails(self, payload):
        assert verify(payload).verdict in ("unreadable", "unknown_issuer", "unverifiable")

    @given(st.data())
    def test_made_of_a_credential_with_members_exchanged_is_never_valid(self, draw):
        document = json.loads(cast.credential())
        subject = document["credentialSubject"]
        where = draw.draw(st.sampled_from([document, subject, subject["achievement"], document["proof"]]))
        name = draw.draw(st.sampled_from(sorted(where)))
        values = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists)
        value = draw.draw(values.filter(lambda new: new != where[name] and new != [where[name]]))
        where[name] = value
        assert verify(json.dumps(document).encode()).verdict != "valid"

    @given(st.sampled_from(["id", "issuer", "type", "credentialStatus", "awardedDate", "relatedResource", "proof"]))
    def test_made_of_a_credential_with_a_member_taken_away_is_never_valid(self, name):
        document = json.loads(cast.credential())
        del document[name]
        assert verify(jcs.canonical(document)).verdict != "valid"


def test_a_bomb_in_a_picture_is_refused_before_it_is_unpacked():
    text = b"openbadgecredential\0\1\0\0\0" + zlib.compress(bytes(200_000_000))
    chunk = len(text).to_bytes(4, "big") + b"iTXt" + text + zlib.crc32(b"iTXt" + text).to_bytes(4, "big")
    assert verdict(PNG[:33] + chunk + PNG[33:]) == ("unreadable", "compressed-credential")
