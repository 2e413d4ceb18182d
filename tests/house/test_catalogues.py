"""Both languages say everything, with the same blanks, and the French has Quebec's spaces."""

import re

import pytest
from django.conf import settings

from jalon.core.typography import quebec, spacing_faults
from jalon.web.catalogues import catalogue, difference, subjects

ROOT = settings.ROOT
SUBJECTS = [pytest.param(folder, id=folder.name) for folder in subjects()]
# What has one name on every page: quiz, personne réviseuse, code QR, numériser, cas de pratique, questions réflexives.
OTHER_WORDS = "questionnaire|réviseure|code carré|balay|cas d’exercice|questions de réflexion|macaron"
BLANK = re.compile(r"%\(\w+\)[sd]|\{\w*\}|</?\w+")
FILLED = re.compile(r"%\(\w+\)[sd]|%d|\{\w*\}")


def translations(folder):
    """Yield each sentence with each of its French forms."""
    for message in catalogue(folder):
        if message.id:
            french = [message.string] if isinstance(message.string, str) else message.string
            english = [message.id] if isinstance(message.id, str) else message.id
            yield from ((english[-1], form) for form in french if form)


@pytest.mark.parametrize("folder", SUBJECTS)
class TestTheCatalogueOfASubject:
    def test_misses_no_sentence_and_keeps_none_that_nobody_says(self, folder):
        found = difference(folder)
        assert (found.missing, found.stale) == ((), ()), "./dev manage messages"

    def test_has_the_same_blanks_in_both_languages(self, folder):
        different = [
            (english, french)
            for english, french in translations(folder)
            if not set(BLANK.findall(french)) <= set(BLANK.findall(english))
        ]
        assert different == []

    def test_has_the_spaces_and_apostrophes_of_quebec(self, folder):
        faults = [(french, fault.code) for _, french in translations(folder) for fault in spacing_faults(french)]
        assert faults == []

    def test_lets_no_line_begin_with_a_sign(self, folder):
        """`quebec` sets what is read from a pack; a sentence of a catalogue is shown as it is written."""
        shown = [FILLED.sub("0", french).replace("%%", "%") for _, french in translations(folder)]
        assert [french for french in shown if quebec(french) != french] == []

    def test_speaks_with_neutral_words_and_without_blame(self, folder):
        barred = re.compile(rf"rejet|\be-?mail\b|·|email|veuillez patienter|{OTHER_WORDS}", re.IGNORECASE)
        assert [french for _, french in translations(folder) if barred.search(BLANK.sub("", french))] == []


def test_no_sentence_has_two_translations():
    """Catalogues become one at run time: a sentence said by two subjects is translated alike in both."""
    known: dict[tuple[str | None, str], str] = {}
    different = []
    for folder in subjects():
        for message in catalogue(folder):
            if message.id and message.string:
                key = (message.context, str(message.id))
                if known.setdefault(key, str(message.string)) != str(message.string):
                    different.append((folder.name, message.id, message.string))
    assert different == []


@pytest.mark.parametrize("page", sorted(ROOT.glob("jalon/*/templates/**/*.fr.html")), ids=lambda page: page.name)
def test_a_french_page_lets_no_line_begin_with_a_sign(page):
    assert [line for line in page.read_text().splitlines() if quebec(line) != line] == []


def test_the_french_texts_have_one_word_for_each_thing():
    texts = [
        ROOT / "README.md",
        *ROOT.glob("docs/users/fr/*.md"),
        *ROOT.glob("jalon/*/templates/**/*.fr.html"),
        *ROOT.glob("packs/**/*.fr.md"),
        *ROOT.glob("packs/**/*.yaml"),
    ]
    barred = re.compile(OTHER_WORDS, re.IGNORECASE)
    assert {path.name: barred.findall(path.read_text()) for path in texts if barred.search(path.read_text())} == {}
