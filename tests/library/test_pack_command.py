from subprocess import CompletedProcess

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from jalon.accounts.models import Person
from jalon.demo.cast import CAST
from jalon.library.models import Release
from tests.library.sample import sample_files

pytestmark = pytest.mark.django_db


def write(folder, files):
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return str(folder)


class TestChecking:
    def test_a_sound_folder_says_what_it_holds_and_publishes_nothing(self, tmp_path, capsys):
        call_command("pack", "check", write(tmp_path, sample_files()), lang="en")
        out, _ = capsys.readouterr()
        counts = "levels: 2, lessons: 1, quizzes: 1, reflections: 1, cases: 0, sources: 1"
        assert f"sample 1.0.0 has no problem ({counts})" in out
        assert not Release.objects.exists()

    @pytest.mark.parametrize(("lang", "said"), [("fr", "aucune option n’est juste"), ("en", "no option is right")])
    def test_a_faulty_folder_says_every_problem_with_file_and_line(self, tmp_path, capsys, lang, said):
        files = sample_files(
            one=("quizzes/explorer.yaml", "right: true", "right: false"), two=("pack.yaml", "minutes: 60", "minutes: 0")
        )
        with pytest.raises(CommandError) as stopped:
            call_command("pack", "check", write(tmp_path, files), lang=lang)
        _, err = capsys.readouterr()
        assert f"{tmp_path}/quizzes/explorer.yaml:8: {said}" in err
        assert f"{tmp_path}/pack.yaml:19: " in err
        assert stopped.value.returncode == 1

    def test_what_is_no_folder_says_so(self, tmp_path):
        with pytest.raises(CommandError, match="n’est pas un dossier"):
            call_command("pack", "check", str(tmp_path / "nowhere"))


class TestPublishing:
    def test_says_the_version_and_the_digest_and_may_be_run_again(self, tmp_path, capsys):
        folder = write(tmp_path, sample_files())
        call_command("pack", "publish", folder)
        call_command("pack", "publish", folder)
        release = Release.objects.get()
        assert capsys.readouterr().out.count(f"sample 1.0.0 est publié, SHA-256 {release.sha256}") == 2

    def test_a_changed_version_is_refused_with_its_sentence(self, tmp_path):
        call_command("pack", "publish", write(tmp_path, sample_files()))
        changed = sample_files(words=("program.en.md", "A fictional", "Another"))
        with pytest.raises(CommandError, match="une version publiée ne change jamais"):
            call_command("pack", "publish", write(tmp_path, changed))

    def test_publishes_none_when_one_has_a_problem(self, tmp_path):
        sound = write(tmp_path / "a", sample_files())
        faulty = write(tmp_path / "b", sample_files({"notes.txt": "x"}))
        with pytest.raises(CommandError, match="1 sur 2"):
            call_command("pack", "publish", sound, faulty)
        assert not Release.objects.exists()


class TestAPreview:
    def test_of_a_faulty_folder_says_why_and_starts_nothing(self, tmp_path, capsys):
        files = sample_files(one=("quizzes/explorer.yaml", "right: true", "right: false"))
        with pytest.raises(CommandError):
            call_command("pack", "preview", write(tmp_path, files), lang="en")
        assert "no option is right" in capsys.readouterr().err

    def test_leaves_this_database_alone(self, tmp_path, monkeypatch):
        asked = {}

        def run(command, *, env):
            asked.update(command=command, env=env)
            return CompletedProcess(command, 0)

        monkeypatch.setattr("subprocess.run", run)
        monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere.example/real")
        with pytest.raises(SystemExit) as stopped:
            call_command("pack", "preview", write(tmp_path, sample_files()), port=8123)
        assert stopped.value.code == 0
        assert "DATABASE_URL" not in asked["env"]
        assert asked["env"]["JALON_VAR"] != str(settings.JALON_VAR)
        assert asked["command"][-4:] == ["preview", str(tmp_path), "--port", "8123"]
        assert not Release.objects.exists()

    def test_shows_the_pack_with_the_fictional_people(self, tmp_path, capsys):
        call_command("preview", write(tmp_path, sample_files()), no_serve=True)
        assert "/programs/sample/" in capsys.readouterr().out
        assert Release.objects.get().version == "1.0.0"
        assert Person.objects.filter(email=CAST["learner"].email).exists()
