import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.core.assessment import Hint, judge, missing, outside, personal_hints, unanswered, words
from jalon.core.packs import Criterion, Option, Prompt, Question, Quiz, Reflection


def both(text):
    return {"fr": text, "en": text}


def question(name, **rights):
    options = tuple(Option(key, right, both(key), both("why")) for key, right in rights.items())
    return Question(name, "multiple" if sum(rights.values()) > 1 else "single", both(name), options)


def quiz_of(*questions):
    return Quiz("explorer", both("Quiz"), 20, questions)


REFLECTION = Reflection(
    id="architect",
    title=both("Reflection"),
    minutes=60,
    intro=both("Three questions"),
    questions=tuple(Prompt(name, both(name), both("hint"), 3, 5) for name in ("method", "situations", "step")),
    criteria=(Criterion("clear", both("Clear")),),
)
TWO = quiz_of(question("q1", a=True, b=False), question("q2", a=True, b=True, c=False))


class TestJudgingAQuiz:
    @pytest.mark.parametrize(
        ("first", "second", "right"),
        [
            (["a"], ["a", "b"], 2),
            (["a"], ["b", "a"], 2),
            (["b"], ["a", "b"], 1),
            (["a"], ["a"], 1),
            (["a"], ["a", "b", "c"], 1),
            (["a", "b"], [], 0),
            ([], [], 0),
        ],
    )
    def test_counts_a_question_whose_right_options_are_chosen_and_no_other(self, first, second, right):
        assert judge(TWO, {"q1": first, "q2": second}).right == right

    def test_ignores_what_the_quiz_does_not_hold(self):
        result = judge(TWO, {"q1": ["a", "forged"], "q9": ["a"]})
        assert [(one.chosen, one.is_right) for one in result.judged] == [({"a"}, True), (set(), False)]

    def test_says_what_is_not_answered_yet(self):
        assert unanswered(TWO, {"q1": ["forged"], "q2": ["c"]}) == ("q1",)

    @given(st.integers(1, 60), st.data(), st.integers(1, 100))
    def test_never_shows_a_percentage_that_the_result_does_not_reach(self, total, data, least):
        right = data.draw(st.integers(0, total))
        quiz = quiz_of(*(question(f"q{number}", a=True, b=False) for number in range(total)))
        result = judge(quiz, {f"q{number}": ["a" if number < right else "b"] for number in range(total)})
        assert result.passes(least) == (right / total * 100 >= least) == (result.percent >= least)

    @pytest.mark.parametrize(("right", "passes"), [(12, True), (10, True), (9, False), (0, False)])
    def test_passes_at_80_per_cent_of_12(self, right, passes):
        quiz = quiz_of(*(question(f"q{number}", a=True, b=False) for number in range(12)))
        chosen = {f"q{number}": ["a" if number < right else "b"] for number in range(12)}
        assert judge(quiz, chosen).passes(80) is passes


class TestCountingWords:
    @pytest.mark.parametrize(
        ("text", "count"),
        [
            ("", 0),
            ("  \n", 0),
            ("Bonjour", 1),
            ("L’élève parle", 2),
            ("« Bonjour » : oui", 2),
            ("- un\n- deux", 2),
            ("12\u00a0h", 2),
            ("… — !", 0),
        ],
    )
    def test_counts_what_spaces_separate(self, text, count):
        assert words(text) == count


class TestAReflection:
    def test_lacks_the_questions_without_a_word(self):
        answers = {"method": "Un mot", "situations": " … "}
        assert [prompt.id for prompt in missing(REFLECTION, answers)] == ["situations", "step"]

    def test_remarks_on_a_length_without_refusing_it(self):
        answers = {
            "method": "un deux",
            "situations": "un deux trois",
            "step": "un deux trois quatre cinq six",
        }
        assert missing(REFLECTION, answers) == ()
        assert [prompt.id for prompt in outside(REFLECTION, answers)] == ["method", "step"]

    def test_does_not_remark_on_the_length_of_what_is_not_written(self):
        assert outside(REFLECTION, {}) == ()


class TestHintsOfPersonalData:
    @pytest.mark.parametrize(
        ("text", "kind", "excerpt"),
        [
            ("Écrire à zoe.roy@ecole.test vite", "email", "zoe.roy@ecole.test"),
            ("Au 418 555-0199, le soir", "phone", "418 555-0199"),
            ("Au (418) 555-0199, le soir", "phone", "(418) 555-0199"),
            ("Voir https://exemple.test/p1", "link", "https://exemple.test/p1"),
            ("Son code est ROYZ12340901.", "permanent-code", "ROYZ12340901"),
            ("Sur le compte @zoe_roy hier", "account", "@zoe_roy"),
            ("Le 12 mars, tout a commencé", "date", "12 mars"),
            ("On March 12 it began", "date", "March 12"),
            ("Vers 2026-03-12", "date", "2026-03-12"),
            ("L’élève Zoé Tremblay-Roy a parlé", "name", "Zoé Tremblay-Roy"),
            ("avec Mme Lavoie", "name", "Mme Lavoie"),
            ("une élève qui s’appelle Zoé", "name", "s’appelle Zoé"),
        ],
    )
    def test_show_back_what_may_identify_somebody(self, text, kind, excerpt):
        assert Hint(kind, excerpt) in personal_hints(text)

    @pytest.mark.parametrize(
        "text",
        [
            "La méthode Sexto compte plusieurs étapes. Je retiens surtout la première.",
            "Le Code criminel et la Sûreté du Québec sont nommés ici.",
            "Les 3 situations présentées m’ont appris à attendre.",
            "Appelez le 911 sans attendre.",
        ],
    )
    def test_leave_an_ordinary_answer_alone(self, text):
        assert personal_hints(text) == ()

    def test_come_in_the_order_of_the_text_and_once(self):
        found = personal_hints("Le 12 mars, a@b.test; puis a@b.test.")
        assert [hint.kind for hint in found] == ["date", "email"]

    @given(st.text(max_size=200))
    def test_are_always_words_of_the_text(self, text):
        assert all(hint.excerpt in text for hint in personal_hints(text))
