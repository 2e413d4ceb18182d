from datetime import date
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command

from jalon.accounts import actions, leaves, queries, roles, signals
from jalon.accounts.models import Affiliation, Domain, NameChange, Registrar
from jalon.core.refusals import Refused
from jalon.journal.models import Entry
from tests.factories import (
    MONDAY,
    AffiliationFactory,
    BodyFactory,
    DomainFactory,
    NameChangeFactory,
    PersonFactory,
    RegistrarFactory,
    SchoolFactory,
)

pytestmark = pytest.mark.django_db
each_role = pytest.mark.parametrize("role", roles.ROLES)


def run(*arguments):
    out = StringIO()
    call_command("people", *arguments, stdout=out)
    return out.getvalue()


def verified(person, email):
    return EmailAddress.objects.create(user=person, email=email, verified=True)


class TestARole:
    @each_role
    def test_is_given_and_taken_once_and_the_journal_says_so(self, role):
        person = PersonFactory()
        acts = [(True, True), (True, False), (False, True), (False, False)]
        for has_it, changes in acts:
            assert roles.set_role(person=person, role=role, has_it=has_it, by=None, at=MONDAY) is changes
            person.refresh_from_db()
            assert getattr(person, roles.ROLES[role]) is has_it
        assert sorted(Entry.objects.values_list("verb", flat=True)) == ["role.granted", "role.withdrawn"]

    def test_is_given_and_taken_at_the_command_line(self):
        person = PersonFactory()
        assert run("role", person.email, "--grant", "privacy-officer") == "privacy-officer: given.\n"
        assert run("role", person.email, "--grant", "privacy-officer") == "Nothing to change.\n"
        assert run("role", person.email, "--withdraw", "privacy-officer") == "privacy-officer: taken away.\n"

    def test_of_a_registrar_names_a_school_body(self):
        registrar = PersonFactory()
        body = BodyFactory(code="912000")
        run("role", registrar.email, "--grant", "registrar", "--body", "912000")
        assert Registrar.objects.get(person=registrar).body == body
        run("role", registrar.email, "--withdraw", "registrar", "--body", "912000")
        assert not Registrar.objects.exists()
        with pytest.raises(CommandError, match="No school body"):
            run("role", registrar.email, "--grant", "registrar")

    def test_of_nobody_is_refused(self):
        with pytest.raises(CommandError, match="No account"):
            run("role", "personne@ecole.example", "--grant", "author")


class TestADomainOfASchoolBody:
    def test_confirms_at_once_who_has_shown_such_an_address(self):
        domain = DomainFactory(name="centre.example")
        person = PersonFactory(email="lea@maison.example")
        verified(person, "Lea@Centre.example")
        school = SchoolFactory(body=domain.body)
        work = actions.declare_affiliation(
            person=person, school=school, role="TEACHER", starts_on=MONDAY.date(), at=MONDAY
        )
        assert (work.confirmed_at, work.confirmed_by, work.confirmed_domain) == (MONDAY, None, "centre.example")

    @pytest.mark.parametrize(
        "email", ["lea@autre.centre.example", "lea@faux-centre.example", "centre.example@x.example"]
    )
    def test_confirms_nobody_else(self, email):
        domain, person = DomainFactory(name="centre.example"), PersonFactory()
        verified(person, email)
        AffiliationFactory(person=person, school__body=domain.body, waiting=True)
        assert roles.confirm_by_domain(person=person, at=MONDAY) == []

    def test_confirms_a_contract_whose_end_is_known(self):
        domain, person = DomainFactory(name="centre.example"), PersonFactory()
        verified(person, "lea@centre.example")
        work = AffiliationFactory(person=person, school__body=domain.body, waiting=True, ends_on=date(2026, 6, 30))
        assert roles.confirm_by_domain(person=person, at=MONDAY) == [work]

    @pytest.mark.parametrize("who", ["registrar", "leave date", "person"])
    def test_confirms_again_only_what_the_person_themselves_had_ended(self, who):
        domain, registrar = DomainFactory(name="centre.example"), PersonFactory()
        RegistrarFactory(person=registrar, body=domain.body)
        work = AffiliationFactory(school__body=domain.body)
        verified(work.person, "lea@centre.example")
        day = MONDAY.date()
        if who == "leave date":
            leaves.set_leave(affiliation=work, ends_on=day, seen=None, reason="", by=registrar, at=MONDAY)
        else:
            by = registrar if who == "registrar" else work.person
            actions.end_affiliation(affiliation=work, ends_on=day, by=by, at=MONDAY)
        said = {"person": work.person, "role": "TEACHER", "starts_on": day, "at": MONDAY}
        again = actions.declare_affiliation(school=work.school, **said)
        elsewhere = actions.declare_affiliation(school=SchoolFactory(body=domain.body), **said)
        assert {bool(one.confirmed_at) for one in (again, elsewhere)} == {who == "person"}

    def test_confirms_nobody_by_an_address_that_was_not_shown(self):
        domain = DomainFactory(name="centre.example")
        work = AffiliationFactory(school__body=domain.body, waiting=True, person__email="lea@centre.example")
        EmailAddress.objects.create(user=work.person, email="lea@centre.example", verified=False)
        assert roles.confirm_by_domain(person=work.person, at=MONDAY) == []

    def test_confirms_nobody_in_another_body(self):
        person = PersonFactory()
        verified(person, f"lea@{DomainFactory().name}")
        AffiliationFactory(person=person, waiting=True)
        assert roles.confirm_by_domain(person=person, at=MONDAY) == []

    def test_confirms_who_waits_when_it_is_added_or_when_the_address_is_shown(self):
        work = AffiliationFactory(waiting=True)
        address = EmailAddress.objects.create(user=work.person, email="lea@centre.example", verified=True)
        roles.add_domain(body=work.school.body, name="@Centre.example", by=None, at=MONDAY)
        assert Affiliation.objects.get(pk=work.pk).confirmed_domain == "centre.example"
        other = AffiliationFactory(waiting=True, person=work.person, school__body=work.school.body)
        signals.confirm(email_address=address)
        assert Affiliation.objects.get(pk=other.pk).confirmed_domain == "centre.example"

    def test_belongs_to_one_body_and_is_a_domain(self):
        domain = DomainFactory(name="centre.example")
        assert roles.add_domain(body=domain.body, name="centre.example", by=None, at=MONDAY) == domain
        for body, name, code in [
            (BodyFactory(), "centre.example", "domain-taken"), (domain.body, "pas un domaine", "domain-malformed"),
        ]:  # fmt: skip
            with pytest.raises(Refused) as refused:
                roles.add_domain(body=body, name=name, by=None, at=MONDAY)
            assert refused.value.refusal.code == code

    def test_is_added_and_removed_at_the_command_line_and_what_it_confirmed_stays(self):
        body = BodyFactory(code="912000")
        run("domain", "912000", "centre.example")
        work = AffiliationFactory(school__body=body, confirmed_by=None, confirmed_domain="centre.example")
        run("domain", "912000", "centre.example", "--remove")
        work.refresh_from_db()
        assert (Domain.objects.exists(), work.confirmed_at) == (False, MONDAY)
        with pytest.raises(CommandError, match="no such domain"):
            run("domain", "912000", "centre.example", "--remove")


class TestAChangeOfName:
    def test_remembers_the_former_name(self):
        person = PersonFactory(legal_name="Léa Exemple")
        actions.change_name(person=person, name="Léa Modèle", at=MONDAY)
        actions.change_name(person=person, name="Léa Modèle", at=MONDAY)
        change = NameChange.objects.get()
        assert (change.before, change.after, change.withdrawn_at) == ("Léa Exemple", "Léa Modèle", None)
        assert queries.name_shown(person.pk, frozen="Léa Exemple") == "Léa Exemple"

    def test_may_withdraw_the_former_name_from_public_pages(self):
        person = NameChangeFactory(before="Léa Exemple").person
        assert actions.withdraw_names(person=person, at=MONDAY) == 1
        assert actions.withdraw_names(person=person, at=MONDAY) == 0
        assert queries.name_shown(person.pk, frozen="Léa Exemple") == person.legal_name
        assert [entry.facts for entry in Entry.objects.filter(verb="person.name_withdrawn")] == [{}]

    def test_never_withdraws_the_name_that_the_person_has_again(self):
        person = PersonFactory(legal_name="Léa Exemple")
        NameChangeFactory(person=person, before="Léa Exemple")
        assert actions.withdraw_names(person=person, at=MONDAY) == 0


class TestARegistrarOfABody:
    def test_is_appointed_once(self):
        person, body = PersonFactory(), RegistrarFactory().body
        assert roles.appoint_registrar(person=person, body=body, by=None, at=MONDAY)
        assert not roles.appoint_registrar(person=person, body=body, by=None, at=MONDAY)
        assert roles.dismiss_registrar(person=person, body=body, by=None, at=MONDAY)
        assert not roles.dismiss_registrar(person=person, body=body, by=None, at=MONDAY)
