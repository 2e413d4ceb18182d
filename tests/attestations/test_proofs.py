"""Proofs of strangers are checked in children that can be killed, and a proof that held is not canonicalised again."""

import json
import os
import signal
import socket
from dataclasses import replace
from datetime import timedelta
from threading import Thread

import pytest

from jalon.attestations import cost, proofs, sandbox, verdicts, workers
from jalon.attestations.sandbox import Stopped
from jalon.core.openbadges import dataintegrity, documents, jcs, jsonld, verification
from jalon.core.openbadges.problems import Altered, NotValid, Unverifiable
from tests.core.openbadges import cast
from tests.core.openbadges import test_selective_disclosure as selective

HERE = "tests.attestations.test_proofs"
PUBLIC = cast.KEY.public_key()


def document(**changes) -> dict:
    return cast.sign(documents.open_badge_credential(replace(cast.AWARDED, **changes)))


def outcome(check, what, key=PUBLIC):
    try:
        return check(what, key)
    except NotValid as problem:
        return type(problem), problem.reason


def clique(size: int) -> dict:
    """A document whose blank nodes all look alike: naming them by trial would take hours."""
    twin = {"type": ["Alignment"], "targetName": "A", "targetUrl": "https://a.example/"}
    made = json.loads(cast.credential())
    made["credentialSubject"]["achievement"]["alignment"] = [twin] * size
    return made


class TestACheckApart:
    @pytest.mark.parametrize(
        "change",
        [
            {},
            {"name": "Autre"},
            {"proof": {}},
            {"proof": None},
            {"@context": ["https://evil.example/context"]},
            {"issuer": None},
            {"invented": 1},
            {"id": "relative"},
        ],
        ids=str,
    )
    def test_says_what_a_check_here_says(self, change):
        changed = document() | change
        assert outcome(proofs.check_apart, changed) == outcome(proofs.check_here, changed)

    def test_refuses_poison_within_its_limits(self):
        assert outcome(proofs.check_apart, clique(12)) == (Unverifiable, "too-much-work")

    @pytest.mark.parametrize(
        ("presentation", "expected"),
        [({}, ("valid", "")), ({"hidden": ("validUntil",)}, ("unverifiable", "may-hide-its-status"))],
        ids=["whole", "hiding"],
    )
    def test_works_out_nothing_of_a_selective_proof_here(self, presentation, expected, monkeypatch):
        """Neither the proof, nor what its holder may have left out."""
        shown = selective.presented(selective.TestAPresentationOfACredentialOfOurs.ENDING, **presentation)
        knowing = cast.known(check=proofs.check_apart)
        for work in ("quads", "canonical_lines"):
            monkeypatch.setattr(jsonld, work, None)
        found = verification.verify(shown, known=knowing, now=cast.MONDAY + timedelta(days=1))
        assert (found.verdict, found.reason) == expected

    def test_is_too_much_work_when_the_child_is_killed_and_the_next_one_is_worked_out(self, monkeypatch):
        crew = workers.Crew(f"{HERE}:spins")
        monkeypatch.setattr(proofs, "CREW", crew)
        assert outcome(proofs.check_apart, document()) == (Unverifiable, "too-much-work")
        crew.dismiss()
        monkeypatch.undo()
        assert proofs.check_apart(document(), PUBLIC) is None


class TestAProofThatHeld:
    @pytest.mark.parametrize("check", [proofs.check_here, proofs.check_apart])
    def test_is_not_worked_out_again(self, check, monkeypatch):
        check(document(), PUBLIC)
        monkeypatch.setattr(dataintegrity, "verify_whole", None)
        monkeypatch.setattr(proofs, "CREW", None)
        check(document(), PUBLIC)

    @pytest.mark.parametrize("check", [proofs.check_here, proofs.check_apart])
    def test_says_nothing_of_another_document_or_another_key(self, check):
        check(document(), PUBLIC)
        assert outcome(check, document() | {"name": "Autre"}) == (Altered, "signature-does-not-match")
        assert outcome(check, document(), cast.OTHER_KEY.public_key()) == (Altered, "signature-does-not-match")
        assert outcome(check, document(), cast.TOKEN_KEY.public_key()) == (Unverifiable, "key-of-another-kind")

    def test_is_forgotten_when_there_are_too_many(self, monkeypatch):
        monkeypatch.setattr(proofs, "MOST_REMEMBERED", 2)
        for number in range(4):
            proofs.HELD.add(bytes([number]))
        assert [bytes([number]) in proofs.HELD for number in range(4)] == [False, False, True, True]

    def test_may_be_revoked_all_the_same(self):
        """Only the proof is remembered."""
        found = []
        for revoked in ((), (cast.INDEX,)):
            knowing = cast.known(check=proofs.check_here, status_lists={cast.LIST: cast.status_list(revoked=revoked)})
            found.append(verification.verify(cast.credential(), known=knowing, now=cast.MONDAY).verdict)
        assert found == ["valid", "revoked"]

    def test_that_did_not_hold_is_looked_at_again(self):
        wrong = document() | {"name": "Autre"}
        assert outcome(proofs.check_apart, wrong) == outcome(proofs.check_apart, wrong)


def echo(question):
    return question


def spins(question):
    while question is not None:
        pass


def time_it_has(question):
    return signal.getitimer(signal.ITIMER_PROF)[0]


def opens_a_file(question):
    if question is not None:
        with open("/etc/hostname") as file:
            return file.read()
    return None


def opens_a_connection(question):
    if question is not None:
        return socket.socket().fileno()
    return None


def takes_all_memory(question):
    return len(bytes(4_000_000_000)) if question is not None else None


def answers_too_much(question):
    return "a" * 100_000 if question is not None else None


def environment(question):
    return sorted(os.environ)


def name_of_the_process(question):
    return os.getpid()


@pytest.fixture
def crew_of():
    crews = []

    def made(work, **how):
        crews.append(workers.Crew(f"{HERE}:{work}", **how))
        return crews[-1]

    yield made
    for crew in crews:
        crew.dismiss()


class TestACrew:
    def test_answers_one_question_after_another_with_one_child(self, crew_of):
        crew = crew_of("echo")
        assert [crew.ask({"é": [n, None, "\n"]}) for n in range(3)] == [{"é": [n, None, "\n"]} for n in range(3)]
        assert len({crew_of("name_of_the_process").ask(1) for _ in range(1)} - {os.getpid()}) == 1

    def test_reads_a_question_longer_than_a_pipe(self, crew_of):
        assert crew_of("echo").ask("a" * 60_000) == "a" * 60_000

    @pytest.mark.parametrize(
        "work", ["spins", "opens_a_file", "opens_a_connection", "takes_all_memory", "answers_too_much", "absent"]
    )
    def test_loses_the_child_that_asks_for_more_and_goes_on(self, work, crew_of):
        crew = crew_of(work, most=1)
        for _ in range(2):
            with pytest.raises(Stopped):
                crew.ask("x")

    def test_knows_nothing_of_our_environment(self, crew_of, monkeypatch):
        monkeypatch.setenv("SECRET_KEY", "a secret")
        assert "SECRET_KEY" not in crew_of("environment").ask(1)

    def test_replaces_a_child_that_has_worked_enough(self, crew_of, monkeypatch):
        monkeypatch.setattr(workers, "MOST_WORK", 2)
        crew = crew_of("name_of_the_process")
        names = [crew.ask(1) for _ in range(4)]
        assert names[0] == names[1] != names[2] == names[3]

    def test_that_is_busy_says_so_and_blames_no_file(self, crew_of, monkeypatch):
        monkeypatch.setattr(workers, "WAIT_SECONDS", 0)
        crew = crew_of("echo", most=0)
        monkeypatch.setattr(proofs, "CREW", crew)
        assert outcome(proofs.check_apart, document()) == (Unverifiable, "checking-is-busy")
        assert "Réessayez dans une minute." in str(verdicts.words_of("unverifiable", "checking-is-busy").meaning)

    def test_has_no_more_children_than_it_may_however_many_ask(self, crew_of, monkeypatch):
        monkeypatch.setattr(workers, "WAIT_SECONDS", 60)  # a machine under load starts a child slowly
        crew = crew_of("name_of_the_process", most=2)
        names = []
        asking = [Thread(target=lambda: names.append(crew.ask(1))) for _ in range(12)]
        for one in asking:
            one.start()
        for one in asking:
            one.join()
        assert len(names) == 12
        assert 1 <= len(set(names)) <= 2


class TestWhatAChildTakes:
    def test_is_charged_to_whoever_asked_its_start_included(self, crew_of):
        before = cost.spent()
        crew = crew_of("echo")
        crew.ask(1)
        after_start = cost.spent()
        crew.ask(1)
        assert after_start - before > 0.01
        assert 0 <= cost.spent() - after_start < after_start - before

    def test_is_charged_when_it_is_killed_too(self, crew_of):
        before = cost.spent()
        with pytest.raises(Stopped):
            crew_of("spins").ask(1)
        assert cost.spent() - before > 0.9

    def test_is_never_more_than_what_is_left(self, crew_of):
        with cost.at_most(5), cost.at_most(0.3):
            assert 0 < crew_of("time_it_has").ask(1) < 0.4  # the timer counts in ticks of a few milliseconds

    def test_is_nothing_once_nothing_is_left(self, crew_of):
        crew = crew_of("spins")
        with cost.at_most(5), cost.at_most(0.3):
            with pytest.raises(Stopped, match="child died"):
                crew.ask(1)
            for _ in range(9):
                with pytest.raises(Stopped, match="no time left"):
                    crew.ask(1)
            assert cost.left() == 0

    def test_is_nobody_elses(self, crew_of):
        found = []
        crew = crew_of("echo")

        def ask():
            crew.ask(1)
            found.append(cost.spent())

        before = cost.spent()
        other = Thread(target=ask)
        other.start()
        other.join()
        assert cost.spent() - before < found[0]

    def test_is_charged_for_a_file_in_a_child_of_its_own_too(self):
        with cost.at_most(0.5):
            before = cost.spent()
            with pytest.raises(Stopped):
                sandbox.limited("tests.attestations.test_sandbox:runs_for_ever", b"")
            assert cost.spent() - before > 0.3
            with pytest.raises(Stopped):
                sandbox.limited("tests.attestations.test_sandbox:halves", b"")


def test_five_hundred_mutations_are_never_valid_apart():
    """What is submitted takes the short way in the child once its shape is known: it is no laxer there."""
    knowing = cast.known(check=proofs.check_apart)
    listed = verification.read_status_list(cast.status_list(), known=knowing, now=cast.MONDAY)
    knowing = replace(knowing, status_lists={cast.LIST: listed})
    good = cast.credential()
    for _ in range(3):
        proofs.HELD.clear()
        assert verification.verify(good, known=knowing, now=cast.MONDAY).verdict == "valid"
    believed = []
    for number in range(500):
        at = number * len(good) // 500
        wrong = good[:at] + bytes([good[at] ^ (1 << number % 8)]) + good[at + 1 :]
        if verification.verify(wrong, known=knowing, now=cast.MONDAY).verdict == "valid":
            believed.append(at)
    assert believed == []
    assert jcs.canonical(json.loads(good)) == good
