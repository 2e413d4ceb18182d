import json
from datetime import timedelta
from hashlib import sha256
from unittest.mock import Mock

import pytest
from django.db import IntegrityError, OperationalError, transaction

from jalon.core.openbadges.jcs import canonical
from jalon.core.refusals import Refused
from jalon.journal.models import Entry
from jalon.library import actions, folder, models, queries
from jalon.library.models import Program, Release
from jalon.web.wording import sentence
from tests.factories import PersonFactory
from tests.library.sample import TEXTS, sample_files

pytestmark = pytest.mark.django_db
OTHER_WORDS = ("program.en.md", "A fictional program", "Another fictional program")


def version(number, **more):
    return sample_files(version=("pack.yaml", "version: 1.0.0", f"version: {number}"), **more)


class TestPublishing:
    def test_freezes_the_canonical_bytes_and_their_digest(self, monday):
        person = PersonFactory()
        release = actions.publish(files=sample_files(), by=person, at=monday)
        release.refresh_from_db()
        assert bytes(release.content) == canonical(TEXTS)
        assert release.sha256 == sha256(canonical(TEXTS)).hexdigest()
        assert (release.version, release.published_by, release.published_at) == ("1.0.0", person, monday)

    def test_makes_the_release_current_and_its_words_findable(self, monday):
        release = actions.publish(files=sample_files(), by=None, at=monday)
        program = Program.objects.get(slug="sample")
        assert (program.current, program.title_fr, program.title_en) == (
            release,
            "Les premiers mots",
            "The first words",
        )
        assert program.search_fr.startswith("les premiers mots accueillir un eleve.")

    def test_is_one_line_of_the_journal_without_a_name(self, monday):
        release = actions.publish(files=sample_files(), by=None, at=monday)
        (line,) = Entry.objects.filter(verb="release.published")
        assert (line.about_id, line.facts) == (release.pk, {"version": "1.0.0", "sha256": release.sha256})

    def test_gives_the_typed_pack_back_to_another_process(self, monday, monkeypatch):
        release = actions.publish(files=sample_files(), by=None, at=monday)
        monkeypatch.setattr(models, "_packs", {})
        assert Release.objects.get().pack.title == {"fr": "Les premiers mots", "en": "The first words"}
        assert release.files == {path: text.encode() for path, text in TEXTS.items()}

    def test_reads_a_release_once_in_the_life_of_a_process(self, monday, django_assert_num_queries):
        pack = actions.publish(files=sample_files(), by=None, at=monday).pack
        with django_assert_num_queries(1):
            assert Release.objects.defer("content").get().pack is pack

    def test_is_read_before_the_first_visitor_comes(self, monday, monkeypatch, django_assert_num_queries):
        release = actions.publish(files=sample_files(), by=None, at=monday)
        monkeypatch.setattr(models, "_packs", {})
        monkeypatch.setattr(queries.connection, "close", lambda: None)  # the test goes on with it
        queries.read_current()
        with django_assert_num_queries(1):
            assert Release.objects.defer("content").get().pack.title == release.pack.title

    def test_stops_no_server_when_it_cannot_be_read(self, monday, monkeypatch):
        release = actions.publish(files=sample_files(), by=None, at=monday)
        monkeypatch.setattr(models, "_packs", {})
        monkeypatch.setattr(queries.connection, "close", lambda: None)
        Release.objects.filter(pk=release.pk).update(content=b'{"pack.yaml": "id: sample"}')
        queries.read_current()
        monkeypatch.setattr(Release.objects, "filter", Mock(side_effect=OperationalError("no such table")))
        queries.read_current()

    def test_says_so_when_the_bytes_of_a_release_are_not_readable_any_more(self, monday, monkeypatch):
        release = actions.publish(files=sample_files(), by=None, at=monday)
        monkeypatch.setattr(models, "_packs", {})
        release.content = b'{"pack.yaml": "id: sample"}'
        with pytest.raises(ValueError, match="problems, first"):
            release.pack.title


class TestPublishingAgain:
    def test_the_same_bytes_changes_nothing(self, monday):
        first = actions.publish(files=sample_files(), by=None, at=monday)
        again = actions.publish(files=sample_files(), by=PersonFactory(), at=monday + timedelta(days=1))
        assert (again, again.published_at, again.published_by) == (first, monday, None)
        assert (Release.objects.count(), Entry.objects.filter(verb="release.published").count()) == (1, 1)

    def test_the_same_words_with_other_line_ends_changes_nothing(self, monday):
        first = actions.publish(files=sample_files(), by=None, at=monday)
        windows = {path: data.replace(b"\n", b"\r\n") for path, data in sample_files().items()}
        assert actions.publish(files=windows, by=None, at=monday) == first

    def test_other_bytes_under_the_same_version_is_refused(self, monday):
        first = actions.publish(files=sample_files(), by=None, at=monday)
        with pytest.raises(Refused, match="version-already-published") as stopped:
            actions.publish(files=sample_files(words=OTHER_WORDS), by=None, at=monday)
        assert stopped.value.refusal.facts == {"program": "sample", "version": "1.0.0"}
        assert list(Release.objects.all()) == [first]

    def test_a_later_version_keeps_the_earlier_one(self, monday):
        first = actions.publish(files=sample_files(), by=None, at=monday)
        second = actions.publish(files=version("1.10.0", words=OTHER_WORDS), by=None, at=monday)
        assert Program.objects.get().current == second
        assert Release.objects.get(pk=first.pk).pack.version == "1.0.0"

    @pytest.mark.parametrize("number", ["1.9.9", "0.11.0"])
    def test_an_earlier_version_is_refused(self, monday, number):
        actions.publish(files=version("1.10.0"), by=None, at=monday)
        with pytest.raises(Refused, match="version-not-newer"):
            actions.publish(files=version(number), by=None, at=monday)

    def test_an_earlier_release_as_it_was_changes_nothing(self, monday):
        first = actions.publish(files=sample_files(), by=None, at=monday)
        second = actions.publish(files=version("1.1.0"), by=None, at=monday)
        assert actions.publish(files=sample_files(), by=None, at=monday) == first
        assert Program.objects.get().current == second


class TestAPackWithProblems:
    def test_is_refused_with_the_first_of_them_and_leaves_nothing(self, monday):
        files = sample_files(right=("quizzes/explorer.yaml", "right: true", "right: false"))
        with pytest.raises(Refused) as stopped:
            actions.publish(files=files, by=None, at=monday)
        said = sentence(stopped.value.refusal)
        assert "quizzes/explorer.yaml, ligne 8\u00a0: aucune option n’est juste" in said
        assert not Program.objects.exists()


class TestTheDatabase:
    def test_refuses_a_second_release_of_one_version(self, monday):
        release = actions.publish(files=sample_files(), by=None, at=monday)
        row = {"program": release.program, "version": "1.0.0", "content": b"{}", "published_at": monday}
        with (
            pytest.raises(IntegrityError, match=r"release_once_per_version|library_release\.version"),
            transaction.atomic(),
        ):
            Release.objects.create(**row, sha256="0" * 64)

    def test_refuses_a_program_without_title(self):
        with pytest.raises(IntegrityError, match="program_titled_in_both_languages"), transaction.atomic():
            Program.objects.create(slug="x", title_fr="Un titre", title_en="")


class TestAFolder:
    def test_is_read_without_hidden_files_notes_to_readers_and_links(self, tmp_path):
        for path, data in sample_files().items():
            (tmp_path / path).parent.mkdir(exist_ok=True)
            (tmp_path / path).write_bytes(data)
        for name in (".DS_Store", "README.md", "LICENCE", ".git/config"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text("x")
        (tmp_path / "lessons/link.fr.md").symlink_to(tmp_path / "pack.yaml")
        assert folder.read_folder(tmp_path) == sample_files()
        assert list(folder.read_folder(tmp_path)) == sorted(TEXTS)

    def test_that_does_not_exist_is_refused(self, tmp_path):
        with pytest.raises(Refused, match="pack-no-folder"):
            folder.read_folder(tmp_path / "nowhere")

    def test_that_is_too_large_is_refused_before_it_is_read(self, tmp_path, monkeypatch):
        monkeypatch.setattr(folder, "MOST_BYTES", 10)
        (tmp_path / "pack.yaml").write_text("x" * 11)
        with pytest.raises(Refused, match="pack-too-large"):
            folder.read_folder(tmp_path)

    def test_has_canonical_bytes_that_do_not_depend_on_the_order_of_its_files(self):
        files = sample_files()
        assert folder.canonical_bytes(dict(reversed(files.items()))) == folder.canonical_bytes(files)
        assert json.loads(folder.canonical_bytes(files)) == TEXTS
