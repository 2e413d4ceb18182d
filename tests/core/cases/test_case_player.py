"""What a player sees: the moment, what is known by dimension, and the turning point between two paths."""

import pytest

from jalon.core.cases.checks import check_case
from jalon.core.cases.player import label_of, moment, turning_point, without
from jalon.core.cases.questions import QUESTIONS
from jalon.core.cases.replay import NotOffered
from tests.core.protocols.example import accepted, case_data, pages_of, protocol_data

PROTOCOL = accepted(protocol_data())
PAGES = pages_of(case_data())
CASE = check_case(case_data(), protocol=PROTOCOL, pages=PAGES).accepted
PATH = ("listen", "act", "support")


def at(number, path=PATH, language="en"):
    return moment(PROTOCOL, CASE, PAGES, path, number=number, language=language)


class TestAMoment:
    def test_begins_without_elapsed_time(self):
        first = at(1)
        assert (first.scene, first.role, first.elapsed) == ("corridor", "role/first_adult (en)", "")
        assert first.introduction == "Here."

    def test_counts_the_time_of_the_choices_before_it(self):
        assert at(2).elapsed.replace("\xa0", " ") == "10 min"
        assert at(3).elapsed.replace("\xa0", " ") == "1 h 40 min"

    def test_offers_the_choices_of_its_scene_in_order(self):
        assert [block.id for block in at(1).offered] == ["listen", "look", "wait"]

    def test_that_is_answered_says_what_was_chosen_and_what_follows(self):
        assert (at(1).chosen.id, at(1).chosen.consequence) == ("listen", "Then.")
        assert at(2, ("listen",)).chosen is None

    def test_knows_only_what_was_revealed_until_then(self):
        assert [name for group in at(1).known for name, _ in group.facts] == ["fact/image (en)"]
        assert len([fact for group in at(2).known for fact in group.facts]) == 4

    def test_at_the_ending_offers_nothing(self):
        assert at(4).is_ending
        assert at(4).offered == ()

    def test_is_not_there_on_a_path_that_the_case_does_not_offer(self):
        with pytest.raises(NotOffered):
            at(2, ("act",))

    def test_does_not_depend_on_what_was_chosen_later(self):
        assert at(2, ("listen",)).known == at(2, PATH).known


class TestTheNameOfAFact:
    @pytest.mark.parametrize(
        ("title", "dimension", "said"),
        [
            ("Amorce\xa0: qui en parle", "Amorce", "Qui en parle"),
            ("Amorce : qui en parle", "Amorce", "Qui en parle"),
            ("Trigger: who speaks", "Trigger", "Who speaks"),
            ("Amorceur : quoi", "Amorce", "Amorceur : quoi"),
            ("Danger immédiat", "", "Danger immédiat"),
            ("Nature", "Nature", "Nature"),
        ],
    )
    def test_drops_the_dimension_that_stands_above_it(self, title, dimension, said):
        assert without(title, dimension) == said


class TestTheTurningPoint:
    @pytest.mark.parametrize(
        ("one", "two", "place"),
        [(PATH, PATH, 0), (PATH, ("look", "act", "dig"), 0), (PATH, ("listen", "label", "dig"), 1), ((), PATH, 0)],
    )
    def test_is_the_first_choice_in_which_two_paths_differ(self, one, two, place):
        assert turning_point(one, two) == place


def test_a_choice_is_named_by_its_words():
    assert label_of(PAGES, "corridor", "look", "fr") == "look"
    assert label_of(PAGES, "corridor", "gone", "fr") == "gone"


def test_there_are_six_questions_in_both_languages():
    assert len({question.id for question in QUESTIONS}) == 6
    assert all(question.ask[language].endswith("?") for question in QUESTIONS for language in ("fr", "en"))
