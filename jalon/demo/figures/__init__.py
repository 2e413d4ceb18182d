"""The figures of `./dev bench`: measured on this machine, each beside its aim. Nothing here is a test."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = 5


@dataclass(frozen=True)
class Figure:
    """One measured figure.

    Args:
        name: what was measured, in words.
        value: in `unit`.
        aim: the figure hoped for, in words; empty when there is none.
        queries: of one request, where it is a page.
        note: what the figure stands beside: a floor, a peer, a size.
    """

    name: str
    value: float
    unit: str
    aim: str = ""
    queries: int | None = None
    note: str = ""


def per_second(work: Callable[[], object], *, times: int) -> float:
    """Return how often the work is done in a second, in the best of five rounds after one run to warm up.

    What else a machine does only makes a round slower; the best is nearest to what the work itself costs.

    Args:
        times: of all rounds together, a multiple of five.
    """
    work()
    return max(_rate(work, times=times // ROUNDS) for _ in range(ROUNDS))


def _rate(work: Callable[[], object], *, times: int) -> float:
    began = time.perf_counter()
    for _ in range(times):
        work()
    return times / (time.perf_counter() - began)


def milliseconds(work: Callable[[], object], *, times: int) -> list[float]:
    """Return how long each of `times` runs took, after one to warm up."""
    work()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def median(values: list[float]) -> float:
    return statistics.median(values)


def percentile(values: list[float], hundredths: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * hundredths // 100)]
