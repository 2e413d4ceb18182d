"""Recovery does all that can be done: one credential that fails, or a key that is away, holds up nothing else."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command

from jalon.core.openbadges.template import Mismatch
from jalon.credentials import actions, batches, keys, queries, recovery
from jalon.credentials.models import Award, Batch, Revocation
from tests.factories import PersonFactory, ReleaseFactory
from tests.issuing import MONDAY, credential_of, issued, make_keys

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=1)


@pytest.fixture(autouse=True)
def made():
    return make_keys()


def failing(award: Award, problem: Exception):
    """Signing this award fails with this problem; any other is signed."""
    first, sign = credential_of(award).pk, actions.sign

    def signing(*, credential_id, at):
        if credential_id == first:
            raise problem
        return sign(credential_id=credential_id, at=at)

    return patch.object(actions, "sign", signing)


class TestOneThatFails:
    @pytest.mark.parametrize("problem", [LookupError("first"), Mismatch("x"), ValueError("x")])
    @pytest.mark.parametrize("voids", [False, True])
    def test_holds_up_nothing_behind_it(self, problem, voids, caplog):
        bad, good = issued(), issued()
        with failing(bad, problem):
            done = recovery.recover(at=LATER, voids=voids)
        assert (done["signed"], done["failed"]) == (1, 1)
        assert (credential_of(bad).signed, credential_of(good).signed is None) == (None, False)
        assert str(credential_of(bad).pk) in caplog.text
        assert not Revocation.objects.exists()

    def test_is_the_exit_of_the_command(self):
        bad = issued()
        with failing(bad, LookupError("first")), pytest.raises(CommandError, match="everything else was done"):
            call_command("credentials", "recover")


class TestAKeyThatIsAway:
    @pytest.fixture
    def withdrawn(self, tmp_path) -> Batch:
        """A batch of one award, which somebody took back before the process stopped."""
        release = ReleaseFactory()
        release.program.current = release
        release.program.save()
        path = tmp_path / "liste.csv"
        path.write_text(f"email;name;date\n{PersonFactory().email};;\n")
        asked = batches.Asked(f"{release.pack.id}/first")
        batch = batches.prepare(path=path, name="liste.csv", asked=asked, by=None, at=MONDAY)
        batches.begin(batch=batch, by=None, at=MONDAY, runs=False)
        batches.go_on(batch_id=batch.pk, at=MONDAY)
        return batches.withdraw(batch=batch, reason="Mauvaise liste", by=None, at=LATER)

    def test_stops_no_withdrawal_and_is_said_at_the_end(self, made, withdrawn):
        waiting = issued()
        keys.path_of(made["ED25519"].kid).unlink()
        with pytest.raises(queries.KeyUnavailable):
            recovery.recover(at=LATER)
        assert Revocation.objects.get().reason == "Mauvaise liste"
        assert credential_of(waiting).signed is None
