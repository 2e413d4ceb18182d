import pytest
from bs4 import BeautifulSoup

from jalon.library import actions
from tests.library.sample import TEXTS, sample_files

pytestmark = pytest.mark.django_db


@pytest.fixture
def release(monday):
    return actions.publish(files=sample_files(), by=None, at=monday)


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def titles(soup):
    return [title.get_text(strip=True) for title in soup.select("article.card h3")]


class TestTheCatalogue:
    @pytest.mark.parametrize(
        ("address", "title"), [("/programs/", "Les premiers mots"), ("/en/programs/", "The first words")]
    )
    def test_shows_each_program_in_the_language_of_the_page(self, client, release, address, title):
        assert titles(page(client, address)) == [title]

    @pytest.mark.parametrize("words", ["eleve", "ÉLÈVE", "climat", "first words", "archi", "mots premiers"])
    def test_finds_words_in_both_languages_without_accents_or_capitals(self, client, release, words):
        assert titles(page(client, f"/programs/?q={words}")) == ["Les premiers mots"]

    @pytest.mark.parametrize("words", ["nothing", "premiers inconnu", "%", "_"])
    def test_says_what_to_do_when_nothing_matches(self, client, release, words):
        soup = page(client, f"/programs/?q={words}")
        assert titles(soup) == []
        assert soup.select_one(".notice a")["href"] == "/programs/"

    def test_says_so_when_nothing_is_published(self, client):
        assert "Aucun programme n’est publié" in page(client, "/programs/").get_text()

    @pytest.mark.parametrize("words", ["\x00", "%00", "a" * 5_000, "<script>", "'; drop table"])
    def test_takes_any_words(self, client, release, words):
        answer = client.get("/programs/", {"q": words})
        assert answer.status_code == 200
        assert b"<script>" not in answer.content

    def test_costs_one_query(self, client, release, django_assert_max_num_queries):
        client.get("/programs/")
        with django_assert_max_num_queries(2):
            client.get("/programs/?q=mots")


class TestAProgram:
    def test_shows_its_levels_in_order_with_a_link_to_each(self, client, release):
        links = page(client, "/programs/sample/").select("article.card h3 a")
        assert [(link.get_text(), link["href"]) for link in links] == [
            ("Explorateur", "/programs/sample/explorer/"),
            ("Architecte", "/programs/sample/architect/"),
        ]

    def test_shows_its_description_with_its_sources(self, client, release):
        soup = page(client, "/en/programs/sample/")
        assert soup.select_one(".prose").get_text(strip=True) == "A fictional programNote1."
        source = soup.select_one(".notes li")
        assert (source["id"], source.a.get_text(), source.a["href"]) == (
            "note-1",
            "Fictional guide",
            "https://exemple.test/guide",
        )
        assert "November 22, 2026" in source.get_text().replace("\u00a0", " ")

    def test_says_that_it_is_demonstration_content(self, client, release):
        assert "Contenu de démonstration" in page(client, "/programs/sample/").select_one(".notice-demo").get_text()

    @pytest.mark.parametrize("address", ["/programs/unknown/", "/programs/sample/badges/unknown.svg"])
    def test_that_is_unknown_is_not_found(self, client, release, address):
        assert client.get(address).status_code == 404

    def test_costs_two_queries_at_most(self, client, release, django_assert_max_num_queries):
        client.get("/programs/sample/")
        with django_assert_max_num_queries(2):
            client.get("/programs/sample/")


TEXT = {"": "texte de démonstration", "/en": "demonstration text"}
SITE = {"": "Ce site est une démonstration", "/en": "This site is a demonstration"}


@pytest.mark.parametrize("prefix", ["", "/en"])
class TestTheFootOfAPage:
    """What is a demonstration is said where it is true: of the program of the page, or of the site."""

    @pytest.mark.parametrize("path", ["", "explorer/", "explorer/lessons/first-words/p1/"])
    def test_says_that_the_program_of_the_page_is_a_demonstration(self, client, release, prefix, path):
        assert TEXT[prefix] in foot(client, f"{prefix}/programs/sample/{path}")

    @pytest.mark.parametrize("path", ["", "explorer/", "explorer/lessons/first-words/p1/"])
    def test_says_nothing_of_a_program_that_is_none(self, client, monday, prefix, path):
        real = sample_files(kind=("pack.yaml", "demonstration: true", "demonstration: false"))
        actions.publish(files=real, by=None, at=monday)
        said = foot(client, f"{prefix}/programs/sample/{path}")
        assert TEXT[prefix] not in said
        assert SITE[prefix] not in said

    def test_says_nothing_on_a_real_site_where_no_program_is_shown(self, client, release, prefix):
        said = [foot(client, prefix + path) for path in ("/", "/help/", "/programs/")]
        assert [one for one in said if TEXT[prefix] in one or SITE[prefix] in one] == []

    def test_says_that_a_demonstration_site_is_one(self, client, settings, release, prefix):
        settings.JALON_DEMO = True
        assert SITE[prefix] in foot(client, f"{prefix}/help/")


def foot(client, address):
    return page(client, address).select_one("footer.footer").get_text(" ")


class TestABadge:
    def test_is_served_as_a_drawing_that_can_do_nothing(self, client, release):
        answer = client.get("/programs/sample/badges/explorer.svg")
        assert (answer.content.decode(), answer["Content-Type"]) == (TEXTS["badges/explorer.svg"], "image/svg+xml")
        assert "sandbox" in answer["Content-Security-Policy"]
        assert answer["X-Content-Type-Options"] == "nosniff"
