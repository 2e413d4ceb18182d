"""Following a program."""

from datetime import timedelta

import pytest

from jalon.core.refusals import Refused
from jalon.journal.models import Entry
from jalon.training import actions
from jalon.training.models import Enrolment
from tests.factories import MONDAY, AffiliationFactory, PersonFactory, ReleaseFactory
from tests.small_pack import small_pack

pytestmark = pytest.mark.django_db


def code_of(call, **arguments):
    with pytest.raises(Refused) as refused:
        call(**arguments)
    return refused.value.refusal.code


class TestEnrolling:  # … in a program
    def test_keeps_the_release_that_was_current(self):
        person, release = AffiliationFactory().person, ReleaseFactory()
        enrolment = actions.enrol(person=person, program=release.program, at=MONDAY)
        ReleaseFactory(program=release.program, version="2.0.0")
        assert Enrolment.objects.get().release == release == enrolment.release

    def test_happens_once_however_often_it_is_asked(self):
        person, release = AffiliationFactory().person, ReleaseFactory()
        first = actions.enrol(person=person, program=release.program, at=MONDAY)
        second = actions.enrol(person=person, program=release.program, at=MONDAY + timedelta(days=1))
        assert (first, Enrolment.objects.count()) == (second, 1)
        assert [entry.verb for entry in Entry.objects.filter(verb="enrolment.started")] == ["enrolment.started"]

    @pytest.mark.parametrize(
        ("person", "code"),
        [
            (PersonFactory, "work-missing"),
            (lambda: AffiliationFactory(waiting=True).person, "work-unconfirmed"),
            (lambda: AffiliationFactory(ended=True).person, "work-ended"),
            (lambda: AffiliationFactory(person__nameless=True).person, "legal-name-missing"),
        ],
    )
    def test_in_a_reserved_program_asks_for_a_confirmed_school_and_a_name(self, person, code):
        release = ReleaseFactory()
        assert code_of(actions.enrol, person=person(), program=release.program, at=MONDAY) == code
        assert not Enrolment.objects.exists()

    def test_in_an_open_program_asks_for_no_school(self):
        release = ReleaseFactory(typed=small_pack(restricted=False))
        assert actions.enrol(person=PersonFactory(), program=release.program, at=MONDAY).pk
