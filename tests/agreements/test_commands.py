"""./dev manage agreements why and remind."""

from datetime import date, timedelta
from itertools import takewhile

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.utils.timezone import localdate

from jalon.accounts.actions import end_affiliation
from jalon.accounts.leaves import set_leave
from jalon.notices.models import Message
from tests.factories import (
    MONDAY,
    AffiliationFactory,
    AgreementFactory,
    CoordinatorFactory,
    RegistrarFactory,
    ReleaseFactory,
    SchoolFactory,
    StandingFactory,
)

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()
DAY = timedelta(days=1)


def said(capsys, *words):
    call_command("agreements", *words)
    return capsys.readouterr().out.splitlines()


def codes(lines):
    return [line.removeprefix("- ").partition(":")[0] for line in lines if line.startswith("- ")]


def of_the_program(lines):
    return codes(takewhile(lambda line: not line.startswith("sexto/"), lines))


@pytest.fixture(autouse=True)
def program():
    return ReleaseFactory(program__slug="sexto").program


class TestWhy:
    def test_says_that_the_program_is_open_and_on_what_it_rests(self, capsys):
        person = AffiliationFactory().person
        lines = said(capsys, "why", person.email, "sexto", "--on", "2026-03-02", "--language", "en")
        assert lines[0] == "sexto, 2026-03-02: open"
        assert lines[-1].endswith("ENT-" + lines[-1][-4:])

    def test_knows_a_person_by_another_address_of_theirs(self, capsys):
        person = AffiliationFactory().person
        EmailAddress.objects.create(user=person, email="autre@ecole.example", verified=True)
        assert said(capsys, "why", "Autre@ecole.example", "sexto", "--on", "2026-03-02")[0].startswith("sexto")

    def test_says_which_level_waits_for_another(self, capsys, program):
        first, second = program.current.pack.levels
        person = AffiliationFactory().person
        lines = said(capsys, "why", person.email, "sexto", "--on", "2026-03-02", "--language", "en")
        assert lines[1:3] == [f"sexto/{first.id}, 2026-03-02: open", f"sexto/{second.id}, 2026-03-02: closed"]
        assert lines[3].startswith("- level-locked: ")

    def test_says_every_reason_in_words_on_a_day(self, capsys):
        person = AffiliationFactory(school=SchoolFactory(town=""), person__legal_name="").person
        lines = said(capsys, "why", person.email.upper(), "sexto", "--on", "2026-03-02", "--language", "en")
        assert [line.split(":")[0] for line in lines[:3]] == [
            "sexto, 2026-03-02",
            "- school-unknown",
            "- legal-name-missing",
        ]

    def test_judges_a_confirmation_of_a_later_day_as_not_given(self, capsys):
        person = AffiliationFactory(confirmed_at=MONDAY + DAY).person
        for on, code in (("2026-03-02", ["work-unconfirmed"]), ("2026-03-03", [])):
            assert of_the_program(said(capsys, "why", person.email, "sexto", "--on", on)) == code

    def test_does_not_know_what_was_declared_on_a_later_day(self, capsys):
        person = AffiliationFactory(declared_at=MONDAY + DAY, confirmed_at=MONDAY + DAY).person
        assert of_the_program(said(capsys, "why", person.email, "sexto", "--on", "2026-03-02")) == ["work-missing"]

    def test_judges_a_refusal_of_a_later_day_as_not_given(self, capsys):
        affiliation = AffiliationFactory(waiting=True)
        registrar = RegistrarFactory(body=affiliation.school.body).person
        end_affiliation(affiliation=affiliation, ends_on=TODAY + DAY, by=registrar, at=MONDAY + DAY)
        for on, code in (("2026-03-02", "work-unconfirmed"), ("2026-03-03", "work-ended")):
            assert of_the_program(said(capsys, "why", affiliation.person.email, "sexto", "--on", on)) == [code]

    def test_judges_a_leave_date_written_on_a_later_day_as_not_written(self, capsys):
        affiliation = AffiliationFactory()
        registrar = RegistrarFactory(body=affiliation.school.body).person
        for seen, ends_on, at in ((None, date(2026, 2, 2), DAY), (date(2026, 2, 2), date(2026, 3, 10), 2 * DAY)):
            said_of = {"affiliation": affiliation, "reason": "WRONG_DAY", "by": registrar, "at": MONDAY + at}
            set_leave(ends_on=ends_on, seen=seen, **said_of)
        for on, code in (("2026-03-02", []), ("2026-03-03", ["work-ended"]), ("2026-03-04", [])):
            assert of_the_program(said(capsys, "why", affiliation.person.email, "sexto", "--on", on)) == code

    def test_judges_a_badge_by_the_days_on_which_it_stood(self, capsys, program):
        first = program.current.pack.levels[0]
        person = AffiliationFactory().person
        StandingFactory(person=person, kind=f"sexto/{first.id}", since_on=TODAY + DAY, until_on=TODAY + 3 * DAY)
        for at, code in ((0, ["level-locked"]), (1, []), (2, []), (3, ["level-locked"])):
            assert codes(said(capsys, "why", person.email, "sexto", "--on", str(TODAY + at * DAY))) == code

    def test_is_asked_about_today_without_a_day(self, capsys):
        person = AffiliationFactory(ended=True).person
        assert said(capsys, "why", person.email, "sexto")[0] == f"sexto, {localdate()}: closed"

    def test_of_nobody_is_refused(self):
        with pytest.raises(CommandError, match="Nobody"):
            call_command("agreements", "why", "personne@ecole.example", "sexto")

    def test_of_a_program_that_is_not_published_is_refused(self):
        with pytest.raises(CommandError, match="No published program"):
            call_command("agreements", "why", AffiliationFactory().person.email, "sexte")


class TestRemind:
    def test_queues_each_notice_once(self, capsys):
        today = localdate()
        agreement = AgreementFactory(starts_on=today - timedelta(days=900), ends_on=today + timedelta(days=14))
        CoordinatorFactory(police_service=agreement.police_service)
        assert said(capsys, "remind") + said(capsys, "remind") == ["1 reminder(s) queued.", "0 reminder(s) queued."]
        assert Message.objects.count() == 1
