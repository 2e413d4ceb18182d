"""A verifier written by people who never saw this code accepts what is issued here, and refuses it once changed.

The verifier is openbadgeslib; it resolves `did:web` and the status list by a function that reads from memory.
"""

import copy
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.ob3 import OB3LdpVerifier, OB3Verifier

from jalon.core.openbadges import jcs, jwt, status
from jalon.core.openbadges.keys import export_public
from tests.core.openbadges import cast
from tests.core.openbadges.test_badge_documents import COMPLETE


def status_list(*, revoked: tuple[int, ...] = ()) -> bytes:
    """A list as a token, the one form whose signature this verifier checks; it reads the real clock."""
    listed = status.status_list_credential(
        address=cast.LIST,
        issuer=cast.DID,
        bits=status.with_statuses(status.empty(), indexes=revoked, is_set=True),
        valid_from=datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1),
        valid_for=timedelta(days=7),
    )
    return jwt.sign(listed, key=cast.TOKEN_KEY, alg="ES256", kid=cast.TOKEN_METHOD).encode()


def internet(*, revoked: tuple[int, ...] = ()):
    pages = {
        "https://jalon.example/.well-known/did.json": jcs.canonical(cast.did_document()),
        cast.LIST: status_list(revoked=revoked),
    }

    def download(address: str, *_: object, **__: object) -> bytes:
        return pages[address]

    return download


def accept(payload: bytes, **pages):
    return OB3LdpVerifier.for_issuer_did(cast.DID).verify(payload, check_status=True, download=internet(**pages))


def accept_token(token: str, **pages):
    """It checks the list with the key that it was given; the key of a token's `kid` is looked up in the next test."""
    verifier = OB3Verifier(export_public(cast.TOKEN_KEY.public_key()), cast.DID)
    return verifier.verify(token, check_status=True, download=internet(**pages))


class TestTheEmbeddedProof:
    @pytest.mark.parametrize("awarded", [cast.AWARDED, COMPLETE], ids=["usual", "complete"])
    def test_is_accepted_unchanged(self, awarded):
        if awarded.valid_until:  # the verifier reads the real clock
            awarded = replace(awarded, valid_until=datetime.now(UTC).replace(microsecond=0) + timedelta(days=365))
        signed = jcs.canonical(cast.sign(cast.documents.open_badge_credential(awarded)))
        found = accept(signed)
        assert (found.issuer.id, found.achievement.name) == (cast.DID, "Explorateur")

    def test_is_refused_once_revoked(self):
        with pytest.raises(LibOpenBadgesException, match="is set at index"):
            accept(cast.credential(), revoked=(cast.INDEX,))

    def test_is_refused_once_changed(self):
        source = random.Random(20260302)
        believed = []
        for at in source.sample(range(len(cast.credential())), 500):
            changed = bytearray(cast.credential())
            changed[at] ^= 1 << source.randrange(8)
            try:
                accept(bytes(changed))
            except (LibOpenBadgesException, KeyError):
                continue
            believed.append((at, bytes(changed[at - 9 : at + 9])))
        assert believed == []


class TestTheToken:
    def test_is_accepted_unchanged(self):
        assert accept_token(cast.token()).achievement.name == "Explorateur"

    def test_is_accepted_by_the_did_of_its_issuer(self):
        assert OB3Verifier.for_issuer_did(cast.DID, download=internet()).verify(cast.token())

    def test_is_refused_once_revoked(self):
        with pytest.raises(LibOpenBadgesException, match="is set at index"):
            accept_token(cast.token(), revoked=(cast.INDEX,))

    def test_is_refused_once_its_credential_is_changed(self):
        claims = copy.deepcopy(jwt.read(cast.token()).payload)
        claims["credentialSubject"]["achievement"]["name"] = "Architecte"
        parts = cast.token().split(".")
        parts[1] = jwt.multibase.to_base64url(jcs.canonical(claims))
        with pytest.raises(LibOpenBadgesException):
            accept_token(".".join(parts))
