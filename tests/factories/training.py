"""What a learner reads, answers, plays, writes and sends."""

from uuid import uuid4

import factory
from factory.django import DjangoModelFactory

from jalon.training.models import CaseChoice, CaseRun, Draft, DraftVersion, Enrolment, QuizTry, Reading, Submission
from tests.factories.accounts import AffiliationFactory
from tests.factories.library import ReleaseFactory
from tests.factories.moments import MONDAY
from tests.small_pack import open_pack, played_pack


class EnrolmentFactory(DjangoModelFactory):
    """Somebody whose school confirmed them follows the small pack."""

    class Meta:
        model = Enrolment

    person = factory.LazyFunction(lambda: AffiliationFactory().person)
    program = factory.SelfAttribute("release.program")
    release = factory.SubFactory(ReleaseFactory)
    started_at = MONDAY


class ReadingFactory(DjangoModelFactory):
    class Meta:
        model = Reading

    class Params:
        finished = factory.Trait(part="p2", finished_at=MONDAY)

    enrolment = factory.SubFactory(EnrolmentFactory)
    lesson = "one"
    part = "p1"
    opened_at = MONDAY


class QuizTryFactory(DjangoModelFactory):
    class Meta:
        model = QuizTry

    enrolment = factory.SubFactory(EnrolmentFactory)
    quiz = "first-quiz"
    number = factory.Sequence(lambda number: number + 1)
    form = factory.LazyFunction(uuid4)
    answers = factory.LazyFunction(lambda: {"who": ["a"], "what": ["a", "b"]})
    score = 100
    passed = True
    at = MONDAY


class CaseRunFactory(DjangoModelFactory):
    """Somebody is in the middle of the case of the played pack; `over` is a run that was looked back on."""

    class Meta:
        model = CaseRun

    class Params:
        over = factory.Trait(finished_at=MONDAY, debriefed_at=MONDAY, answers={"happened": "J’ai écouté."})
        clean = factory.Trait(over=True, is_clean=True)

    enrolment = factory.SubFactory(
        EnrolmentFactory, release__typed=factory.LazyAttribute(lambda release: played_pack(release.program.slug))
    )
    case = "group-chat"
    number = factory.LazyAttribute(lambda run: run.enrolment.runs.count() + 1)
    started_at = MONDAY


class CaseChoiceFactory(DjangoModelFactory):
    class Meta:
        model = CaseChoice

    run = factory.SubFactory(CaseRunFactory)
    position = factory.LazyAttribute(lambda choice: choice.run.choices.count() + 1)
    scene = "corridor"
    choice = "listen"
    at = MONDAY


class DraftFactory(DjangoModelFactory):
    class Meta:
        model = Draft

    enrolment = factory.SubFactory(EnrolmentFactory)
    reflection = "look-back"
    question = "steps"
    text = "Accueillir, protéger, remettre."
    revision = 1
    saved_at = MONDAY


class DraftVersionFactory(DjangoModelFactory):
    class Meta:
        model = DraftVersion

    draft = factory.SubFactory(DraftFactory, revision=2)
    revision = 1
    text = "Accueillir."
    saved_at = MONDAY


class SubmissionFactory(DjangoModelFactory):
    """A first request for the second level of the open pack, sent on Monday."""

    class Meta:
        model = Submission

    class Params:
        withdrawn = factory.Trait(withdrawn_at=MONDAY)

    enrolment = factory.SubFactory(
        EnrolmentFactory, release__typed=factory.LazyAttribute(lambda release: open_pack(release.program.slug))
    )
    level = "second"
    reflection = "look-back"
    round = 1
    answers = factory.LazyFunction(lambda: {"steps": "Accueillir, protéger.", "hard": "Ne pas regarder."})
    language = "fr-ca"
    submitted_at = MONDAY
