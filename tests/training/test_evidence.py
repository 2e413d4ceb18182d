"""What a badge says was done: counts and days in both languages; no mark, no name, no answer."""

from dataclasses import replace
from datetime import date

import pytest

from jalon.core.packs import Passing
from jalon.training.evidence import evaluated
from tests.small_pack import FIRST, QUIZ, REFLECTION, SECOND, played_pack, small_pack

ON = date(2026, 3, 1)


def told(pack, level):
    return {one.activity: dict(one.narrative) for one in evaluated(pack, level, accepted_on=ON)}


class TestAQuiz:
    def test_has_so_many_questions_and_a_mark_to_reach(self):
        assert told(small_pack(), FIRST) == {
            "quiz/first-quiz": {
                "fr": "Quiz de 2 questions, réussi avec au moins 80\u00a0% de bonnes réponses. "
                "Contenu publié\u00a0: version 1.0.0.",
                "en": "Quiz of 2 questions, passed with at least 80% of right answers. "
                "Published content: version 1.0.0.",
            }
        }

    def test_of_one_question_is_said_in_the_singular(self):
        pack = replace(small_pack(), quizzes={QUIZ.id: replace(QUIZ, questions=QUIZ.questions[:1])})
        said = told(pack, FIRST)["quiz/first-quiz"]
        assert said["fr"].startswith("Quiz de 1 question, ")
        assert said["en"].startswith("Quiz of 1 question, ")


class TestAReflection:
    def test_was_read_and_accepted_on_a_day(self):
        assert told(small_pack(), SECOND) == {
            "reflection/look-back": {
                "fr": "Réponses écrites à 2 questions réflexives, lues et acceptées par une personne réviseuse le "
                "1er\u00a0mars\u00a02026. Contenu publié\u00a0: version 1.0.0.",
                "en": "Written answers to 2 reflective questions, read and accepted by a reviewer on "
                "March\u00a01,\u00a02026. Published content: version 1.0.0.",
            }
        }

    def test_of_one_question_is_said_in_the_singular(self):
        pack = replace(
            small_pack(), reflections={REFLECTION.id: replace(REFLECTION, questions=REFLECTION.questions[:1])}
        )
        said = told(pack, SECOND)["reflection/look-back"]
        assert said["fr"].startswith("Réponse écrite à 1 question réflexive, lue et acceptée ")
        assert said["en"].startswith("Written answer to 1 reflective question, ")


class TestACase:
    def test_was_played_until_it_was_without_a_fault(self):
        pack = played_pack()
        said = told(pack, pack.levels[1])["case/group-chat"]
        assert said["fr"].startswith("Cas de pratique, joué jusqu’à un passage sans faute. ")
        assert said["en"].startswith("Practice case, played until one run was without a fault. ")


class TestWhatIsNotPassed:
    @pytest.mark.parametrize("level", [replace(SECOND, passing=Passing()), replace(FIRST, do=("lesson/one",))])
    def test_is_said_by_nobody(self, level):
        assert evaluated(small_pack(), level, accepted_on=ON) == ()
