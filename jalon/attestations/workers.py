"""Children that stay: each works on one file of a stranger after another, within limits, and is killed at the first one
that asks for more.

A child starts clean (no environment of ours, no inherited file), reads what it needs, then takes its limits: processor
time for each piece of work, memory, and no file or connection opened any more. What it answers is read as JSON. What it
took, its start included, is charged to whoever asked (`cost.py`), and a piece of work has no more than is left there.
"""

from __future__ import annotations

import atexit
import json
import os
import resource
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from threading import Condition
from typing import IO, Any, Final

from jalon.attestations import cost
from jalon.attestations.sandbox import _ROOT, MEGABYTE, Busy, Stopped

CPU_SECONDS: Final = 1.0
WAIT_SECONDS: Final = 5.0
START_SECONDS: Final = 15.0  # for the first answer: the start of a child is no work of the file, and slow under load
MEMORY_MB: Final = 512
MOST_ANSWERED: Final = 65_536
MOST_WORK: Final = 5_000  # pieces, then the child is replaced
_START: Final = (
    "import sys; sys.path.insert(0, sys.argv[1]); from jalon.attestations import workers; workers.child(sys.argv[2])"
)


class Crew:
    """A few children for one kind of work; those who find none free wait for one.

    Args:
        work: `package.module:name`, from what JSON can say to what JSON can say; called once with None before the
            limits are taken, so that it can read what it needs.
        most: children at a time.
    """

    def __init__(self, work: str, *, most: int = 2) -> None:
        self.work = work
        self.most = most
        self._forget()
        os.register_at_fork(after_in_child=self._forget)
        atexit.register(self.dismiss)

    def _forget(self) -> None:
        """Nothing is shared with the process that this one was forked from."""
        self._free: list[_Child] = []
        self._busy = 0
        self._change = Condition()

    def ask(self, question: Any) -> Any:
        """Return the answer of a child.

        Raises:
            Busy: none became free in time.
            Stopped: it reached a limit or broke down, or nothing may be spent any more.
        """
        if not cost.left():
            raise Stopped("no time left")
        child = self._take()
        try:
            answer = child.ask(question)
        except BaseException:
            cost.charge(child.end())
            self._give(None)
            raise
        self._give(child)
        return answer

    def dismiss(self) -> None:
        """No child is left waiting for work."""
        with self._change:
            for child in self._free:
                child.end()
            self._free.clear()

    def _take(self) -> _Child:
        with self._change:
            if not self._change.wait_for(lambda: self._busy < self.most, WAIT_SECONDS):
                raise Busy("nobody free")
            self._busy += 1
            if self._free:
                return self._free.pop()
        try:
            return _Child(self.work)
        except BaseException:
            self._give(None)
            raise

    def _give(self, child: _Child | None) -> None:
        if child and child.done >= MOST_WORK:
            child.end()
            child = None
        with self._change:
            self._busy -= 1
            if child:
                self._free.append(child)
            self._change.notify()


class _Child:
    """A child process, ready for its next piece of work."""

    def __init__(self, work: str) -> None:
        self.done = 0
        self._charged = 0.0
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-c", _START, _ROOT, work],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            bufsize=0,
        )

    def ask(self, question: Any) -> Any:
        until = time.monotonic() + (WAIT_SECONDS if self.done else START_SECONDS)
        self.done += 1
        asked = json.dumps([min(CPU_SECONDS, cost.left()), question], ensure_ascii=False).encode()
        with suppress(BrokenPipeError):
            _pipe(self._process.stdin).write(len(asked).to_bytes(4, "big") + asked)
        length = int.from_bytes(self._read(4, until), "big")
        if length > MOST_ANSWERED:
            raise Stopped("answer too long")
        seconds, answer = json.loads(self._read(length, until))
        cost.charge(seconds - self._charged)
        self._charged = seconds
        return answer

    def _read(self, length: int, until: float) -> bytes:
        pipe = _pipe(self._process.stdout)
        found = b""
        with selectors.DefaultSelector() as waiting:
            waiting.register(pipe, selectors.EVENT_READ)
            while len(found) < length:
                if not waiting.select(max(0.0, until - time.monotonic())):
                    raise Stopped("time")
                more = pipe.read(length - len(found))
                if not more:
                    raise Stopped("child died")
                found += more
        return found

    def end(self) -> float:
        """The child is gone; return the seconds of processor time that it took and nobody was charged for."""
        cost.end(self._process)
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                _pipe(pipe).close()
        return max(0.0, cost.reap(self._process)[1] - self._charged)


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise Stopped("no pipe")
    return pipe


def child(work: str) -> None:
    """Be the child: make ready, take the limits, then answer until nobody asks any more."""
    module, _, name = work.partition(":")
    answer: Callable[[Any], Any] = getattr(import_module(module), name)
    answer(None)
    _confine()
    source, output = sys.stdin.buffer, sys.stdout.buffer
    while length := source.read(4):
        seconds, question = json.loads(source.read(int.from_bytes(length, "big")))
        signal.setitimer(signal.ITIMER_PROF, max(0.001, seconds))  # no handler: the system ends the process
        answered = json.dumps([time.process_time(), answer(question)]).encode()
        signal.setitimer(signal.ITIMER_PROF, 0)
        output.write(len(answered).to_bytes(4, "big") + answered)
        output.flush()


def _confine() -> None:
    most_open = len(os.listdir("/proc/self/fd")) - 1 if os.path.isdir("/proc/self/fd") else 3
    for limit, value in (
        (resource.RLIMIT_AS, MEMORY_MB * MEGABYTE),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, most_open),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(limit)
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (most, most))
