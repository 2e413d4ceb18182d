"""No id of a pack is the address of another page: the reserved words are those that the addresses of the site hold."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.urls import get_resolver
from django.urls.converters import get_converters

from jalon.core.pack_rules import ADDRESSES
from jalon.demo.matrix import addresses
from tests.library.sample import line_of, sample_files
from tests.library.test_pack_command import write

MANIFEST, REFLECTION = "pack.yaml", "reflections/architect.yaml"
NAMED = re.compile(r"<(\w+):(\w+)>")


def fixed_words(paths):
    """Return, by name of what a pack names, the words that stand at its place in the address of another page."""
    rows = {tuple(path.split("/")) for path in paths}
    found = {}
    for row in rows:
        for other in rows - {row}:
            if len(row) == len(other) and all(map(may_be_one, row, other)):
                for step, word in zip(row, other, strict=True):
                    if step.startswith("<slug:") and "<" not in word:
                        found.setdefault(NAMED.match(step)[2], set()).add(word)
    return found


def may_be_one(one, other):
    """Tell whether one word may stand at both places."""
    if "<" in one and "<" in other:
        return True
    pattern, word = (one, other) if "<" in one else (other, one)
    return re.fullmatch(NAMED.sub(lambda named: f"(?:{get_converters()[named[1]].regex})", pattern), word) is not None


class TestTheReservedWords:
    def test_are_those_of_the_addresses_of_the_site(self):
        assert fixed_words(path for _, path in addresses(get_resolver())) == ADDRESSES

    def test_would_hold_the_word_of_a_new_address(self):
        paths = [path for _, path in addresses(get_resolver())]
        more = fixed_words([*paths, "programs/<slug:slug>/<slug:level>/lessons/<slug:lesson>/summary/"])
        assert more == {**ADDRESSES, "part": {"summary"}}

    @pytest.mark.parametrize("word", sorted(ADDRESSES["level"]))
    def test_name_no_level(self, tmp_path, capsys, word):
        files = sample_files(
            id=(MANIFEST, "id: architect\n    number", f"id: {word}\n    number"),
        )
        refused(tmp_path, capsys, files, MANIFEST, line_of(MANIFEST, "id: architect"), word)

    @pytest.mark.parametrize("word", sorted(ADDRESSES["question"]))
    def test_name_no_question_of_a_reflection(self, tmp_path, capsys, word):
        files = sample_files(id=(REFLECTION, "id: step", f"id: {word}"))
        refused(tmp_path, capsys, files, REFLECTION, line_of(REFLECTION, "id: step"), word)

    def test_may_name_what_has_no_page_of_its_own(self, tmp_path, capsys):
        files = sample_files(id=("quizzes/explorer.yaml", "id: look", "id: check"))
        call_command("pack", "check", write(tmp_path, files), lang="en")
        assert "has no problem" in capsys.readouterr().out


def refused(folder, capsys, files, file, line, word):
    said = {"fr": f"«\u00a0{word}\u00a0» est un mot réservé", "en": f"“{word}” is a reserved word"}
    for lang, words in said.items():
        with pytest.raises(CommandError):
            call_command("pack", "check", write(folder, files), lang=lang)
        assert f"{folder}/{file}:{line}: {words}" in capsys.readouterr().err
