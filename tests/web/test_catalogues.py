import os
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo

from jalon.web import catalogues
from jalon.web.catalogues import difference, said, subjects, write_missing

TEMPLATE = """{% extends "web/base.html" %}
<p title="it's">{% translate "Home" %}</p>
    {% blocktranslate count number=total %}{{ number }} badge{% plural %}{{ number }} badges{% endblocktranslate %}
{% page_header _("My path") %}{% translate "Right" context "answer" %}
"""
CODE = """
from django.utils.translation import gettext as _
def page():
    return _("Saved"), _(
        "One sentence "
        "in two pieces."
    )
"""


@pytest.fixture
def subject(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "jalon" / "paths"
    (folder / "templates" / "paths").mkdir(parents=True)
    (folder / "__init__.py").touch()
    (folder / "views.py").write_text(CODE)
    (folder / "templates" / "paths" / "home.html").write_text(TEMPLATE)
    monkeypatch.setattr(catalogues, "PACKAGE", tmp_path / "jalon")
    return folder


def write(subject, text):
    path = subject / catalogues.FRENCH
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(catalogues.HEADER + text.encode())
    return path


class TestTheSentencesOfASubject:
    def test_come_from_its_code_and_its_templates(self, subject):
        assert set(said(subject)) == {
            (None, "Saved"),
            (None, "One sentence in two pieces."),
            (None, "Home"),
            (None, ("%(number)s badge", "%(number)s badges")),
            (None, "My path"),
            ("answer", "Right"),
        }

    def test_say_where_they_stand(self, subject):
        assert said(subject)[None, "Home"] == [("jalon/paths/templates/paths/home.html", 2)]


class TestACatalogue:
    def test_that_does_not_exist_misses_everything(self, subject):
        assert len(difference(subject).missing) == 6

    def test_is_missing_what_is_empty_and_stale_in_what_nobody_says(self, subject):
        write(subject, 'msgid "Home"\nmsgstr ""\n\nmsgid "Saved"\nmsgstr "Enregistré"\n\nmsgid "Old"\nmsgstr "Vieux"\n')
        found = difference(subject)
        assert (None, "Home") in found.missing
        assert (None, "Saved") not in found.missing
        assert found.stale == ((None, "Old"),)

    def test_is_missing_a_plural_without_its_second_form(self, subject):
        write(
            subject,
            'msgid "%(number)s badge"\nmsgid_plural "%(number)s badges"\nmsgstr[0] "%(number)s badge"\nmsgstr[1] ""\n',
        )
        assert (None, ("%(number)s badge", "%(number)s badges")) in difference(subject).missing

    def test_once_written_has_each_sentence_sorted_and_keeps_its_french(self, subject):
        path = write(subject, 'msgid "Saved"\nmsgstr "Enregistré"\n\nmsgid "Old"\nmsgstr "Vieux"\n')
        write_missing(subject)
        text = path.read_text()
        assert 'msgid "Saved"\nmsgstr "Enregistré"' in text
        assert "Vieux" not in text
        assert difference(subject).stale == ()
        assert text.index('"Home"') < text.index('"My path"') < text.index('"Saved"')

    def test_written_twice_does_not_move(self, subject):
        path = subject / catalogues.FRENCH
        write_missing(subject)
        once = path.read_bytes()
        write_missing(subject)
        assert path.read_bytes() == once


class TestCompiling:
    def test_makes_what_django_reads(self, subject):
        path = write(subject, 'msgid "Saved"\nmsgstr "Enregistré"\n')
        assert catalogues.compile_catalogues() == 1
        with path.with_suffix(".mo").open("rb") as file:
            assert read_mo(file).get("Saved").string == "Enregistré"

    def test_happens_once_until_the_catalogue_changes(self, subject):
        path = write(subject, 'msgid "Saved"\nmsgstr "Enregistré"\n')
        catalogues.compile_catalogues()
        assert catalogues.compile_catalogues() == 0
        later = path.with_suffix(".mo").stat().st_mtime + 5
        os.utime(path, (later, later))
        assert catalogues.compile_catalogues() == 1


class TestTheCatalogueOfTheSite:
    def test_has_every_sentence_and_none_too_many(self):
        (own,) = [folder for folder in subjects() if folder.name == "web"]
        found = difference(own)
        assert (found.missing, found.stale) == ((), ())
