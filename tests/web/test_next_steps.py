"""Whoever is kept out of a level is led to the page of the next step."""

import re
from pathlib import Path

import pytest
from django.utils import translation

from jalon.core import gating
from jalon.core.refusals import Refusal
from jalon.web.next_steps import reason
from jalon.web.wording import SENTENCES

CLOSING = sorted(set(re.findall(r'Refusal\("([a-z-]+)"', Path(gating.__file__).read_text())) - {"level-locked"})


def refusal(code):
    return Refusal(code, {**dict.fromkeys(re.findall(r"%\((\w+)\)s", str(SENTENCES[code])), "X"), "school": "Érable"})


@pytest.mark.parametrize("code", CLOSING)
def test_a_reason_that_closes_a_level_leads_to_its_next_step(code):
    with translation.override("fr-ca"):
        why = reason(refusal(code))
    assert (why.sentence, why.label) > ("", "")
    assert why.url in {"/account/", "/coverage/?q=%C3%89rable"}


def test_a_step_that_is_locked_leads_to_the_page_of_its_level():
    with translation.override("fr-ca"):
        why = reason(Refusal("activity-locked", {"level": "/programs/sexto/architect/"}))
    assert (why.url, why.label) == ("/programs/sexto/architect/", "Page du niveau")


def test_another_refusal_leads_nowhere():
    assert reason(Refusal("already-revoked")).url == ""
