"""The issuance log shows any change of what came before a checkpoint that was kept elsewhere."""

import io
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.db.models import F

from jalon.core import merkle
from jalon.core.openbadges import jcs
from jalon.credentials import actions, log, queries, recovery
from jalon.credentials.models import Checkpoint, Issuance, Key
from tests.appended import lines_can_be_changed
from tests.factories import CheckpointFactory, IssuanceFactory
from tests.issuing import MONDAY, make_keys, signed

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=1)


@pytest.fixture(autouse=True)
def keys():
    make_keys()


@pytest.fixture
def kept():
    """A checkpoint over seven lines, kept elsewhere."""
    for number in range(7):
        IssuanceFactory(at=MONDAY + timedelta(seconds=number))
    return json.loads(log.as_file(actions.checkpoint(at=LATER)))


def found(*outside) -> list[str]:
    return [one.code for one in log.problems(outside)]


class TestALine:
    def test_is_written_with_each_signature(self):
        credential = signed().credentials.get()
        line = Issuance.objects.get()
        assert (line.credential, line.digest, line.number) == (credential.pk, credential.digest, None)

    def test_is_written_for_a_token_too(self):
        credential = signed().credentials.get()
        actions.state_as_jwt(credential=credential)
        assert Issuance.objects.filter(credential=credential.pk).count() == 2


class TestACheckpoint:
    def test_numbers_lines_in_the_order_of_their_moments(self, kept):
        in_order = Issuance.objects.order_by("at").values_list("number", flat=True)
        assert list(in_order) == list(range(7))
        assert kept["root"] == merkle.root(list(log.leaves(start=0))).hex()

    def test_goes_on_from_the_last_one(self, kept):
        IssuanceFactory(at=LATER)
        second = actions.checkpoint(at=LATER)
        assert (second.size, second.root) == (8, merkle.root(list(log.leaves(start=0))).hex())
        assert found(kept) == []

    def test_without_a_new_line_is_the_last_one(self, kept):
        assert actions.checkpoint(at=LATER).size == 7
        assert Checkpoint.objects.count() == 1

    def test_of_an_empty_log_is_sound(self):
        assert actions.checkpoint(at=MONDAY).root == merkle.EMPTY.hex()
        assert found() == []


class TestVerifying:
    def test_finds_nothing_in_a_log_that_only_grew(self, kept):
        IssuanceFactory(at=LATER)
        assert found(kept) == []

    def edited(self):
        Issuance.objects.filter(number=3).update(digest="0" * 64)

    def moved_in_time(self):
        Issuance.objects.filter(number=3).update(at=F("at") - timedelta(days=1))

    def deleted(self):
        Issuance.objects.filter(number=3).delete()

    def deleted_and_closed(self):
        Issuance.objects.filter(number=3).delete()
        for number in range(4, 7):
            Issuance.objects.filter(number=number).update(number=number - 1)

    def inserted(self):
        for number in range(6, 2, -1):
            Issuance.objects.filter(number=number).update(number=number + 1)
        IssuanceFactory(number=3)

    def reordered(self):
        Issuance.objects.filter(number=3).update(number=99)
        Issuance.objects.filter(number=4).update(number=3)
        Issuance.objects.filter(number=99).update(number=4)

    def cut(self):
        Issuance.objects.filter(number__gte=5).delete()

    def emptied(self):
        Issuance.objects.all().delete()

    @pytest.mark.parametrize(
        "change",
        ["edited", "moved_in_time", "deleted", "deleted_and_closed", "inserted", "reordered", "cut", "emptied"],
    )
    @pytest.mark.parametrize("hides", [False, True], ids=["plainly", "with_our_own_checkpoints_gone"])
    def test_detects_what_a_superuser_changes(self, kept, change, hides):
        with lines_can_be_changed():
            getattr(self, change)()
        if hides:
            Checkpoint.objects.all().delete()
        assert found(kept) != []

    def test_detects_a_checkpoint_that_was_rewritten(self, kept):
        Checkpoint.objects.update(root="0" * 64)
        assert found() == ["log-checkpoint-not-signed", "log-changed"]

    def test_detects_a_checkpoint_that_nobody_signed(self):
        CheckpointFactory()
        assert found() == ["log-checkpoint-not-signed"]

    @pytest.mark.parametrize(
        "change", [{"root": "0" * 64}, {"size": 6}, {"signature": "00"}, {"key": "x"}, {"form": 1}]
    )
    def test_compares_with_no_damaged_checkpoint(self, kept, change):
        assert "log-checkpoint-not-ours" in found(kept | change)

    def test_believes_no_checkpoint_whose_key_is_gone(self, kept):
        Key.objects.filter(kind="LOG").delete()
        assert "log-checkpoint-not-ours" in found(kept)


class TestACompromisedKey:
    def compromise(self, since):
        recovery.declare_compromise(kid=queries.key_in_use("LOG").kid, since=since, at=LATER)

    @pytest.mark.parametrize("since", [MONDAY, LATER])
    def test_makes_no_checkpoint_from_elsewhere_believed_from_then_on(self, kept, since):
        self.compromise(since)
        assert found(kept) == ["log-checkpoint-compromised"]

    def test_leaves_those_from_before_believed(self, kept):
        self.compromise(LATER + timedelta(seconds=1))
        assert found(kept) == []
        with lines_can_be_changed():
            Issuance.objects.filter(number=3).update(digest="0" * 64)
        assert found(kept) == ["log-changed"]

    def test_leaves_our_own_checkpoints_compared(self, kept):
        self.compromise(MONDAY)
        assert found() == []

    def test_is_followed_by_checkpoints_of_the_new_one(self, kept):
        self.compromise(MONDAY)
        IssuanceFactory(at=LATER)
        assert found(json.loads(log.as_file(actions.checkpoint(at=LATER)))) == []

    @pytest.mark.parametrize("at", ["soon", "2026-03-02T00:00:00"])
    def test_is_believed_at_no_moment_that_cannot_be_read(self, at):
        key = queries.key_in_use("LOG")
        stated = {"form": log.FORM, "origin": "", "size": 0, "root": "", "at": at, "key": key.kid}
        signature = actions.signing_key("LOG")[1].sign(jcs.canonical(stated)).hex()
        self.compromise(LATER)
        assert found(stated | {"signature": signature}) == ["log-checkpoint-compromised"]


class TestTheDatabase:
    """… refuses by itself, whoever asks."""

    @pytest.mark.parametrize("change", [{"digest": "0" * 64}, {"kid": "x"}, {"at": LATER}, {"number": 99, "kid": "x"}])
    def test_leaves_a_line_that_waits_for_its_number_as_it_is(self, change):
        IssuanceFactory()
        with pytest.raises(IntegrityError, match="issuance_line_says_the_same"):
            Issuance.objects.update(**change)

    @pytest.mark.parametrize("change", [{"digest": "0" * 64}, {"number": 99}, {"number": None}])
    def test_leaves_a_numbered_line_as_it_is(self, kept, change):
        with pytest.raises(IntegrityError, match="issuance_line_says_the_same"):
            Issuance.objects.filter(number=3).update(**change)

    def test_removes_no_line(self):
        IssuanceFactory()
        with pytest.raises(IntegrityError, match="issuance_line_stays"):
            Issuance.objects.all().delete()


class TestTheCommand:
    def typed(self, *words) -> str:
        said = io.StringIO()
        call_command("log", *map(str, words), stdout=said, stderr=io.StringIO())
        return said.getvalue()

    def test_verifies_against_a_file_kept_elsewhere(self, kept, tmp_path):
        path = tmp_path / "checkpoint.json"
        self.typed("checkpoint", "--to", path)
        assert self.typed("verify", "--checkpoint", path) == "7 lines verified, 0 wait for the next checkpoint.\n"
        with lines_can_be_changed():
            Issuance.objects.filter(number=6).delete()
        with pytest.raises(CommandError, match="not what it was"):
            self.typed("verify", "--checkpoint", path)

    @pytest.mark.parametrize("content", ["", "[]", "{"])
    def test_refuses_a_file_that_is_no_checkpoint(self, tmp_path, content):
        path = tmp_path / "checkpoint.json"
        path.write_text(content)
        with pytest.raises(CommandError, match="cannot be read"):
            self.typed("verify", "--checkpoint", path)

    def test_proves_an_award_to_a_stranger_who_has_the_checkpoint_alone(self, kept):
        award = signed()
        with pytest.raises(CommandError, match="No checkpoint"):
            self.typed("prove", award.code)
        actions.checkpoint(at=LATER)
        proof = json.loads(self.typed("prove", award.code))
        checkpoint = proof["checkpoint"]
        assert merkle.includes(
            root=bytes.fromhex(checkpoint["root"]),
            size=checkpoint["size"],
            index=proof["number"],
            leaf=merkle.leaf(json.dumps(proof["line"], sort_keys=True, separators=(",", ":")).encode()),
            proof=[bytes.fromhex(one) for one in proof["path"]],
        )
