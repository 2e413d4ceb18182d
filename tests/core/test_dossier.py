from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.core.dossier import Basis, Content, Dossier, Evaluated, why_not_award

TEXT = {"fr": "Exploratrice", "en": "Explorer"}
DOSSIER = Dossier(
    name="Élodie Exemple",
    level="explorer",
    level_number=1,
    program_title=TEXT,
    level_title=TEXT,
    badge_name=TEXT,
    badge_description=TEXT,
    minutes=180,
    awarded_on=date(2026, 3, 2),
    awarded_at=datetime(2026, 3, 2, 15, 19, tzinfo=UTC),
    zone="America/Toronto",
    issuer="Organisme fictif",
    issuer_url="https://jalon.example",
    content=Content("sexto", "1.0.0", "0" * 64),
    basis=Basis("École", "Centre", "TEACHER", "Nord", "Police fictive", date(2026, 1, 5), date(2026, 3, 2)),
    cases=(TEXT,),
)
TOLD = {"fr": "Réponses acceptées.", "en": "Answers accepted."}


class TestAStoredDossier:
    @given(
        name=st.text(max_size=40),
        minutes=st.integers(1, 10**6),
        at=st.datetimes(timezones=st.just(UTC)),
        basis=st.sampled_from(
            [
                None,
                DOSSIER.basis,
                replace(DOSSIER.basis, confirmed_on=None),
                replace(DOSSIER.basis, confirmed_by="DOMAIN", confirmed_domain="ecole.example"),
            ]
        ),
    )
    def test_reads_back_equal(self, name, minutes, at, basis):
        dossier = replace(DOSSIER, name=name, minutes=minutes, awarded_at=at, basis=basis)
        assert Dossier.from_json(dossier.as_json()) == dossier

    def test_keeps_what_was_passed(self):
        dossier = replace(DOSSIER, evaluated=(Evaluated("reflection/one", TOLD), Evaluated("quiz/two", TOLD)))
        assert Dossier.from_json(dossier.as_json()) == dossier

    def test_with_a_member_that_is_kept_no_more_is_still_read(self):
        plain = replace(DOSSIER, evaluated=(Evaluated("quiz/two", TOLD),)).as_json()
        plain["evaluated"][0]["answers"] = {}
        assert Dossier.from_json(plain).evaluated == (Evaluated("quiz/two", TOLD),)

    def test_of_before_what_was_passed_was_kept_is_still_read(self):
        plain = DOSSIER.as_json()
        del plain["evaluated"]
        assert Dossier.from_json(plain) == DOSSIER

    def test_of_before_the_confirmation_was_asked_is_still_read(self):
        plain = DOSSIER.as_json()
        plain["basis"] = {name: plain["basis"][name] for name in plain["basis"] if not name.startswith("confirmed_")}
        plain["basis"] |= {"confirmed_on": "2026-01-05"}
        assert Dossier.from_json(plain) == DOSSIER


class TestAnAward:
    @pytest.mark.parametrize(
        ("changes", "code"),
        [({}, None), ({"name": "  "}, "legal-name-missing"), ({"minutes": 0}, "hours-missing")],
    )
    def test_is_refused_where_something_is_missing(self, changes, code):
        refusal = why_not_award(replace(DOSSIER, **changes))
        assert (refusal.code if refusal else None) == code
