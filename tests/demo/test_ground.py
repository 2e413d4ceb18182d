"""The agreements of the demonstration show every state, in whatever year it is played."""

from datetime import UTC, datetime

import pytest

from jalon.agreements.models import Agreement
from jalon.agreements.queries import agreement_called
from jalon.core.agreements import State
from jalon.demo.ground import settle
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("day", [(2026, 3, 2), (2028, 2, 29), (2030, 7, 1), (2041, 12, 31)])
def test_show_every_state_on_any_day(day):
    at = datetime(*day, 17, tzinfo=UTC)
    settle(coordinator=PersonFactory(), at=at)
    states = {
        reference: agreement_called(reference, police_service=service).state(at.date())
        for reference, service in Agreement.objects.opening().values_list("reference", "police_service__name")
    }
    assert states == {
        "ENT-FICTIVE-01": State.IN_FORCE,
        "ENT-FICTIVE-02": State.IN_FORCE,
        "ENT-FICTIVE-03": State.SUSPENDED,
        "ENT-FICTIVE-04": State.TO_COME,
        "ENT-FICTIVE-05": State.ENDED,
    }
