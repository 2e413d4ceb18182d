"""Which activities decide of a level: those that it asks to pass, and no other."""

from dataclasses import replace

import pytest

from jalon.core.packs import Passing, activity_key
from tests.small_pack import FIRST, played_pack

QUIZ, CASE, REFLECTION = "quiz/first-quiz", "case/group-chat", "reflection/look-back"
PACK = played_pack()
LEVEL = replace(FIRST, do=("lesson/one", QUIZ, CASE, REFLECTION))


@pytest.mark.parametrize(
    ("passing", "expected"),
    [
        (Passing(), []),
        (Passing(quiz=80), [QUIZ]),
        (Passing(quiz=0), [QUIZ]),
        (Passing(cases=True), [CASE]),
        (Passing(review=True), [REFLECTION]),
        (Passing(quiz=80, cases=True), [QUIZ, CASE]),
        (Passing(cases=True, review=True), [CASE, REFLECTION]),
        (Passing(quiz=80, cases=True, review=True), [QUIZ, CASE, REFLECTION]),
    ],
)
def test_a_level_is_decided_by_what_it_asks_to_pass(passing, expected):
    found = PACK.evaluated(replace(LEVEL, passing=passing))
    assert [activity_key(one) for one in found] == expected
