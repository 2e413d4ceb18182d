"""A correction is a new version linked to the old one, which says so to whoever checks it; nothing is edited."""

from dataclasses import replace
from datetime import timedelta

import pytest

from jalon.accounts.models import Standing
from jalon.attestations import checking
from jalon.core import codes
from jalon.core.dossier import Dossier
from jalon.core.refusals import Refused
from jalon.credentials import actions, queries, recovery
from jalon.credentials.models import Award, Credential, Request
from tests.issuing import MONDAY, credential_of, make_keys, signed, wanted

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=1)


def verdict(content: bytes):
    return checking.check_file("it", content, now=LATER)[0].verdict


def with_name(award: Award, name: str) -> Dossier:
    return replace(Dossier.from_json(award.facts), name=name)


@pytest.fixture
def award():
    make_keys()
    return signed()


@pytest.fixture
def version(award):
    made = actions.correct(award=award, facts=with_name(award, "Émilie Exacte"), by=None, at=LATER)
    recovery.recover(at=LATER)
    return made


class TestTheNewVersion:
    def test_says_what_is_right_and_is_valid(self, award, version):
        assert version.facts["name"] == "Émilie Exacte"
        assert (version.replaces, version.holder, version.awarded_on) == (award, award.holder, award.awarded_on)
        assert verdict(credential_of(version).content) == "valid"

    def test_has_its_own_code_entry_and_standing(self, award, version):
        assert version.code != award.code
        assert credential_of(version).status_index != credential_of(award).status_index
        assert Standing.objects.get(until_on=None).source == version.pk

    def test_exists_in_each_language_of_the_old_one(self, award):
        actions.sign(credential_id=actions.offer(award=award, language="en-ca", at=MONDAY).pk, at=MONDAY)
        made = actions.correct(award=award, facts=with_name(award, "Autre"), by=None, at=LATER)
        assert set(made.credentials.values_list("language", flat=True)) == {"fr-ca", "en-ca"}

    def test_can_be_corrected_again(self, award, version):
        again = actions.correct(award=version, facts=with_name(award, "Émilie Encore"), by=None, at=LATER)
        assert Award.objects.standing().get() == again


class TestTheOldVersion:
    def test_is_never_edited(self, award, version):
        before = award.facts
        award.refresh_from_db()
        assert award.facts == before

    def test_is_replaced_for_us_and_revoked_for_others(self, award, version):
        old = credential_of(award)
        assert verdict(old.content) == "replaced"
        bits = bytes(old.status_list.bits)
        assert bits[old.status_index >> 3] & (0x80 >> (old.status_index & 7))
        assert checking.known().replaced[queries.credential_address(award.code, "fr")] == queries.credential_address(
            version.code, "fr"
        )

    def test_leads_to_the_new_one_on_its_page(self, award, version, client):
        page = client.get(award.get_absolute_url(), follow=True).text
        assert codes.display(version.code) in page
        assert award.facts["name"] not in page

    def test_is_handed_out_no_more(self, award, version, client):
        assert client.get(f"/v/{codes.display(award.code)}/fr.json").status_code == 410

    def test_is_neither_corrected_nor_revoked(self, award, version):
        with pytest.raises(Refused, match="award-replaced"):
            actions.correct(award=award, facts=with_name(award, "Autre"), by=None, at=LATER)
        with pytest.raises(Refused, match="award-replaced"):
            actions.revoke(award=award, reason="Erreur", by=None, at=LATER)

    def test_leaves_nothing_half_done(self, version):
        assert list(recovery.audit()) == []


class TestWhatIsNoCorrection:
    def test_changes_nothing(self, award):
        with pytest.raises(Refused, match="correction-changes-nothing"):
            actions.correct(award=award, facts=Dossier.from_json(award.facts), by=None, at=LATER)

    @pytest.mark.parametrize("change", [{"minutes": 60}, {"level": "second"}, {"issuer": "Autre organisme"}])
    def test_changes_the_level_the_hours_or_the_issuer(self, award, change):
        with pytest.raises(Refused, match="correction-too-large"):
            actions.correct(award=award, facts=replace(with_name(award, "X"), **change), by=None, at=LATER)


class TestAKeyOfARequest:
    def test_gives_the_same_award_again_even_once_it_is_revoked(self):
        make_keys()
        asked = wanted() | {"key": "formulaire-1"}
        first = actions.issue(**asked)
        actions.revoke(award=first, reason="Erreur", by=None, at=LATER)
        assert actions.issue(**asked | {"at": LATER}) == first
        assert Award.objects.count() == Credential.objects.count() == 1

    @pytest.mark.parametrize("change", [{"language": "en-ca"}, {"level_key": "autre/first"}])
    def test_is_refused_for_something_else(self, change):
        asked = wanted() | {"key": "formulaire-1"}
        actions.issue(**asked)
        with pytest.raises(Refused, match="request-key-used"):
            actions.issue(**asked | change)

    def test_is_forgotten_with_what_was_refused(self):
        asked = wanted() | {"key": "formulaire-1"}
        with pytest.raises(Refused, match="hours-missing"):
            actions.issue(**asked | {"facts": replace(asked["facts"], minutes=0)})
        assert not Request.objects.exists()

    def test_of_a_sibling_is_answered_after_a_revocation_too(self, award):
        offered = actions.offer(award=award, language="en-ca", key="o", at=MONDAY)
        actions.revoke(award=award, reason="Erreur", by=None, at=LATER)
        assert actions.offer(award=award, language="en-ca", key="o", at=LATER) == offered

    def test_serves_each_verb_that_issues_or_takes_back(self, award):
        offered = [actions.offer(award=award, language="en-ca", key="o", at=MONDAY) for _ in range(2)]
        corrected = [
            actions.correct(award=award, facts=with_name(award, "Autre"), key="c", by=None, at=LATER) for _ in range(2)
        ]
        revoked = [actions.revoke(award=corrected[0], reason="Erreur", key="r", by=None, at=LATER) for _ in range(2)]
        assert [len(set(each)) for each in (offered, corrected, revoked)] == [1, 1, 1]


class TestWhatWasReserved:
    def test_is_what_is_signed_or_nothing(self, settings):
        make_keys()
        award = actions.issue(**wanted())
        settings.JALON_ORIGIN = "http://autre.example"
        with pytest.raises(Refused, match="payload-changed"):
            actions.sign(credential_id=credential_of(award).pk, at=LATER)
        assert recovery.recover(at=LATER)["left"] == 1
        assert recovery.recover(at=LATER, voids=True)["voided"] == 1
        assert list(recovery.audit()) == []

    def test_is_what_a_second_signature_and_a_token_say_or_nothing(self, award, settings):
        settings.JALON_ORIGIN = "http://autre.example"
        credential = credential_of(award)
        for sign in (
            lambda: actions.sign_anew(credential_id=credential.pk, at=LATER),
            lambda: actions.state_as_jwt(credential=credential),
        ):
            with pytest.raises(Refused, match="payload-changed"):
                sign()
        assert credential_of(award).content == credential.content
        assert not credential_of(award).jwt

    def test_of_an_award_that_ended_is_never_signed(self):
        make_keys()
        award = actions.issue(**wanted())
        actions.revoke(award=award, reason="Erreur", by=None, at=LATER)
        actions.sign_reserved.call(str(credential_of(award).pk))
        assert credential_of(award).signed is None
        with pytest.raises(Refused, match="award-revoked"):
            actions.sign(credential_id=credential_of(award).pk, at=LATER)
