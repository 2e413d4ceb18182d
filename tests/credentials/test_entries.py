"""The entry of a credential in a status list: drawn at random, refused by the table when it is taken."""

import secrets
from unittest.mock import patch

import pytest

from jalon.core.openbadges import status
from jalon.credentials import actions
from tests.factories import CredentialFactory, StatusListFactory
from tests.issuing import credential_of, issued

pytestmark = pytest.mark.django_db


def entries_drawn(*indexes):
    """These entries are drawn, one after the other; codes are drawn as ever."""
    drawn = iter(indexes)
    below = secrets.randbelow
    return patch(
        "jalon.credentials.actions.secrets.randbelow",
        side_effect=lambda most: next(drawn) if most == status.ENTRIES else below(most),
    )


def place_of(award) -> tuple[int, int]:
    credential = credential_of(award)
    return credential.status_list.number, credential.status_index


class TestReserving:
    def test_draws_again_when_an_entry_is_taken(self):
        taken = CredentialFactory(status_index=3)
        with entries_drawn(3, 3, 4):
            award = issued()
        assert place_of(award) == (taken.status_list.number, 4)

    def test_spreads_the_entries_at_random_over_the_list(self):
        indexes = [place_of(issued())[1] for _ in range(40)]
        assert len(set(indexes)) > 35
        assert max(indexes) > status.ENTRIES / 2
        assert indexes != sorted(indexes)

    def test_begins_a_new_list_when_every_draw_is_taken(self):
        full = StatusListFactory(number=7)
        for index in range(3):
            CredentialFactory(status_list=full, status_index=index)
        with entries_drawn(0, 1, 2, 0, 5):
            award = issued()
        listed = credential_of(award).status_list
        assert (place_of(award), len(bytes(listed.bits))) == ((8, 5), status.ENTRIES // 8)

    def test_gives_up_when_no_entry_is_ever_free(self):
        CredentialFactory(status_list=StatusListFactory(number=1), status_index=0)
        drawn = entries_drawn(*[0] * actions.MOST_DRAWS)
        with (
            patch.object(actions, "next_list", lambda listed: listed),
            drawn,
            pytest.raises(RuntimeError, match="free"),
        ):
            issued()
