import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone, translation

from jalon.accounts.models import Affiliation, PeopleImport, Upload
from jalon.library.actions import publish
from tests.factories import (
    MONDAY,
    AffiliationFactory,
    AwardFactory,
    JournalEntryFactory,
    PersonFactory,
    RegistrarFactory,
    SchoolFactory,
    StandingFactory,
    UploadFactory,
)
from tests.library.sample import sample_files

pytestmark = pytest.mark.django_db
each_language = pytest.mark.parametrize("prefix", ["", "/en"])


@pytest.fixture
def registrar(client):
    registrar = RegistrarFactory()
    client.force_login(registrar.person)
    return registrar


@pytest.fixture
def school(registrar):
    return SchoolFactory(code="912001", body=registrar.body)


def people(line="lea@ecole.example;Léa;Exemple;912001;teacher;;"):
    text = f"courriel;prénom;nom;école;fonction;depuis;jusqu’au\n{line}\n"
    return SimpleUploadedFile("personnes.csv", text.encode())


def uploaded(client, **options):
    return client.post("/members/imports/", {"people": [people(**options)]})


class TestTheMembers:
    def test_are_found_by_name_address_or_school_whatever_the_accents(self, client, school):
        AffiliationFactory(school=school, person__legal_name="Zoé Modèle")
        AffiliationFactory(school=school, person__legal_name="Ali Exemple")
        page = client.get("/members/?q=zoe+modele").content.decode()
        assert "Zoé Modèle" in page
        assert "Ali Exemple" not in page

    @pytest.mark.parametrize(("state", "names"), [("waiting", "A"), ("confirmed", "B"), ("left", "C"), ("", "ABC")])
    def test_are_filtered_by_state(self, client, school, state, names):
        AffiliationFactory(school=school, person__legal_name="A-Exemple", waiting=True)
        AffiliationFactory(school=school, person__legal_name="B-Exemple")
        AffiliationFactory(school=school, person__legal_name="C-Exemple", ended=True)
        page = client.get(f"/members/?state={state}").content.decode()
        assert [name for name in "ABC" if f"{name}-Exemple" in page] == list(names)

    def test_who_wait_with_an_end_to_come_can_be_confirmed(self, client, school):
        later = timezone.localdate() + timedelta(days=30)
        work = AffiliationFactory(school=school, waiting=True, ends_on=later)
        page = client.get("/members/?state=waiting").content.decode()
        assert f"/members/{work.pk}/confirmation/" in page
        assert "À confirmer" in page.split("<tbody>")[1]

    def test_are_several_in_the_words_of_the_filter(self, client, school):
        page = client.get("/members/").content.decode()
        assert [word for word in ("Toutes", "Confirmées", "Ont quitté") if f">{word}</a>" not in page] == []

    @each_language
    def test_lead_to_the_page_and_the_acts_of_each(self, client, school, prefix):
        work = AffiliationFactory(school=school, waiting=True)
        page = client.get(f"{prefix}/members/").content.decode()
        with translation.override("en-ca" if prefix else "fr-ca"):
            found = [reverse(f"accounts:{name}", args=[work.pk]) for name in ("member", "confirmation", "end")]
        assert [f'"{address}"' in page for address in found] == [True] * 3

    def test_found_by_a_word_are_counted_and_paged(self, client, school, monkeypatch):
        monkeypatch.setattr("jalon.accounts.views_members.MEMBERS_A_PAGE", 2)
        for letter in "CBA":
            AffiliationFactory(school=school, person__legal_name=f"{letter}-Exemple")
        AffiliationFactory(school=school, person__legal_name="Autre Modèle", person__email="autre@ecole.example")
        page = client.get("/members/?q=exemple&page=2").content.decode()
        assert [letter for letter in "ABC" if f"{letter}-Exemple" in page.split("<tbody>")[1]] == ["C"]
        assert "Page 2 sur 2" in page

    def test_are_in_one_order_on_every_page_whatever_the_group_and_the_accents(self, client, school, monkeypatch):
        monkeypatch.setattr("jalon.accounts.views_members.MEMBERS_A_PAGE", 2)
        for name, traits in [
            ("Zoé", {"waiting": True}),
            ("Éva", {}),
            ("Fay", {}),
            ("Eve", {}),
            ("Ali", {"ended": True}),
        ]:
            AffiliationFactory(school=school, person__legal_name=name, **traits)
        pages = [client.get(f"/members/?page={number}").content.decode() for number in (1, 2, 3)]
        names = [re.findall(r'<a href="/members/[^"]+">(\w+)</a>', page.split("<tbody>")[1]) for page in pages]
        assert names == [["Zoé", "Éva"], ["Eve", "Fay"], ["Ali"]]

    def test_take_the_same_six_queries_for_one_and_for_many(self, client, school, django_assert_max_num_queries):
        for count in (1, 30):
            AffiliationFactory.create_batch(count, school=school)
            with django_assert_max_num_queries(6):
                client.get("/members/")


class TestAPlaceOfWork:
    @each_language
    def test_shows_who_confirmed_it_and_takes_a_leave_date(self, client, school, prefix):
        work = AffiliationFactory(school=school, confirmed_by=None, confirmed_domain="centre.example")
        page = f"{prefix}/members/{work.pk}/"
        assert "centre.example" in client.get(page).content.decode()
        client.post(page, {"ends_on": "30/06/2027"})
        work.refresh_from_db()
        assert work.ends_on == date(2027, 6, 30)

    def test_says_what_is_wrong_with_a_date(self, client, school):
        work = AffiliationFactory(school=school)
        assert client.post(f"/members/{work.pk}/", {"ends_on": "bientôt"}).status_code == 422


class TestAFileOfPeople:
    @each_language
    def test_is_shown_then_imported_then_undone(self, client, school, prefix, django_capture_on_commit_callbacks):
        answer = client.post(f"{prefix}/members/imports/", {"people": [people()]})
        assert "lea@ecole.example" in client.get(answer.url).content.decode()
        assert not Affiliation.objects.exists()
        with django_capture_on_commit_callbacks(execute=True):
            page = client.post(f"{answer.url}confirmation/").url
        assert Affiliation.objects.get().confirmed_by == PeopleImport.objects.get().by
        assert not Upload.objects.exists()
        assert client.post(f"{answer.url}confirmation/").url == page
        assert page in client.get(f"{prefix}/members/imports/").content.decode()
        said = {"": ("Importé", "Annulé"), "/en": ("Imported", "Undone")}[prefix]
        assert said[0] in client.get(page).content.decode()
        with django_capture_on_commit_callbacks(execute=True):
            assert client.post(f"{page}undoing/").url == page
        assert not Affiliation.objects.exists()
        assert said[1] in client.get(page).content.decode()

    @each_language
    def test_is_shown_with_its_values_before_and_after(self, client, school, prefix):
        known = AffiliationFactory(school=school, person__email="lea@ecole.example", role="SUPPORT")
        line = "lea@ecole.example;Léa;Exemple;912001;teacher;;2027-06-30"
        answer = client.post(f"{prefix}/members/imports/", {"people": [people(line)]})
        page = client.get(answer.url).content.decode().replace("\xa0", " ")
        said = {
            "": ("Léa Exemple", "Fonction : Personnel de soutien → Personnel enseignant", "30 juin 2027"),
            "/en": ("Léa Exemple", "Role: Support staff → Teaching staff", "June 30, 2027"),
        }[prefix]
        assert [word for word in said if word not in page] == []
        assert known.person.legal_name not in page

    def test_with_problems_names_each_and_imports_nothing(self, client, school, django_capture_on_commit_callbacks):
        answer = uploaded(client, line="lea;Léa;Exemple;912001;teacher;;")
        page = client.get(answer.url).content.decode()
        assert "Une adresse de courriel est attendue" in page
        answer = uploaded(client, line="lea@ecole.example;Léa;Exemple;912001;astronaute;;")
        assert "enseignement, professionnel, soutien, direction" in client.get(answer.url).content.decode()
        with django_capture_on_commit_callbacks(execute=True):
            page = client.post(f"{answer.url}confirmation/").url
        assert "1 problème est apparu" in client.get(page).content.decode().replace("\xa0", " ")
        assert not Affiliation.objects.exists()

    def test_of_many_wrong_lines_counts_them_all_and_shows_the_first(self, client, school):
        wrong = "courriel;nom;code école;rôle\n" + "personne;;1;reine\n" * 300
        kept = SimpleUploadedFile("gens.csv", wrong.encode())
        page = client.post("/members/imports/", {"people": [kept]}, follow=True).content.decode()
        assert page.split("<tbody>")[1].count("<tr>") == 200
        assert any(f"900{space}problèmes" in page for space in "\xa0 ")

    def test_must_be_chosen_and_of_a_size_that_is_read(self, client, school, monkeypatch):
        assert client.post("/members/imports/", {}).status_code == 422
        monkeypatch.setattr("jalon.accounts.uploads.MEGABYTES", 0)
        assert uploaded(client).status_code == 409

    def test_is_gone_a_day_later(self, client, school):
        old = UploadFactory(at=timezone.now() - timedelta(hours=25))
        uploaded(client)
        assert not Upload.objects.filter(pk=old.pk).exists()

    def test_of_another_registrar_is_as_a_missing_one(self, client, registrar):
        assert client.get(f"/members/uploads/{UploadFactory().pk}/").status_code == 404


class TestWhoIsTrainedAndCovered:
    @each_language
    def test_says_the_levels_and_why_somebody_is_not_covered(self, client, school, prefix):
        trained = AffiliationFactory(school=school).person
        StandingFactory(person=trained, kind="sexto/explorer")
        AffiliationFactory(school=SchoolFactory(body=school.body, town=""))
        AffiliationFactory(school=school, waiting=True)
        page = client.get(f"{prefix}/members/readiness/").content.decode()
        assert "sexto/explorer" in page
        no_address, waits = {
            "": ("Aucune adresse connue pour l’école", "À confirmer"),
            "/en": ("No address known for the school", "To be confirmed"),
        }[prefix]
        assert no_address in page
        assert waits in page

    @each_language
    def test_names_the_levels_in_the_language_of_the_page_and_of_the_file(self, client, school, prefix):
        release = publish(files=sample_files(), by=None, at=MONDAY)
        level = release.pack.levels[0]
        StandingFactory(person=AffiliationFactory(school=school).person, kind=f"{release.pack.id}/{level.id}")
        language = "en" if prefix else "fr"
        title = f"{release.pack.title[language]}, {level.title[language]}"
        page = client.get(f"{prefix}/members/readiness/").content.decode()
        assert title in unescape(page)
        assert 'class="foot-nav"' not in page
        assert title in client.get(f"{prefix}/members/readiness/export.csv").content.decode("utf-8-sig")

    def test_takes_six_queries_for_one_and_for_many(self, client, school, django_assert_max_num_queries):
        for count in (1, 30):
            AffiliationFactory.create_batch(count, school=school)
            with django_assert_max_num_queries(6):
                client.get("/members/readiness/")

    def test_leaves_as_a_file_without_formulas(self, client, school):
        AffiliationFactory(school=school, person__legal_name="=1+1")
        AffiliationFactory(person__legal_name="D’ailleurs")
        answer = client.get("/members/readiness/export.csv")
        text = answer.content.decode("utf-8-sig")
        assert "'=1+1;" in text
        assert "D’ailleurs" not in text
        assert client.get("/members/readiness/export.xlsx").status_code == 200
        assert client.get("/members/readiness/export.pdf").status_code == 404


class TestTheJournalInWords:
    @pytest.fixture
    def officer(self, client):
        officer = PersonFactory(privacy_officer=True)
        client.force_login(officer)
        return officer

    @each_language
    def test_says_each_act_and_who_did_it(self, client, officer, prefix):
        JournalEntryFactory(by=officer)
        JournalEntryFactory(verb="standing.given", by=None, facts={"kind": "sexto/explorer"})
        page = client.get(f"{prefix}/journal/").content.decode()
        assert officer.legal_name in page
        assert "sexto/explorer" in page

    def test_is_filtered_by_subject_day_and_key(self, client, officer):
        kept = JournalEntryFactory()
        JournalEntryFactory(verb="award.revoked", at=MONDAY - timedelta(days=9))
        for query in (f"about={kept.about_id}", "subject=affiliation", "since=2026-03-01", "since=01/03/2026"):
            page = client.get(f"/journal/?{query}").content.decode()
            assert "Un lieu de travail a été confirmé." in page, query
            assert "Un badge a été révoqué." not in page, query
        for query in ("about=rien", "until=2020-01-01", "page=99999999999"):
            assert client.get(f"/journal/?{query}").status_code == 200

    @each_language
    def test_says_what_a_line_is_about_and_links_the_page_that_everybody_may_open(self, client, officer, prefix):
        award = AwardFactory()
        badge = f"{prefix}{award.get_absolute_url()}"
        JournalEntryFactory(verb="award.issued", about_kind="credentials.award", about_id=award.pk)
        JournalEntryFactory()
        page = client.get(f"{prefix}/journal/").content.decode()
        assert f'href="{badge}">Badge</a>' in page
        assert ("Place of work" if prefix else "Lieu de travail") + "<br>" in page

    def test_is_of_all_subjects_until_one_is_chosen(self, client, officer):
        assert '<option value="">Tous les sujets</option>' in client.get("/journal/").content.decode()

    def test_takes_four_queries(self, client, officer, django_assert_max_num_queries):
        JournalEntryFactory.create_batch(60)
        with django_assert_max_num_queries(4):
            assert 'href="?page=2"' in client.get("/journal/").content.decode()

    @pytest.mark.parametrize("traits", [{}, {"reviewer": True}])
    def test_is_closed_to_everybody_else(self, client, traits):
        client.force_login(PersonFactory(**traits))
        assert client.get("/journal/").status_code == 403


class TestAFormerName:
    def test_is_withdrawn_from_the_account_page(self, client):
        person = PersonFactory(legal_name="Léa Exemple")
        client.force_login(person)
        client.post("/account/name/", {"legal_name": "Léa Modèle"})
        assert "/account/name/withdrawal/" in client.get("/account/").content.decode()
        client.post("/account/name/withdrawal/")
        assert person.name_changes.get().withdrawn_at
        assert "/account/name/withdrawal/" not in client.get("/account/").content.decode()
