"""Somebody who is about to send answers for review."""

import pytest

from jalon.training import actions
from tests.factories import MONDAY, DraftFactory


@pytest.fixture
def written():
    """Writes both answers of somebody who holds the first level; what it returns sends them, any number of times."""

    def write(enrolment, *, at=MONDAY):
        pack = enrolment.release.pack
        for question in ("steps", "hard"):
            DraftFactory(enrolment=enrolment, question=question, text=f"Texte de {question}.")
        return lambda: actions.submit(
            enrolment=enrolment,
            level=pack.levels[1],
            reflection=pack.reflections["look-back"],
            round=1,
            revisions={"steps": 1, "hard": 1},
            language="fr-ca",
            at=at,
        )

    return write
