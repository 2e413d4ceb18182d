"""What an agreement is today, said on each page that rests on it: the badge, the letter, the staff, the register."""

import io
import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.template import Context, Template
from django.utils import timezone, translation
from openpyxl import load_workbook

from jalon.agreements import actions, exports
from jalon.agreements.models import Agreement
from jalon.agreements.readiness import REASONS
from jalon.core import gating
from jalon.core.agreements import State
from jalon.core.dossier import Basis
from jalon.notices.models import Message
from tests.factories import (
    AffiliationFactory,
    AgreementFactory,
    ChangeFactory,
    CoordinatorFactory,
    RegistrarFactory,
    SchoolFactory,
    ServesFactory,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def agreement_in(state, **more):
    """An agreement that is in this state on the day of the test."""
    today = timezone.localdate()
    days = {"TO_COME": (10, 2000), "IN_FORCE": (-10, 2000), "SUSPENDED": (-10, 2000), "ENDED": (-2000, -10)}[state]
    starts_on, ends_on = (today + days_away * DAY for days_away in days)
    made = AgreementFactory(starts_on=starts_on, ends_on=ends_on, reference="ENT-ESSAI", **more)
    if state == "SUSPENDED":
        ChangeFactory(agreement=made, on=today - 5 * DAY)
    return made


@pytest.fixture(params=[state.name for state in State])
def state(request):
    return request.param


@pytest.fixture
def agreement(state):
    return agreement_in(state)


@pytest.fixture
def school(agreement):
    town = ServesFactory(police_service=agreement.police_service).municipality
    return SchoolFactory(name="École de l’Érable", code="910001", town=town)


BADGE = {
    "TO_COME": "ENT-ESSAI: in force from ",
    "IN_FORCE": "ENT-ESSAI: in force today.",
    "SUSPENDED": "ENT-ESSAI: suspended since ",
    "ENDED": "ENT-ESSAI: ended on ",
}
LETTER = {"TO_COME": "begins on", "SUSPENDED": "has been suspended since", "ENDED": "ended on"}
STAFF = {"TO_COME": "Entente à compter du", "SUSPENDED": "Entente suspendue depuis le", "ENDED": "Entente terminée le"}


def test_the_badge_that_rests_on_it_says_so_and_stays_valid(agreement, state):
    today = timezone.localdate()
    basis = Basis("É", "C", "TEACHER", "V", agreement.police_service.name, today, today, agreement="ENT-ESSAI")
    with translation.override("en-ca"):
        page = Template("{% load agreements %}{% agreement_status basis as said %}{{ said }}")
        said = page.render(Context({"basis": basis}))
    assert said.startswith(BADGE[state])
    assert ("The badge stays valid." in said) is (state in {"SUSPENDED", "ENDED"})


def test_the_letter_states_it_as_a_fact_with_its_day(client, school, state):
    answer = client.get("/en/coverage/910001/letter.txt")
    assert answer.status_code == (404 if state == "IN_FORCE" else 200)
    if state != "IN_FORCE":
        assert re.search(rf"{LETTER[state]} \w+\s\d+,\s\d{{4}}", answer.content.decode())


def test_the_registrar_reads_it_beside_each_person_and_takes_it_away(client, school, state):
    AffiliationFactory(school=school, person__legal_name="Léa Exemple")
    client.force_login(RegistrarFactory(body=school.body).person)
    page = client.get("/members/readiness/").content.decode()
    table = client.get("/members/readiness/export.csv").content.decode("utf-8-sig")
    for text in (page, table):
        assert state == "IN_FORCE" or STAFF[state] in text
    assert (";oui;" in table) is (state == "IN_FORCE")


def test_every_reason_of_the_rule_has_its_words_for_the_registrar():
    with open(gating.__file__) as source:
        codes = set(re.findall(r'Refusal\("([a-z-]+)"', source.read()))
    of_a_level_or_of_nobody = {"level-locked", "work-missing"}
    assert codes - of_a_level_or_of_nobody == set(REASONS)


class TestWhatACoordinatorTakesAway:
    @pytest.fixture
    def desk(self, client, agreement):
        client.force_login(CoordinatorFactory(police_service=agreement.police_service).person)
        return client

    def test_holds_the_state_and_nothing_of_another_territory(self, desk, agreement, state):
        AgreementFactory(reference="ENT-AILLEURS")
        Agreement.objects.filter(pk=agreement.pk).update(reference="=ENT()")
        book = load_workbook(io.BytesIO(desk.get("/agreements/export.xlsx").content)).active
        headers, *lines = ([cell.value for cell in row] for row in book.iter_rows())
        (line,) = lines
        named = dict(zip(headers, line, strict=True))
        with translation.override("fr-ca"):
            assert headers == exports.agreement_headers()
            assert named["État"] == exports.state_words()[State[state]]
        assert named["Référence"] == "'=ENT()"
        csv = desk.get("/agreements/export.csv").content
        assert csv.startswith(b"\xef\xbb\xbf")
        assert ("'=ENT();" in csv.decode("utf-8-sig"), "ENT-AILLEURS" in csv.decode()) == (True, False)


class TestAnAgreementOfASchoolBody:
    def test_keeps_whom_to_turn_to_and_what_may_pass_and_shows_it(self, client):
        made = agreement_in(
            "IN_FORCE", school_body=True, representatives=["Direction adjointe"], flows=["REPORT", "EMERGENCY"]
        )
        client.force_login(CoordinatorFactory(police_service=made.police_service).person)
        page = client.get(f"/en{made.get_absolute_url()}").content.decode()
        for said in ("Direction adjointe", "Report of an event", "Emergency measures"):
            assert said in page

    @pytest.mark.parametrize("days", actions.REMINDERS)
    def test_reminds_its_coordinator_too(self, days):
        made = AgreementFactory(school_body=True, ends_on=timezone.localdate() + days * DAY)
        coordinator = CoordinatorFactory(police_service=made.police_service).person
        call_command("agreements", "remind")
        call_command("agreements", "remind")
        assert Message.objects.get().to == coordinator
