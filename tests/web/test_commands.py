"""What is typed is what answers: the name of a command, and a file that is named from where the person stands."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from jalon.web.commands import Commands

ENTRY = settings.ROOT / "dev"


def dev(monkeypatch, folder, *words):
    """Return the command that ./dev starts from a folder, and where it starts it."""
    monkeypatch.chdir(folder)
    entry = {"__file__": str(ENTRY), "__name__": "dev"}
    exec(ENTRY.read_text().rpartition("main()")[0], entry)
    monkeypatch.setenv("CHROMIUM", "chromium")
    started = []
    entry["run"] = lambda *command, cwd=None, env=None: started.append((command, cwd, env)) or 0
    entry[words[0]](list(words[1:]))
    return started[-1]


class TestACommand:
    @pytest.mark.parametrize(
        ("called", "words", "usage"),
        [
            ("./dev", ["bench"], "./dev bench "),
            ("./dev", ["demo"], "./dev demo "),
            ("./dev", ["serve"], "./dev serve "),
            ("./dev manage", ["verify"], "./dev manage verify "),
            ("./dev manage", ["pack", "publish"], "./dev manage pack publish "),
        ],
    )
    def test_calls_itself_by_what_was_typed(self, called, words, usage, capsys):
        with pytest.raises(SystemExit):
            Commands(called, [*words, "--help"]).execute()
        assert capsys.readouterr().out.startswith(f"usage: {usage}")

    def test_that_does_not_exist_is_looked_for_by_what_was_typed(self, capsys):
        with pytest.raises(SystemExit):
            Commands("./dev manage", ["verfy"]).execute()
        assert "Type './dev manage help' for usage." in capsys.readouterr().err

    def test_of_figures_says_which_run_only_when_they_are_named(self, capsys):
        with pytest.raises(SystemExit):
            Commands("./dev", ["bench", "--help"]).execute()
        assert "all but flat, million, people when none is named" in " ".join(capsys.readouterr().out.split())


class TestAFile:
    @pytest.mark.parametrize(
        "words", [("manage", "verify", "x.json"), ("demo", "--out", "x"), ("bench", "--page", "x")]
    )
    def test_is_named_from_where_the_person_stands(self, monkeypatch, tmp_path, words):
        _command, cwd, env = dev(monkeypatch, tmp_path, *words)
        assert (cwd, env["PYTHONPATH"]) == (str(tmp_path), str(settings.ROOT))

    def test_of_tests_too_and_without_one_the_tests_are_those_of_the_checkout(self, monkeypatch, tmp_path):
        (tmp_path / "test_one.py").touch()
        for words, where in (("test_one.py::TestIt", tmp_path), ("-k", settings.ROOT)):
            assert dev(monkeypatch, tmp_path, "test", words)[1] == str(where)

    def test_called_jalon_in_a_folder_of_the_person_is_never_run(self, tmp_path):
        (tmp_path / "jalon.py").write_text("raise SystemExit('theirs')")
        safe = {**os.environ, "PYTHONPATH": str(settings.ROOT), "PYTHONSAFEPATH": "yes"}
        asked = [sys.executable, "-c", "import jalon; print(jalon.__file__)"]
        said = subprocess.run(asked, cwd=tmp_path, env=safe, capture_output=True, text=True, check=True)
        assert said.stdout.strip().endswith("jalon/__init__.py")
