"""Every verb of the journal has its sentence in both languages, and says nothing personal."""

import ast
import re

import pytest
from django.conf import settings
from django.utils import translation

from jalon.accounts.models import ROLES
from jalon.journal.wording import SENTENCES, SUBJECTS, WORKS, sentence

FILES = sorted(path for path in settings.ROOT.glob("jalon/**/*.py") if "migrations" not in path.parts)
VERB = re.compile(r"[a-z]+\.[a-z_-]+")
# Verbs that the code puts together: the file, and what they may be.
MADE = {
    "jalon/agreements/actions.py": {
        "agreement.suspended",
        "agreement.reinstated",
        "agreement.extended",
        "agreement.ended",
    },
    "jalon/review/actions.py": {"submission.accepted", "submission.returned"},
}


def recorded():
    """Return the verbs that the code records, and the files where one is no plain text."""
    verbs, made = set(), set()
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"journal.record", "journal.record_many"}:
                words = [one.value for one in ast.walk(node.args[0]) if isinstance(one, ast.Constant)]
                plain = {word for word in words if isinstance(word, str) and VERB.fullmatch(word)}
                verbs |= plain
                if not plain:
                    made.add(path.relative_to(settings.ROOT).as_posix())
    return verbs, made


class TestTheJournal:
    def test_has_a_sentence_for_every_verb_that_the_code_records(self):
        verbs, _ = recorded()
        assert len(verbs) > 20
        assert (verbs | set().union(*MADE.values())) - set(SENTENCES) == set()

    def test_knows_every_verb_that_is_put_together(self):
        assert recorded()[1] == set(MADE)

    def test_has_no_sentence_that_nobody_says(self):
        assert set(SENTENCES) - recorded()[0] - set().union(*MADE.values()) == set()

    def test_names_the_subject_of_every_verb(self):
        assert {verb.split(".")[0] for verb in SENTENCES} == set(SUBJECTS)

    @pytest.mark.parametrize("verb", sorted(SENTENCES))
    def test_says_each_verb_in_both_languages_even_without_facts(self, verb):
        said = []
        for language in ("fr-ca", "en-ca"):
            with translation.override(language):
                said.append(sentence(verb, {}))
        assert said[0] != said[1]
        assert all(one.endswith(".") for one in said)

    def test_puts_a_day_and_a_role_into_words(self):
        with translation.override("fr-ca"):
            assert "2\xa0mars\xa02026" in sentence("affiliation.ended", {"ends_on": "2026-03-02"})
            assert "OPERATOR" not in sentence("role.granted", {"role": "OPERATOR"})

    def test_puts_the_roles_of_a_place_of_work_into_words(self):
        facts = {"before": "TEACHER", "role": "SUPPORT"}
        with translation.override("fr-ca"):
            assert "personnel de soutien plutôt que personnel enseignant" in sentence("affiliation.role_changed", facts)

    def test_has_a_word_for_every_role_of_a_place_of_work(self):
        assert set(WORKS) == set(ROLES)
