"""Many hands at the same instant: one award, one code, one entry, one letter, whatever the database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from unittest.mock import patch

import pytest
from django.db import OperationalError, connection

from jalon.core.refusals import Refused
from jalon.credentials import actions, batches, log, recovery
from jalon.credentials.models import Award, Credential, Issuance, Request, Revocation
from jalon.journal.models import Entry
from jalon.library.models import Program
from jalon.notices.models import Message
from tests.appended import lines_can_be_changed
from tests.factories import PersonFactory, ReleaseFactory
from tests.issuing import MONDAY, make_keys, signed, wanted

pytestmark = pytest.mark.django_db(transaction=True)
HANDS = 8


def at_once(act, times=HANDS):
    """Do it in as many threads, which start together; return what each answered, or the refusal that it met."""
    start = Barrier(times)

    def hand(number):
        try:
            start.wait()
            return act(number)
        except Refused as refused:
            return refused.refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(hand, range(times)))


def test_the_same_award_asked_for_at_once_is_made_once():
    make_keys()
    asked = wanted()
    answers = at_once(lambda _: actions.issue(**asked).code)
    assert len(set(answers)) == 1
    assert (Award.objects.count(), Credential.objects.count(), Message.objects.count()) == (1, 1, 1)
    assert Credential.objects.get().signed is not None


def test_awards_of_different_people_at_once_share_neither_code_nor_entry():
    make_keys()
    asked = [wanted() for _ in range(HANDS)]
    codes = at_once(lambda number: actions.issue(**asked[number]).code)
    entries = set(Credential.objects.values_list("status_list", "status_index"))
    assert (len(set(codes)), len(entries)) == (HANDS, HANDS)
    assert not Credential.objects.filter(signed_at=None).exists()


def test_a_credential_signed_at_once_is_signed_once():
    make_keys()
    asked = wanted()
    award = actions.issue(**asked)
    credential = award.credentials.get()
    Credential.objects.update(signed=None, digest="", signed_at=None)
    with lines_can_be_changed():
        Entry.objects.filter(verb="credential.signed").delete()
    digests = at_once(lambda _: actions.sign(credential_id=credential.pk, at=MONDAY).digest)
    assert len(set(digests)) == 1
    assert Entry.objects.filter(verb="credential.signed").count() == 1


def test_a_sibling_offered_at_once_is_one():
    make_keys()
    award = signed()
    siblings = at_once(lambda _: actions.offer(award=award, language="en-ca", at=MONDAY).pk)
    assert len(set(siblings)) == 1


def test_a_revocation_asked_for_at_once_happens_once_and_the_others_are_told():
    make_keys()
    award = signed()
    answers = at_once(lambda _: actions.revoke(award=award, reason="Erreur", by=None, at=MONDAY).reason)
    assert sorted(answers) == ["Erreur", *["already-revoked"] * (HANDS - 1)]
    assert Revocation.objects.count() == 1


def test_revocations_of_different_awards_at_once_are_all_in_the_list():
    make_keys()
    awards = [signed() for _ in range(HANDS)]
    at_once(lambda number: actions.revoke(award=awards[number], reason="Erreur", by=None, at=MONDAY).pk)
    listed = Credential.objects.select_related("status_list").first().status_list
    bits = bytes(listed.bits)
    assert sum(byte.bit_count() for byte in bits) == HANDS


def test_a_changed_list_asked_for_at_once_is_signed_once():
    make_keys()
    number = signed().credentials.get().status_list.number
    lists = at_once(lambda _: actions.publish_status(number=number, at=MONDAY))
    assert len(set(lists)) == 1


def test_a_changed_list_is_signed_once_by_requests_that_overtake_each_other():
    make_keys()
    number = signed().credentials.get().status_list.number
    moments = [MONDAY + timedelta(milliseconds=HANDS - number) for number in range(HANDS)]
    lists = at_once(lambda hand: actions.publish_status(number=number, at=moments[hand]))
    lists += [actions.publish_status(number=number, at=at) for at in moments]
    assert len(set(lists)) == 1


def again_when_busy(act):
    """Ask again when every connection is taken, as a browser does that is told to come back."""
    for _attempt in range(20):
        try:
            return act()
        except OperationalError:
            continue
    return act()


def test_fifty_identical_requests_and_five_repeated_ones_give_one_of_everything():
    make_keys()
    asked = wanted() | {"key": "formulaire-50"}
    answers = at_once(lambda _: again_when_busy(lambda: actions.issue(**asked).code), times=50)
    answers += [actions.issue(**asked).code for _ in range(5)]
    assert len(answers) == 55
    assert len(set(answers)) == 1
    assert (Award.objects.count(), Credential.objects.count(), Message.objects.count()) == (1, 1, 1)
    assert Issuance.objects.count() == 1
    assert Request.objects.get().outcome == Award.objects.get().pk


def test_the_same_list_begun_at_once_issues_each_line_once(tmp_path):
    make_keys()
    release = ReleaseFactory()
    Program.objects.filter(pk=release.program_id).update(current=release)
    path = tmp_path / "liste.csv"
    path.write_text("\n".join(["courriel", *(PersonFactory().email for _ in range(30))]))
    asked = batches.Asked(f"{release.program.slug}/first")
    batch = batches.prepare(path=path, name="liste.csv", asked=asked, by=None, at=MONDAY)

    def begin(_):
        batches.begin(batch=batch, by=None, at=MONDAY, runs=False)
        batches.go_on(batch_id=batch.pk, at=MONDAY)

    with patch.object(batches, "STEP", 7):
        at_once(begin, times=4)
    assert Award.objects.count() == Credential.objects.count() == Message.objects.count() == 30
    assert list(recovery.audit()) == []


def test_different_lists_at_once_share_no_entry(tmp_path):
    make_keys()
    release = ReleaseFactory()
    Program.objects.filter(pk=release.program_id).update(current=release)
    prepared = []
    for number in range(4):
        path = tmp_path / f"liste{number}.csv"
        path.write_text("\n".join(["courriel", *(PersonFactory().email for _ in range(20))]))
        asked = batches.Asked(f"{release.program.slug}/first")
        prepared.append(batches.prepare(path=path, name=path.name, asked=asked, by=None, at=MONDAY))
        batches.begin(batch=prepared[-1], by=None, at=MONDAY, runs=False)
    at_once(lambda number: batches.go_on(batch_id=prepared[number].pk, at=MONDAY), times=4)
    entries = set(Credential.objects.values_list("status_list", "status_index"))
    assert len(entries) == Award.objects.count() == 80
    assert list(recovery.audit()) == []
    assert list(log.problems()) == []
