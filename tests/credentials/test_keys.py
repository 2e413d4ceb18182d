"""Keys leave their place in no case: a file of their owner's, the environment, or a signer that is asked."""

import os
import socket
import threading
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

import pytest
from cryptography.exceptions import InvalidSignature
from django.core.management import CommandError, call_command

from jalon.attestations import actions as attestations
from jalon.attestations import checking, paper, reading
from jalon.core.openbadges import dataintegrity, jcs
from jalon.core.refusals import Refused
from jalon.credentials import actions, keys, queries, recovery, signer
from jalon.credentials.contexts import contexts
from jalon.credentials.models import KEY_KINDS, Credential, Issuance, Key
from tests.issuing import MONDAY, credential_of, issued, make_keys, signed

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=1)


def verdict(content: bytes) -> tuple[str, str]:
    found = checking.check_file("it", content, now=LATER)[0]
    return found.verdict, found.reason


@contextmanager
def as_nobody():
    groups = os.getgroups()
    os.setgroups([])
    os.setegid(65534)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
        os.setgroups(groups)


@pytest.fixture
def asked(settings, tmp_path):
    """A signer that reads the folder of keys, and a site that may only ask it."""
    settings.JALON_SIGNER, settings.JALON_SIGNER_SOCKET = "inline", tmp_path / "signer.sock"
    make_keys()
    ready = threading.Event()
    arguments = {"ready": ready.set}
    threading.Thread(
        target=signer.serve, args=(settings.JALON_SIGNER_SOCKET, keys.answer), kwargs=arguments, daemon=True
    ).start()
    assert ready.wait(120)
    settings.JALON_SIGNER = "process"
    return settings.JALON_SIGNER_SOCKET


class TestAKeyInTheEnvironment:
    def test_needs_no_file(self, monkeypatch):
        key = make_keys()["ED25519"]
        path = keys.path_of(key.kid)
        monkeypatch.setenv(keys.variable_of(key.kid), path.read_text())
        path.unlink()
        assert keys.ed25519(key.kid).sign(b"x")


class TestTheSigner:
    def test_signs_what_a_site_without_keys_issues(self, asked):
        award = signed()
        assert verdict(credential_of(award).content) == ("valid", "")
        token = actions.state_as_jwt(credential=credential_of(award))
        assert verdict(token.encode())[0] == "valid"

    def test_seals_paper_too(self, asked):
        certificate = keys.load_certificate(queries.key_in_use("SEAL").kid)
        key = keys.p256(queries.key_in_use("SEAL").kid)
        assert key.public_key() == certificate.public_key()

    @pytest.mark.parametrize("asked_for", ["private", "", "sign "])
    def test_gives_nothing_but_signatures_and_public_halves(self, asked, asked_for):
        with pytest.raises(signer.SignerUnavailable):
            signer.ask(asked, asked_for, queries.key_in_use("ED25519").kid)

    @pytest.mark.parametrize("kid", ["../../etc/passwd", "ed25519-x", ""])
    def test_looks_for_no_file_but_a_key(self, asked, kid):
        with pytest.raises(signer.SignerUnavailable):
            signer.ask(asked, "sign", kid, b"x")

    def test_down_leaves_the_badge_in_preparation_with_the_same_address(self, asked, settings, tmp_path):
        award = issued()
        settings.JALON_SIGNER_SOCKET = tmp_path / "nobody.sock"
        reserved = credential_of(award)
        with pytest.raises(Refused, match="key-unavailable"):
            actions.sign(credential_id=reserved.pk, at=MONDAY)
        settings.JALON_SIGNER_SOCKET = asked
        assert recovery.recover(at=LATER)["signed"] == 1
        finished = credential_of(award)
        assert (finished.status_index, finished.payload) == (reserved.status_index, reserved.payload)
        assert verdict(finished.content)[0] == "valid"

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
    def test_alone_can_read_the_keys(self, asked):
        """Another user of the machine reads no key, in its file or through the socket that is not for them."""
        path = keys.path_of(queries.key_in_use("ED25519").kid)
        with as_nobody():
            with pytest.raises(PermissionError):
                path.read_bytes()
            with pytest.raises(PermissionError), socket.socket(socket.AF_UNIX) as line:
                line.connect(str(asked))


class TestRotation:
    def test_keeps_what_was_signed_before_valid(self):
        make_keys()
        before = credential_of(signed()).content
        actions.create_key(kind="ED25519", at=LATER)
        after = credential_of(signed()).content
        assert {verdict(before)[0], verdict(after)[0]} == {"valid"}
        assert len(queries.did_document()["assertionMethod"]) == 3


class TestADeclaredCompromise:
    @pytest.fixture
    def stolen(self):
        """The private key is copied before anybody knows."""
        make_keys()
        return keys.ed25519(queries.key_in_use("ED25519").kid)

    def forged(self, stolen, award) -> bytes:
        """A credential that claims to be from before, signed with the very key."""
        credential = credential_of(award)
        document = queries.document_of(credential)
        document["credentialSubject"]["identifier"][0]["identityHash"] = "Quelqu’un d’autre"
        secured = dataintegrity.sign_eddsa(
            document,
            key=stolen,
            verification_method=queries.method_of(Key.objects.get(kind="ED25519", compromised_from=None)),
            created=MONDAY.replace(microsecond=0),
            contexts=contexts(),
        )
        return jcs.canonical(secured)

    def test_refuses_what_the_anchored_log_does_not_hold_and_keeps_what_it_does(self, stolen):
        award = signed()
        genuine, forgery = credential_of(award).content, self.forged(stolen, award)
        actions.checkpoint(at=MONDAY)
        assert verdict(forgery)[0] == "valid"
        recovery.declare_compromise(kid=queries.key_in_use("ED25519").kid, since=MONDAY, at=LATER)
        assert verdict(forgery) == ("unverifiable", "key-compromised")
        assert verdict(genuine) == ("valid", "")

    def test_does_not_believe_a_line_that_came_after_the_last_checkpoint(self, stolen):
        award = signed()
        genuine = credential_of(award).content
        recovery.declare_compromise(kid=queries.key_in_use("ED25519").kid, since=MONDAY, at=LATER)
        actions.checkpoint(at=LATER)
        assert verdict(genuine) == ("unverifiable", "key-compromised")

    def test_signs_every_badge_anew_at_the_same_address(self, stolen):
        award = signed()
        before = credential_of(award)
        key = queries.key_in_use("ED25519")
        assert recovery.declare_compromise(kid=key.kid, since=MONDAY, at=LATER) == 1
        after = credential_of(award)
        assert (after.pk, after.status_index, after.payload) == (before.pk, before.status_index, before.payload)
        assert queries.key_in_use("ED25519").kid in after.content.decode()
        assert verdict(after.content) == ("valid", "")
        assert Issuance.objects.filter(credential=after.pk).count() == 2

    @pytest.mark.parametrize("with_answers", [False, True])
    def test_is_followed_by_paper_that_carries_the_new_signature_and_the_former_is_still_recognized(
        self, stolen, with_answers
    ):
        award = signed(answered=True)
        form = {"award": award, "language": "fr-ca", "with_answers": with_answers}
        before = attestations.draw_up(**form, at=MONDAY)
        recovery.declare_compromise(kid=queries.key_in_use("ED25519").kid, since=MONDAY, at=LATER)
        after, again = (attestations.draw_up(**form, at=LATER + timedelta(hours=hours)) for hours in (0, 1))
        assert (after.pk, after.sha256) == (again.pk, again.sha256)
        assert before.sha256 != after.sha256
        assert reading.attached_credentials(bytes(after.pdf)) == [credential_of(award).content]
        assert {verdict(bytes(kept.pdf)) for kept in (before, after)} == {("valid", "")}

    def test_during_a_drawing_makes_one_new_paper(self, stolen):
        """Asked at a moment before the renewal, drawn after it: the paper is not typeset at each later request."""
        award = signed()
        recovery.declare_compromise(kid=queries.key_in_use("ED25519").kid, since=MONDAY, at=LATER)
        attestations.draw_up(award=award, language="fr-ca", with_answers=False, at=MONDAY)
        with patch.object(paper, "typeset", side_effect=AssertionError):
            assert attestations.draw_up(award=award, language="fr-ca", with_answers=False, at=LATER)

    def test_takes_the_key_out_of_the_document_of_the_issuer(self, stolen):
        key = queries.key_in_use("ED25519")
        recovery.declare_compromise(kid=key.kid, since=MONDAY, at=LATER)
        assert key.kid not in str(queries.did_document())

    def test_interrupted_is_said_by_the_audit_and_finished_by_recovery(self, stolen):
        award = signed()
        key = queries.key_in_use("ED25519")
        with patch.object(actions, "sign_anew", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
            recovery.declare_compromise(kid=key.kid, since=MONDAY, at=LATER)
        assert [one.code for one in recovery.audit()] == ["audit-signed-by-compromised"]
        assert recovery.recover(at=LATER)["renewed"] == 1
        assert list(recovery.audit()) == []
        assert verdict(credential_of(award).content) == ("valid", "")

    def test_of_the_key_of_tokens_forgets_each_token_at_once(self, stolen):
        award = signed()
        actions.state_as_jwt(credential=credential_of(award))
        kid = queries.key_in_use("P256").kid
        assert recovery.declare_compromise(kid=kid, since=MONDAY, at=LATER) == 1
        assert credential_of(award).jwt == ""

    def test_moves_only_to_an_earlier_moment(self, stolen):
        kid = queries.key_in_use("ED25519").kid
        recovery.declare_compromise(kid=kid, since=MONDAY, at=LATER)
        recovery.declare_compromise(kid=kid, since=LATER, at=LATER)
        assert Key.objects.get(kid=kid).compromised_from == MONDAY


class TestADeclarationWhereNoKeyCanBeMade:
    """The keys belong to another user, or the disk is full: the declaration stands, and all is finished later."""

    @pytest.fixture(params=["process", "inline"])
    def closed(self, request, settings):
        settings.JALON_SIGNER = request.param
        problem = FileExistsError if request.param == "inline" else AssertionError
        with patch.object(keys, "store", side_effect=problem):
            yield
        settings.JALON_SIGNER = "inline"

    @pytest.fixture
    def award(self):
        make_keys()
        return signed()

    def declared(self, kind: str) -> Key:
        key = queries.key_in_use(kind)
        with pytest.raises(CommandError, match=f"declared and stands.* kind {kind} .*credentials keys.*recover"):
            call_command("credentials", "compromise", key.kid, "--since", MONDAY.isoformat())
        return Key.objects.get(pk=key.pk)

    @pytest.mark.parametrize("kind", KEY_KINDS)
    def test_stands_and_is_said_by_the_audit(self, award, closed, kind):
        assert self.declared(kind).compromised_from == MONDAY
        assert not Key.objects.filter(kind=kind, retired_at=None).exists()
        assert "audit-key-not-replaced" in [one.code for one in recovery.audit()]

    def test_is_repeated_with_the_same_sentence(self, award, closed):
        key = self.declared("ED25519")
        with pytest.raises(Refused, match="key-not-made"):
            recovery.declare_compromise(kid=key.kid, since=MONDAY, at=LATER)

    def test_lets_recovery_do_what_needs_no_new_key(self, award, closed):
        self.declared("SEAL")
        issued()
        with patch.object(actions, "sign") as sign, pytest.raises(Refused, match="key-not-made"):
            recovery.recover(at=LATER)
        assert sign.called

    @pytest.mark.parametrize("finishes", ["keys and recover", "recover", "compromise"])
    def test_is_finished_by_a_later_command(self, award, finishes):
        with patch.object(keys, "store", side_effect=PermissionError):
            kid = self.declared("ED25519").kid
        if finishes == "compromise":
            call_command("credentials", "compromise", kid, "--since", MONDAY.isoformat())
        else:
            for verb in finishes.split(" and "):
                call_command("credentials", verb)
        assert verdict(credential_of(award).content) == ("valid", "")
        assert queries.key_in_use("ED25519").kid in credential_of(award).content.decode()
        assert list(recovery.audit()) == []

    def test_replaces_the_key_once_when_it_is_finished_twice(self, award):
        with patch.object(keys, "store", side_effect=PermissionError):
            self.declared("LOG")
        recovery.recover(at=LATER)
        recovery.recover(at=LATER)
        assert Key.objects.filter(kind="LOG").count() == 2


class TestTheCompiledPath:
    def test_gives_a_signature_that_the_public_half_accepts(self):
        make_keys()
        credential = Credential.objects.get(pk=credential_of(signed()).pk)
        key = keys.ed25519(queries.key_in_use("ED25519").kid).public_key()
        with pytest.raises(InvalidSignature):
            key.verify(bytes(64), b"x")
        assert verdict(credential.content) == ("valid", "")
