"""A verifier that never saw our code accepts what the site issues, by the documents that the site serves.

It reads our status list but checks the signature of a list only in the form of a token: ours is embedded, and the
tests of `core/openbadges` check both.
"""

from urllib.parse import urlsplit

import pytest
from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.ob3 import OB3LdpVerifier

from jalon.credentials import actions
from jalon.credentials import queries as credentials
from tests.issuing import MONDAY, credential_of, make_keys, signed

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(client, settings):
    """The addresses of a real origin, each answered by the site itself."""
    settings.JALON_ORIGIN = "https://jalon.example"
    make_keys()

    def download(address: str, *_: object, **__: object) -> bytes:
        parts = urlsplit(address)
        assert (parts.scheme, parts.netloc) == ("https", "jalon.example")
        answer = client.get(parts.path, headers={"accept": "application/ld+json"})
        assert answer.status_code == 200
        return answer.content

    return download


def accept(site, content: bytes, *, check_status: bool = True):
    verifier = OB3LdpVerifier.for_issuer_did(credentials.issuer_did())
    return verifier.verify(content, check_status=check_status, download=site, verify_status_list=False)


def test_accepts_a_credential_unchanged(site):
    award = signed()
    found = accept(site, credential_of(award).content)
    assert (found.issuer.id, found.achievement.name) == ("did:web:jalon.example", "Insigne")


def test_accepts_both_siblings(site):
    award = signed()
    sibling = actions.offer(award=award, language="en-ca", at=MONDAY)
    actions.sign(credential_id=sibling.pk, at=MONDAY)
    assert accept(site, credential_of(award, "en-ca").content).achievement.name == "Badge"


def test_accepts_what_a_retired_key_signed(site):
    award = signed()
    make_keys()
    assert accept(site, credential_of(award).content)


def test_refuses_it_once_revoked(site):
    award = signed()
    actions.revoke(award=award, reason="Erreur", by=None, at=MONDAY)
    with pytest.raises(LibOpenBadgesException, match="is set at index"):
        accept(site, credential_of(award).content)


@pytest.mark.parametrize("at", range(40, 2000, 280))
def test_refuses_it_once_changed(site, at):
    content = bytearray(credential_of(signed()).content)
    content[at] ^= 1
    with pytest.raises(LibOpenBadgesException):
        accept(site, bytes(content), check_status=False)
