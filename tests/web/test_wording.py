import ast
import string
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.utils.translation import override

import jalon
from jalon.core.refusals import Refusal
from jalon.web.wording import FORBIDDEN, GONE, SENTENCES, in_words, sentence, status

HOUSE = Path(jalon.__file__).parent


def refusals():
    """Every `Refusal("code", …)` written in the code, with the names of its facts when they are written there."""
    for path in HOUSE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            is_one = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refusal" and node.args
            if is_one and isinstance(node.args[0], ast.Constant):
                facts = node.args[1] if len(node.args) > 1 else ast.Dict(keys=[], values=[])
                is_plain = isinstance(facts, ast.Dict) and None not in facts.keys  # no ** inside
                names = {key.value for key in facts.keys} if is_plain else None
                yield node.args[0].value, names


def asked(words):
    """The facts that a sentence asks for."""
    return {piece.split(")")[0] for piece in words.split("%(")[1:]}


class TestEveryRefusal:
    @pytest.mark.parametrize(("code", "facts"), [pytest.param(*one, id=one[0]) for one in refusals()])
    def test_has_a_sentence_that_asks_only_for_its_facts(self, code, facts):
        assert code in SENTENCES, f"write the sentence of {code!r} in jalon/web/wording.py"
        assert facts is None or asked(str(SENTENCES[code])) - {"program"} <= facts

    @pytest.mark.parametrize("code", sorted(code for code in SENTENCES if "program" in asked(str(SENTENCES[code]))))
    def test_that_names_the_program_says_this_one_where_no_other_is_given(self, code):
        facts = dict.fromkeys(asked(str(SENTENCES[code])) - {"program"}, "X")
        with override("en-ca"):
            assert "this program" in sentence(Refusal(code, facts))
            assert "the program “Y”" in sentence(Refusal(code, facts), program="the program “Y”")

    @pytest.mark.parametrize("code", sorted(SENTENCES))
    def test_is_said_in_french_with_the_same_facts(self, code):
        with override("en-ca"):
            english = str(SENTENCES[code])
        with override("fr-ca"):
            french = str(SENTENCES[code])
        assert french != english
        assert asked(french) == asked(english)

    @pytest.mark.parametrize("code", sorted(SENTENCES))
    def test_is_a_sentence_and_no_code(self, code):
        with override("en-ca"):
            words = str(SENTENCES[code])
        assert words[0] in string.ascii_uppercase + "%“"
        assert words.endswith(".")
        assert code not in words

    def test_has_one_status(self):
        assert not FORBIDDEN & GONE
        assert set(SENTENCES) >= FORBIDDEN | GONE

    def test_is_a_conflict_unless_it_is_forbidden_or_gone(self):
        assert [status(Refusal(code)) for code in ("reviewers-only", "name-empty")] == [403, 409]


class TestTheFactsOfASentence:
    def test_are_put_into_words(self):
        facts = {
            "on": date(2025, 3, 21),
            "at": datetime(2025, 3, 21, 19, 19, tzinfo=UTC),
            "count": 12345,
            "title": {"fr": "Explorateur", "en": "Explorer"},
            "school": "École de la Rive-Claire",
        }
        with override("fr-ca"):
            assert in_words(facts) == {
                "on": "21\xa0mars\xa02025",
                "at": "21\xa0mars\xa02025, 15\xa0h\xa019",
                "count": "12\xa0345",
                "title": "Explorateur",
                "school": "École de la Rive-Claire",
            }

    def test_that_is_a_moment_does_not_end_an_english_sentence(self):
        with override("en-ca"):
            said = sentence(Refusal("import-undone", {"undone_at": datetime(2025, 3, 21, 19, 19, tzinfo=UTC)}))
        assert "3:19\xa0p.m.)." in said
        assert ".." not in said

    def test_are_in_the_sentence(self):
        with override("en-ca"):
            said = sentence(Refusal("name-too-long", {"longest": 200}))
        assert "200 characters" in said
