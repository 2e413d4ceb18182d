"""The holder closes the page of a badge: at the very next request, nobody else opens anything by its code."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from jalon.core import codes
from jalon.credentials import actions
from jalon.credentials.models import Award
from jalon.credentials.sharing import close_page
from jalon.journal.models import Entry
from tests.factories import PersonFactory
from tests.issuing import MONDAY, credential_of, make_keys, signed

pytestmark = pytest.mark.django_db
PAGES = ("/v/{}/", "/en/v/{}/", "/attestations/{}/", "/en/attestations/{}/")
FILES = (
    "/v/{}/fr.json",
    "/v/{}/fr.jwt",
    "/v/{}/fr.png",
    "/v/{}/fr.svg",
    "/v/{}/attestation-fr.pdf",
    "/v/{}/attestation-en.pdf",
)


@pytest.fixture
def award():
    make_keys()
    return signed()


def close(award, *, closes=True):
    return close_page(award=award, closes=closes, by=award.holder, at=MONDAY)


def addresses(award, forms):
    return [form.format(codes.display(award.code)) for form in forms]


def statuses(client, award, forms):
    return {client.get(path).status_code for path in addresses(award, forms)}


class TestAClosedPage:
    @pytest.mark.parametrize("visitor", ["nobody", "somebody", "a reviewer"])
    def test_and_its_files_say_nothing_to_another(self, client, award, visitor):
        kept = {path: client.get(path) for path in addresses(award, PAGES + FILES)}
        assert {answer.status_code for answer in kept.values()} == {200}
        close(award)
        if visitor != "nobody":
            client.force_login(PersonFactory(reviewer=visitor == "a reviewer"))
        for path, before in kept.items():
            asked_again = {"if-none-match": before.headers["ETag"]} if "ETag" in before.headers else {}
            answer = client.get(path, headers=asked_again)
            assert (path, answer.status_code) == (path, 403)
            assert award.holder.legal_name not in answer.text

    @pytest.mark.parametrize("accept", ["application/ld+json", "application/jwt", "image/png", "image/svg+xml"])
    def test_says_nothing_to_a_program_either(self, client, award, accept):
        close(award)
        answer = client.get(addresses(award, PAGES)[0], headers={"accept": accept}, follow=True)
        assert (answer.status_code, award.holder.legal_name in answer.text) == (403, False)

    def test_tells_a_visitor_what_to_ask_for_in_both_languages(self, client, award):
        close(award)
        french, english = (client.get(path).text for path in addresses(award, PAGES[:2]))
        assert ("<h1>Cette page est fermée</h1>" in french, "Ce que vous aviez" in french) == (True, False)
        assert "demandez-lui le fichier de l’attestation" in french
        assert "ask the person for the file of the attestation" in english

    def test_is_open_to_its_holder_and_kept_nowhere(self, client, award):
        close(award)
        client.force_login(award.holder)
        assert statuses(client, award, (*PAGES, *FILES[-2:])) == {200}
        answer = client.get(addresses(award, PAGES)[0])
        assert "Vous avez fermé cette page" in answer.text
        assert "no-store" in answer.headers["Cache-Control"]

    def test_opens_again_as_it_was(self, client, award):
        before = client.get(addresses(award, PAGES)[0])
        close(award)
        close(award, closes=False)
        assert client.get(addresses(award, PAGES)[0]).text == before.text
        assert statuses(client, award, PAGES + FILES) == {200}

    def test_costs_an_open_one_no_query(self, client, award, django_assert_num_queries):
        with django_assert_num_queries(1):
            client.get(addresses(award, PAGES)[0])

    def test_of_the_new_version_too_once_it_is_corrected(self, client, award):
        close(award)
        facts = {**award.facts, "name": "Élodie Corrigée"}
        corrected = actions.correct(award=award, facts=actions.Dossier.from_json(facts), by=None, at=MONDAY)
        assert statuses(client, corrected, PAGES[:1]) == {403}


class TestVerifying:
    def test_a_code_says_that_it_is_closed_and_names_nobody(self, client, award):
        close(award)
        for prefix, said in (("", "Page fermée par la personne titulaire"), ("/en", "Closed by its holder")):
            answer = client.post(f"{prefix}/verify/", {"code": award.code})
            assert (answer.status_code, said in answer.text) == (200, True)
            assert (award.holder.legal_name in answer.text, codes.display(award.code) in answer.text) == (False, False)

    def test_a_file_that_was_given_is_still_worth_what_it_was(self, client, award):
        close(award)
        file = SimpleUploadedFile("badge.json", credential_of(award).content)
        assert award.holder.legal_name in client.post("/verify/", {"file": file}).text


class TestTheChoice:
    def test_is_the_holders_by_one_button_and_is_in_the_journal(self, client, award):
        client.force_login(award.holder)
        for page, closed in (("closed", True), ("closed", True), ("open", False)):
            assert client.post(f"/badges/{award.code}/closing/", {"page": page}).headers["Location"] == "/badges/"
            assert Award.objects.get().is_closed is closed
            shown = client.get("/badges/").text
            assert ("Rouvrir la page" in shown, "Fermer la page aux autres" in shown) == (closed, not closed)
            assert ("Page à montrer" in shown or f"/v/{codes.display(award.code)}/fr.json" in shown) is not closed
        assert sorted(
            Entry.objects.filter(verb__in=["award.closed", "award.opened"]).values_list("verb", flat=True)
        ) == [
            "award.closed",
            "award.opened",
        ]

    @pytest.mark.parametrize(
        ("prefix", "named"),
        [
            ("", ("école", "organisme scolaire", "rôle", "admissible", "personne réviseuse", "résultat du quiz")),
            ("/en", ("your school", "school body", "your role", "eligible", "the reviewer", "result of the quiz")),
        ],
    )
    def test_is_made_knowing_what_the_attestation_shows_beside_the_page(self, client, award, prefix, named):
        client.force_login(award.holder)
        shown = client.get(f"{prefix}/badges/").text
        assert [words for words in named if words not in shown] == []

    def test_is_nobody_elses(self, client, award):
        client.force_login(PersonFactory())
        assert client.post(f"/badges/{award.code}/closing/", {"page": "closed"}).status_code == 404
        assert not Award.objects.get().is_closed

    def test_sent_again_does_not_undo_a_later_one(self, award):
        for key, closes in (("a", True), ("b", False), ("a", True)):
            close_page(award=award, closes=closes, key=key, by=award.holder, at=MONDAY)
        assert not Award.objects.get().is_closed
