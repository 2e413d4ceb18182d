import os
import time

import pytest

from jalon.attestations import sandbox

HERE = "tests.attestations.test_sandbox"


def halves(payload: bytes) -> list[bytes]:
    middle = len(payload) // 2
    return [payload[:middle], payload[middle:], b""]


def refuses(payload: bytes) -> list[bytes]:
    raise ValueError("not-like-this")


def breaks(payload: bytes) -> list[bytes]:
    raise RuntimeError(payload)


def runs_for_ever(payload: bytes) -> list[bytes]:
    while True:
        pass


def takes_all_memory(payload: bytes) -> list[bytes]:
    return [bytes(4_000_000_000)]


def was_refused_memory_and_says_something(payload: bytes) -> list[bytes]:
    taken = b"x" * 250_000_000
    raise ValueError(f"nothing here in {len(taken)}")


def answers_too_much(payload: bytes) -> list[bytes]:
    return [bytes(sandbox.MOST_ANSWERED)]


def environment(payload: bytes) -> list[bytes]:
    return sorted(os.environb)


def sleeps(payload: bytes) -> list[bytes]:
    time.sleep(60)
    return []


class TestAnHonestPayload:
    def test_is_worked_out_in_a_child(self):
        assert sandbox.limited(f"{HERE}:halves", b"abcd\x00\xff") == [b"abc", b"d\x00\xff", b""]

    def test_may_be_empty(self):
        assert sandbox.limited(f"{HERE}:halves", b"") == [b"", b"", b""]

    def test_may_be_refused_for_a_reason(self):
        with pytest.raises(sandbox.Rejected, match="not-like-this"):
            sandbox.limited(f"{HERE}:refuses", b"")

    def test_may_be_refused_by_the_child_of_a_large_process(self):
        large = b"x" * 400_000_000
        with pytest.raises(sandbox.Rejected, match="not-like-this"):
            sandbox.limited(f"{HERE}:refuses", b"")
        assert len(large) == 400_000_000


class TestTheChild:
    def test_knows_nothing_of_our_environment(self, monkeypatch):
        monkeypatch.setenv("SECRET_KEY", "a secret")
        assert b"SECRET_KEY" not in sandbox.limited(f"{HERE}:environment", b"")


class TestAHostilePayload:
    @pytest.mark.parametrize(
        "work",
        [
            "breaks",
            "runs_for_ever",
            "takes_all_memory",
            "was_refused_memory_and_says_something",
            "answers_too_much",
            "absent",
        ],
    )
    def test_is_stopped(self, work):
        with pytest.raises(sandbox.Stopped):
            sandbox.limited(f"{HERE}:{work}", b"x", cpu_seconds=2)

    def test_is_stopped_even_when_it_only_waits(self, monkeypatch):
        monkeypatch.setattr(sandbox, "GRACE_SECONDS", 0)
        with pytest.raises(sandbox.Stopped):
            sandbox.limited(f"{HERE}:sleeps", b"x")
