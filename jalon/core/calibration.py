"""How reviewers stay alike, and how long people wait: the draw of a second reading, agreement, turnaround."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from statistics import median
from uuid import UUID

ONE_IN = 10


def is_drawn(submission: UUID) -> bool:
    """Tell whether a request asks for a second reading: one in ten, decided by its key alone, so nobody chooses."""
    return int.from_bytes(sha256(submission.bytes).digest()[:8], "big") % ONE_IN == 0


@dataclass(frozen=True)
class Turnaround:
    """From sending to decision: half of the requests waited at most `median`, nine in ten at most `ninetieth`."""

    median: timedelta
    ninetieth: timedelta
    count: int


def turnaround(waits: Iterable[timedelta]) -> Turnaround | None:
    """Return the figures of these waits; nothing when there are none."""
    ordered = sorted(waits)
    if not ordered:
        return None
    half = timedelta(seconds=median(one.total_seconds() for one in ordered))
    return Turnaround(half, ordered[math.ceil(0.9 * len(ordered)) - 1], len(ordered))


def agreement(pairs: Sequence[tuple[str, str]]) -> int | None:
    """Return the per cent of pairs whose two outcomes are alike, rounded down; nothing without a pair."""
    return 100 * sum(one == two for one, two in pairs) // len(pairs) if pairs else None
