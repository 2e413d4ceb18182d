"""The quiz of Sexto: a rule or a figure that a lesson takes from a source has that source under the question too."""

import re

import pytest
from django.conf import settings

from jalon.core.packs import cited
from jalon.library.folder import read_folder
from jalon.library.reading import read_pack

# What a question says, and the source from which a lesson takes it.
FACTS = {
    "24 heures": "tva-2019",
    "quatre jours": "quebec-methode",
    r"article 163\.1": "gatineau-code",
    "10 octobre 2024": "loi-c291-sanction",
    "À 17 ans": "pasoblige-adolescents",
    "compose le 911 et une équipe de patrouille": "spvm-sexto-en",
    "risque sérieux de mort": "acces-59-1",
    "ne fouille pas": "educaloi-fouilles",
    "sans l’ouvrir": "pasoblige-personnel",
    "a été consultée, ce que la méthode exclut": "pasoblige-personnel",
    "Nommer une infraction ne revient pas": "tva-2019",
}


@pytest.fixture(scope="module")
def pack():
    return read_pack(read_folder(settings.ROOT / "packs" / "sexto"))[0]


def words_of(question):
    options = [words for option in question.options for words in (option.text["fr"], option.why["fr"])]
    return " ".join([question.ask["fr"], *options]).replace("\u00a0", " ")


class TestAQuestionOfTheQuiz:
    @pytest.mark.parametrize("fact", FACTS)
    def test_names_the_source_of_what_it_states(self, pack, fact):
        stating = [one for one in pack.quizzes["explorer"].questions if re.search(fact, words_of(one))]
        assert stating
        assert [one.id for one in stating if FACTS[fact] not in one.sources] == []

    def test_is_never_without_a_source(self, pack):
        assert [one.id for one in pack.quizzes["explorer"].questions if not one.sources] == []

    @pytest.mark.parametrize("source", sorted(set(FACTS.values())))
    def test_takes_it_from_a_lesson(self, pack, source):
        bodies = [part.body["fr"] for lesson in pack.lessons.values() for part in lesson.parts]
        assert source in {one for body in bodies for one in cited(body)}
