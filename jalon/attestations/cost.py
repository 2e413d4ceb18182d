"""The processor time that checking what was submitted may take, that of this thread and of its children, and how long
others are waited for meanwhile.

Processor time and not time on a clock: an honest archive is read whole on a machine that is busy. Who waits spends none
of it, and waits by the clock.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from subprocess import Popen


class _Account(threading.local):
    children = 0.0
    until = inf
    patience_ends = inf


_ACCOUNT = _Account()


def spent() -> float:
    """Return the seconds of processor time of this thread so far, with those of the children that it asked."""
    return time.thread_time() + _ACCOUNT.children


def charge(seconds: float) -> None:
    """What a child took for this thread counts as its own."""
    _ACCOUNT.children += seconds


def left() -> float:
    """Return the seconds that may still be spent, never less than none; without end where nothing was said."""
    return max(0.0, _ACCOUNT.until - spent())


def patience() -> float:
    """Return the seconds for which others may still be waited for; without end where nothing was said."""
    return max(0.0, _ACCOUNT.patience_ends - time.monotonic())


@contextmanager
def at_most(seconds: float, *, waiting: float = inf) -> Iterator[None]:
    """Inside, no more than this may be spent; an allowance within another gives no more than the other has left.

    Args:
        seconds: of processor time.
        waiting: seconds on the clock after which nobody is waited for.
    """
    before = _ACCOUNT.until, _ACCOUNT.patience_ends
    _ACCOUNT.until = min(_ACCOUNT.until, spent() + seconds)
    _ACCOUNT.patience_ends = min(_ACCOUNT.patience_ends, time.monotonic() + waiting)
    try:
        yield
    finally:
        _ACCOUNT.until, _ACCOUNT.patience_ends = before


def reap(child: Popen[bytes], *, within: float = inf) -> tuple[int, float]:
    """Wait for the end of a child, killed when it is late, and return its exit code and all the time that it took."""
    until, pause = time.monotonic() + within, 0.0005
    while True:
        ended, status, usage = os.wait4(child.pid, os.WNOHANG)
        if ended:
            child.returncode = os.waitstatus_to_exitcode(status)
            return child.returncode, usage.ru_utime + usage.ru_stime
        if time.monotonic() >= until:
            end(child)
        time.sleep(pause)
        pause = min(2 * pause, 0.05)


def end(child: Popen[bytes]) -> None:
    """A child that was not reaped yet is killed; `Popen.kill` would reap it, and nobody would know what it took."""
    os.kill(child.pid, signal.SIGKILL)
