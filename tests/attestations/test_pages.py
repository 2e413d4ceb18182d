"""The page of an attestation and that of verification: who reads what, in both languages, in few queries."""

import re
from base64 import b64decode
from random import Random

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from jalon.attestations.paper import qr_code
from jalon.core import codes
from jalon.core.openbadges import baking
from jalon.credentials import actions as credentials
from jalon.credentials import queries
from jalon.credentials.sharing import share_answers
from jalon.training.models import Submission
from tests.attestations.test_checking import zipped
from tests.factories import PersonFactory
from tests.issuing import MONDAY, credential_of, issued, make_keys, signed

pytestmark = pytest.mark.django_db
ANSWER = "Ne pas regarder."
MAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w+")


@pytest.fixture
def award():
    make_keys()
    return signed(answered=True)


def page(award, prefix: str = "") -> str:
    return f"{prefix}/attestations/{codes.display(award.code)}/"


def paper(award, language: str = "fr") -> str:
    return f"/v/{codes.display(award.code)}/attestation-{language}.pdf"


def words(answer) -> str:
    return " ".join(BeautifulSoup(answer.text, "html.parser").main.get_text(" ").split())


def drawn(award) -> str:
    """The badge as a drawing, its credential inside."""
    svg = queries.badge_of(award.release, award.facts["level"]).svg.encode()
    return baking.bake_svg(svg, credential_of(award).content.decode()).decode()


def stranger(award):
    return None


def colleague(award):
    return PersonFactory()


def holder(award):
    return award.holder


def reviewer(award):
    return PersonFactory(reviewer=True)


MAY_READ = [
    # who, shared by the holder, may read
    (stranger, False, False),
    (colleague, False, False),
    (holder, False, True),
    (reviewer, False, False),
    (reviewer, True, True),
    (stranger, True, True),
    (colleague, True, True),
    (holder, True, True),
]


class TestTheAnswers:
    @pytest.mark.parametrize(("who", "is_shared", "may_read"), MAY_READ)
    def test_are_read_on_the_page_by_those_who_may(self, client, award, who, is_shared, may_read):
        self.prepare(client, award, who, is_shared)
        assert (ANSWER in client.get(page(award) + "?answers=1").text) == may_read

    @pytest.mark.parametrize(("who", "is_shared", "may_read"), MAY_READ)
    def test_are_printed_for_those_who_may(self, client, award, who, is_shared, may_read):
        self.prepare(client, award, who, is_shared)
        answer = client.get(paper(award) + "?answers=1")
        assert answer.status_code == (200 if may_read else 403)
        assert may_read or ANSWER not in answer.text

    @pytest.mark.parametrize(("who", "is_shared", "may_read"), MAY_READ)
    def test_are_never_shown_unasked(self, client, award, who, is_shared, may_read):
        self.prepare(client, award, who, is_shared)
        assert ANSWER not in client.get(page(award)).text

    def test_taken_back_are_closed_at_the_next_request(self, client, award):
        self.prepare(client, award, stranger, True)
        assert client.get(paper(award) + "?answers=1").status_code == 200
        share_answers(award=award, shares=False, by=award.holder, at=MONDAY)
        assert client.get(paper(award) + "?answers=1").status_code == 403

    def prepare(self, client, award, who, is_shared):
        if is_shared:
            share_answers(award=award, shares=True, by=award.holder, at=MONDAY)
        if person := who(award):
            client.force_login(person)


class TestThePage:
    @pytest.mark.parametrize(
        ("prefix", "expected"),
        [
            (
                "",
                [
                    "Preuve et attestation de développement professionnel",
                    "Décernée à",
                    "Émetteur",
                    "Version du contenu",
                    "empreinte",
                    "Langue et fuseau horaire",
                    "Français",
                ],
            ),
            (
                "/en",
                [
                    "Proof and attestation of professional development",
                    "Awarded to",
                    "Issuer",
                    "Content release",
                    "digest",
                    "Language and time zone",
                    "English",
                    "March 2, 2026",
                ],
            ),
        ],
    )
    def test_says_what_the_paper_says(self, client, award, prefix, expected):
        said = words(client.get(page(award, prefix)))
        own = [award.holder.legal_name, "École fictive de la Boussole", "Noa Fictif", codes.display(award.code)]
        assert [text for text in [*expected, *own] if text not in said] == []

    def test_has_the_qr_code_of_the_paper(self, client, award):
        (drawing,) = BeautifulSoup(client.get(page(award)).text, "html.parser").main.find_all("img")
        kind, _, content = drawing["src"].partition(",")
        assert kind == "data:image/svg+xml;base64"
        assert b64decode(content) == qr_code(queries.link(award))
        assert drawing["alt"] == "Code QR qui ouvre la page de ce badge"

    def test_says_who_issued_it_and_where_that_is(self, client, award):
        assert award.facts["issuer_url"] in words(client.get(page(award)))

    def test_says_the_language_of_an_answer_that_is_not_that_of_the_page(self, client, award):
        client.force_login(award.holder)
        soup = BeautifulSoup(client.get(page(award, "/en") + "?answers=1").text, "html.parser")
        written = Submission.objects.get(pk=award.facts["submission"]).language[:2]
        answers = soup.main.find_all("div", class_="prose")[1:]
        assert answers
        assert {answer["lang"] for answer in answers} == {f"{written}-CA"}
        assert "Answers written in French." in soup.main.text
        assert "Réponses rédigées" not in client.get(page(award) + "?answers=1").text

    @pytest.mark.parametrize(("prefix", "languages"), [("", ["fr", "en"]), ("/en", ["en", "fr"])])
    def test_offers_the_paper_of_its_language_first(self, client, award, prefix, languages):
        soup = BeautifulSoup(client.get(page(award, prefix)).text, "html.parser")
        assert [link["hreflang"] for link in soup.main.select(".buttons a")] == languages

    def test_holds_no_address_of_mail_and_stays_out_of_search_engines(self, client, award):
        answer = client.get(page(award))
        assert MAIL.findall(answer.text) == []
        assert answer.headers["X-Robots-Tag"] == "noindex"

    @pytest.mark.parametrize(("who", "queries_made"), [(stranger, 3), (colleague, 5), (holder, 5)])
    def test_costs_few_queries(self, client, award, who, queries_made, django_assert_num_queries):
        if person := who(award):
            client.force_login(person)
        with django_assert_num_queries(queries_made):
            client.get(page(award))

    def test_with_the_answers_costs_one_more(self, client, award, django_assert_num_queries):
        client.force_login(award.holder)
        with django_assert_num_queries(6):
            client.get(page(award) + "?answers=1")

    def test_in_preparation_leads_to_the_page_of_the_badge(self, client):
        make_keys()
        award = issued()
        answer = client.get(page(award))
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/v/{codes.display(award.code)}/")

    def test_revoked_is_gone_and_names_nobody(self, client, award):
        credentials.revoke(award=award, reason="Erreur", by=None, at=MONDAY)
        for address in (page(award), page(award, "/en"), paper(award)):
            answer = client.get(address)
            assert answer.status_code == 410
            assert award.holder.legal_name not in answer.text

    @pytest.mark.parametrize("code", ["x", "0" * 28, codes.new(Random(4).randrange)])
    def test_of_no_award_is_404(self, client, code):
        assert client.get(f"/attestations/{code}/").status_code == 404

    @pytest.mark.parametrize("prefix", ["", "/en"])
    def test_links_to_papers_that_are_there(self, client, award, prefix):
        client.force_login(award.holder)
        soup = BeautifulSoup(client.get(page(award, prefix)).text, "html.parser")
        links = [link["href"] for link in soup.main.find_all("a", href=True) if ".pdf" in link["href"]]
        assert len(links) == 4
        for link in links:
            answer = client.get(link)
            assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
            assert "no-store" in answer.headers["Cache-Control"]


class TestVerifying:
    def ask(self, client, prefix: str = "", **form):
        return client.post(f"{prefix}/verify/", form)

    @pytest.mark.parametrize(("prefix", "title"), [("", "Valide"), ("/en", "Valid")])
    def test_a_code_shows_whose_it_is(self, client, award, prefix, title):
        said = words(self.ask(client, prefix, code=codes.display(award.code)))
        for text in (title, award.holder.legal_name, codes.display(award.code)):
            assert text in said

    def test_needs_no_cookie(self, award):
        strict = Client(enforce_csrf_checks=True)
        answer = strict.post("/verify/", {"code": award.code})
        assert (answer.status_code, len(answer.cookies)) == (200, 0)
        assert award.holder.legal_name in words(answer)

    def test_calls_a_code_a_result_and_says_it_once(self, client, award):
        soup = BeautifulSoup(self.ask(client, code=codes.display(award.code)).text, "html.parser")
        assert soup.main.h2.text == "Résultat"
        assert [span.text for span in soup.main.find_all(class_="code")].count(codes.display(award.code)) == 1

    @pytest.mark.parametrize(
        "write",
        [
            lambda award: award.code.lower(),
            queries.link,
            lambda award: queries.link(award).replace("/v/", "/en/v/") + "?a=1",
            lambda award: f"/attestations/{codes.display(award.code)}/",
            lambda award: f"  {award.code} ",
        ],
    )
    def test_reads_a_link_or_a_code_written_in_any_way(self, client, award, write):
        assert award.holder.legal_name in self.ask(client, code=write(award)).text

    @pytest.mark.parametrize(("prefix", "said"), [("", "symbole par symbole :"), ("/en", "symbol by symbol:")])
    def test_says_that_a_slip_was_put_right(self, client, award, prefix, said):
        slip = ("0" if award.code[0] != "0" else "1") + award.code[1:]
        told = words(self.ask(client, prefix, code=slip))
        assert f"{said} {codes.display(award.code)}" in told
        assert said not in words(self.ask(client, prefix, code=award.code))

    @pytest.mark.parametrize(
        ("prefix", "site", "said"),
        [
            ("", "https://ailleurs.example/en", "mène à un autre site, ailleurs.example,"),
            ("/en", "http://testserver@ailleurs.example:80", "leads to another site, ailleurs.example,"),
            ("/en", "https://[", "leads to another site, ?,"),
        ],
    )
    def test_a_link_to_another_site_is_not_followed_under_our_name(self, client, award, prefix, site, said):
        shown = self.ask(client, prefix, code=f"{site}/v/{award.code}/")
        assert (said in words(shown), award.holder.legal_name in shown.text) == (True, False)

    def test_answers_an_address_with_the_code(self, client, award):
        answer = client.get("/verify/", {"code": award.code})
        assert award.holder.legal_name in answer.text
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert "no-store" in answer.headers["Cache-Control"]

    def test_a_file_shows_whose_it_is(self, client, award):
        file = SimpleUploadedFile("badge.json", credential_of(award).content)
        assert award.holder.legal_name in self.ask(client, file=file).text

    def test_of_several_files_counts_the_results_and_explains_those_that_are_not_valid(
        self, client, award, django_assert_num_queries
    ):
        content = credential_of(award).content
        files = {
            "a.json": content,
            "b.json": content,
            "c.json": content.replace(b'"creditsEarned":2', b'"creditsEarned":9'),
        }
        with django_assert_num_queries(8):  # the awards of them all are read at once
            answer = self.ask(client, file=SimpleUploadedFile("all.zip", zipped(files)))
        shown = BeautifulSoup(answer.text, "html.parser").main
        assert [row.dd.get_text(strip=True) for row in shown.select(".summary > div")] == ["3", "2", "1"]
        assert shown.tbody.text.count(award.holder.legal_name) == 2
        assert [title.text for title in shown.find_all("h3")] == ["all.zip/c.json"]

    def test_what_was_revoked_names_nobody(self, client, award):
        file = SimpleUploadedFile("badge.json", credential_of(award).content)
        credentials.revoke(award=award, reason="Erreur", by=None, at=MONDAY)
        for answer in (self.ask(client, code=award.code), self.ask(client, file=file)):
            assert "Révoqué" in words(answer)
            assert award.holder.legal_name not in answer.text

    def test_a_word_for_each_verdict_in_both_languages(self, client, award):
        changed = SimpleUploadedFile(
            "badge.json", credential_of(award).content.replace(b'"creditsEarned":2', b'"creditsEarned":9')
        )
        assert "Modifié" in words(self.ask(client, file=changed))
        changed.seek(0)
        assert "Altered" in words(self.ask(client, "/en", file=changed))

    def test_a_valid_result_costs_few_queries(self, client, award, django_assert_num_queries):
        with django_assert_num_queries(3):
            self.ask(client, code=award.code)

    def test_opened_for_the_first_time_blames_nobody(self, client):
        page = BeautifulSoup(client.get("/verify/").text, "html.parser")
        assert (page.title.text, page.select(".errors, [role=alert]")) == ("Vérifier une attestation – Jalon", [])

    def test_sent_empty_says_what_is_missing(self, client):
        assert "un seul suffit" in words(self.ask(client))

    def test_the_empty_page_costs_none(self, client, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert client.get("/verify/").status_code == 200

    def test_needs_no_account_and_leaves_no_session(self, client, award):
        self.ask(client, code=award.code)
        assert "session" not in client.cookies

    @pytest.mark.parametrize("method", ["put", "delete", "patch"])
    def test_takes_no_other_method(self, client, method):
        assert getattr(client, method)("/verify/").status_code == 405


class TestWhatIsPasted:
    def shown(self, client, text: str, prefix: str = "") -> str:
        answer = client.post(f"{prefix}/verify/", {"code": text})
        assert answer.status_code == 200
        return words(answer)

    def test_is_checked_as_its_file_would_be(self, client, award):
        credential = credential_of(award)
        for text in (credential.content.decode(), f"  {credentials.state_as_jwt(credential=credential)}\n"):
            assert award.holder.legal_name in self.shown(client, text)

    @pytest.mark.parametrize("before", ["\ufeff", " \n\t", "\ufeff \r\n", "\N{NO-BREAK SPACE}"])
    def test_is_read_as_what_it_is_whatever_stands_before_it(self, client, award, before):
        token = credentials.state_as_jwt(credential=credential_of(award))
        wrapped = "\r\n".join(token[at : at + 64] for at in range(0, len(token), 64))
        texts = credential_of(award).content.decode(), drawn(award), token, wrapped, wrapped.replace("\r\n", " ")
        for text in texts:
            assert award.holder.legal_name in self.shown(client, before + text)

    def test_and_is_a_drawing_that_lost_its_lines_is_never_called_altered_and_its_file_is_asked_for(
        self, client, award
    ):
        lines = drawn(award).replace("</title>", "</title>\r\n")
        shown = self.shown(client, lines)
        assert ("Vérification impossible" in shown, "Choisissez plutôt son fichier" in shown) == (True, True)
        assert award.holder.legal_name not in shown

    def test_and_is_a_link_between_angle_brackets_is_a_link(self, client, award):
        assert award.holder.legal_name in self.shown(client, f"<{queries.link(award)}>")

    def test_and_was_changed_is_altered_although_it_names_the_page_of_a_valid_badge(self, client, award):
        text = credential_of(award).content.decode().replace('"awardedDate":"2026', '"awardedDate":"2025')
        text = text.replace('{"@context"', f'{{"seeAlso":"https://a.example{queries.link(award)[-40:]}","@context"')
        assert "Modifié" in self.shown(client, text)

    @pytest.mark.parametrize(
        ("prefix", "said"),
        [
            ("", ("Liste d’état", "Ceci n’est pas un badge.", "Nous l’avons signée.", "Pour vérifier un badge")),
            ("/en", ("Status list", "This is not a badge.", "We signed it.", "To check a badge")),
        ],
    )
    def test_and_is_our_status_list_is_said_to_be_no_badge(self, client, award, prefix, said):
        shown = self.shown(client, credentials.publish_status(number=1, at=timezone.now()).decode(), prefix)
        assert [one for one in said if one not in shown] == []

    @pytest.mark.parametrize(
        "text", ["{", "eyJ.", "{" * 100_000, "<svg", "<svg>" * 20_000, "eyJ" + "A.B." * 30_000, "x" * 100_000]
    )
    def test_and_is_nothing_gets_a_sentence(self, client, text):
        assert "llisible" in self.shown(client, text)

    def test_and_is_longer_than_any_credential_is_not_read(self, client):
        assert "131072" in self.shown(client, "{" * (2**17 + 1)).replace("\u202f", "").replace("\u00a0", "")
