"""Every page of the table of figures costs at most six queries, and no more with many rows than with one."""

from datetime import timedelta

import pytest
from django.utils import timezone

from jalon.agreements.models import Agreement
from jalon.credentials.models import StatusList
from jalon.demo.cast import BODY, SCHOOL
from jalon.demo.figures import pages
from jalon.demo.story import Story
from jalon.places.models import Body, School
from tests.factories import (
    AffiliationFactory,
    AgreementFactory,
    AwardFactory,
    BatchFactory,
    CaseRunFactory,
    CredentialFactory,
    DecisionFactory,
    EnrolmentFactory,
    PersonFactory,
    QuizTryFactory,
    ReleaseFactory,
    RemarkFactory,
    SchoolFactory,
    SelfCheckFactory,
    SubmissionFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)
MOST = 6
MORE = 4


@pytest.fixture
def story(transactional_db, tmp_path):
    """The story, with all that follows its commits."""
    told = Story(tmp_path)
    list(told.play())
    return told


def more(story: Story) -> None:
    """There is more of everything that a page lists."""
    at, learner, following = timezone.now(), story.people["learner"], story.following
    school, body = School.objects.get(code=SCHOOL), Body.objects.get(code=BODY)
    listed, tries = StatusList.objects.get(number=1), following.tries.count()
    police = Agreement.objects.get(reference="ENT-FICTIVE-01").police_service
    case, sent = next(iter(following.release.pack.cases)), story.submission
    for number in range(1, MORE + 1):
        CredentialFactory(award=AwardFactory(holder=learner), status_list=listed, status_index=100 + number)
        EnrolmentFactory(person=learner, release=ReleaseFactory())
        QuizTryFactory(enrolment=following, quiz=following.tries.first().quiz, number=tries + number)
        CaseRunFactory(enrolment=following, case=case, number=50 + number, clean=True)
        AffiliationFactory(school=school)
        AffiliationFactory(school=school, waiting=True)
        AffiliationFactory(person=learner, school=SchoolFactory(body=body, town=school.addresses.first().municipality))
        for person in (PersonFactory(), PersonFactory()):
            asked = SubmissionFactory(
                enrolment=EnrolmentFactory(person=person, release=story.release),
                level="architect",
                reflection=sent.reflection,
                answers=sent.answers,
            )
        DecisionFactory(submission=asked, by=story.people["reviewer"])
        days = {"starts_on": at.date() + timedelta(9000 + number), "ends_on": at.date() + timedelta(9001 + number)}
        AgreementFactory(police_service=police, **days)
        AgreementFactory(school_body=True, police_service=police, body=body, **days)
        BatchFactory(body=body, by=story.people["registrar"])
        RemarkFactory()
        SelfCheckFactory()


def test_every_page_costs_at_most_six_queries_and_no_more_with_many_rows(story):
    looks = list(pages.others(story))
    few = [pages.asked(person, path) for person, _, path in looks]
    more(story)
    many = [pages.asked(person, path) for person, _, path in looks]
    told = list(zip([name for _, name, _ in looks], few, many, strict=True))
    assert [page for page in told if page[1] > MOST] == []
    assert [page for page in told if page[2] > page[1]] == []
    for person, _, path in looks:
        pages.opened(pages.signed_in(person), path)
