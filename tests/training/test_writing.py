"""Writing answers: nothing is overwritten in silence, nothing is lost."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jalon.core.refusals import Refused
from jalon.training import actions
from jalon.training.actions import Conflict
from jalon.training.models import Draft, DraftVersion
from tests.factories import MONDAY, DecisionFactory, DraftFactory, EnrolmentFactory, SubmissionFactory
from tests.small_pack import REFLECTION, SECOND

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def save(enrolment, text, revision, *, at=MONDAY, question="steps"):
    return actions.save_draft(
        enrolment=enrolment,
        level=SECOND,
        reflection=REFLECTION,
        question=question,
        text=text,
        revision=revision,
        at=at,
    )


def restore(enrolment, revision, *, at=MONDAY):
    return actions.restore_version(
        enrolment=enrolment, level=SECOND, reflection=REFLECTION, question="steps", revision=revision, at=at
    )


@pytest.fixture
def enrolment():
    return EnrolmentFactory()


class TestSaving:
    def test_for_the_first_time_makes_revision_one(self, enrolment):
        draft = save(enrolment, "Accueillir.", 0)
        assert (draft.text, draft.revision, draft.saved_at) == ("Accueillir.", 1, MONDAY)

    def test_raises_the_revision(self, enrolment):
        save(enrolment, "Accueillir.", 0)
        assert save(enrolment, "Accueillir, protéger.", 1).revision == 2

    def test_twice_the_same_text_changes_nothing(self, enrolment):
        first = save(enrolment, "Accueillir.", 0)
        second = save(enrolment, "Accueillir.", 0, at=MONDAY + MINUTE)
        assert (second.revision, second.saved_at) == (1, first.saved_at)

    def test_from_a_second_tab_gives_both_texts_back(self, enrolment):
        save(enrolment, "De l’ordinateur.", 0)
        conflict = save(enrolment, "Du téléphone.", 0, at=MONDAY + MINUTE)
        assert conflict == Conflict("Du téléphone.", "De l’ordinateur.", revision=1, saved_at=MONDAY)
        assert Draft.objects.get().text == "De l’ordinateur."

    def test_after_seeing_both_texts_keeps_the_chosen_one(self, enrolment):
        save(enrolment, "De l’ordinateur.", 0)
        conflict = save(enrolment, "Du téléphone.", 0)
        assert save(enrolment, conflict.mine, conflict.revision).text == "Du téléphone."
        assert DraftVersion.objects.get().text == "De l’ordinateur."

    def test_a_text_beyond_all_measure_is_refused(self, enrolment):
        with pytest.raises(Refused, match="answer-too-long"):
            save(enrolment, "a" * (actions.LONGEST_ANSWER + 1), 0)

    def test_is_refused_while_a_request_waits(self, enrolment):
        DraftFactory(enrolment=enrolment, text="Envoyé.")
        SubmissionFactory(enrolment=enrolment)
        with pytest.raises(Refused, match="request-waiting"):
            save(enrolment, "Autre chose.", 1)
        assert Draft.objects.get().text == "Envoyé."

    def test_is_refused_after_an_acceptance(self, enrolment):
        DecisionFactory(submission__enrolment=enrolment, accepted=True)
        with pytest.raises(Refused, match="request-accepted"):
            save(enrolment, "Autre chose.", 0)

    def test_goes_on_after_a_request_came_back(self, enrolment):
        DecisionFactory(submission__enrolment=enrolment)
        assert save(enrolment, "Retravaillé.", 0).text == "Retravaillé."

    def test_goes_on_after_a_request_was_taken_back(self, enrolment):
        SubmissionFactory(enrolment=enrolment, withdrawn=True)
        assert save(enrolment, "Encore.", 0).text == "Encore."


class TestEarlierVersions:
    def test_are_kept_when_a_text_stood_five_minutes(self, enrolment):
        save(enrolment, "Un deux trois quatre", 0)
        save(enrolment, "Un deux trois quatre cinq", 1, at=MONDAY + 5 * MINUTE)
        save(enrolment, "Un deux trois quatre cinq six", 2, at=MONDAY + 6 * MINUTE)
        assert [version.text for version in DraftVersion.objects.all()] == [
            "Un deux trois quatre cinq",
            "Un deux trois quatre",
        ]

    def test_skip_what_changed_seconds_ago(self, enrolment):
        for revision in range(4):
            save(enrolment, "mot " * (revision + 1), revision, at=MONDAY + revision * MINUTE / 10)
        assert [version.revision for version in DraftVersion.objects.all()] == [1]

    def test_are_kept_when_half_of_the_words_are_gone(self, enrolment):
        save(enrolment, "un", 0)
        save(enrolment, "un deux trois quatre", 1)
        save(enrolment, "", 2)
        assert DraftVersion.objects.first().text == "un deux trois quatre"

    def test_are_ten_at_most(self, enrolment):
        for revision in range(15):
            save(enrolment, f"version {revision}", revision, at=MONDAY + revision * 10 * MINUTE)
        texts = [version.text for version in DraftVersion.objects.all()]
        assert texts == [f"version {number}" for number in range(13, 3, -1)]

    def test_come_back_and_leave_the_present_text_among_them(self, enrolment):
        save(enrolment, "Premier texte complet", 0)
        save(enrolment, "Second", 1)
        draft = restore(enrolment, 1)
        assert (draft.text, draft.revision) == ("Premier texte complet", 3)
        assert "Second" in [version.text for version in DraftVersion.objects.all()]

    def test_brought_back_twice_come_back_once(self, enrolment):
        save(enrolment, "Premier texte complet", 0)
        save(enrolment, "Second", 1)
        restore(enrolment, 1)
        assert restore(enrolment, 1).revision == 3


class TestWhateverIsTypedInTwoTabs:
    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(st.tuples(st.sampled_from("ab"), st.text("xyz ", max_size=8)), max_size=8))
    def test_the_present_text_is_the_last_one_that_was_not_refused(self, moves):
        enrolment, seen, present = EnrolmentFactory(), {"a": 0, "b": 0}, None
        for number, (tab, text) in enumerate(moves):
            saved = save(enrolment, text, seen[tab], at=MONDAY + number * MINUTE)
            if isinstance(saved, Conflict):
                assert saved.theirs == present
            else:
                present = text
            seen[tab] = saved.revision
        stored = Draft.objects.filter(enrolment=enrolment).first()
        assert (stored.text if stored else None) == present
