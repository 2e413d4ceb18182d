"""The pages of coverage and of the register."""

import io
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from openpyxl import load_workbook

from jalon.agreements import actions, views_register
from jalon.agreements.models import Agreement
from jalon.core.agreements import Act
from jalon.core.refusals import Refusal, Refused
from tests.factories import (
    AgreementFactory,
    BodyFactory,
    ChangeFactory,
    CoordinatorFactory,
    MunicipalityFactory,
    PersonFactory,
    ReleaseFactory,
    ReportFactory,
    SchoolFactory,
    ServesFactory,
    ShapeFactory,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
BOTH = pytest.mark.parametrize("prefix", ["", "/en"], ids=["fr-ca", "en-ca"])


@pytest.fixture
def covered():
    agreement = AgreementFactory()
    town = ServesFactory(police_service=agreement.police_service, municipality__name="Rivière-Couverte").municipality
    return SchoolFactory(name="École de l’Érable", code="910001", town=town)


@pytest.fixture
def uncovered():
    return SchoolFactory(name="École du Sapin", code="910002", town=ServesFactory().municipality)


@pytest.fixture
def coordinator(covered):
    agreement = Agreement.objects.get()
    return CoordinatorFactory(police_service=agreement.police_service).person


@pytest.fixture
def desk(client, coordinator):
    client.force_login(coordinator)
    return client


def text_of(answer):
    return answer.content.decode()


class TestAmICovered:
    @BOTH
    def test_answers_in_one_sentence_whatever_the_accents(self, client, covered, uncovered, prefix):
        page = text_of(client.get(f"{prefix}/coverage/", {"q": "ecole"}))
        assert "École de l’Érable" in page
        assert ("DCPP" if prefix else "DPCP") in page
        assert "910002" in page

    def test_of_a_covered_school_leads_to_the_account(self, client, covered):
        page = text_of(client.get("/coverage/910001/"))
        assert "/account/schools/new/" in page
        assert "letter" not in page

    @BOTH
    def test_of_an_uncovered_school_gives_two_letters(self, client, uncovered, prefix):
        page = text_of(client.get(f"{prefix}/coverage/910002/"))
        assert f"{prefix}/coverage/910002/letter/?to=police" in page

    @BOTH
    def test_of_an_uncovered_school_names_the_program(self, client, uncovered, prefix):
        title = ReleaseFactory().program.current.pack.title["en" if prefix else "fr"]
        for address in ("?q=ecole", "910002/"):
            page = text_of(client.get(f"{prefix}/coverage/{address}"))
            assert (f"the program “{title}”" if prefix else f"le programme «\xa0{title}\xa0»") in page
            assert ("this program" if prefix else "ce programme") not in page

    def test_of_a_covered_school_leads_to_the_program(self, client, covered):
        program = ReleaseFactory().program
        assert f'href="{program.get_absolute_url()}"' in text_of(client.get("/coverage/910001/"))

    def test_of_an_uncovered_school_says_the_reason_even_without_any_program(self, client, uncovered):
        assert "un programme réservé" in text_of(client.get("/coverage/910002/"))

    @pytest.mark.parametrize("code", ["910009", "x"])
    def test_of_an_unknown_school_is_not_found(self, client, code):
        assert client.get(f"/coverage/{code}/").status_code == 404

    @pytest.mark.parametrize(("schools", "is_said"), [(20, False), (21, True)])
    def test_says_when_more_schools_are_found_than_it_shows(self, client, schools, is_said):
        SchoolFactory.create_batch(schools)
        page = text_of(client.get("/coverage/", {"q": "ecole"}))
        assert ("vingt premières" in page) is is_said

    def test_says_when_no_school_is_found(self, client):
        assert "Aucune école trouvée" in text_of(client.get("/coverage/", {"q": "zzz"}))

    def test_opens_in_six_queries_at_most_whatever_the_number_of_schools(self, client, django_assert_max_num_queries):
        SchoolFactory.create_batch(12)
        with django_assert_max_num_queries(6):
            client.get("/coverage/", {"q": "ecole"})


class TestALetter:
    @BOTH
    @pytest.mark.parametrize("to", ["superior", "police"])
    def test_is_a_page_to_print_and_a_text_to_keep(self, client, uncovered, prefix, to):
        page = client.get(f"{prefix}/coverage/910002/letter/", {"to": to})
        kept = client.get(f"{prefix}/coverage/910002/letter.txt", {"to": to})
        assert (page.status_code, kept["Content-Type"]) == (200, "text/plain; charset=utf-8")
        assert "École du Sapin" in text_of(kept)
        assert "Ctrl" in text_of(page)
        assert "attachment" in kept["Content-Disposition"]

    @pytest.mark.parametrize("school", ["", "unserved", "to-come", "ended", "suspended"])
    def test_says_what_is_missing(self, client, school):
        town = MunicipalityFactory() if school == "unserved" else ""
        if school in {"to-come", "ended", "suspended"}:
            served = ServesFactory()
            town = served.municipality
            days = {"to-come": ("2090-07-01", "2095-07-01"), "ended": ("2019-07-01", "2020-07-01")}.get(school)
            made = {"starts_on": days[0], "ends_on": days[1]} if days else {}
            agreement = AgreementFactory(police_service=served.police_service, **made)
            if school == "suspended":
                ChangeFactory(agreement=agreement)
        SchoolFactory(code="910003", town=town)
        assert "registre" in text_of(client.get("/coverage/910003/letter.txt"))

    def test_asks_for_nothing_where_the_school_is_covered(self, client, covered):
        assert client.get("/coverage/910001/letter/").status_code == 404


class TestWhoSeesTheRegister:
    ADDRESSES = ["", "new/", "bodies/", "export.csv", "export.xlsx", "bodies/export.csv"]

    @pytest.mark.parametrize("address", ADDRESSES)
    def test_is_a_coordinator_only(self, client, address):
        assert client.get(f"/agreements/{address}").status_code == 302
        client.force_login(PersonFactory())
        assert client.get(f"/agreements/{address}").status_code == 403

    @pytest.mark.parametrize("door", ["", "suspension/", "reinstatement/", "extension/", "end/", "reports/"])
    def test_finds_nothing_of_another_territory(self, desk, door):
        elsewhere = AgreementFactory(school_body=True)
        address = f"/agreements/{elsewhere.pk}/{door}"
        answer = desk.post(address, {"suspended-on": "2026-03-02"}) if door else desk.get(address)
        missing = f"/agreements/00000000-0000-4000-8000-000000000000/{door}"
        other = desk.post(missing) if door else desk.get(missing)
        assert (answer.status_code, other.status_code) == (404, 404)

    def test_does_not_list_what_is_of_another_territory(self, desk):
        elsewhere = AgreementFactory()
        assert elsewhere.reference not in text_of(desk.get("/agreements/"))


def recorded(agreement, **said):
    return {
        "kind": "PROSECUTOR",
        "police_service": agreement.police_service.pk,
        "reference": "ENT-NEUVE",
        "starts_on": "2029-07-01",
        "ends_on": "2032-07-01",
        "signatories": "Direction du service\n\nBureau de la poursuite",
        **said,
    }


class TestRecording:
    def test_keeps_what_was_written(self, desk):
        answer = desk.post("/agreements/new/", recorded(Agreement.objects.get()))
        made = Agreement.objects.get(reference="ENT-NEUVE")
        assert answer["Location"] == f"/agreements/{made.pk}/"
        assert made.signatories == ["Direction du service", "Bureau de la poursuite"]

    def test_pressed_twice_is_one_agreement_and_one_answer(self, desk):
        known = Agreement.objects.get()
        first, again = (desk.post("/agreements/new/", recorded(known)) for _ in range(2))
        assert (first.status_code, again["Location"]) == (302, first["Location"])
        made = Agreement.objects.get(reference="ENT-NEUVE")
        by = made.recorded_by.legal_name or made.recorded_by.email
        assert f"Par {by}" in text_of(desk.get(first["Location"]))

    def test_of_days_that_meet_shows_both_periods_and_loses_nothing(self, desk):
        answer = desk.post("/agreements/new/", recorded(Agreement.objects.get(), starts_on="2029-06-30"))
        page = text_of(answer)
        assert (answer.status_code, Agreement.objects.count()) == (422, 1)
        for said in ("30 juin 2029", "1 juillet 2032", "1 juillet 2024", "1 juillet 2029"):
            assert said in page.replace("\u00a0", " ").replace("1er ", "1 ")
        assert "Bureau de la poursuite" in page

    def test_for_another_territory_is_refused(self, desk):
        answer = desk.post("/agreements/new/", recorded(AgreementFactory()))
        assert (answer.status_code, Agreement.objects.filter(reference="ENT-NEUVE").count()) == (422, 0)

    @pytest.mark.parametrize(
        "said", [{"ends_on": "x"}, {"kind": "SCHOOL_BODY"}, {"digest": "abc"}, {"signatories": ""}]
    )
    def test_of_anything_wrong_is_shown_beside_the_form(self, desk, said):
        assert desk.post("/agreements/new/", recorded(Agreement.objects.get(), **said)).status_code == 422


class TestChanging:
    def change(self, desk, door, act, **said):
        agreement = Agreement.objects.get()
        seen = agreement.changes.count()
        given = {"seen": seen, f"{act}-on": "2026-03-02", f"{act}-reason": "Motif écrit", **said}
        return agreement, desk.post(f"/agreements/{agreement.pk}/{door}/", given)

    def test_suspends_reinstates_and_ends(self, desk):
        for door, act in (("suspension", "suspended"), ("reinstatement", "reinstated"), ("end", "ended")):
            agreement, answer = self.change(desk, door, act)
            assert answer["Location"] == f"/agreements/{agreement.pk}/"
        assert [one.act for one in agreement.changes.all()] == ["SUSPENDED", "REINSTATED", "ENDED"]

    def test_without_a_reason_keeps_the_form(self, desk):
        agreement, answer = self.change(desk, "suspension", "suspended", **{"suspended-reason": ""})
        assert (answer.status_code, agreement.changes.count()) == (422, 0)

    def test_pressed_twice_is_one_change_and_one_answer(self, desk):
        answers = [self.change(desk, "suspension", "suspended")[1] for _ in range(2)]
        assert [answer.status_code for answer in answers] == [302, 302]
        assert Agreement.objects.get().changes.count() == 1

    def test_says_who_recorded_it_and_what_it_replaced(self, desk, coordinator):
        self.change(desk, "suspension", "suspended", **{"suspended-on": "2027-05-01"})
        agreement, _ = self.change(desk, "suspension", "suspended")
        page = text_of(desk.get(f"/agreements/{agreement.pk}/"))
        assert page.count(f"par {coordinator.legal_name or coordinator.email}") == 2
        assert page.count("Remplacé par un acte inscrit ensuite") == 1

    def test_from_a_stale_tab_is_told_and_loses_no_text(self, desk):
        self.change(desk, "suspension", "suspended")
        _, answer = self.change(desk, "suspension", "suspended", **{"suspended-reason": "Texte de l’onglet"})
        assert answer.status_code == 422
        assert "Texte de l’onglet" in text_of(answer)

    def test_planned_since_the_page_was_shown_is_not_replaced_unseen(self, desk):
        """The second one would count: an end may be brought forward."""
        self.change(desk, "end", "ended", **{"ended-on": "2026-12-31"})
        agreement, answer = self.change(
            desk, "end", "ended", **{"seen": 0, "ended-on": "2026-10-01", "ended-reason": "Écrit dans l’autre onglet"}
        )
        page = text_of(answer)
        assert (answer.status_code, agreement.changes.count()) == (422, 1)
        assert ("a changé depuis" in page, "Écrit dans l’autre onglet" in page) == (True, True)
        seen = BeautifulSoup(answer.content, "html.parser").find(attrs={"name": "seen"})["value"]
        _, answer = self.change(desk, "end", "ended", **{"seen": seen, "ended-on": "2026-10-01"})
        assert (answer.status_code, agreement.changes.count()) == (302, 2)

    def test_refused_at_the_last_moment_loses_no_text(self, desk, monkeypatch):
        """Something was recorded between the check of the form and the verb."""

        def refuse(**said):
            raise Refused(Refusal("reference-missing"))

        monkeypatch.setattr(views_register, "VERBS", {Act.SUSPENDED: refuse})
        monkeypatch.setattr(actions, "record", refuse)
        agreement, changed = self.change(desk, "suspension", "suspended")
        recording = desk.post("/agreements/new/", recorded(agreement, signatories="Direction des essais"))
        for answer, written in ((changed, "Motif écrit"), (recording, "Direction des essais")):
            assert (answer.status_code, written in text_of(answer)) == (422, True)
            assert "Une entente est inscrite avec sa référence" in text_of(answer)

    def test_extends_an_agreement_for_some_places_by_the_names_of_others(self, desk):
        known = Agreement.objects.get()
        towns = [
            ServesFactory(police_service=known.police_service, municipality__name=name).municipality
            for name in ("Anse-Neuve", "Baie-Neuve")
        ]
        said = recorded(known, places=f"{towns[0].code}\n")
        desk.post("/agreements/new/", said)
        made = Agreement.objects.get(reference="ENT-NEUVE")
        assert made.places == [towns[0].code]
        given = {"seen": 0, "extended-on": "2030-01-01", "extended-reason": "Avenant", "extended-places": "Ailleurs"}
        refused = desk.post(f"/agreements/{made.pk}/extension/", given)
        assert (refused.status_code, "Ailleurs" in text_of(refused)) == (422, True)
        desk.post(f"/agreements/{made.pk}/extension/", {**given, "extended-places": "baie-neuve"})
        page = text_of(desk.get(f"/en/agreements/{made.pk}/"))
        assert ("Covered from July" in page, "Covered from January" in page) == (True, True)
        assert page.index("Anse-Neuve") < page.index("Baie-Neuve")
        assert "Baie-Neuve" in page[page.index("Extended to other places</") :]

    def test_files_a_joint_report(self, desk):
        known = Agreement.objects.get()
        made = AgreementFactory(school_body=True, police_service=known.police_service)
        answer = desk.post(f"/agreements/{made.pk}/reports/", {"report-year": "2025", "report-filed_on": "2026-08-30"})
        assert (answer.status_code, made.reports.get().year) == (302, 2025)
        refused = desk.post(f"/agreements/{made.pk}/reports/", {"report-year": "1999", "report-filed_on": "2026-08-30"})
        assert refused.status_code == 422


class TestEveryPageOfACoordinator:
    @BOTH
    def test_opens_in_six_queries_at_most(self, desk, covered, uncovered, prefix, django_assert_max_num_queries):
        first = Agreement.objects.get()
        made = ReportFactory(agreement__police_service=first.police_service).agreement
        ChangeFactory(agreement=first)
        AgreementFactory(
            police_service=first.police_service, starts_on="2018-07-01", ends_on="2020-07-01", reference="VIEILLE"
        )
        ShapeFactory(body=covered.body)
        ShapeFactory(body=uncovered.body)
        BodyFactory()
        addresses = [
            "",
            "?soon=1",
            "new/",
            "bodies/",
            f"{first.pk}/",
            f"{made.pk}/",
            "export.csv",
            "bodies/export.xlsx",
        ]
        for address in addresses:
            with django_assert_max_num_queries(6):
                assert desk.get(f"{prefix}/agreements/{address}").status_code == 200

    def test_shows_the_map_with_the_same_shares_as_the_table(self, desk, covered):
        ShapeFactory(body=covered.body)
        page = text_of(desk.get("/agreements/bodies/"))
        assert page.count("100\u00a0%") == 2
        assert 'class="share-all"' in page

    def test_takes_the_coverage_away_without_a_formula(self, desk, uncovered):
        uncovered.body.name = "=HYPERLINK()"
        uncovered.body.save()
        sheet = load_workbook(io.BytesIO(desk.get("/agreements/bodies/export.xlsx").content)).active
        assert "'=HYPERLINK()" in [row[1].value for row in sheet.iter_rows()]
        assert "'=HYPERLINK()" in desk.get("/agreements/bodies/export.csv").content.decode("utf-8-sig")

    def test_is_found_in_csv_and_xlsx_only(self, desk):
        assert desk.get("/agreements/export.pdf").status_code == 404


class TestAForgedForm:
    def test_without_its_token_is_refused(self, coordinator):
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(coordinator)
        assert strict.post("/agreements/new/", {}).status_code == 403
