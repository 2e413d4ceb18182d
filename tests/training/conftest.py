"""Somebody who learns, and somebody who writes."""

import pytest

from jalon.training import actions
from tests.factories import MONDAY, DraftFactory, EnrolmentFactory
from tests.training.reader import Learner


@pytest.fixture
def learner(client):
    return Learner(client, EnrolmentFactory())


@pytest.fixture
def writer(learner):
    """Somebody who holds the first level and wrote both answers."""
    actions.award(
        enrolment=learner.enrolment, level=learner.enrolment.release.pack.levels[0], decided_by=None, at=MONDAY
    )
    for question in ("steps", "hard"):
        DraftFactory(enrolment=learner.enrolment, question=question, text=f"Texte de {question}.")
    return learner
