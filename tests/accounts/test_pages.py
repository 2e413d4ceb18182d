from uuid import uuid4

import pytest
from bs4 import BeautifulSoup

from jalon.accounts.models import Affiliation
from tests.factories import AffiliationFactory, PersonFactory, RegistrarFactory, SchoolFactory

pytestmark = pytest.mark.django_db
PREFIXES = ["", "/en"]


def main_of(page) -> BeautifulSoup:
    return BeautifulSoup(page.content, "html.parser").main


@pytest.fixture
def person(client):
    person = PersonFactory()
    client.force_login(person)
    return person


@pytest.fixture
def registrar(client):
    registrar = RegistrarFactory()
    client.force_login(registrar.person)
    return registrar


class TestTheAccount:
    @pytest.mark.parametrize("prefix", PREFIXES)
    def test_opens_in_six_queries_whatever_the_number_of_schools(
        self, client, person, prefix, django_assert_max_num_queries
    ):
        for options in ({}, {"waiting": True}, {"ended": True}):
            AffiliationFactory(person=person, **options)
        with django_assert_max_num_queries(6):
            page = client.get(f"{prefix}/account/")
        assert page.status_code == 200

    @pytest.mark.parametrize(
        ("prefix", "states"),
        [
            ("", ["Confirmée", "À confirmer", "Terminée le 1er\xa0février\xa02026"]),
            ("/en", ["Confirmed", "To be confirmed", "Ended on February\xa01,\xa02026"]),
        ],
    )
    def test_says_the_state_of_each_school_in_words(self, client, person, prefix, states):
        AffiliationFactory(person=person, ended=True, school__name="École C")
        AffiliationFactory(person=person)
        AffiliationFactory(person=person, waiting=True)
        text = main_of(client.get(f"{prefix}/account/")).text
        assert all(state in text for state in states)

    @pytest.mark.parametrize("prefix", PREFIXES)
    def test_refuses_a_name_with_an_emoji_by_a_sentence_and_keeps_the_text(self, client, person, prefix):
        page = client.post(f"{prefix}/account/name/", {"legal_name": "Élodie 🙂"})
        field = main_of(page).find("input", {"name": "legal_name"})
        assert (page.status_code, field["value"], field["aria-invalid"]) == (422, "Élodie 🙂", "true")
        assert "🙂" in main_of(page).find(id="id_legal_name-error").text

    @pytest.mark.parametrize("name", ["", "   ", "Él\x00odie", "É" * 300, "\u202e"])
    def test_answers_any_bad_name_by_a_sentence(self, client, person, name):
        page = client.post("/account/name/", {"legal_name": name})
        assert page.status_code == 422
        assert main_of(page).find(id="id_legal_name-error").text.strip()

    def test_saves_a_name(self, client, person):
        page = client.post("/account/name/", {"legal_name": " Élodie  Côté "}, follow=True)
        person.refresh_from_db()
        assert person.legal_name == "Élodie Côté"
        assert "Votre nom est enregistré." in page.content.decode()

    def test_opens_in_the_language_that_was_just_chosen(self, client, person):
        answer = client.post("/account/settings/", {"language": "en-ca", "theme": "dark"})
        person.refresh_from_db()
        assert (answer.headers["Location"], person.language, person.theme) == ("/en/account/", "en-ca", "dark")

    def test_refuses_a_language_that_does_not_exist(self, client, person):
        assert client.post("/account/settings/", {"language": "xx", "theme": "auto"}).status_code == 422

    def test_leads_a_registrar_to_the_members(self, client, registrar):
        assert main_of(client.get("/account/")).find("a", href="/members/")

    def test_shows_no_members_to_another_person(self, client, person):
        assert not main_of(client.get("/account/")).find("a", href="/members/")


class TestAddingASchool:
    @pytest.mark.parametrize("prefix", PREFIXES)
    def test_finds_it_without_accents_then_declares_it(self, client, person, prefix, django_assert_max_num_queries):
        school = SchoolFactory(name="École de l’Île-aux-Érables")
        SchoolFactory(name="École du Ruisseau")
        address = f"{prefix}/account/schools/new/?q=ile+erables"
        with django_assert_max_num_queries(6):
            page = client.get(address)
        assert [box["value"] for box in main_of(page).find_all("input", {"name": "school"})] == [str(school.pk)]
        client.post(address, {"school": school.pk, "role": "SUPPORT"})
        affiliation = Affiliation.objects.get()
        assert (affiliation.person, affiliation.school, affiliation.role) == (person, school, "SUPPORT")

    def test_by_a_doubled_click_makes_one(self, client, person):
        school = SchoolFactory(name="École du Ruisseau")
        for _ in range(2):
            client.post("/account/schools/new/?q=ruisseau", {"school": school.pk, "role": "TEACHER"})
        assert Affiliation.objects.count() == 1

    def test_that_the_search_did_not_find_is_refused(self, client, person):
        school = SchoolFactory(name="École du Ruisseau")
        page = client.post("/account/schools/new/?q=erables", {"school": school.pk, "role": "TEACHER"})
        assert (page.status_code, Affiliation.objects.exists()) == (200, False)

    def test_that_is_already_confirmed_is_answered_by_a_sentence(self, client, person):
        known = AffiliationFactory(person=person, school__name="École du Ruisseau")
        page = client.post("/account/schools/new/?q=ruisseau", {"school": known.school.pk, "role": "TEACHER"})
        assert page.status_code == 409
        assert "vous travaillez déjà" in page.content.decode().lower()

    def test_says_what_to_do_when_nothing_is_found(self, client, person):
        assert "Aucune école trouvée" in client.get("/account/schools/new/?q=zzz").content.decode()


class TestLeavingASchool:
    def test_ends_the_affiliation(self, client, person):
        affiliation = AffiliationFactory(person=person)
        client.post(f"/account/schools/{affiliation.pk}/departure/")
        affiliation.refresh_from_db()
        assert affiliation.ends_on

    def test_of_another_person_is_not_found(self, client, person):
        affiliation = AffiliationFactory()
        assert client.post(f"/account/schools/{affiliation.pk}/departure/").status_code == 404


class TestTheMembers:
    @pytest.mark.parametrize("prefix", PREFIXES)
    def test_shows_the_people_of_the_body_in_six_queries(
        self, client, registrar, prefix, django_assert_max_num_queries
    ):
        for number in range(30):
            AffiliationFactory(school__body=registrar.body, waiting=number % 2 == 0)
        AffiliationFactory(person__email="ailleurs@ecole.example")
        with django_assert_max_num_queries(6):
            page = client.get(f"{prefix}/members/")
        assert len(main_of(page).tbody.find_all("tr")) == 30
        assert "ailleurs@ecole.example" not in page.content.decode()

    def test_shows_those_who_wait_first_and_those_who_left_last(self, client, registrar):
        for name, options in [("C", {"ended": True}), ("B", {}), ("A", {"waiting": True})]:
            AffiliationFactory(school__body=registrar.body, person__legal_name=name, **options)
        names = [row.th.a.string for row in main_of(client.get("/members/")).tbody.find_all("tr")]
        assert names == ["A", "B", "C"]

    def test_confirms_with_one_button(self, client, registrar):
        affiliation = AffiliationFactory(school__body=registrar.body, waiting=True)
        button = main_of(client.get("/members/")).find("button", formaction=f"/members/{affiliation.pk}/confirmation/")
        client.post(button["formaction"])
        affiliation.refresh_from_db()
        assert affiliation.confirmed_by == registrar.person

    def test_ends_with_one_button(self, client, registrar):
        affiliation = AffiliationFactory(school__body=registrar.body)
        client.post(f"/members/{affiliation.pk}/end/")
        affiliation.refresh_from_db()
        assert affiliation.ends_on

    @pytest.mark.parametrize("act", ["confirmation", "end"])
    def test_of_another_body_are_as_unknown_as_nobody(self, client, registrar, act):
        elsewhere = AffiliationFactory(waiting=True)
        answers = [client.post(f"/members/{key}/{act}/") for key in (elsewhere.pk, uuid4())]
        texts = [main_of(answer).text for answer in answers]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert texts[0] == texts[1]

    def test_say_so_when_there_is_nobody(self, client, registrar):
        assert "Personne pour le moment" in client.get("/members/").content.decode()

    def test_go_over_several_pages(self, client, registrar):
        AffiliationFactory.create_batch(51, school__body=registrar.body, confirmed_by=registrar.person)
        assert len(main_of(client.get("/members/?page=2")).tbody.find_all("tr")) == 1
        assert client.get("/members/?page=zzz").status_code == 200

    @pytest.mark.parametrize("prefix", PREFIXES)
    def test_are_refused_to_another_person_by_a_sentence(self, client, person, prefix):
        page = client.get(f"{prefix}/members/")
        assert page.status_code == 403
        assert ("personnes qui confirment" if not prefix else "people who confirm") in page.content.decode()


@pytest.mark.parametrize(
    "path", ["/account/", "/account/schools/new/", "/account/resend/", "/members/", "/en/account/", "/en/members/"]
)
def test_a_signed_out_person_is_led_to_sign_in_and_back(client, path):
    prefix = "/en" if path.startswith("/en") else ""
    assert client.get(path).headers["Location"] == f"{prefix}/account/sign-in/?next={path.replace('/', '%2F')}"
