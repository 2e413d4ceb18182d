"""The demonstration is played again after what somebody who visits does: it works, and what they did stands."""

from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as site
from django.db import transaction
from django.utils import timezone

from jalon.accounts import actions as accounts
from jalon.accounts.models import Affiliation, Person
from jalon.agreements import actions as agreements
from jalon.agreements.models import Agreement
from jalon.core.packs import Lesson, Quiz
from jalon.credentials.models import Award
from jalon.demo.cast import CAST, SCHOOL
from jalon.demo.story import Story, right_answers
from jalon.places.models import School
from jalon.training import actions as training
from tests.demo.test_story import FILES

pytestmark = pytest.mark.django_db  # what one visit does is taken back before the next


@pytest.fixture(scope="module")
def first(django_db_setup, django_db_blocker, tmp_path_factory):
    """The story, played once for every visit; taken back at the end."""
    story = Story(tmp_path_factory.mktemp("first"))
    keys, site.JALON_KEYS = site.JALON_KEYS, story.out / "keys"
    site.JALON_KEYS.mkdir()
    with django_db_blocker.unblock(), transaction.atomic():
        point = transaction.savepoint()
        play(story)
        yield story
        transaction.savepoint_rollback(point)
    site.JALON_KEYS = keys


def play(story):
    list(story.play())
    story.report()
    return story


@pytest.fixture
def again(first, settings, tmp_path):
    """Play once more; return the files whose bytes are not those of the first time."""
    settings.JALON_KEYS = first.out / "keys"

    def played():
        second = play(Story(tmp_path))
        return [name for name in FILES if second.files[name] != first.files[name]]

    return played


def person(who):
    return Person.objects.get(email=CAST[who].email)


def declare(who, school):
    made = {"person": person(who), "school": school, "role": "TEACHER", "starts_on": timezone.localdate()}
    return accounts.declare_affiliation(**made, at=timezone.now())


def leave(who):
    """As the button « Je n’y travaille plus » does."""
    mine = Affiliation.objects.get(person=person(who), school__code=SCHOOL)
    return accounts.end_affiliation(affiliation=mine, ends_on=timezone.localdate(), by=person(who), at=timezone.now())


class TestPlayedAgain:
    @pytest.mark.parametrize("who", ["learner", "uncovered", "colleague"])
    def test_after_a_second_school(self, again, who):
        elsewhere = School.objects.exclude(affiliations__person=person(who)).first()
        second = declare(who, elsewhere)
        assert again() == []
        second.refresh_from_db()
        assert (second.confirmed_at, second.ends_on) == (None, None)

    def test_after_a_work_that_the_person_ended(self, again):
        ended = leave("learner")
        assert again() == []
        assert list(Affiliation.objects.filter(person=person("learner"))) == [ended]
        assert Affiliation.objects.get(pk=ended.pk).ends_on == timezone.localdate()

    def test_after_a_work_that_was_ended_and_said_again(self, again):
        ended = leave("learner")
        waiting = declare("learner", ended.school)
        assert again() == []
        assert set(Affiliation.objects.filter(person=person("learner"))) == {ended, waiting}
        assert Affiliation.objects.get(pk=waiting.pk).confirmed_at is None

    def test_after_a_name_that_changed(self, again):
        accounts.change_name(person=person("learner"), name="Camille Exemple-Modifiée", at=timezone.now())
        assert again() == []
        assert person("learner").legal_name == "Camille Exemple-Modifiée"

    def test_after_an_address_that_changed(self, again, client, settings):
        settings.JALON_DEMO = True
        learner = person("learner")
        EmailAddress.objects.create(user=learner, email=learner.email, verified=True)
        learner.email = "camille.autre@ecole.example"
        learner.save(update_fields=["email"])
        assert again() == []
        assert not Person.objects.filter(email=CAST["learner"].email).exists()
        client.post("/demo/sign-in/learner/")
        assert client.session["_auth_user_id"] == str(learner.pk)

    def test_after_a_level_that_was_obtained(self, again, first):
        now, robin = timezone.now(), person("colleague")
        waiting = Affiliation.objects.get(person=robin)
        accounts.confirm_affiliation(affiliation=waiting, by=person("registrar"), at=now)
        enrolment = training.enrol(person=robin, program=first.release.program, at=now)
        pack = first.release.pack
        level = pack.level("explorer")
        for one in pack.activities(level):
            if isinstance(one, Lesson):
                for part in one.parts:
                    training.finish_part(enrolment=enrolment, level=level, lesson=one, part=part.id, at=now)
            if isinstance(one, Quiz):
                answers = right_answers(one)
                training.answer_quiz(enrolment=enrolment, level=level, quiz=one, answers=answers, form=uuid4(), at=now)
        held = Award.objects.get(holder=robin)
        assert again() == []
        assert Award.objects.get(holder=robin) == held

    def test_after_an_agreement_that_was_suspended(self, again, first):
        reference = first.awards["architect"].facts["basis"]["agreement"]
        agreement = Agreement.objects.get(reference=reference)
        agreements.suspend(
            agreement=agreement,
            on=timezone.localdate(),
            reason="La personne qui visite l’a suspendue.",
            by=person("coordinator"),
            at=timezone.now(),
        )
        assert again() == []
        assert [change.act for change in agreement.changes.all()][-1] == "SUSPENDED"

    def test_after_all_of_these_and_a_day(self, again, first, monkeypatch):
        declare("learner", School.objects.exclude(affiliations__person=person("learner")).first())
        leave("learner")
        accounts.change_name(person=person("learner"), name="Camille Exemple-Modifiée", at=timezone.now())
        tomorrow = timezone.now() + timedelta(days=1)
        monkeypatch.setattr(timezone, "now", lambda: tomorrow)
        assert again() == []
