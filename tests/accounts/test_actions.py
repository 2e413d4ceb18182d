from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core import mail

from jalon.accounts import actions, queries
from jalon.accounts.models import Affiliation
from jalon.core.refusals import Refused
from jalon.journal.models import Entry
from tests.factories import (
    MONDAY,
    AffiliationFactory,
    PersonFactory,
    RegistrarFactory,
    SchoolFactory,
    StandingFactory,
)

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()


def verbs() -> list[str]:
    return list(Entry.objects.values_list("verb", flat=True))


class TestChangingAName:
    @pytest.mark.parametrize(
        ("written", "kept"),
        [
            ("  Élodie   Côté-Ñandú ", "Élodie Côté-Ñandú"),
            ("E\u0301lodie O’Neil", "Élodie O’Neil"),
        ],
        ids=["accents and spaces", "accents in two parts"],
    )
    def test_keeps_it_as_it_was_written(self, written, kept):
        person = actions.change_name(person=PersonFactory(), name=written, at=MONDAY)
        person.refresh_from_db()
        assert person.legal_name == kept

    @pytest.mark.parametrize(
        ("written", "code"),
        [
            ("Élodie 🙂", "name-characters"),
            ("Élodie\u202eCôté", "name-characters"),
            ("Élodie\x07", "name-characters"),
            ("   ", "name-empty"),
            ("É" * 121, "name-too-long"),
        ],
        ids=["an emoji", "a direction mark", "a control character", "spaces only", "too long"],
    )
    def test_refuses_what_cannot_be_printed_and_changes_nothing(self, written, code):
        person = PersonFactory(legal_name="Élodie Exemple")
        with pytest.raises(Refused) as refused:
            actions.change_name(person=person, name=written, at=MONDAY)
        person.refresh_from_db()
        assert (refused.value.refusal.code, person.legal_name, verbs()) == (code, "Élodie Exemple", [])

    def test_writes_the_act_in_the_journal_and_not_the_name(self):
        person = actions.change_name(person=PersonFactory(), name="Élodie Exemple", at=MONDAY)
        entry = Entry.objects.get()
        assert (entry.verb, entry.about_id, entry.by, entry.facts) == ("person.renamed", person.pk, person, {})


class TestChangingSettings:
    def test_keeps_the_language_and_the_light(self):
        person = actions.change_settings(person=PersonFactory(), language="en-ca", theme="dark", at=MONDAY)
        person.refresh_from_db()
        assert (person.language, person.theme, verbs()) == ("en-ca", "dark", ["person.set"])


class TestDeclaringAnAffiliation:
    def declare(self, person, school, role="TEACHER"):
        return actions.declare_affiliation(person=person, school=school, role=role, starts_on=TODAY, at=MONDAY)

    def test_waits_for_a_confirmation(self):
        person, school = PersonFactory(), SchoolFactory()
        affiliation = self.declare(person, school)
        assert (affiliation.confirmed_at, queries.affiliation_of(person, on=TODAY)) == (None, None)
        assert verbs() == ["affiliation.declared"]

    def test_tells_those_who_may_confirm_it_and_says_nothing_of_the_person(self):
        registrar, person = RegistrarFactory(person__language="en-ca"), PersonFactory()
        RegistrarFactory()
        self.declare(person, SchoolFactory(body=registrar.body))
        (letter,) = mail.outbox
        assert (letter.to, letter.subject) == ([registrar.person.email], "A task awaits you")
        assert "/en/members/" in letter.body
        assert person.legal_name not in letter.body
        assert person.email not in letter.body

    def test_twice_makes_one_with_the_last_role(self):
        person, school = PersonFactory(), SchoolFactory()
        first, again = self.declare(person, school), self.declare(person, school, role="SUPPORT")
        assert (first.pk, again.role, Affiliation.objects.count()) == (again.pk, "SUPPORT", 1)

    def test_with_another_role_leaves_a_line_that_says_which_one_there_was(self):
        person, school = PersonFactory(), SchoolFactory()
        affiliation = self.declare(person, school)
        self.declare(person, school, role="SUPPORT")
        entry = Entry.objects.get(verb="affiliation.role_changed")
        assert (entry.by, entry.about_id, entry.at) == (person, affiliation.pk, MONDAY)
        assert entry.facts == {"before": "TEACHER", "role": "SUPPORT"}

    def test_with_the_same_role_is_no_act(self):
        person, school = PersonFactory(), SchoolFactory()
        assert self.declare(person, school) == self.declare(person, school)
        assert verbs() == ["affiliation.declared"]

    def test_is_refused_when_it_is_already_confirmed(self):
        known = AffiliationFactory()
        with pytest.raises(Refused, match="affiliation-known"):
            self.declare(known.person, known.school)

    def test_before_a_leave_date_that_is_to_come_makes_no_second_one(self):
        known = AffiliationFactory(waiting=True, ends_on=date(2026, 6, 30))
        again = self.declare(known.person, known.school, role="SUPPORT")
        assert (again.pk, again.role, Affiliation.objects.count()) == (known.pk, "SUPPORT", 1)

    def test_before_a_leave_date_that_is_to_come_is_refused_when_it_is_confirmed(self):
        known = AffiliationFactory(ends_on=date(2026, 6, 30))
        with pytest.raises(Refused, match="affiliation-known"):
            self.declare(known.person, known.school)

    def test_after_the_end_makes_a_new_one(self):
        known = AffiliationFactory(ends_on=TODAY)
        assert self.declare(known.person, known.school).pk != known.pk


class TestTheMembersOfABody:
    def test_that_leave_later_are_not_among_those_who_have_left(self):
        registrar = RegistrarFactory()
        school = SchoolFactory(body=registrar.body)
        gone, contract = (
            AffiliationFactory(school=school, ends_on=day, person__legal_name=name)
            for day, name in ((TODAY, "A-Exemple"), (date(2026, 6, 30), "B-Exemple"))
        )
        stays = AffiliationFactory(school=school, person__legal_name="C-Exemple")
        waits = AffiliationFactory(school=school, waiting=True, ends_on=date(2026, 6, 30))
        members = queries.members_of(registrar.person, on=TODAY)
        assert set(members) == {waits, contract, stays, gone}
        assert list(queries.members_of(registrar.person, on=TODAY, state="left")) == [gone]
        assert list(queries.members_of(registrar.person, on=TODAY, state="waiting")) == [waits]

    def test_have_on_the_account_what_has_ended_last(self):
        gone = AffiliationFactory(ends_on=TODAY, starts_on=date(2026, 1, 5))
        contract = AffiliationFactory(person=gone.person, ends_on=date(2026, 6, 30))
        assert queries.affiliations_of(gone.person, on=TODAY) == [contract, gone]


class TestConfirmingAnAffiliation:
    def test_makes_the_person_a_member_of_the_school(self):
        affiliation = AffiliationFactory(waiting=True)
        registrar = RegistrarFactory(body=affiliation.school.body).person
        actions.confirm_affiliation(affiliation=affiliation, by=registrar, at=MONDAY)
        found = queries.affiliation_of(affiliation.person, on=TODAY)
        assert (found, found.confirmed_by) == (affiliation, registrar)
        assert verbs() == ["affiliation.confirmed"]
        assert mail.outbox[0].to == [affiliation.person.email]

    def test_twice_changes_nothing(self):
        affiliation = AffiliationFactory(waiting=True)
        registrar = RegistrarFactory(body=affiliation.school.body).person
        for minute in (0, 1):
            at = MONDAY + timedelta(minutes=minute)
            affiliation = actions.confirm_affiliation(affiliation=affiliation, by=registrar, at=at)
        assert (affiliation.confirmed_at, len(mail.outbox), len(verbs())) == (MONDAY, 1, 1)

    def test_is_refused_to_the_registrar_of_another_body(self):
        with pytest.raises(Refused, match="registrars-only"):
            actions.confirm_affiliation(
                affiliation=AffiliationFactory(waiting=True), by=RegistrarFactory().person, at=MONDAY
            )

    def test_is_refused_to_the_person_who_declared_it(self):
        affiliation = AffiliationFactory(waiting=True)
        with pytest.raises(Refused, match="registrars-only"):
            actions.confirm_affiliation(affiliation=affiliation, by=affiliation.person, at=MONDAY)

    def test_is_refused_once_the_affiliation_has_ended(self):
        affiliation = AffiliationFactory(waiting=True, ended=True)
        registrar = RegistrarFactory(body=affiliation.school.body).person
        with pytest.raises(Refused, match="affiliation-ended"):
            actions.confirm_affiliation(affiliation=affiliation, by=registrar, at=MONDAY)


class TestEndingAnAffiliation:
    def test_keeps_it_in_the_register_and_no_longer_counts_it(self):
        affiliation = AffiliationFactory()
        actions.end_affiliation(affiliation=affiliation, ends_on=TODAY, by=affiliation.person, at=MONDAY)
        assert Affiliation.objects.get().ends_on == TODAY
        assert queries.affiliation_of(affiliation.person, on=TODAY) is None
        assert queries.affiliation_of(affiliation.person, on=TODAY - timedelta(days=1)) == affiliation

    @pytest.mark.parametrize("later", [0, 1, 40])
    def test_counts_no_day_of_what_begins_that_day_or_later(self, later):
        start = TODAY + timedelta(days=later)
        affiliation = AffiliationFactory(starts_on=start)
        ended = actions.end_affiliation(affiliation=affiliation, ends_on=TODAY, by=affiliation.person, at=MONDAY)
        assert ended.ends_on == start
        assert queries.affiliation_of(affiliation.person, on=start) is None

    def test_refuses_what_nobody_had_confirmed(self):
        affiliation = AffiliationFactory(waiting=True)
        registrar = RegistrarFactory(body=affiliation.school.body).person
        ended = actions.end_affiliation(affiliation=affiliation, ends_on=TODAY, by=registrar, at=MONDAY)
        assert (ended.ends_on, verbs()) == (affiliation.starts_on, ["affiliation.refused"])

    def test_twice_lets_the_first_end_stand(self):
        affiliation = AffiliationFactory()
        for days in (0, 5):
            ends_on = TODAY + timedelta(days=days)
            affiliation = actions.end_affiliation(
                affiliation=affiliation, ends_on=ends_on, by=affiliation.person, at=MONDAY
            )
        assert (affiliation.ends_on, verbs()) == (TODAY, ["affiliation.ended"])

    @pytest.mark.parametrize("who", ["a stranger", "a registrar of another body"])
    def test_is_refused_to(self, who):
        by = PersonFactory() if who == "a stranger" else RegistrarFactory().person
        with pytest.raises(Refused, match="registrars-only"):
            actions.end_affiliation(affiliation=AffiliationFactory(), ends_on=TODAY, by=by, at=MONDAY)


class TestWhereAPersonWorks:
    def test_is_the_latest_of_several(self):
        former = AffiliationFactory()
        latest = AffiliationFactory(person=former.person, starts_on=date(2026, 1, 5))
        assert queries.affiliation_of(former.person, on=TODAY) == latest

    def test_comes_with_its_school_and_body_in_one_query(self, django_assert_num_queries):
        affiliation = AffiliationFactory()
        with django_assert_num_queries(1):
            found = queries.affiliation_of(affiliation.person, on=TODAY)
            assert found.school.body.code


class TestAStanding:
    def test_lasts_from_the_award_until_it_is_ended(self):
        person, source = PersonFactory(), uuid4()
        actions.stand(person=person, kind="sexto/explorer", since_on=TODAY, source=source, at=MONDAY)
        actions.end_standing(source=source, until_on=TODAY + timedelta(days=9), at=MONDAY)
        held = [
            bool(queries.standing_of(person, kind="sexto/explorer", on=TODAY + timedelta(days=days)))
            for days in (-1, 0, 8, 9)
        ]
        assert held == [False, True, True, False]
        assert sorted(verbs()) == ["standing.ended", "standing.given"]

    def test_revoked_the_day_it_began_never_counted(self):
        standing = StandingFactory()
        actions.end_standing(source=standing.source, until_on=TODAY - timedelta(days=3), at=MONDAY)
        standing.refresh_from_db()
        assert standing.until_on == standing.since_on
        assert queries.standing_of(standing.person, kind=standing.kind, on=TODAY) is None

    def test_of_an_unknown_award_ends_without_a_word(self):
        actions.end_standing(source=uuid4(), until_on=TODAY, at=MONDAY)
        assert verbs() == []
