"""An award is issued once, its credential reserved with it, and signed after the commit."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from jalon.accounts import actions as accounts
from jalon.accounts.models import Standing
from jalon.attestations import checking
from jalon.core import codes
from jalon.core.openbadges import status
from jalon.core.refusals import Refused
from jalon.credentials import actions, keys, queries, recovery
from jalon.credentials.models import Award, Credential, Key, Revocation, StatusList
from jalon.journal.models import Entry
from jalon.notices.models import Message
from tests.factories import AwardFactory, CredentialFactory, PersonFactory
from tests.issuing import MONDAY, credential_of, issued, make_keys, signed, wanted

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=1)


def verdict(content: bytes, at=LATER) -> str:
    return checking.check_file("it", content, now=at)[0].verdict


class TestIssuing:
    def test_makes_one_award_with_one_credential_in_preparation(self):
        award = issued()
        credential = award.credentials.get()
        assert codes.parse(award.code).code == award.code
        assert (credential.language, credential.signed, credential.signed_at) == ("fr-ca", None, None)
        assert credential.status_index < status.ENTRIES

    def test_gives_the_standing_the_letter_and_the_line_of_the_journal(self):
        award = issued()
        standing = Standing.objects.get(source=award.pk)
        assert (standing.person, standing.kind, standing.since_on) == (
            award.holder,
            award.level_key,
            localdate(MONDAY),
        )
        assert Message.objects.get().to == award.holder
        assert Entry.objects.filter(verb="award.issued", about_id=award.pk).count() == 1

    def test_asked_again_answers_with_the_same_award(self):
        asked = wanted()
        first, again = actions.issue(**asked), actions.issue(**asked)
        assert first == again
        assert (Award.objects.count(), Credential.objects.count(), Message.objects.count()) == (1, 1, 1)

    def test_freezes_the_dossier_as_it_was_given(self):
        asked = wanted()
        award = actions.issue(**asked)
        award.refresh_from_db()
        assert award.facts == asked["facts"].as_json()

    @pytest.mark.parametrize(
        ("change", "reason"), [({"name": "  "}, "legal-name-missing"), ({"minutes": 0}, "hours-missing")]
    )
    def test_refuses_what_could_not_be_printed(self, change, reason):
        asked = wanted()
        with pytest.raises(Refused) as refused:
            actions.issue(**asked | {"facts": replace(asked["facts"], **change)})
        assert refused.value.refusal.code == reason
        assert not Award.objects.exists()

    def test_rolled_back_leaves_nothing(self, django_capture_on_commit_callbacks):
        asked = wanted()
        with django_capture_on_commit_callbacks() as waiting:
            try:
                with transaction.atomic():
                    actions.issue(**asked)
                    raise ZeroDivisionError
            except ZeroDivisionError:
                pass
        tables = (Award, Credential, Message, Standing, Entry, StatusList)
        assert {table.__name__: table.objects.count() for table in tables} == {table.__name__: 0 for table in tables}
        assert waiting == []

    def test_signs_after_the_commit_and_not_before(self, django_capture_on_commit_callbacks):
        make_keys()
        with django_capture_on_commit_callbacks(execute=True):
            award = issued()
            assert credential_of(award).signed is None
        assert credential_of(award).signed is not None


class TestTheTables:
    def test_refuse_a_second_award_of_a_level_that_stands(self):
        award = AwardFactory()
        with pytest.raises(IntegrityError, match=r"award_once_per_holder_and_level|level_key"):
            AwardFactory(holder=award.holder, release=award.release)

    def test_allow_a_new_award_after_a_revocation(self):
        award = AwardFactory(is_current=None)
        assert AwardFactory(holder=award.holder, release=award.release).is_current

    def test_refuse_an_entry_shared_by_two_credentials(self):
        first = CredentialFactory()
        with pytest.raises(IntegrityError, match=r"credential_status_index_never_shared|status_index"):
            CredentialFactory(status_list=first.status_list, status_index=first.status_index)

    def test_refuse_two_credentials_of_a_language(self):
        first = CredentialFactory()
        with pytest.raises(IntegrityError, match=r"credential_once_per_language|language"):
            CredentialFactory(award=first.award)

    def test_refuse_a_half_signed_credential(self):
        with pytest.raises(IntegrityError, match="credential_signed_whole_or_not"):
            CredentialFactory(signed=b"{}")

    def test_refuse_a_revocation_without_a_reason(self):
        with pytest.raises(IntegrityError, match="revocation_has_a_reason"):
            Revocation.objects.create(award=AwardFactory(), reason="", at=MONDAY)

    def test_refuse_two_keys_in_use_of_a_kind(self):
        make_keys()
        with pytest.raises(IntegrityError, match=r"key_one_in_use_per_kind|kind"):
            Key.objects.create(kid="other", kind="ED25519", public="z6Mk", created_at=MONDAY)

    def test_refuse_an_award_without_minutes(self):
        with pytest.raises(IntegrityError, match="award_recognises_minutes"):
            AwardFactory(minutes=0)


class TestSigning:
    def test_twice_changes_nothing(self):
        make_keys()
        award = signed()
        once = credential_of(award)
        actions.sign(credential_id=once.pk, at=LATER)
        again = credential_of(award)
        assert (again.content, again.digest, again.signed_at) == (once.content, once.digest, MONDAY)
        assert Entry.objects.filter(verb="credential.signed").count() == 1

    def test_states_the_award_and_verifies(self):
        make_keys()
        award = signed()
        stated = json.loads(credential_of(award).content)
        subject = stated["credentialSubject"]
        assert stated["id"].endswith(f"/v/{codes.display(award.code)}/fr.json")
        assert subject["identifier"][0]["identityHash"] == award.holder.legal_name
        assert (subject["licenseNumber"], subject["creditsEarned"]) == (codes.display(award.code), 3)
        assert stated["issuer"]["name"] == "Organisme fictif"
        assert verdict(credential_of(award).content) == "valid"

    def test_holds_no_address_of_mail_and_no_hash_of_one(self):
        make_keys()
        content = credential_of(signed()).content.decode()
        assert "@" not in content.replace('"@context"', "")
        assert '"hashed":false' in content

    def test_names_no_person_in_the_subject(self):
        make_keys()
        award = signed()
        subject = json.loads(credential_of(award).content)["credentialSubject"]["id"]
        assert subject.startswith("urn:uuid:")
        assert str(award.holder_id) not in subject
        assert str(award.pk) not in subject

    def test_as_a_token_is_kept_as_first_made(self):
        make_keys()
        credential = credential_of(signed())
        first = actions.state_as_jwt(credential=credential)
        assert actions.state_as_jwt(credential=credential) == first
        assert verdict(first.encode()) == "valid"

    def test_in_the_other_language_makes_a_sibling_with_its_own_entry(self):
        make_keys()
        award = signed()
        sibling = actions.offer(award=award, language="en-ca", at=LATER)
        actions.sign(credential_id=sibling.pk, at=LATER)
        french, english = (json.loads(credential_of(award, language).content) for language in ("fr-ca", "en-ca"))
        assert (french["id"][-7:], english["id"][-7:]) == ("fr.json", "en.json")
        assert french["credentialStatus"]["id"] != english["credentialStatus"]["id"]
        assert french["credentialSubject"]["id"] == english["credentialSubject"]["id"]
        related = english["credentialSubject"]["achievement"]["related"]
        assert related[0]["id"] == french["credentialSubject"]["achievement"]["id"]
        assert actions.offer(award=award, language="en-ca", at=LATER) == sibling


class TestWithoutTheKey:
    def test_an_award_stays_in_preparation_and_never_verifies(self, django_capture_on_commit_callbacks, caplog):
        with django_capture_on_commit_callbacks(execute=True):
            award = issued()
        assert "key-unavailable" in caplog.text
        assert credential_of(award).signed is None
        found = checking.check_code(award.code, now=LATER)
        assert (found.verdict, found.reason, found.holder) == ("unverifiable", "in-preparation", "")

    def test_signing_is_refused_with_a_sentence(self):
        kid = make_keys()["ED25519"].kid
        keys.path_of(kid).rename(keys.path_of(kid).with_suffix(".away"))
        with pytest.raises(queries.KeyUnavailable) as refused:
            actions.sign(credential_id=issued().credentials.get().pk, at=MONDAY)
        assert refused.value.refusal.code == "key-unavailable"

    def test_a_damaged_key_file_signs_nothing(self):
        kid = make_keys()["ED25519"].kid
        keys.path_of(kid).write_bytes(b"not a key")
        with pytest.raises(queries.KeyUnavailable):
            actions.sign(credential_id=issued().credentials.get().pk, at=MONDAY)

    def test_a_key_of_another_kind_signs_nothing(self):
        made = make_keys()
        keys.path_of(made["ED25519"].kid).write_bytes(keys.path_of(made["P256"].kid).read_bytes())
        with pytest.raises(queries.KeyUnavailable):
            actions.sign(credential_id=issued().credentials.get().pk, at=MONDAY)

    def test_it_completes_with_the_same_address_when_the_key_is_back(self):
        award = issued()
        before = credential_of(award)
        with pytest.raises(queries.KeyUnavailable):
            recovery.recover(at=LATER)
        make_keys()
        assert recovery.recover(at=LATER)["signed"] == 1
        after = credential_of(award)
        assert (after.pk, after.status_index, after.award.code) == (before.pk, before.status_index, award.code)
        assert verdict(after.content) == "valid"
        assert recovery.recover(at=LATER)["signed"] == 0


class TestRevoking:
    def test_makes_every_credential_of_the_award_revoked_at_once_by_file_and_by_code(self):
        make_keys()
        award = signed()
        sibling = actions.offer(award=award, language="en-ca", at=MONDAY)
        actions.sign(credential_id=sibling.pk, at=MONDAY)
        token = actions.state_as_jwt(credential=credential_of(award))
        actions.revoke(award=award, reason="Erreur d’identité", by=PersonFactory(), at=LATER)
        files = [credential_of(award).content, credential_of(award, "en-ca").content, token.encode()]
        assert [verdict(content) for content in files] == ["revoked"] * 3
        assert checking.check_code(award.code, now=LATER).verdict == "revoked"

    def test_leaves_the_others_valid(self):
        make_keys()
        award, other = signed(), signed()
        actions.revoke(award=award, reason="Erreur", by=None, at=LATER)
        assert verdict(credential_of(other).content) == "valid"

    def test_ends_the_standing_and_is_in_the_journal(self):
        award = issued()
        actions.revoke(award=award, reason="Erreur", by=None, at=LATER)
        assert Standing.objects.get().until_on == localdate(LATER)
        assert Entry.objects.filter(verb="award.revoked", about_id=award.pk).count() == 1

    @pytest.mark.parametrize(
        ("reason", "code"), [("  ", "revocation-needs-reason"), ("x" * 301, "revocation-reason-too-long")]
    )
    def test_needs_a_reason_that_fits(self, reason, code):
        award = issued()
        with pytest.raises(Refused) as refused:
            actions.revoke(award=award, reason=reason, by=None, at=LATER)
        assert refused.value.refusal.code == code

    def test_twice_is_refused(self):
        award = issued()
        actions.revoke(award=award, reason="Erreur", by=None, at=LATER)
        with pytest.raises(Refused) as refused:
            actions.revoke(award=award, reason="Erreur", by=None, at=LATER)
        assert refused.value.refusal.code == "already-revoked"

    def test_lets_the_level_be_awarded_anew(self):
        asked = wanted()
        first = actions.issue(**asked)
        actions.revoke(award=first, reason="Erreur", by=None, at=LATER)
        assert actions.issue(**asked).code != first.code

    def test_offers_no_sibling_any_more(self):
        award = issued()
        actions.revoke(award=award, reason="Erreur", by=None, at=LATER)
        with pytest.raises(Refused) as refused:
            actions.offer(award=award, language="en-ca", at=LATER)
        assert refused.value.refusal.code == "award-revoked"


class TestReplacingAKey:
    def test_keeps_what_the_old_one_signed_valid(self):
        make_keys()
        award = signed()
        token = actions.state_as_jwt(credential=credential_of(award))
        new = make_keys(LATER)
        assert [verdict(credential_of(award).content), verdict(token.encode())] == ["valid", "valid"]
        assert json.loads(credential_of(signed()).content)["proof"]["verificationMethod"].endswith(new["ED25519"].kid)

    def test_retires_the_old_one_and_leaves_it_in_the_did_document(self):
        old, new = make_keys(), make_keys(LATER)
        assert Key.objects.get(pk=old["ED25519"].pk).retired_at == LATER
        methods = {one["id"].partition("#")[2] for one in queries.did_document()["verificationMethod"]}
        assert methods == {made[kind].kid for made in (old, new) for kind in ("ED25519", "P256")}

    def test_writes_a_file_that_its_owner_alone_may_read(self):
        path = keys.path_of(make_keys()["ED25519"].kid)
        assert path.stat().st_mode & 0o777 == 0o600


class TestTheStatusList:
    def test_is_signed_once_for_each_change(self):
        make_keys()
        award = signed()
        number = credential_of(award).status_list.number
        first = actions.publish_status(number=number, at=MONDAY)
        assert actions.publish_status(number=number, at=LATER) == first
        actions.revoke(award=award, reason="Erreur", by=None, at=LATER)
        changed = actions.publish_status(number=number, at=LATER)
        assert changed != first
        assert actions.publish_status(number=number, at=LATER + timedelta(hours=1)) == changed

    def test_is_signed_again_after_a_day(self):
        make_keys()
        number = credential_of(signed()).status_list.number
        first = actions.publish_status(number=number, at=MONDAY)
        assert actions.publish_status(number=number, at=MONDAY + timedelta(days=1)) != first

    def test_fresh_is_served_without_a_lock_in_one_query(self, django_assert_num_queries):
        make_keys()
        number = credential_of(signed()).status_list.number
        actions.publish_status(number=number, at=MONDAY)
        with django_assert_num_queries(1):
            actions.publish_status(number=number, at=LATER)

    def test_says_what_was_revoked_to_whoever_reads_it_alone(self):
        make_keys()
        award, other = signed(), signed()
        actions.revoke(award=award, reason="Erreur", by=None, at=LATER)
        number = credential_of(award).status_list.number
        listed = json.loads(actions.publish_status(number=number, at=LATER))
        bits = status.decode(listed["credentialSubject"]["encodedList"])
        read = status.StatusList("", "", "revocation", bits)
        assert read.is_set(credential_of(award).status_index)
        assert not read.is_set(credential_of(other).status_index)

    def test_is_not_there_for_a_number_that_has_none(self):
        with pytest.raises(StatusList.DoesNotExist):
            actions.publish_status(number=9, at=MONDAY)


class TestWhatIsStored:
    def test_a_later_change_of_name_or_of_issuer_changes_nothing(self, settings):
        make_keys()
        award = signed()
        before = credential_of(award).content
        accounts.change_name(person=award.holder, name="Autre Nom", at=LATER)
        settings.JALON_OPERATOR = "Autre organisme"
        sibling = actions.offer(award=award, language="en-ca", at=LATER)
        actions.sign(credential_id=sibling.pk, at=LATER)
        english = json.loads(credential_of(award, "en-ca").content)
        assert credential_of(award).content == before
        assert english["issuer"]["name"] == "Organisme fictif"
        assert english["credentialSubject"]["identifier"][0]["identityHash"] == award.facts["name"]
