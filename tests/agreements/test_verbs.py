"""The verbs of agreements."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection

from jalon.agreements import access, actions, parts
from jalon.agreements.actions import Terms
from jalon.agreements.models import Agreement
from jalon.agreements.queries import agreement_called, all_places, cover_of, employments_of
from jalon.core.gating import why_not_covered
from jalon.core.refusals import Refusal, Refused
from jalon.journal.models import Entry
from jalon.notices.models import Message
from jalon.places.models import Municipality, School
from tests.factories import (
    MONDAY,
    AffiliationFactory,
    AgreementFactory,
    BodyFactory,
    ChangeFactory,
    CoordinatorFactory,
    PersonFactory,
    PoliceServiceFactory,
    ReportFactory,
    SchoolFactory,
    ServesFactory,
)

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()
DAY = timedelta(days=1)
LATER = {"starts_on": date(2029, 7, 1), "ends_on": date(2032, 7, 1)}


def terms(**given):
    known = {
        "kind": "PROSECUTOR",
        "reference": "ENT-2026-01",
        "starts_on": date(2026, 7, 1),
        "ends_on": date(2029, 7, 1),
    }
    given.setdefault("police_service", None)
    return Terms(**{**known, **given, "police_service": given["police_service"] or PoliceServiceFactory()})


def why_not(verb, **given):
    with pytest.raises(Refused) as refused:
        verb(at=MONDAY, **given)
    return refused.value.refusal


class TestRecording:
    def test_keeps_what_was_signed_and_who_recorded_it(self):
        coordinator = CoordinatorFactory()
        said = terms(police_service=coordinator.police_service, signatories=["Direction"], digest="b" * 64)
        agreement = actions.record(terms=said, by=coordinator.person, at=MONDAY)
        assert (agreement.reference, agreement.closes_on, agreement.signatories, agreement.recorded_by) == (
            "ENT-2026-01",
            date(2029, 7, 1),
            ["Direction"],
            coordinator.person,
        )
        assert Entry.objects.get(verb="agreement.recorded").about_id == agreement.pk

    @pytest.mark.parametrize(
        ("starts_on", "ends_on", "is_refused"),
        [
            (date(2021, 7, 1), date(2024, 7, 1), False),
            (date(2021, 7, 1), date(2024, 7, 2), True),
            (date(2025, 7, 1), date(2026, 7, 1), True),
            (date(2029, 6, 30), date(2032, 7, 1), True),
            (date(2029, 7, 1), date(2032, 7, 1), False),
            (date(2020, 7, 1), date(2040, 7, 1), True),
        ],
    )
    def test_leaves_no_day_to_two_agreements_of_the_same_parties(self, starts_on, ends_on, is_refused):
        known = AgreementFactory(starts_on=date(2024, 7, 1), ends_on=date(2029, 7, 1))
        said = terms(police_service=known.police_service, starts_on=starts_on, ends_on=ends_on)
        if not is_refused:
            assert actions.record(terms=said, by=None, at=MONDAY).pk
            return
        refusal = why_not(actions.record, terms=said, by=None)
        assert (refusal.code, refusal.facts) == (
            "agreement-overlap",
            {
                "reference": known.reference,
                "starts_on": starts_on,
                "ends_on": ends_on,
                "other_starts_on": date(2024, 7, 1),
                "other_ends_on": date(2029, 7, 1),
            },
        )

    def test_is_open_again_from_the_day_that_another_was_ended(self):
        known = AgreementFactory()
        actions.end(agreement=known, on=TODAY, reason="Remplacée", by=None, at=MONDAY)
        said = terms(police_service=known.police_service, starts_on=TODAY)
        assert actions.record(terms=said, by=None, at=MONDAY).pk

    def test_lets_the_two_kinds_and_other_parties_stand_side_by_side(self):
        known = AgreementFactory()
        days = {"starts_on": known.starts_on, "ends_on": known.ends_on, "police_service": known.police_service}
        for number, body in enumerate([BodyFactory(), BodyFactory()]):
            said = terms(kind="SCHOOL_BODY", body=body, reference=f"E-{number}", **days)
            assert actions.record(terms=said, by=None, at=MONDAY).pk

    @pytest.mark.parametrize(
        ("said", "code"),
        [
            ({"kind": "SCHOOL_BODY"}, "agreement-without-body"),
            ({"kind": "SCHOOL_BODY", "body": True, "ends_on": date(2028, 7, 1)}, "agreement-term"),
            ({"body": True}, "agreement-with-body"),
            ({"ends_on": date(2026, 7, 1)}, "period-reversed"),
            ({"reference": "  "}, "reference-missing"),
            ({"reference": "PRISE"}, "reference-taken"),
            ({"digest": "abc"}, "digest-malformed"),
            ({"digest": "A" * 64}, "digest-malformed"),
            ({"flows": ["RUMOUR"]}, "flow-unknown"),
            ({"places": ["99999"]}, "place-elsewhere"),
        ],
    )
    def test_is_refused(self, said, code):
        taken = AgreementFactory(reference="PRISE")
        body = {"body": BodyFactory()} if said.get("body") else {}
        police = {"police_service": taken.police_service, **LATER} if said.get("reference") == "PRISE" else {}
        assert why_not(actions.record, terms=terms(**{**said, **body, **police}), by=None).code == code

    def test_tells_nothing_of_the_references_of_another_territory(self):
        AgreementFactory(reference="PRISE")
        assert actions.record(terms=terms(reference="PRISE"), by=None, at=MONDAY).pk

    def test_corrects_one_that_was_mistyped_by_ending_it_on_its_first_day(self):
        town = ServesFactory().municipality
        police = town.services.get().police_service
        SchoolFactory(code="910001", town=town)
        days = {"starts_on": TODAY, "ends_on": TODAY + 1000 * DAY, "police_service": police}
        mistyped = actions.record(terms=terms(**{**days, "ends_on": TODAY + 10 * DAY}), by=None, at=MONDAY)
        actions.end(agreement=mistyped, on=TODAY, reason="Erreur de saisie", by=None, at=MONDAY)
        right = actions.record(terms=terms(**days), by=None, at=MONDAY)
        assert right.reference == mistyped.reference
        cover = cover_of("910001", on=TODAY + 20 * DAY)
        assert (cover.reason, cover.agreement.ends_on) == (None, right.ends_on)
        called = agreement_called(right.reference, police_service=police.name)
        assert called.state(TODAY + 20 * DAY) == "IN_FORCE"

    def test_of_two_services_under_one_reference_leaves_each_its_own(self):
        known = AgreementFactory(reference="PRISE")
        made = actions.record(terms=terms(reference="PRISE"), by=None, at=MONDAY)
        for one in (known, made):
            called = agreement_called("PRISE", police_service=one.police_service.name)
            assert called.period.starts_on == one.starts_on
        assert agreement_called("PRISE", police_service="Service inconnu") is None

    def test_is_for_the_coordinator_of_that_territory(self):
        elsewhere = CoordinatorFactory().person
        assert why_not(actions.record, terms=terms(), by=elsewhere).code == "coordinators-only"


class TestAChange:
    @pytest.mark.parametrize(("verb", "act"), [("suspend", "SUSPENDED"), ("end", "ENDED")])
    def test_is_a_record_with_its_reason_and_the_agreement_stays_as_it_was_signed(self, verb, act):
        agreement = AgreementFactory()
        change = getattr(actions, verb)(agreement=agreement, on=TODAY, reason=" Motif ", by=None, at=MONDAY)
        agreement.refresh_from_db()
        assert (change.act, change.on, change.reason, change.number) == (act, TODAY, "Motif", 1)
        assert agreement.ends_on == date(2029, 7, 1)
        assert Entry.objects.get(verb=f"agreement.{act.lower()}").facts == {"on": "2026-03-02", "number": 1}

    def test_follows_another(self):
        agreement = ChangeFactory().agreement
        actions.reinstate(agreement=agreement, on=TODAY, reason="Repris", by=None, at=MONDAY)
        assert [one.act for one in agreement.changes.all()] == ["SUSPENDED", "REINSTATED"]

    @pytest.mark.parametrize(
        ("reason", "code"),
        [("", "agreement-reason-missing"), (" ", "agreement-reason-missing"), ("x" * 501, "agreement-reason-too-long")],
    )
    def test_has_a_reason(self, reason, code):
        given = {"agreement": AgreementFactory(), "on": TODAY, "reason": reason, "by": None}
        assert why_not(actions.suspend, **given).code == code

    def test_for_an_earlier_day_takes_the_place_of_what_is_planned(self):
        agreement, given = AgreementFactory(), {"reason": "Urgence", "by": None, "at": MONDAY}
        actions.suspend(agreement=agreement, on=TODAY + 60 * DAY, **given)
        actions.end(agreement=agreement, on=TODAY + 90 * DAY, **given)
        actions.suspend(agreement=agreement, on=TODAY, **given)
        assert agreement.term.state(TODAY) == "SUSPENDED"
        actions.end(agreement=agreement, on=TODAY + DAY, **given)
        agreement.refresh_from_db()
        assert (agreement.closes_on, agreement.term.replaced) == (TODAY + DAY, {0, 1})

    def test_said_twice_is_refused_with_the_first_day(self):
        agreement = ChangeFactory().agreement
        refusal = why_not(actions.suspend, agreement=agreement, on=TODAY + DAY, reason="Encore", by=None)
        assert (refusal.code, refusal.facts) == ("already-suspended", {"suspended_on": TODAY})

    def test_is_for_the_coordinator_of_that_territory(self):
        given = {"agreement": AgreementFactory(), "on": TODAY, "reason": "x", "by": CoordinatorFactory().person}
        assert {why_not(verb, **given).code for verb in (actions.suspend, actions.reinstate, actions.end)} == {
            "coordinators-only"
        }


class TestAPartOfATerritory:
    """Two towns of one service; the agreement is for one of them, then for a school of the other too."""

    @pytest.fixture
    def police(self):
        police = PoliceServiceFactory()
        for code, name in (("00001", "Anse-Couverte"), ("00002", "Baie-Découverte")):
            town = ServesFactory(police_service=police, municipality__code=code, municipality__name=name).municipality
            SchoolFactory(code=f"9000{code[-2:]}", name=f"École de {name}", town=town)
        SchoolFactory(code="900003", name="École voisine", town=Municipality.objects.get(code="00002"))
        return police

    @staticmethod
    def reasons():
        covers = [cover_of(code, on=date(2026, 7, 1)) for code in ("900001", "900002", "900003")]
        return [cover.reason and cover.reason.code for cover in covers]

    def test_is_covered_and_the_rest_is_told_that_it_is_not(self, police):
        actions.record(terms=terms(police_service=police, places=["00001"]), by=None, at=MONDAY)
        assert self.reasons() == [None, "agreement-elsewhere", "agreement-elsewhere"]
        person = AffiliationFactory(school=School.objects.get(code="900002")).person
        (work,) = employments_of(person, on=date(2026, 7, 1))
        assert why_not_covered(work.school, work.place, on=date(2026, 7, 1)).code == "agreement-elsewhere"
        states = {one.name: one.place.in_force(date(2026, 7, 1)) is not None for one in all_places(on=date(2026, 7, 1))}
        assert sorted(states.values()) == [False, False, True]

    def test_grows_by_a_change_that_has_its_day_and_its_reason(self, police):
        agreement = actions.record(terms=terms(police_service=police, places=["00001"]), by=None, at=MONDAY)
        given = {"agreement": agreement, "reason": "Avenant", "by": None, "at": MONDAY}
        actions.extend(places=["900002"], on=date(2026, 7, 1), **given)
        assert self.reasons() == [None, None, "agreement-elsewhere"]
        agreement.refresh_from_db()
        assert (agreement.places, agreement.changes.get().places) == (["00001"], ["900002"])
        assert cover_of("900002", on=date(2026, 6, 30)).reason.facts["on"] == date(2026, 7, 1)

    @pytest.mark.parametrize(
        ("signed", "places", "code"),
        [
            (["00001"], ["00001"], "extension-known"),
            (["00001"], [], "extension-known"),
            (["00001"], ["99999"], "place-elsewhere"),
            ([], ["00002"], "extension-of-whole"),
        ],
    )
    def test_does_not_grow(self, police, signed, places, code):
        agreement = actions.record(terms=terms(police_service=police, places=signed), by=None, at=MONDAY)
        given = {"agreement": agreement, "places": places, "on": date(2026, 7, 1), "reason": "Avenant", "by": None}
        assert why_not(actions.extend, **given).code == code

    @pytest.mark.parametrize(
        ("written", "read"),
        [
            (["anse couverte"], ["00001"]),
            (["Ailleurs"], "place-elsewhere"),
            (["ANSE-COUVERTE", "00001", "ecole voisine"], ["00001", "900003"]),
            (["Baie-Découverte"], ["00002"]),
            (["École double"], "place-ambiguous"),
            ([], []),
        ],
    )
    def test_is_written_by_name_or_by_code(self, police, written, read):
        for code in ("900011", "900012"):
            SchoolFactory(code=code, name="École double", town=Municipality.objects.get(code="00001"))
        found = parts.read(written, police=police, on=date(2026, 7, 1))
        assert (found.code if isinstance(found, Refusal) else found) == read


class TestReminders:
    @pytest.mark.parametrize(
        ("left", "days"), [(181, None), (180, 180), (61, 180), (60, 60), (15, 60), (14, 14), (1, 14), (0, None)]
    )
    def test_leave_180_60_and_14_days_before_the_end(self, left, days):
        agreement = AgreementFactory(ends_on=TODAY + left * DAY, starts_on=date(2020, 7, 1))
        CoordinatorFactory(police_service=agreement.police_service)
        assert [one.days for one in actions.remind(at=MONDAY)] == ([days] if days else [])

    def test_leave_once_each_to_every_coordinator_of_the_territory(self):
        agreement = AgreementFactory(ends_on=TODAY + 60 * DAY)
        told = {CoordinatorFactory(police_service=agreement.police_service).person.email for _ in range(2)}
        CoordinatorFactory()
        CoordinatorFactory(police_service=agreement.police_service, person__is_active=False)
        for later in range(3):
            actions.remind(at=MONDAY + later * DAY)
        assert sorted(Message.objects.values_list("address", flat=True)) == sorted(told)

    def test_wait_for_somebody_who_keeps_the_territory(self):
        agreement = AgreementFactory(ends_on=TODAY + 60 * DAY)
        assert actions.remind(at=MONDAY) == []
        CoordinatorFactory(police_service=agreement.police_service)
        assert [one.days for one in actions.remind(at=MONDAY + DAY)] == [60]

    def test_do_not_leave_for_an_agreement_that_is_renewed(self):
        agreement = AgreementFactory(ends_on=TODAY + 60 * DAY)
        CoordinatorFactory(police_service=agreement.police_service)
        AgreementFactory(
            police_service=agreement.police_service, starts_on=agreement.ends_on, ends_on=agreement.ends_on + 1000 * DAY
        )
        assert actions.remind(at=MONDAY) == []

    def test_say_nothing_of_the_agreement(self):
        agreement = AgreementFactory(ends_on=TODAY + 60 * DAY)
        CoordinatorFactory(police_service=agreement.police_service)
        actions.remind(at=MONDAY)
        message = Message.objects.get()
        assert agreement.reference not in message.subject + message.body


class TestAJointReport:
    def test_is_filed_once_a_year(self):
        agreement = AgreementFactory(school_body=True)
        given = {"agreement": agreement, "year": 2025, "by": None, "at": MONDAY}
        first = actions.file_report(filed_on=TODAY, **given)
        assert actions.file_report(filed_on=TODAY, **given) == first

    def test_filed_on_another_day_is_told_and_the_first_one_stands(self):
        agreement = ReportFactory(filed_on=TODAY).agreement
        refusal = why_not(actions.file_report, agreement=agreement, year=2025, filed_on=TODAY - DAY, by=None)
        assert (refusal.code, refusal.facts) == ("report-filed", {"filed_on": TODAY})

    @pytest.mark.parametrize(
        ("year", "filed_on", "code"),
        [
            (2024, TODAY, None),
            (2023, TODAY, "report-outside-period"),
            (2029, date(2030, 1, 1), "report-outside-period"),
            (2026, TODAY, "report-outside-period"),
            (2025, TODAY + DAY, "report-to-come"),
        ],
    )
    def test_is_of_a_school_year_of_the_agreement(self, year, filed_on, code):
        given = {"agreement": AgreementFactory(school_body=True), "year": year, "filed_on": filed_on, "by": None}
        if code:
            assert why_not(actions.file_report, **given).code == code
        else:
            assert actions.file_report(at=MONDAY, **given).year == year

    def test_belongs_to_agreements_with_a_school_body(self):
        given = {"agreement": AgreementFactory(), "year": 2025, "filed_on": TODAY, "by": None}
        assert why_not(actions.file_report, **given).code == "report-of-another-kind"


class TestAppointing:
    def test_twice_changes_nothing(self):
        given = {"person": PersonFactory(), "police_service": PoliceServiceFactory(), "at": MONDAY}
        assert actions.appoint(**given) == actions.appoint(**given)
        assert Entry.objects.filter(verb="coordinator.appointed").count() == 1

    def test_can_be_taken_away_and_the_journal_keeps_it(self):
        coordinator = CoordinatorFactory()
        actions.dismiss(coordinator=coordinator, at=MONDAY)
        assert access.why_not_coordinate(coordinator.person).code == "coordinators-only"
        assert Entry.objects.filter(verb="coordinator.dismissed").count() == 1


class TestTheDatabaseRefusesToo:
    @pytest.mark.parametrize(
        ("constraint", "make"),
        [
            ("agreement_ends_after_it_starts", lambda: AgreementFactory(ends_on=date(2024, 7, 1))),
            ("agreement_closes_within_its_period", lambda: AgreementFactory(closes_on=date(2029, 7, 2))),
            ("agreement_closes_within_its_period", lambda: AgreementFactory(closes_on=date(2024, 6, 30))),
            ("agreement_kinds_never_mix", lambda: AgreementFactory(kind="SCHOOL_BODY")),
            ("agreement_kinds_never_mix", lambda: AgreementFactory(body=BodyFactory())),
            ("change_needs_a_reason", lambda: ChangeFactory(reason="")),
            (r"change_has_its_number|agreements_change\.agreement_id", lambda: twice(ChangeFactory)),
        ],
    )
    def test_what_a_constraint_says(self, constraint, make):
        with pytest.raises(IntegrityError, match=constraint):
            make()

    @pytest.mark.skipif(
        connection.vendor != "postgresql", reason="only PostgreSQL can state that periods never overlap"
    )
    @pytest.mark.parametrize("made", [{}, {"school_body": True}])
    def test_two_agreements_of_the_same_parties_on_one_day(self, made):
        known = AgreementFactory(**made)
        with pytest.raises(IntegrityError, match="agreement_periods_never_overlap"):
            AgreementFactory(kind=known.kind, police_service=known.police_service, body=known.body)

    def test_and_lets_the_next_begin_where_one_was_ended(self):
        known = AgreementFactory(closes_on=TODAY)
        AgreementFactory(police_service=known.police_service, starts_on=TODAY)
        assert Agreement.objects.overlapping(known.term.period).count() == 2


def twice(factory):
    factory(agreement=factory().agreement, number=1)
