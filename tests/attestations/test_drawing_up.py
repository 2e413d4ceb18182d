"""The attestation holds every field, in both languages, is made once, and never changes."""

import dataclasses
import io
from datetime import timedelta

import pikepdf
import pytest

from jalon.accounts import actions as accounts
from jalon.attestations import actions, queries, reading
from jalon.attestations.models import Attestation
from jalon.core import codes
from jalon.core.refusals import Refused
from jalon.credentials import actions as credentials
from jalon.credentials import keys
from jalon.credentials import queries as credential_queries
from jalon.library import models as library_models
from jalon.library.models import Program
from tests.attestations.pdftext import bare, text_of
from tests.factories import AwardFactory, ReleaseFactory
from tests.issuing import MONDAY, credential_of, issued, make_keys, signed
from tests.small_pack import small_pack

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(days=30)
LANGUAGES = {"fr-ca": "fr", "en-ca": "en"}


@pytest.fixture
def award():
    make_keys()
    return signed(answered=True)


def drawn(award, language="fr-ca", with_answers=False, at=MONDAY) -> Attestation:
    return actions.draw_up(award=award, language=language, with_answers=with_answers, at=at)


EXPECTED = {
    "fr-ca": [
        "Preuve et attestation de développement professionnel",
        "Programme d’essai",
        "Second (niveau\u00a02)",
        "Sait intervenir.",
        "École fictive de la Boussole",
        "Centre de services fictif des Jalons",
        "2\u00a0mars 2026",
        "2\u00a0h",
        "Noa Fictif",
        "Personnel enseignant",
        "lien d’emploi confirmé",
        "3 février 2026",
        "Territoire fictif du Nord",
        "Police fictive de Rivière-Inventée",
        "27 février 2026",
        "Organisme fictif",
        "America/Toronto",
        "Partenaire fictif",
        "Contenu de démonstration",
    ],
    "en-ca": [
        "Proof and attestation of professional development",
        "Trial program",
        "Second (level 2)",
        "Knows how to respond.",
        "École fictive de la Boussole",
        "Centre de services fictif des Jalons",
        "March 2, 2026",
        "2\u00a0h",
        "Noa Fictif",
        "Teaching",
        "affiliation confirmed",
        "February 3, 2026",
        "Territoire fictif du Nord",
        "Police fictive de Rivière-Inventée",
        "February 27, 2026",
        "Organisme fictif",
        "America/Toronto",
        "Fictional partner",
        "Demonstration content",
    ],
}
QUESTIONS = {
    "fr-ca": ["Quelles étapes?", "Accueillir, protéger.", "La plus délicate?", "Ne pas regarder."],
    "en-ca": ["Which steps?", "Accueillir, protéger.", "The most delicate?", "Ne pas regarder."],
}


@pytest.mark.parametrize("language", LANGUAGES)
class TestThePaper:
    def test_holds_every_field(self, award, language):
        text = text_of(bytes(drawn(award, language, with_answers=True).pdf))
        own = [award.holder.legal_name, codes.display(award.code), f"{award.release.pack.id} 1.0.0"]
        own += [award.release.sha256[:12], credential_queries.link(award)]
        missing = [words for words in [*EXPECTED[language], *QUESTIONS[language], *own] if bare(words) not in text]
        assert missing == []

    def test_without_the_answers_holds_none_of_them(self, award, language):
        pdf = bytes(drawn(award, language).pdf)
        assert [answer for answer in QUESTIONS[language][1::2] if bare(answer) in text_of(pdf)] == []
        assert [answer for answer in QUESTIONS[language][1::2] if answer.encode() in pdf] == []

    def test_carries_the_credential_of_its_own_language_unchanged(self, award, language):
        pdf = bytes(drawn(award, language).pdf)
        assert reading.attached_credentials(pdf) == [credential_of(award, language).content]

    def test_says_its_language_and_is_of_both_standards(self, award, language):
        with pikepdf.open(io.BytesIO(bytes(drawn(award, language).pdf))) as document:
            assert str(document.Root.Lang).startswith(LANGUAGES[language])
            metadata = bytes(document.Root.Metadata.read_bytes()).decode()
        assert "pdfaid:part" in metadata
        assert "pdfuaid:part" in metadata


class TestALevelWithoutReviewer:
    @pytest.mark.parametrize(
        ("language", "expected"),
        [
            ("fr-ca", "Évaluation automatique\u00a0: quiz réussi à 92\u00a0%"),
            ("en-ca", "Automatic evaluation: quiz passed at 92%"),
        ],
    )
    def test_says_how_it_was_evaluated(self, language, expected):
        make_keys()
        assert bare(expected) in text_of(bytes(drawn(signed(), language).pdf))


class TestDrawingUp:
    def test_twice_gives_the_same_file(self, award):
        first, again = drawn(award), drawn(award, at=LATER)
        assert (first.pk, bytes(first.pdf), Attestation.objects.count()) == (again.pk, bytes(again.pdf), 1)

    def test_again_from_nothing_gives_the_same_bytes(self, award):
        first = bytes(drawn(award).pdf)
        Attestation.objects.all().delete()
        assert bytes(drawn(award, at=LATER).pdf) == first

    def test_makes_one_file_for_each_language_and_choice(self, award):
        made = {drawn(award, language, answers).sha256 for language in LANGUAGES for answers in (False, True)}
        assert (len(made), Attestation.objects.count()) == (4, 4)

    def test_signs_the_sibling_that_the_other_language_needs(self, award):
        drawn(award, "en-ca")
        assert credential_of(award, "en-ca").signed is not None

    def test_signs_what_was_still_in_preparation(self):
        make_keys()
        award = issued()
        drawn(award)
        assert credential_of(award).signed is not None

    def test_of_a_revoked_award_is_refused_even_when_it_was_drawn_before(self, award):
        drawn(award)
        credentials.revoke(award=award, reason="Erreur", by=None, at=LATER)
        award.refresh_from_db()
        for language in LANGUAGES:
            with pytest.raises(Refused) as refused:
                drawn(award, language)
            assert refused.value.refusal.code == "award-revoked"

    def test_without_the_seal_keeps_nothing_and_can_be_asked_again(self, award):
        path = keys.path_of(credential_queries.key_in_use("SEAL").kid)
        content = path.read_bytes()
        path.unlink()
        with pytest.raises(credential_queries.KeyUnavailable):
            drawn(award)
        assert not Attestation.objects.exists()
        path.write_bytes(content)
        assert drawn(award).pdf


class TestWhatIsFrozen:
    """A name, a school, a program that change later change nothing that was awarded."""

    def sheets(self, award):
        award = type(award).objects.get(pk=award.pk)
        return {language: queries.sheet_for(award, language=language, with_answers=True) for language in LANGUAGES}

    def test_is_what_the_sheet_and_the_paper_say_for_ever(self, award):
        before, paper = self.sheets(award), bytes(drawn(award).pdf)
        accounts.change_name(person=award.holder, name="Autre Nom", at=LATER)
        pack = dataclasses.replace(
            small_pack(award.release.pack.id), version="2.0.0", title={"fr": "Autre titre", "en": "Other title"}
        )
        ReleaseFactory(program=award.release.program, version="2.0.0", typed=pack)
        Program.objects.update(title_fr="Autre", title_en="Other")
        assert self.sheets(award) == before
        assert bytes(drawn(award).pdf) == paper
        Attestation.objects.all().delete()
        assert bytes(drawn(award).pdf) == paper

    def test_does_not_depend_on_what_a_process_remembers(self, award):
        before = self.sheets(award)
        kept = library_models._packs.copy()
        try:
            library_models._packs[award.release.sha256] = small_pack(award.release.pack.id)
            assert self.sheets(award) == before
        finally:
            library_models._packs.update(kept)

    @pytest.mark.parametrize("name", ["Émilie Ève-Ünal", "N’Guyễn Đặng", "D’Arcy O’Brien-Ôté", "Łukasz Żółć"])
    def test_keeps_a_name_as_it_was_written(self, name):
        make_keys()
        award = AwardFactory(holder__legal_name=name)
        sheet = queries.sheet_for(award, language="fr-ca", with_answers=False)
        assert sheet.recipient == name
