"""Work on a file of a stranger in a process of its own, which can be stopped and costs only its limits.

The child starts clean: no environment of ours (no secret, no database address), no inherited file, a limit of
processor time and of memory, and a short answer. What it answers is read as plain bytes, never unpickled.
"""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from math import ceil
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

from jalon.attestations import cost

MEGABYTE: Final = 1024 * 1024
MOST_ANSWERED: Final = 32 * MEGABYTE
MOST_FOR_A_REFUSAL: Final = 1 / 3  # of the memory: a buffer that doubles is refused its next size past a third
GRACE_SECONDS: Final = 8  # of waiting, over the processor time: only a machine under load comes near it
_REJECTED: Final = 3
_STATUS: Final = Path("/proc/self/status")
_ROOT: Final = str(Path(__file__).resolve().parents[2])
_START: Final = (
    "import sys; sys.path.insert(0, sys.argv[1]); from jalon.attestations import sandbox; sandbox.child(*sys.argv[2:])"
)


class Rejected(ValueError):
    """The function refused the payload, for a reason of its own (its `ValueError`)."""


class Stopped(RuntimeError):
    """The child reached a limit or broke down: the payload asks for more work than any honest file."""


class Busy(Stopped):
    """No child was free in time: nothing was looked at, and nothing is said of the payload."""


def limited(function: str, payload: bytes, *, cpu_seconds: float = 1, memory_mb: int = 512) -> list[bytes]:
    """Return what a function answers to a payload, worked out in a limited child process.

    Args:
        function: `package.module:name`, from bytes to a sequence of bytes.
        cpu_seconds: of processor time, the start of the child (about 0.1 s) included; less where `cost` has less left.
        memory_mb: of address space, some 100 for the interpreter and its libraries.
    Raises:
        Rejected: the function raised `ValueError`.
        Stopped: a limit was reached, or the child died.
    """
    most = min(cpu_seconds, cost.left())
    if not most:
        raise Stopped("no time left")
    command = [sys.executable, "-I", "-c", _START, _ROOT, function, str(most), str(memory_mb)]
    with TemporaryFile() as question, TemporaryFile() as answer:
        question.write(payload)
        question.seek(0)
        started = subprocess.Popen(command, stdin=question, stdout=answer, stderr=subprocess.DEVNULL, env={})
        code, seconds = cost.reap(started, within=cpu_seconds + GRACE_SECONDS)
        cost.charge(seconds)
        answer.seek(0)
        answered = answer.read(MOST_ANSWERED)
    if code == _REJECTED:
        raise Rejected(answered.decode(errors="replace"))
    if code != 0:
        raise Stopped(f"exit {code}")
    return _unframed(answered)


def child(function: str, cpu_seconds: str, memory_mb: str) -> None:
    """Be the child: take the limits, read, work, answer, leave."""
    _confine(float(cpu_seconds), int(memory_mb))
    module, _, name = function.partition(":")
    work: Callable[[bytes], Sequence[bytes]] = getattr(import_module(module), name)
    output = sys.stdout.buffer
    try:
        output.write(_framed(work(sys.stdin.buffer.read())))
    except ValueError as reason:
        if _peak_mb() > int(memory_mb) * MOST_FOR_A_REFUSAL:
            raise MemoryError from reason  # a library that was refused memory and went on says anything
        output.write(str(reason).encode())
        output.flush()
        sys.exit(_REJECTED)


def _confine(cpu_seconds: float, memory_mb: int) -> None:
    # No handler: the system ends the process. The limit in whole seconds stands behind it.
    signal.setitimer(signal.ITIMER_PROF, max(0.001, cpu_seconds - time.process_time()))
    for limit, value in (
        (resource.RLIMIT_CPU, ceil(cpu_seconds)),
        (resource.RLIMIT_AS, memory_mb * MEGABYTE),
        (resource.RLIMIT_FSIZE, MOST_ANSWERED),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(limit)
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (most, most))


def _peak_mb() -> float:
    """Return the most memory that this process has had; nothing where the system does not say it (not Linux).

    Not `getrusage`: its figure begins with the peak of the parent.
    """
    if not _STATUS.exists():
        return 0
    said = dict(line.split(":", 1) for line in _STATUS.read_text().splitlines())
    return int(said["VmHWM"].split()[0]) / 1024


def _framed(parts: Sequence[bytes]) -> bytes:
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def _unframed(answered: bytes) -> list[bytes]:
    parts: list[bytes] = []
    while answered:
        end = 4 + int.from_bytes(answered[:4], "big")
        if len(answered) < end:
            raise Stopped("cut answer")
        parts.append(answered[4:end])
        answered = answered[end:]
    return parts
