import re
from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from bs4 import BeautifulSoup
from django.core import mail
from django.core.cache import cache

from jalon.accounts import addresses
from jalon.accounts.models import Affiliation, Domain, Person
from jalon.core.refusals import Refused
from jalon.journal.models import Entry
from tests.factories import MONDAY, AffiliationFactory, PersonFactory, SchoolFactory, StandingFactory

pytestmark = pytest.mark.django_db
each_language = pytest.mark.parametrize("prefix", ["", "/en"])


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


def an_address(person, email=None, **options):
    said = {"verified": True, "primary": email is None, **options}
    return EmailAddress.objects.create(user=person, email=email or person.email, **said)


@pytest.fixture
def person(client):
    person = PersonFactory(email="lea@ecole.example")
    an_address(person)
    client.force_login(person)
    return person


def code_in(letter) -> str:
    return re.search(r"^[A-Z0-9]+(-[A-Z0-9]+)?$", letter.body, re.MULTILINE).group()


def add(client, email, prefix=""):
    """Return the answer to the right code, after the address was asked for."""
    client.post(f"{prefix}/account/address/", {"email": email})
    code = code_in(mail.outbox[-1])
    mail.outbox.clear()
    return client.post(f"{prefix}/account/sign-up/code/", {"code": code, "action": "verify"}, follow=True)


def emails_of(person):
    return [(one.email, one.verified) for one in addresses.addresses_of(person)]


def sign_in(client, email):
    client.logout()
    client.post("/account/sign-in/", {"login": email})
    client.post("/account/sign-in/code/", {"code": code_in(mail.outbox[-1])})
    return client.session.get("_auth_user_id")


class TestAddingAnAddress:
    @each_language
    def test_takes_the_code_that_was_sent_to_it(self, client, person, prefix):
        page = add(client, "lea@maison.example", prefix)
        assert page.request["PATH_INFO"] == f"{prefix}/account/address/"
        assert "lea@maison.example" in page.content.decode()
        assert emails_of(person) == [("lea@ecole.example", True), ("lea@maison.example", True)]

    def test_keeps_nothing_until_the_code_is_typed(self, client, person):
        client.post("/account/address/", {"email": "lea@maison.example"})
        client.post("/account/sign-up/code/", {"code": "AAAA-AAAA", "action": "verify"})
        assert emails_of(person) == [("lea@ecole.example", True)]

    def test_leaves_the_primary_one_and_tells_it_without_a_detail(self, client, person):
        add(client, "lea@maison.example")
        person.refresh_from_db()
        (letter,) = mail.outbox
        assert (person.email, letter.to) == ("lea@ecole.example", ["lea@ecole.example"])
        assert letter.subject == "Les adresses de votre compte ont été modifiées"
        assert "maison" not in letter.body

    def test_stands_in_the_journal_without_the_address(self, client, person):
        add(client, "lea@maison.example")
        entry = Entry.objects.get(verb="person.address_added")
        assert (entry.by, entry.about_id, entry.facts) == (person, person.pk, {})

    def test_opens_the_account_by_either(self, client, person):
        add(client, "lea@maison.example")
        assert [sign_in(client, f"lea@{place}.example") for place in ("maison", "ecole")] == [str(person.pk)] * 2

    def test_of_the_school_body_confirms_where_one_works(self, client, person):
        school = SchoolFactory()
        Domain.objects.create(body=school.body, name="centre.example", added_at=MONDAY)
        work = AffiliationFactory(person=person, school=school, waiting=True)
        add(client, "lea@centre.example")
        work.refresh_from_db()
        assert work.confirmed_domain == "centre.example"

    @pytest.mark.parametrize("email", ["", "lea", "lea@ecole.example", "LEA@ECOLE.EXAMPLE", "a\0@b.example", "x" * 300])
    def test_that_is_none_or_is_already_there_is_answered_by_a_sentence(self, client, person, email):
        page = client.post("/account/address/", {"email": email})
        assert page.status_code == 422
        assert BeautifulSoup(page.content, "html.parser").find(id="id_email-error").text.strip()

    def test_is_refused_after_five(self, client, person):
        for number in range(4):
            an_address(person, f"lea{number}@maison.example")
        page = client.post("/account/address/", {"email": "lea@maison.example"})
        assert page.status_code == 422
        assert "5" in BeautifulSoup(page.content, "html.parser").find(id="id_email-error").text

    def test_of_a_signed_out_person_leads_to_sign_in(self, client):
        assert "/account/sign-in/" in client.post("/account/address/", {"email": "a@b.example"}).url


class TestAnAddressOfSomebodyElse:
    def test_is_answered_like_an_unknown_one(self, client, person):
        an_address(PersonFactory(email="connue@ecole.example"))
        pages = []
        for email in ("connue@ecole.example", "inconnue@ecole.example"):
            page = client.post("/account/address/", {"email": email}, follow=True)
            text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.content.decode())
            pages.append((page.status_code, page.redirect_chain, text.replace(email, "…"), mail.outbox[-1].subject))
        assert pages[0] == pages[1]

    def test_stays_theirs_even_with_the_code(self, client, person):
        other = PersonFactory(email="autre@ecole.example", last_login=MONDAY)
        an_address(other)
        page = add(client, "autre@ecole.example")
        assert "ouvre déjà un autre compte" in page.content.decode()
        assert emails_of(person) == [("lea@ecole.example", True)]
        assert Person.objects.get(email="autre@ecole.example") == other


class TestAnAccountThatAFileMadeAndNobodyUsed:
    @pytest.fixture
    def made(self):
        return PersonFactory(email="lea@centre.example", last_login=None)

    def test_becomes_part_of_the_one_of_its_person(self, client, person, made):
        work = AffiliationFactory(person=made)
        add(client, "lea@centre.example")
        work.refresh_from_db()
        assert work.person == person
        assert not Person.objects.filter(pk=made.pk).exists()
        assert Entry.objects.get(verb="person.joined").facts == {"works": 1}

    def test_confirms_a_place_of_work_that_waits_in_both(self, client, person, made):
        known = AffiliationFactory(person=made)
        waiting = AffiliationFactory(person=person, school=known.school, waiting=True)
        add(client, "lea@centre.example")
        assert Affiliation.objects.get() == waiting
        assert Affiliation.objects.get().confirmed_by == known.confirmed_by

    def test_stays_when_something_was_given_to_it(self, client, person, made):
        work = AffiliationFactory(person=made)
        StandingFactory(person=made)
        add(client, "lea@centre.example")
        work.refresh_from_db()
        assert (work.person, emails_of(person)) == (made, [("lea@ecole.example", True)])


class TestThePrimaryAddress:
    @pytest.fixture
    def other(self, person):
        return an_address(person, "lea@maison.example")

    @each_language
    def test_is_chosen_with_one_button_and_the_former_one_stays(self, client, person, other, prefix):
        AffiliationFactory(person=person)
        client.post(f"{prefix}/account/address/{other.pk}/primary/")
        person.refresh_from_db()
        assert person.email == "lea@maison.example"
        assert emails_of(person) == [("lea@maison.example", True), ("lea@ecole.example", True)]
        assert [one.primary for one in addresses.addresses_of(person)] == [True, False]
        assert person.affiliations.exists()
        assert [letter.to for letter in mail.outbox] == [["lea@ecole.example"]]

    def test_is_found_by_a_search_of_the_members(self, client, person, other):
        addresses.make_primary(address=other, at=MONDAY)
        person.refresh_from_db()
        assert "maison" in person.search

    def test_chosen_twice_is_told_once(self, person, other):
        for _ in range(2):
            addresses.make_primary(address=other, at=MONDAY)
        assert Entry.objects.filter(verb="person.primary_address_chosen").count() == 1

    def test_is_one_that_was_proved(self, person):
        unproved = an_address(person, "lea@ailleurs.example", verified=False)
        with pytest.raises(Refused) as refused:
            addresses.make_primary(address=unproved, at=MONDAY)
        assert refused.value.refusal.code == "address-unverified"

    def test_is_not_one_that_another_account_has_meanwhile(self, person, other):
        PersonFactory(email=other.email)
        with pytest.raises(Refused) as refused:
            addresses.make_primary(address=other, at=MONDAY)
        assert refused.value.refusal.code == "address-of-another"


class TestRemovingAnAddress:
    @each_language
    def test_closes_that_way_in_and_keeps_everything_else(self, client, person, prefix):
        other = an_address(person, "lea@maison.example")
        client.post(f"{prefix}/account/address/{other.pk}/removal/")
        assert emails_of(person) == [("lea@ecole.example", True)]
        assert sorted(letter.to[0] for letter in mail.outbox) == ["lea@ecole.example", "lea@maison.example"]
        mail.outbox.clear()
        client.logout()
        client.post("/account/sign-in/", {"login": "lea@maison.example"})
        assert mail.outbox[0].subject == "Connexion à Jalon"

    def test_is_refused_for_the_primary_one_by_a_sentence(self, client, person):
        an_address(person, "lea@maison.example")
        primary = EmailAddress.objects.get(email=person.email)
        page = client.post(f"/account/address/{primary.pk}/removal/")
        assert page.status_code == 409
        assert "adresse principale" in page.content.decode()
        assert EmailAddress.objects.filter(pk=primary.pk).exists()

    def test_is_refused_for_the_last_one_that_was_proved(self, person):
        EmailAddress.objects.filter(user=person).update(verified=False)
        other = an_address(person, "lea@maison.example")
        with pytest.raises(Refused) as refused:
            addresses.remove(address=other, at=MONDAY)
        assert refused.value.refusal.code == "address-last"

    def test_is_refused_for_what_became_primary_in_another_tab(self, person):
        other = an_address(person, "lea@maison.example")
        addresses.make_primary(address=EmailAddress.objects.get(pk=other.pk), at=MONDAY)
        with pytest.raises(Refused) as refused:
            addresses.remove(address=other, at=MONDAY + timedelta(minutes=1))
        assert refused.value.refusal.code == "address-primary"

    @pytest.mark.parametrize("act", [addresses.remove, addresses.make_primary])
    def test_is_told_to_a_tab_that_still_shows_it(self, person, act):
        other = an_address(person, "lea@maison.example")
        addresses.remove(address=EmailAddress.objects.get(pk=other.pk), at=MONDAY)
        with pytest.raises(Refused) as refused:
            act(address=other, at=MONDAY)
        assert refused.value.refusal.code == "address-gone"

    @pytest.mark.parametrize("act", ["primary", "removal"])
    def test_of_another_person_is_as_a_missing_one(self, client, person, act):
        theirs = an_address(PersonFactory(), f"{uuid4()}@ecole.example")
        assert client.post(f"/account/address/{theirs.pk}/{act}/").status_code == 404
        assert EmailAddress.objects.filter(pk=theirs.pk).exists()


class TestThePage:
    @each_language
    def test_shows_the_primary_one_first_in_six_queries(self, client, person, prefix, django_assert_max_num_queries):
        for number in range(4):
            an_address(person, f"a{number}@maison.example")
        with django_assert_max_num_queries(6):
            page = client.get(f"{prefix}/account/address/")
        text = page.content.decode()
        assert text.index("lea@ecole.example") < text.index("a0@maison.example")

    def test_proves_the_address_of_a_first_sign_in(self, client):
        person = PersonFactory(email="nouvelle@ecole.example")
        sign_in(client, person.email)
        assert emails_of(person) == [("nouvelle@ecole.example", True)]
