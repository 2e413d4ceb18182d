"""What an operator types: keys, recovery, revocation; twice is safe, and every refusal is a sentence."""

import io
from typing import ClassVar

import pytest
from django.core.management import CommandError, call_command

from jalon.credentials import actions
from jalon.credentials.models import KEY_KINDS, Award, Key
from tests.issuing import credential_of, issued, make_keys, signed

pytestmark = pytest.mark.django_db


def typed(*words: str) -> str:
    said = io.StringIO()
    call_command("credentials", *words, stdout=said)
    return said.getvalue()


class TestKeys:
    def test_are_made_when_they_are_missing_and_only_then(self):
        assert typed("keys").count("is in use.") == len(KEY_KINDS)
        assert typed("keys") == "Every kind of key is in use already; --new replaces one.\n"
        assert Key.objects.count() == len(KEY_KINDS)

    def test_are_replaced_one_kind_at_a_time(self):
        make_keys()
        typed("keys", "--new", "SEAL")
        assert Key.objects.filter(kind="SEAL").count() == 2
        assert Key.objects.filter(kind="SEAL", retired_at=None).count() == 1


class TestACompromise:
    SAID: ClassVar = {
        "ED25519": "{old} proves nothing any more but what the log held before. 1 signed anew.\n",
        "P256": "{old} proves nothing any more but what the log held before. 1 tokens were forgotten; each is signed "
        "anew when it is asked for.\n",
        "SEAL": "New papers are sealed with {new}. Those sealed with {old} keep their seal, which from "
        "2026-03-02T15:19:00+00:00 on proves nothing by itself any more; the credential in them does.\n",
        "LOG": "Checkpoints are signed with {new} from now on. One that {old} signed at 2026-03-02T15:19:00+00:00 or "
        "later, kept elsewhere, is refused; an earlier one still counts.\n",
    }

    @pytest.mark.parametrize("kind", KEY_KINDS)
    def test_is_told_as_it_is_for_each_kind_of_key(self, kind):
        old = make_keys()[kind].kid
        actions.state_as_jwt(credential=credential_of(signed()))
        said = typed("compromise", old, "--since", "2026-03-02T10:19:00-05:00")
        new = Key.objects.get(kind=kind, retired_at=None).kid
        assert said == self.SAID[kind].format(old=old, new=new)


class TestRecovering:
    def test_signs_what_was_left_in_preparation(self):
        award = issued()
        make_keys()
        assert typed("recover") == "1 signed.\n"
        assert credential_of(award).signed is not None

    def test_without_a_key_says_so(self):
        issued()
        with pytest.raises(CommandError, match="key"):
            typed("recover")


class TestRevoking:
    def test_takes_the_award_back(self):
        make_keys()
        award = signed()
        assert "Revoked" in typed("revoke", award.code.lower(), "--reason", "Erreur")
        assert Award.objects.get().is_current is None

    @pytest.mark.parametrize("code", ["x", "0" * 30])
    def test_of_an_unknown_code_changes_nothing(self, code):
        with pytest.raises(CommandError, match="Nothing was changed"):
            typed("revoke", code, "--reason", "Erreur")

    def test_without_a_reason_is_refused(self):
        award = issued()
        with pytest.raises(CommandError, match="reason"):
            typed("revoke", award.code, "--reason", " ")
