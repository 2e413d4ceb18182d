import pytest
from bs4 import BeautifulSoup

from tests.factories import PersonFactory, ProgramFactory, ReleaseFactory
from tests.small_pack import played_pack

pytestmark = pytest.mark.django_db
each_language = pytest.mark.parametrize("prefix", ["", "/en"])


@pytest.fixture
def author(client):
    author = PersonFactory(is_author=True)
    client.force_login(author)
    return author


@pytest.fixture
def release():
    program = ProgramFactory(slug="essai")
    ReleaseFactory(program=program, version="1.0.0")
    return ReleaseFactory(program=program, version="1.1.0", typed=played_pack("essai"))


def main_of(page):
    return BeautifulSoup(page.content, "html.parser").main


@each_language
class TestAnAuthor:
    def test_finds_every_version_from_the_account(self, client, author, release, prefix):
        link = main_of(client.get(f"{prefix}/account/")).find("a", href=f"{prefix}/content/")
        links = [one["href"] for one in main_of(client.get(link["href"])).table.find_all("a")]
        assert sorted(links) == [f"{prefix}/content/essai/1.0.0/", f"{prefix}/content/essai/1.1.0/"]

    def test_reads_every_activity_of_a_version_without_following_it(self, client, author, release, prefix):
        links = [one["href"] for one in main_of(client.get(f"{prefix}/content/essai/1.1.0/")).ol.parent.parent("a")]
        kinds = {link.split("/")[-3] for link in links if "/content/essai/1.1.0/" in link}
        assert kinds == {"lesson", "quiz", "case", "reflection"}
        assert {client.get(link).status_code for link in links} == {200}

    def test_reads_the_right_answers_and_their_reasons(self, client, author, release, prefix):
        page = client.get(f"{prefix}/content/essai/1.1.0/quiz/first-quiz/").content.decode()
        language = "en" if prefix else "fr"
        options = [one for question in release.pack.quizzes["first-quiz"].questions for one in question.options]
        assert all(one.why[language] in page for one in options if "'" not in one.why[language])

    def test_reads_the_sources_of_each_question_that_has_some(self, client, author, release, prefix):
        main = main_of(client.get(f"{prefix}/content/essai/1.1.0/quiz/first-quiz/"))
        assert [len(section.select(".notes li")) for section in main.find_all("section")] == [1, 0]
        assert main.select_one(".notes a")["href"] == release.pack.sources["guide"].url["en" if prefix else "fr"]

    def test_reads_every_scene_and_where_each_choice_leads(self, client, author, release, prefix):
        page = main_of(client.get(f"{prefix}/content/essai/1.1.0/case/group-chat/"))
        case = release.pack.cases["group-chat"].case
        assert {one["id"] for one in page.find_all("h2", id=True)} >= {f"scene-{name}" for name in case.scenes}
        leads = [one["href"] for one in page.find_all("a") if one["href"].startswith("#scene-")]
        assert sorted(leads) == sorted(
            f"#scene-{choice.to}" for scene in case.scenes.values() for choice in scene.choices
        )


class TestWhatIsNotThere:
    @pytest.mark.parametrize(
        "path", ["rien/1.0.0/", "essai/9.9.9/", "essai/1.1.0/quiz/rien/", "essai/1.1.0/rien/first-quiz/"]
    )
    def test_is_not_found(self, client, author, release, path):
        assert client.get(f"/content/{path}").status_code == 404


class TestAnotherPerson:
    @pytest.mark.parametrize("path", ["", "essai/1.1.0/", "essai/1.1.0/quiz/first-quiz/", "essai/9.9.9/"])
    @pytest.mark.parametrize("traits", [{}, {"reviewer": True}, {"operator": True}])
    def test_reads_why_not(self, client, release, path, traits):
        client.force_login(PersonFactory(**traits))
        page = client.get(f"/content/{path}")
        assert page.status_code == 403
        assert "personnes qui écrivent le contenu" in page.content.decode()

    def test_who_is_signed_out_is_led_to_sign_in(self, client, release):
        assert "/account/sign-in/" in client.get("/content/essai/1.1.0/").url


@pytest.mark.parametrize("path", ["", "essai/1.1.0/", "essai/1.1.0/quiz/first-quiz/"])
def test_each_page_opens_in_six_queries(client, author, release, path, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        assert client.get(f"/content/{path}").status_code == 200
