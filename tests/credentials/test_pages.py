"""The public page of a badge, and the list of one's own: who sees what, in both languages, in few queries."""

import re
from random import Random

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone
from django.utils.translation import override

from jalon.core import codes
from jalon.credentials import actions
from jalon.credentials.models import Award
from jalon.web.words import day
from tests.factories import AwardFactory, PersonFactory
from tests.issuing import MONDAY, issued, make_keys, signed

pytestmark = pytest.mark.django_db
MAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w+")


def page(code: str, prefix: str = "") -> str:
    return f"{prefix}/v/{code}/"


def words(answer) -> str:
    return " ".join(BeautifulSoup(answer.text, "html.parser").main.get_text(" ").split())


def revoked() -> Award:
    award = signed()
    actions.revoke(award=award, reason="Erreur", by=None, at=MONDAY)
    return award


@pytest.fixture
def award():
    make_keys()
    return signed()


class TestAValidBadge:
    @pytest.mark.parametrize(
        ("prefix", "expected"),
        [
            ("", ["Ce badge est valide", "2 mars 2026", "3 h", "Organisme fictif", "Sait intervenir."]),
            ("/en", ["This badge is valid", "March 2, 2026", "3 h", "Organisme fictif", "Knows how to respond."]),
        ],
    )
    def test_shows_what_a_stranger_wants_to_know(self, client, award, prefix, expected):
        said = words(client.get(page(codes.display(award.code), prefix)))
        for text in [*expected, award.holder.legal_name, codes.display(award.code)]:
            assert text in said

    def test_costs_one_query_to_a_stranger_and_three_to_a_person(self, client, award, django_assert_num_queries):
        address = page(codes.display(award.code))
        with django_assert_num_queries(1):
            client.get(address)
        client.force_login(PersonFactory())
        with django_assert_num_queries(3):
            client.get(address)

    def test_holds_no_address_of_mail_and_stays_out_of_search_engines(self, client, award):
        answer = client.get(page(codes.display(award.code)))
        assert MAIL.findall(answer.text) == []
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert 'name="robots" content="noindex"' in answer.text

    def test_is_asked_for_again_each_time_and_shows_how_the_badge_stands_now(self, client, award):
        address = page(codes.display(award.code))
        first = client.get(address)
        assert first.headers["Cache-Control"] == "private, no-cache"
        known = {"if-none-match": first.headers["ETag"]}
        assert client.get(address, headers=known).status_code == 304
        actions.revoke(award=award, reason="Erreur", by=None, at=MONDAY)
        again = client.get(address, headers=known)
        assert (again.status_code, "n’est plus valide" in words(again)) == (200, True)

    def test_that_is_shown_to_a_person_is_kept_nowhere(self, client, award):
        client.force_login(PersonFactory())
        answer = client.get(page(codes.display(award.code)))
        assert (answer.headers["Cache-Control"], "ETag" in answer.headers) == ("private, no-store", False)

    def test_on_paper_says_its_address_and_the_day_and_leaves_the_files_out(self, client, award):
        soup = BeautifulSoup(client.get(page(codes.display(award.code))).text, "html.parser")
        said = soup.select_one(".print-only").get_text()
        assert codes.display(award.code) in said
        with override("fr-ca"):
            assert day(timezone.localdate()) in said
        assert soup.select_one(".screen-only").find("summary").get_text(strip=True) == "Fichiers pour logiciels"

    def test_links_to_files_that_are_there(self, client, award):
        soup = BeautifulSoup(client.get(page(codes.display(award.code))).text, "html.parser")
        links = [link["href"] for link in soup.main.find_all("a", href=True)]
        assert len(links) >= 6
        assert {client.get(link).status_code for link in links} == {200}


class TestARevokedBadge:
    def test_says_since_when_and_why_and_no_longer_names_the_person(self, client, award):
        actions.revoke(award=award, reason="Erreur d’identité", by=None, at=MONDAY)
        answer = client.get(page(codes.display(award.code)))
        said = words(answer)
        assert answer.status_code == 200
        for text in ("Ce badge a été révoqué", "2 mars 2026", "Erreur d’identité", "Organisme fictif"):
            assert text in said
        assert award.holder.legal_name not in answer.text
        assert "attestation-" not in answer.text

    def test_is_said_in_english_too(self, client, award):
        actions.revoke(award=award, reason="Erreur", by=None, at=MONDAY)
        assert "This badge was revoked" in words(client.get(page(codes.display(award.code), "/en")))


class TestABadgeInPreparation:
    def test_says_so_and_names_nobody(self, client):
        make_keys()
        award = issued()
        answer = client.get(page(codes.display(award.code)))
        assert "Ce badge est en préparation" in words(answer)
        assert award.holder.legal_name not in answer.text
        assert ".json" not in answer.text


class TestACodeOnTheWay:
    @pytest.mark.parametrize(
        "write",
        [
            lambda code: code,
            lambda code: code.lower(),
            lambda code: codes.display(code).lower(),
            lambda code: code[:-1] + ("0" if code[-1] != "0" else "1"),
            lambda code: codes.display(code).replace("-", " "),
        ],
        ids=["no hyphens", "small", "small with hyphens", "one slip", "spaces"],
    )
    def test_written_otherwise_leads_to_the_canonical_address(self, client, award, write):
        answer = client.get(page(write(award.code)))
        assert (answer.status_code, answer.headers["Location"]) == (302, page(codes.display(award.code)))

    def test_in_english_stays_in_english(self, client, award):
        answer = client.get(page(award.code, "/en"))
        assert answer.headers["Location"] == page(codes.display(award.code), "/en")

    def test_that_no_award_has_is_404_with_help(self, client):
        code = codes.display(codes.new(Random(5).randrange))
        answer = client.get(page(code))
        assert answer.status_code == 404
        assert code in words(answer)
        assert "/verify/" in answer.text
        assert answer.headers["X-Robots-Tag"] == "noindex"

    @pytest.mark.parametrize("text", ["x", "%3Cscript%3E", "A" * 199, "é", "0" * 28, "null", "%00"])
    def test_that_cannot_be_read_is_404_with_help_and_is_shown_harmless(self, client, text):
        answer = client.get(page(text))
        assert answer.status_code == 404
        assert "<script>" not in answer.text

    def test_costs_no_query_when_it_cannot_be_read(self, client, django_assert_num_queries):
        with django_assert_num_queries(0):
            client.get(page("x"))


class TestMyBadges:
    def test_are_for_who_is_signed_in(self, client):
        assert client.get("/badges/").status_code == 302

    def test_are_mine_alone(self, client, award):
        other = signed()
        client.force_login(award.holder)
        said = client.get("/badges/").text
        assert codes.display(award.code) in said
        assert codes.display(other.code) not in said

    @pytest.mark.parametrize("number", [0, 1, 3])
    def test_cost_three_queries_however_many(self, client, number, django_assert_num_queries):
        make_keys()
        person = PersonFactory()
        for _ in range(number):
            signed(holder=person)
        client.force_login(person)
        with django_assert_num_queries(3):
            client.get("/badges/")

    def test_say_what_comes_first_when_there_is_none(self, client):
        client.force_login(PersonFactory())
        assert "Aucun badge pour l’instant" in words(client.get("/badges/"))

    @pytest.mark.parametrize(
        ("prepare", "expected"),
        [
            (signed, "Valide"),
            (issued, "En préparation"),
            (revoked, "Révoqué"),
        ],
        ids=["valid", "in preparation", "revoked"],
    )
    def test_say_the_state_of_each(self, client, prepare, expected):
        make_keys()
        award = prepare()
        client.force_login(award.holder)
        assert expected in words(client.get("/badges/"))

    def test_get_their_sibling_in_the_other_language(self, client, award, django_capture_on_commit_callbacks):
        client.force_login(award.holder)
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(f"/badges/{award.code}/sibling/")
        assert answer.headers["Location"] == "/badges/"
        assert client.get(f"/v/{award.code}/en.json").status_code == 200

    def test_of_somebody_else_get_nothing(self, client, award):
        client.force_login(PersonFactory())
        for door in ("sibling", "sharing"):
            assert client.post(f"/badges/{award.code}/{door}/").status_code == 404
        assert client.post("/badges/x/sharing/").status_code == 404
        assert award.credentials.count() == 1

    def test_share_their_answers_by_the_choice_of_the_holder_alone(self, client):
        make_keys()
        award = signed(answered=True)
        client.force_login(award.holder)
        assert not Award.objects.get(pk=award.pk).shares_answers
        client.post(f"/badges/{award.code}/sharing/", {"answers": "yes"})
        assert Award.objects.get(pk=award.pk).shares_answers
        client.post(f"/badges/{award.code}/sharing/", {"answers": "anything"})
        assert not Award.objects.get(pk=award.pk).shares_answers

    def test_revoked_offer_no_door_any_more(self, client):
        make_keys()
        award = revoked()
        client.force_login(award.holder)
        assert client.post(f"/badges/{award.code}/sibling/").status_code == 410


class TestAnAward:
    def test_names_no_person_in_its_address(self):
        award = AwardFactory()
        with override("fr-ca"):
            assert award.get_absolute_url() == f"/v/{award.code}/"
