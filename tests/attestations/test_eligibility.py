"""On what an award rests, as the attestation says it: who confirmed the place of work, and what was signed there."""

from datetime import date

import pytest
from django.utils import translation

from jalon.agreements.queries import basis_of, place_of
from jalon.attestations.queries import eligibility
from jalon.core.dossier import Basis
from tests.factories import MONDAY, AffiliationFactory, SchoolFactory

ON = date(2026, 3, 2)
THERE = {
    "school": "École fictive",
    "body": "Centre fictif",
    "role": "TEACHER",
    "territory": "Rivière-Inventée",
    "police_service": "Police fictive",
    "confirmed_on": date(2026, 2, 3),
    "checked_on": ON,
}
REGISTRAR, DOMAIN = {"confirmed_by": "REGISTRAR"}, {"confirmed_by": "DOMAIN", "confirmed_domain": "centre.example"}
SIGNED = {"agreement": "ENT-1"}


def said(language, **facts):
    with translation.override(language):
        return eligibility(Basis(**{**THERE, **facts})).replace("\u00a0", " ")


class TestTheEligibility:
    @pytest.mark.parametrize(
        ("facts", "fr", "en"),
        [
            (
                REGISTRAR | SIGNED,
                "Personnel enseignant, lien d’emploi confirmé par l’organisme scolaire le 3 février 2026. "
                "Territoire : Rivière-Inventée, service de police : Police fictive, selon l’entente ENT-1 "
                "avec le DPCP. Vérifié le 2 mars 2026.",
                "Teaching, affiliation confirmed by the school body on February 3, 2026. "
                "Territory: Rivière-Inventée, served by Police fictive under agreement ENT-1 with the prosecutor "
                "(DCPP). Checked on March 2, 2026.",
            ),
            (
                DOMAIN,
                "Personnel enseignant, lien d’emploi confirmé le 3 février 2026 par une adresse vérifiée de "
                "l’organisme scolaire (centre.example). Territoire : Rivière-Inventée, service de police : "
                "Police fictive. Vérifié le 2 mars 2026.",
                "Teaching, affiliation confirmed on February 3, 2026 by a verified address of the school body "
                "(centre.example). Territory: Rivière-Inventée, served by Police fictive. Checked on March 2, 2026.",
            ),
            (
                {"police_service": ""},
                "Personnel enseignant, lien d’emploi confirmé le 3 février 2026. Vérifié le 2 mars 2026.",
                "Teaching, affiliation confirmed on February 3, 2026. Checked on March 2, 2026.",
            ),
            (
                {"confirmed_on": None, "police_service": ""},
                "Personnel enseignant. Vérifié le 2 mars 2026.",
                "Teaching. Checked on March 2, 2026.",
            ),
        ],
        ids=["a registrar", "a mail domain", "a dossier of before", "nobody"],
    )
    def test_says_who_confirmed_what_was_signed_and_the_day_of_the_check(self, facts, fr, en):
        assert (said("fr-ca", **facts), said("en-ca", **facts)) == (fr, en)


@pytest.mark.django_db
class TestTheFactsThatAnAwardFreezes:
    @pytest.mark.parametrize(
        ("confirmed", "frozen"),
        [
            ({}, ("REGISTRAR", "")),
            ({"confirmed_by": None, "confirmed_domain": "centre.example"}, ("DOMAIN", "centre.example")),
            ({"confirmed_by": None, "confirmed_at": None}, ("", "")),
        ],
        ids=["a registrar", "a mail domain", "nobody"],
    )
    def test_say_who_confirmed_the_place_of_work(self, confirmed, frozen):
        work = AffiliationFactory(**confirmed)
        basis = basis_of(work, place_of(work.school, on=ON), on=ON)
        assert (basis.confirmed_by, basis.confirmed_domain) == frozen

    def test_say_the_agreement_that_is_in_force_and_the_day_in_quebec(self):
        late = MONDAY.replace(hour=4, minute=30)  # 23:30 of the day before in Quebec
        work = AffiliationFactory(confirmed_at=late)
        basis = basis_of(work, place_of(work.school, on=ON), on=ON)
        assert basis.agreement.startswith("ENT-")
        assert basis.confirmed_on == date(2026, 3, 1)

    def test_say_nothing_of_a_place_that_is_not_known(self):
        work = AffiliationFactory(school=SchoolFactory(town=""))
        basis = basis_of(work, place_of(work.school, on=ON), on=ON)
        assert (basis.territory, basis.police_service, basis.agreement) == ("", "", "")
