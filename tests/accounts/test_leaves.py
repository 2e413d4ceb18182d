from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from django.core import mail

from jalon.accounts import leaves
from jalon.accounts.leaves import Conflict, set_leave
from jalon.accounts.queries import affiliation_of
from jalon.core.refusals import Refused
from jalon.journal.models import Entry
from tests.factories import MONDAY, AffiliationFactory, RegistrarFactory, SchoolFactory

pytestmark = pytest.mark.django_db
each_language = pytest.mark.parametrize("prefix", ["", "/en"])
JUNE, JULY = date(2026, 6, 30), date(2026, 7, 10)


@pytest.fixture
def registrar(client):
    registrar = RegistrarFactory()
    client.force_login(registrar.person)
    return registrar


@pytest.fixture
def work(registrar):
    school = SchoolFactory(body=registrar.body)
    return AffiliationFactory(school=school, ends_on=JUNE, confirmed_by=registrar.person)


@pytest.fixture
def change(work, registrar):
    def change(ends_on, *, seen=JUNE, reason="WRONG_DAY"):
        return set_leave(affiliation=work, ends_on=ends_on, seen=seen, reason=reason, by=registrar.person, at=MONDAY)

    return change


def lines():
    return list(Entry.objects.values_list("verb", "facts"))


def main_of(page):
    return BeautifulSoup(page.content, "html.parser").main


class TestALeaveDate:
    def test_is_corrected_and_the_former_one_stays_in_the_journal(self, change, work):
        assert change(JULY).ends_on == JULY
        facts = {"before": "2026-06-30", "ends_on": "2026-07-10", "reason": "WRONG_DAY"}
        assert lines() == [("affiliation.end_corrected", facts)]

    def test_is_taken_back_and_the_confirmation_stays(self, change, work):
        assert change(None, reason="STAYS").ends_on is None
        work.refresh_from_db()
        assert work.confirmed_at
        assert lines() == [("affiliation.end_withdrawn", {"before": "2026-06-30", "reason": "STAYS"})]

    @pytest.mark.parametrize("ends_on", [JULY, None])
    def test_that_changes_is_told_to_the_person_without_a_detail(self, change, work, ends_on):
        change(ends_on)
        (letter,) = mail.outbox
        assert letter.to == [work.person.email]
        assert "2026" not in letter.body

    def test_saved_twice_is_one_line(self, change):
        change(JULY)
        change(JULY)
        assert len(lines()) == 1

    @pytest.mark.parametrize("reason", ["", "OTHER"])
    def test_is_changed_for_a_reason_only(self, change, reason):
        with pytest.raises(Refused) as refused:
            change(JULY, reason=reason)
        assert refused.value.refusal.code == "leave-reason-missing"

    def test_may_be_the_first_day_of_what_never_was(self, change, work):
        change(work.starts_on)
        assert affiliation_of(work.person, on=work.starts_on) is None

    def test_never_comes_before_the_first_day(self, change, work):
        with pytest.raises(Refused) as refused:
            change(work.starts_on - timedelta(days=1))
        assert refused.value.refusal.code == "leave-before-start"

    def test_stays_when_the_person_already_came_back(self, change, work):
        AffiliationFactory(person=work.person, school=work.school)
        with pytest.raises(Refused) as refused:
            change(None)
        assert refused.value.refusal.code == "affiliation-doubled"

    def test_is_changed_by_no_registrar_of_another_body(self, work):
        with pytest.raises(Refused):
            set_leave(
                affiliation=work, ends_on=None, seen=JUNE, reason="STAYS", by=RegistrarFactory().person, at=MONDAY
            )

    @pytest.mark.parametrize("seen", [None, JULY])
    def test_that_somebody_changed_meanwhile_is_told_and_stays(self, change, work, seen):
        assert change(date(2026, 8, 1), seen=seen) == Conflict(JUNE)
        work.refresh_from_db()
        assert (work.ends_on, lines(), mail.outbox) == (JUNE, [], [])

    def test_has_words_for_every_reason(self):
        from jalon.accounts.forms import LEAVE_REASONS
        from jalon.journal.wording import REASONS

        assert set(leaves.REASONS) == set(LEAVE_REASONS) == set(REASONS)


class TestThePageOfAPlaceOfWork:
    @each_language
    def test_corrects_a_leave_date_and_shows_what_was_done(self, client, work, prefix):
        page = f"{prefix}/members/{work.pk}/"
        shown = main_of(client.get(page))
        assert shown.find("input", {"name": "seen"})["value"] == "2026-06-30"
        said = {"seen": "2026-06-30", "ends_on": "10/07/2026", "reason": "WRONG_DAY", "act": "correct"}
        done = main_of(client.post(page, said, follow=True))
        work.refresh_from_db()
        assert work.ends_on == JULY
        assert done.find(class_="timeline").find_all("li")

    @each_language
    def test_takes_a_leave_date_back(self, client, work, prefix):
        client.post(f"{prefix}/members/{work.pk}/", {"seen": "2026-06-30", "reason": "STAYS", "act": "withdraw"})
        work.refresh_from_db()
        assert work.ends_on is None

    def test_asks_for_the_reason(self, client, work):
        said = {"seen": "2026-06-30", "ends_on": "2026-07-10", "act": "correct"}
        page = client.post(f"/members/{work.pk}/", said)
        assert page.status_code == 422
        assert main_of(page).find(id="id_ends_on")["value"] == "2026-07-10"

    @pytest.mark.parametrize("ends_on", ["", "bientôt", "2020-01-01", "99/99/2026"])
    def test_says_what_is_wrong_with_a_date_and_keeps_it(self, client, work, ends_on):
        said = {"seen": "2026-06-30", "ends_on": ends_on, "reason": "WRONG_DAY"}
        page = client.post(f"/members/{work.pk}/", said)
        assert page.status_code == 422
        assert main_of(page).find(id="id_ends_on-error").text.strip()
        assert main_of(page).find(id="id_ends_on").get("value", "") == ends_on

    @each_language
    @pytest.mark.parametrize("seen", ["", "2026-05-01", "rien"])
    def test_tells_the_second_of_two_people_and_keeps_what_they_typed(self, client, work, seen, prefix):
        said = {"seen": seen, "ends_on": "2026-07-10", "reason": "STAYS", "act": "correct"}
        page = client.post(f"{prefix}/members/{work.pk}/", said)
        shown = main_of(page)
        assert page.status_code == 409
        assert {"": "30\xa0juin\xa02026", "/en": "June\xa030,\xa02026"}[prefix] in shown.find(class_="notice").text
        assert shown.find(id="id_ends_on")["value"] == "2026-07-10"
        assert shown.find("input", {"value": "STAYS"}).has_attr("checked")
        assert shown.find("input", {"name": "seen"})["value"] == "2026-06-30"

    def test_tells_the_second_when_the_first_took_it_back(self, client, work, change):
        change(None, reason="STAYS")
        said = {"seen": "2026-06-30", "ends_on": "2026-07-10", "reason": "WRONG_DAY", "act": "correct"}
        page = client.post(f"/members/{work.pk}/", said)
        assert page.status_code == 409
        assert main_of(page).find(id="id_ends_on")["value"] == "2026-07-10"

    def test_opens_in_six_queries(self, client, work, django_assert_max_num_queries):
        with django_assert_max_num_queries(6):
            client.get(f"/members/{work.pk}/")


class TestTheButtonOfTheList:
    def test_changes_no_leave_date_that_is_already_noted_and_says_so(self, client, work):
        page = client.post(f"/members/{work.pk}/end/", follow=True)
        work.refresh_from_db()
        assert work.ends_on == JUNE
        assert "30\xa0juin\xa02026" in page.content.decode()
