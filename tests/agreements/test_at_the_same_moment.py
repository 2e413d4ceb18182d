"""Two coordinators at the same moment: one agreement stands, the other is told; both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from jalon.agreements import actions
from jalon.agreements.actions import Terms
from jalon.agreements.models import Agreement, Change
from jalon.core.refusals import Refused
from tests.factories import MONDAY, AgreementFactory, PoliceServiceFactory

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*verbs: Callable[[], object]) -> list[str]:
    """Run every verb at the same moment, each on a connection of its own; return the codes of those refused."""
    barrier = Barrier(len(verbs))

    def run(verb: Callable[[], object]) -> str:
        barrier.wait()
        try:
            verb()
        except Refused as refused:
            return refused.refusal.code
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(verbs)) as pool:
        return sorted(filter(None, pool.map(run, verbs)))


class TestTwoAtOnce:
    def test_who_record_days_that_meet_make_one_agreement(self):
        police = PoliceServiceFactory()
        said = [
            Terms("PROSECUTOR", police, "ENT-A", date(2026, 7, 1), date(2029, 7, 1)),
            Terms("PROSECUTOR", police, "ENT-B", date(2028, 7, 1), date(2031, 7, 1)),
        ]
        told = at_once(*[lambda terms=terms: actions.record(terms=terms, by=None, at=MONDAY) for terms in said])
        assert (told, Agreement.objects.count()) == (["agreement-overlap"], 1)

    def test_who_suspend_one_agreement_suspend_it_once(self):
        agreement = AgreementFactory()
        given = {"agreement": agreement, "on": MONDAY.date(), "reason": "Motif", "by": None, "at": MONDAY}
        told = at_once(*[lambda: actions.suspend(**given)] * 2)
        assert (told, Change.objects.count()) == (["already-suspended"], 1)

    def test_who_end_and_suspend_one_agreement_leave_one_history(self):
        agreement = AgreementFactory()
        given = {"agreement": agreement, "on": MONDAY.date(), "reason": "Motif", "by": None, "at": MONDAY}
        told = at_once(lambda: actions.end(**given), lambda: actions.suspend(**given))
        numbers = list(agreement.changes.values_list("number", flat=True))
        assert (numbers, told) in [([1], ["agreement-over"]), ([1], ["change-outside-period"]), ([1, 2], [])]
