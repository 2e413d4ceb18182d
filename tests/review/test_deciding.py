"""Holding a request, accepting it, sending it back."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError

from jalon.accounts.models import Standing
from jalon.core.dossier import Dossier
from jalon.core.refusals import Refused
from jalon.credentials import actions as credentials
from jalon.credentials.models import Award
from jalon.hours.models import Entry as HoursEntry
from jalon.journal.models import Entry
from jalon.notices.models import Message
from jalon.review import actions
from jalon.review.models import Claim, Decision
from tests.factories import (
    MONDAY,
    AffiliationFactory,
    ClaimFactory,
    DecisionFactory,
    PersonFactory,
    SubmissionFactory,
)

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
ADVICE = "Dites qui appelle la police."


@pytest.fixture
def reviewer():
    return PersonFactory(reviewer=True, legal_name="Réjeanne Relecture")


@pytest.fixture
def submission():
    return SubmissionFactory()


def colleague_of(submission):
    reviewer = PersonFactory(reviewer=True)
    AffiliationFactory(person=reviewer, school=submission.enrolment.person.affiliations.get().school)
    return reviewer


def accept(submission, by, *, at=MONDAY, advice=""):
    return actions.accept(submission=submission, by=by, at=at, advice=advice)


def return_(submission, by, *, at=MONDAY, advice=ADVICE):
    return actions.return_(submission=submission, by=by, at=at, advice=advice)


def claim(submission, by, *, at=MONDAY):
    return actions.claim(submission=submission, by=by, at=at)


VERBS = pytest.mark.parametrize("verb", [claim, accept, return_])
SITUATIONS = [
    # who, in which situation, the reason
    ("learner", lambda submission: submission.enrolment.person, "reviewers-only"),
    ("another learner", lambda submission: PersonFactory(), "reviewers-only"),
    ("a reviewer of the same school", colleague_of, "same-school"),
    (
        "a second reviewer",
        lambda submission: ClaimFactory(submission=submission) and PersonFactory(reviewer=True),
        "claimed-by-another",
    ),
    (
        "late",
        lambda submission: DecisionFactory(submission=submission) and PersonFactory(reviewer=True),
        "already-decided",
    ),
]


class TestWhoMayNot:  # … hold or decide a request
    @VERBS
    @pytest.mark.parametrize(("who", "person", "code"), SITUATIONS, ids=[row[0] for row in SITUATIONS])
    def test_is_told_why(self, submission, verb, who, person, code):
        by = person(submission)
        with pytest.raises(Refused, match=code):
            verb(submission, by)
        assert not Award.objects.exists()

    @VERBS
    def test_is_the_person_who_sent_it(self, verb):
        submission = SubmissionFactory(enrolment__person=PersonFactory(reviewer=True))
        with pytest.raises(Refused, match="own-submission"):
            verb(submission, submission.enrolment.person)

    @VERBS
    def test_is_anybody_once_it_was_taken_back(self, verb, reviewer):
        with pytest.raises(Refused, match="request-withdrawn"):
            verb(SubmissionFactory(withdrawn=True), reviewer)

    def test_learns_the_day_of_the_decision(self, reviewer):
        decision = DecisionFactory()
        with pytest.raises(Refused) as refused:
            accept(decision.submission, reviewer)
        assert refused.value.refusal.facts == {"decided_on": date(2026, 3, 2)}

    def test_learns_who_reads_it_and_until_when(self, reviewer):
        held = ClaimFactory(reviewer__legal_name="Autre Relecture")
        with pytest.raises(Refused) as refused:
            claim(held.submission, reviewer)
        assert refused.value.refusal.facts == {"reviewer": "Autre Relecture", "until": held.until}


class TestHolding:
    def test_lasts_an_hour(self, submission, reviewer):
        assert claim(submission, reviewer).until == MONDAY + 60 * MINUTE

    def test_starts_again_at_each_act(self, submission, reviewer):
        claim(submission, reviewer)
        actions.note(submission=submission, by=reviewer, notes="À relire.", at=MONDAY + 50 * MINUTE)
        held = Claim.objects.get()
        assert (held.until, held.notes) == (MONDAY + 110 * MINUTE, "À relire.")

    def test_lapses_by_itself_and_passes_without_the_notes(self, submission, reviewer):
        ClaimFactory(submission=submission, notes="Privé.", until=MONDAY)
        held = claim(submission, reviewer, at=MONDAY)
        assert (held.reviewer, held.notes, Claim.objects.count()) == (reviewer, "", 1)

    def test_is_given_up(self, submission, reviewer):
        claim(submission, reviewer)
        actions.release_claim(submission=submission, by=reviewer, at=MONDAY + MINUTE)
        assert claim(submission, PersonFactory(reviewer=True), at=MONDAY + MINUTE)

    def test_of_another_is_not_given_up(self, submission, reviewer):
        held = ClaimFactory(submission=submission)
        actions.release_claim(submission=submission, by=reviewer, at=MONDAY)
        held.refresh_from_db()
        assert held.until > MONDAY


class TestAccepting:
    def test_awards_the_level_on_the_day_of_the_decision(self, submission, reviewer):
        decision = accept(submission, reviewer)
        award = Award.objects.get()
        assert (decision.outcome, decision.award, decision.by) == ("ACCEPTED", award.pk, reviewer)
        assert (award.holder, award.awarded_on) == (submission.enrolment.person, date(2026, 3, 2))
        assert award.level_key == f"{submission.enrolment.program.slug}/second"

    def test_brings_hours_a_standing_a_notice_and_a_reserved_credential(self, submission, reviewer):
        accept(submission, reviewer)
        award, person = Award.objects.get(), submission.enrolment.person
        assert HoursEntry.objects.get().minutes == 120
        assert Standing.objects.get().source == award.pk
        assert [message.to for message in Message.objects.all()] == [person]
        assert award.credentials.get().signed is None

    def test_freezes_the_reviewer_and_the_submission(self, submission, reviewer):
        accept(submission, reviewer)
        dossier = Dossier.from_json(Award.objects.get().facts)
        assert (dossier.decided_by, dossier.submission) == ("Réjeanne Relecture", str(submission.pk))
        assert dossier.score is None

    def test_freezes_what_was_accepted_and_the_day_for_the_badge_to_tell(self, submission, reviewer):
        accept(submission, reviewer)
        (told,) = Dossier.from_json(Award.objects.get().facts).evaluated
        assert told.activity == "reflection/look-back"
        assert "on March\u00a02,\u00a02026." in told.narrative["en"]
        assert "Réjeanne" not in told.narrative["fr"]

    def test_counts_the_school_of_the_day_of_the_request(self, submission, reviewer):
        work = submission.enrolment.person.affiliations.get()
        submission.enrolment.person.affiliations.update(ends_on=date(2026, 3, 9))
        accept(submission, reviewer, at=MONDAY + timedelta(days=10))
        assert Dossier.from_json(Award.objects.get().facts).basis.school == work.school.name

    def test_stands_in_the_journal(self, submission, reviewer):
        accept(submission, reviewer)
        entry = Entry.objects.get(verb="submission.accepted")
        assert (entry.by, entry.about_id, entry.facts) == (reviewer, submission.pk, {"round": 1})

    def test_ends_the_claim_and_its_private_notes(self, submission, reviewer):
        ClaimFactory(submission=submission, reviewer=reviewer, notes="Privé.")
        accept(submission, reviewer)
        assert not Claim.objects.exists()

    def test_twice_with_one_form_is_one_decision(self, submission, reviewer):
        assert accept(submission, reviewer) == accept(submission, reviewer, at=MONDAY + MINUTE)
        assert (Decision.objects.count(), Award.objects.count(), HoursEntry.objects.count()) == (1, 1, 1)

    def test_asks_for_the_name_that_the_attestation_prints(self, submission):
        with pytest.raises(Refused, match="reviewer-name-missing"):
            accept(submission, PersonFactory(reviewer=True, nameless=True))

    def test_is_all_or_nothing(self, submission, reviewer, monkeypatch):
        def fail(**_):
            raise RuntimeError("the outbox is away")

        monkeypatch.setattr("jalon.credentials.actions.notices.queue", fail)
        with pytest.raises(RuntimeError):
            accept(submission, reviewer)
        left = [model.objects.count() for model in (Decision, Award, HoursEntry, Standing)]
        assert left == [0, 0, 0, 0]


class TestSendingBack:
    def test_keeps_the_advice_and_tells_the_person_neutrally(self, submission, reviewer):
        decision = return_(submission, reviewer)
        message = Message.objects.get()
        assert (decision.outcome, decision.advice, decision.award) == ("TO_REWORK", ADVICE, None)
        assert (message.to, ADVICE in message.body) == (submission.enrolment.person, False)

    def test_twice_with_one_form_is_one_decision(self, submission, reviewer):
        assert return_(submission, reviewer) == return_(submission, reviewer)
        assert Message.objects.count() == 1

    @pytest.mark.parametrize("advice", ["", " \n "])
    def test_without_advice_is_refused(self, submission, reviewer, advice):
        with pytest.raises(Refused, match="advice-missing"):
            return_(submission, reviewer, advice=advice)
        assert not Decision.objects.exists()

    def test_after_an_acceptance_is_refused(self, submission, reviewer):
        accept(submission, reviewer)
        with pytest.raises(Refused, match="already-decided"):
            return_(submission, reviewer)


class TestTheDatabaseRefuses:
    def test_a_return_without_advice(self):
        with pytest.raises(IntegrityError, match="returning_needs_advice"):
            DecisionFactory(advice="")

    def test_a_return_with_an_award(self, submission):
        with pytest.raises(IntegrityError, match="returning_makes_no_award"):
            DecisionFactory(accepted=True, outcome="TO_REWORK", advice=ADVICE)

    def test_a_second_decision(self):
        decision = DecisionFactory()
        with pytest.raises(IntegrityError, match=r"review_decision\.submission_id|review_decision_submission_id"):
            DecisionFactory(submission=decision.submission)

    def test_a_second_claim(self):
        held = ClaimFactory()
        with pytest.raises(IntegrityError, match=r"review_claim\.submission_id|review_claim_submission_id"):
            ClaimFactory(submission=held.submission)


@pytest.mark.django_db(transaction=True)
def test_the_credential_is_signed_after_the_commit(submission, reviewer):
    credentials.create_key(kind="ED25519", at=MONDAY)
    accept(submission, reviewer)
    assert Award.objects.get().credentials.get().signed is not None
