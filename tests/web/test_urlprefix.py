import pytest
from django.urls import reverse
from django.utils.translation import override

from jalon.web.urlprefix import in_language


class TestAnAddress:
    def test_is_at_the_root_in_french_and_under_en_in_english(self):
        with override("fr-ca"):
            assert reverse("web:help") == "/help/"
        with override("en-ca"):
            assert reverse("web:help") == "/en/help/"

    @pytest.mark.parametrize(("path", "lang"), [("/help/", "fr-CA"), ("/en/help/", "en-CA")])
    def test_decides_the_language_whatever_the_browser_prefers(self, client, path, lang):
        response = client.get(path, headers={"accept-language": "de, en;q=0.5"})
        assert f'<html lang="{lang}"'.encode() in response.content
        assert response.headers["Content-Language"] == lang.lower()

    @pytest.mark.parametrize("path", ["/en-ca/help/", "/fr/help/", "/fr-ca/help/", "/english/help/"])
    def test_has_no_second_form(self, client, path):
        assert client.get(path).status_code == 404


class TestTheSamePageInTheOtherLanguage:
    @pytest.mark.parametrize(
        ("french", "english"),
        [
            ("/", "/en/"),
            ("/help/", "/en/help/"),
            ("/programs/?q=%C3%A9cole&page=2", "/en/programs/?q=%C3%A9cole&page=2"),
        ],
    )
    def test_keeps_path_and_query(self, rf, french, english):
        assert in_language(rf.get(french), "en-ca") == english
        assert in_language(rf.get(english), "fr-ca") == french

    def test_stays_itself_in_its_own_language(self, rf):
        assert in_language(rf.get("/en/help/"), "en-ca") == "/en/help/"
        assert in_language(rf.get("/help/"), "fr-ca") == "/help/"

    def test_never_leaves_the_site(self, rf):
        assert in_language(rf.get("//evil.test/x"), "en-ca").startswith("/en/")
        assert not in_language(rf.get("/en//evil.test/x"), "fr-ca").startswith("//")

    def test_is_named_in_its_own_language(self, client):
        assert b'lang="en-CA" hreflang="en-CA" data-language>English</a>' in client.get("/help/").content
        assert 'lang="fr-CA" hreflang="fr-CA" data-language>Français</a>' in client.get("/en/help/").content.decode()
