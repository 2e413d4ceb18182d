"""A demonstration on another port has badges and links that name this port, unless it was played before."""

import io

import pytest
from django.conf import settings
from django.core.management import call_command

from jalon import settings as ours
from jalon.demo.management.commands import demo

ENTRY = settings.ROOT / "dev"


@pytest.fixture
def said(monkeypatch, tmp_path):
    """What ./dev says of the address to the command that it starts, by its arguments."""
    for name in ("JALON_ORIGIN", "JALON_ORIGIN_FILE", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("JALON_VAR", str(tmp_path))
    entry = {"__file__": str(ENTRY), "__name__": "dev"}
    exec(ENTRY.read_text().rpartition("main()")[0], entry)
    return lambda *arguments: entry["addresses"](list(arguments)).get("JALON_ORIGIN")


class TestTheFirstTime:
    @pytest.mark.parametrize(
        ("arguments", "expected"),
        [
            ((), None),
            (("--port", "8123"), "http://localhost:8123"),
            (("--no-serve", "--port=8123", "--out", "x"), "http://localhost:8123"),
            (("--port",), None),
            (("--port", "many"), None),
        ],
        ids=str,
    )
    def test_follows_the_port(self, said, arguments, expected):
        assert said(*arguments) == expected

    @pytest.mark.parametrize("name", ["JALON_ORIGIN", "JALON_ORIGIN_FILE", "DATABASE_URL"])
    def test_follows_what_was_said_of_it(self, said, name, monkeypatch):
        monkeypatch.setenv(name, "x")
        assert said("--port", "8123") is None


class TestTheNextTime:
    def test_keeps_the_address_of_the_badges(self, said, tmp_path, monkeypatch):
        (tmp_path / "jalon.sqlite3").touch()
        assert said("--port", "8123") is None
        monkeypatch.setattr(ours, "JALON_VAR", tmp_path)
        assert ours.origin_in_development() == "http://localhost:8000"
        (tmp_path / "origin").write_text("http://localhost:8123\n")
        assert ours.origin_in_development() == "http://localhost:8123"


@pytest.mark.django_db
class TestTheCommand:
    @pytest.fixture(autouse=True)
    def nothing_is_played_or_served(self, monkeypatch, settings, tmp_path):
        monkeypatch.setattr(demo, "play", lambda story: None)
        monkeypatch.setattr(demo, "serve", lambda **how: None)
        settings.JALON_VAR = tmp_path

    def run(self, *arguments):
        said, told = io.StringIO(), io.StringIO()
        call_command("demo", *arguments, stdout=said, stderr=told)
        return told.getvalue()

    def test_keeps_the_address_for_whoever_comes_after(self, tmp_path, settings):
        settings.JALON_ORIGIN = "http://localhost:8123"
        assert self.run("--out", str(tmp_path / "out"), "--port", "8123") == ""
        assert (tmp_path / "origin").read_text() == "http://localhost:8123\n"

    def test_says_so_when_its_links_lead_to_another_port(self, tmp_path):
        told = self.run("--out", str(tmp_path / "out"), "--port", "8123")
        assert "name http://localhost:8000" in told
        assert str(tmp_path) in told
