"""A lapse bites at once, and nothing is lost: from the enrolment to the award."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils.timezone import localdate

from jalon.agreements import actions as agreements
from jalon.agreements.models import Agreement
from jalon.agreements.queries import employments_of, grounds_of, place_of, works_of, works_of_one
from jalon.attestations.queries import sheet_for
from jalon.core.dossier import Dossier
from jalon.core.gating import why_not_covered
from jalon.core.refusals import Refused
from jalon.credentials import actions as credentials
from jalon.credentials.models import Award
from jalon.notices.models import Message
from jalon.places.models import School
from jalon.review import actions as review
from jalon.training import access
from jalon.training import actions as training
from tests.factories import (
    MONDAY,
    AddressFactory,
    AffiliationFactory,
    AgreementFactory,
    AwardFactory,
    EnrolmentFactory,
    MunicipalityFactory,
    PersonFactory,
    QuizTryFactory,
    ReadingFactory,
    SchoolFactory,
    ServesFactory,
    SubmissionFactory,
)
from tests.small_pack import FIRST, SECOND

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()
DAY = timedelta(days=1)


def agreement_of(person):
    place = employments_of(person, on=TODAY)[0].place
    return Agreement.objects.get(reference=place.agreements[0].reference)


def suspend(person, *, at=MONDAY):
    return agreements.suspend(agreement=agreement_of(person), on=localdate(at), reason="Motif", by=None, at=at)


def reinstate(person, *, at=MONDAY):
    return agreements.reinstate(agreement=agreement_of(person), on=localdate(at), reason="Motif", by=None, at=at)


class TestAnEnrolment:
    def test_is_refused_where_no_agreement_is_in_force_and_open_again_with_one(self):
        affiliation = AffiliationFactory()
        pack = EnrolmentFactory().release.pack
        reasons = []
        for change in (None, suspend, reinstate):
            if change:
                change(affiliation.person)
            reasons.append([one.code for one in access.why_not_enrol(affiliation.person, pack, on=TODAY)])
        assert reasons == [[], ["agreement-suspended"], []]


class TestAnAutomaticAward:
    @pytest.fixture
    def complete(self):
        enrolment = EnrolmentFactory()
        for lesson in ("one", "two"):
            ReadingFactory(enrolment=enrolment, lesson=lesson, finished=True)
        suspend(enrolment.person)
        QuizTryFactory(enrolment=enrolment, passed=True)
        return enrolment

    def test_is_refused_with_the_day_while_the_agreement_is_suspended(self, complete):
        with pytest.raises(Refused) as refused:
            training.obtain(enrolment=complete, level=FIRST, at=MONDAY)
        assert (refused.value.refusal.code, refused.value.refusal.facts["on"]) == ("agreement-suspended", TODAY)
        assert not Award.objects.exists()

    def test_goes_through_at_the_next_visit(self, complete):
        reinstate(complete.person)
        assert training.obtain(enrolment=complete, level=FIRST, at=MONDAY) == Award.objects.get()

    def test_goes_through_by_the_command_once(self, complete, capsys):
        reinstate(complete.person)
        call_command("training", "awards")
        call_command("training", "awards")
        assert capsys.readouterr().out == "1 award(s) made.\n0 award(s) made.\n"
        assert Award.objects.get().holder == complete.person


class TestAnAcceptedRequest:
    @pytest.fixture
    def accepted(self):
        submission = SubmissionFactory()
        suspend(submission.enrolment.person)
        reviewer = PersonFactory(reviewer=True, legal_name="Réjeanne Relecture")
        review.accept(submission=submission, by=reviewer, at=MONDAY)
        return submission

    def test_is_kept_without_an_award_while_the_agreement_is_suspended(self, accepted):
        accepted.refresh_from_db()
        assert (accepted.decision.outcome, accepted.decision.award) == ("ACCEPTED", None)
        assert training.obtain_waiting(at=MONDAY) == []
        told = Message.objects.get(to=accepted.enrolment.person)
        assert told.pk == accepted.decision.notice

    def test_gives_its_award_when_it_is_back_with_its_reviewer_and_its_ground(self, accepted):
        person = accepted.enrolment.person
        reinstate(person, at=MONDAY + DAY)
        (award,) = training.obtain_waiting(at=MONDAY + DAY)
        dossier = Dossier.from_json(award.facts)
        assert (dossier.decided_by, dossier.submission) == ("Réjeanne Relecture", str(accepted.pk))
        assert dossier.basis.agreement == agreement_of(person).reference
        assert (dossier.decided_on, dossier.awarded_on) == (TODAY, TODAY + DAY)
        assert "on March\u00a02,\u00a02026" in dossier.evaluated[0].narrative["en"]
        sheet = sheet_for(award, language="en-CA", with_answers=False)
        assert (sheet.decided_on, sheet.awarded_on) == ("March\u00a02,\u00a02026", "March\u00a03,\u00a02026")
        assert training.obtain_waiting(at=MONDAY + DAY) == []

    def test_gives_it_at_the_next_visit(self, accepted):
        reinstate(accepted.enrolment.person)
        assert training.obtain(enrolment=accepted.enrolment, level=SECOND, at=MONDAY) == Award.objects.get()


class TestAPlaceOfWorkThatIsGone:
    @pytest.mark.parametrize("ends_on", [TODAY, TODAY - DAY])
    def test_makes_the_award_wait_without_a_ground(self, ends_on):
        """The registrar says so after the request, for the day of the request or before."""
        submission = SubmissionFactory()
        submission.enrolment.person.affiliations.update(ends_on=ends_on)
        review.accept(submission=submission, by=PersonFactory(reviewer=True), at=MONDAY + DAY)
        submission.refresh_from_db()
        assert (submission.decision.outcome, submission.decision.award) == ("ACCEPTED", None)
        assert not Award.objects.filter(level_key__endswith="/second").exists()
        with pytest.raises(Refused, match="work-ended"):
            training.obtain(enrolment=submission.enrolment, level=SECOND, at=MONDAY + DAY)

    def test_after_the_request_takes_nothing_away(self):
        submission = SubmissionFactory()
        submission.enrolment.person.affiliations.update(ends_on=TODAY + DAY)
        review.accept(submission=submission, by=PersonFactory(reviewer=True), at=MONDAY + DAY)
        assert Award.objects.filter(level_key__endswith="/second").exists()


class TestAPreviousLevelThatWasTakenBack:
    def test_makes_the_award_of_the_next_one_wait(self):
        submission = SubmissionFactory(enrolment=EnrolmentFactory())
        first = AwardFactory(holder=submission.enrolment.person, release=submission.enrolment.release)
        credentials.revoke(award=first, reason="Erreur", by=None, at=MONDAY)
        review.accept(submission=submission, by=PersonFactory(reviewer=True), at=MONDAY)
        submission.refresh_from_db()
        assert (submission.decision.outcome, submission.decision.award) == ("ACCEPTED", None)
        with pytest.raises(Refused, match="level-locked"):
            training.obtain(enrolment=submission.enrolment, level=SECOND, at=MONDAY)


class TestASchoolThatIsClosed:
    def test_opens_nothing_even_with_an_address_that_begins_later(self):
        affiliation = AffiliationFactory()
        school = affiliation.school
        address = school.addresses.get()
        school.addresses.update(ends_on=TODAY + 10 * DAY)
        AddressFactory(school=school, municipality=address.municipality, starts_on=TODAY + 10 * DAY)
        School.objects.filter(pk=school.pk).update(closed_on=TODAY + DAY)
        for on, is_open in ((TODAY, True), (TODAY + DAY, False), (TODAY + 11 * DAY, False)):
            (employment,) = employments_of(affiliation.person, on=on)
            for place in (employment.place, place_of(school, on=on)):
                assert (why_not_covered(school.name, place, on=on) is None) is is_open


class TestAPersonOfTwoSchools:
    def test_is_awarded_for_the_one_that_is_covered_on_the_day_of_the_award(self):
        submission = SubmissionFactory()
        person = submission.enrolment.person
        lapsed = AffiliationFactory(person=person, starts_on=date(2025, 8, 1))
        kept = person.affiliations.exclude(pk=lapsed.pk).get()
        agreement = Agreement.objects.get(reference=grounds_of(person, on=TODAY).agreement.reference)
        assert grounds_of(person, on=TODAY).affiliation == lapsed
        agreements.suspend(agreement=agreement, on=TODAY + DAY, reason="Motif", by=None, at=MONDAY + DAY)
        review.accept(submission=submission, by=PersonFactory(reviewer=True), at=MONDAY + DAY)
        award = Award.objects.get(level_key__endswith="/second")
        assert Dossier.from_json(award.facts).basis.school == kept.school.name


class TestTheDayOfAMoment:
    def test_is_the_day_in_quebec(self):
        """At 23:59 on 30 June the agreement still holds; a minute later it does not."""
        assert localdate(datetime(2026, 7, 1, 3, 59, tzinfo=UTC)) == date(2026, 6, 30)
        assert localdate(datetime(2026, 7, 1, 4, 0, tzinfo=UTC)) == date(2026, 7, 1)

    @pytest.mark.parametrize("hour", [5, 6])
    def test_is_one_day_in_both_hours_that_the_clock_repeats(self, hour):
        """1:30 comes twice on 1 November 2026: both moments are the first day of an agreement that begins then."""
        on = localdate(datetime(2026, 11, 1, hour, 30, tzinfo=UTC))
        agreement = AgreementFactory(starts_on=date(2026, 11, 1))
        school = SchoolFactory(town=ServesFactory(police_service=agreement.police_service).municipality)
        person = AffiliationFactory(school=school).person
        (employment,) = employments_of(person, on=on)
        assert why_not_covered(school.name, employment.place, on=on) is None


class TestTheGroundsOfAnAward:
    def test_are_a_covered_school_among_several(self):
        covered = AffiliationFactory()
        AffiliationFactory(person=covered.person, school=SchoolFactory(town=MunicipalityFactory()))
        grounds = grounds_of(covered.person, on=TODAY)
        assert (grounds.affiliation, grounds.agreement is not None) == (covered, True)

    def test_are_nothing_where_nobody_confirmed(self):
        assert grounds_of(AffiliationFactory(waiting=True).person, on=TODAY) is None


class TestAskingTheDatabase:
    def test_takes_one_query_for_a_person_of_several_schools(self, django_assert_num_queries):
        person = AffiliationFactory().person
        AffiliationFactory(person=person, ended=True)
        AffiliationFactory(person=person, school=SchoolFactory(town=""))
        with django_assert_num_queries(1):
            employments = employments_of(person, on=TODAY)
        assert sorted(bool(one.place.municipality) for one in employments) == [False, True, True]

    def test_says_of_one_person_what_it_says_of_many(self):
        affiliation = AffiliationFactory()
        AffiliationFactory(person=affiliation.person, ended=True)
        AffiliationFactory()
        suspend(affiliation.person)
        one = works_of_one(affiliation.person, on=TODAY)
        assert one == works_of([affiliation.person.pk], on=TODAY)[affiliation.person.pk]
        assert [work.employment.ends_on for work in one].count(date(2026, 2, 1)) == 1
