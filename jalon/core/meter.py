"""How much each of many askers may use: what one used is given back evenly with time, and nobody pays for another."""

from collections import OrderedDict
from threading import Lock


class Meter:
    """What askers used lately. Those who used nothing for long are forgotten, and the oldest when they are too many.

    Args:
        most: that somebody may use at once, in any unit; the last piece of work may go beyond it.
        seconds: in which that much is given back.
        askers: remembered at a time.
    """

    def __init__(self, *, most: float, seconds: float, askers: int = 10_000) -> None:
        self.most, self.seconds, self.askers = most, seconds, askers
        self._used: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def used(self, asker: str, *, now: float) -> float:
        """Return what this asker used and was not given back yet.

        Args:
            now: seconds on any clock that never goes back.
        """
        before, at = self._used.get(asker, (0.0, now))
        return max(0.0, before - (now - at) * self.most / self.seconds)

    def is_open(self, asker: str, *, now: float) -> bool:
        """Whether this asker may use more."""
        return self.used(asker, now=now) < self.most

    def charge(self, asker: str, amount: float, *, now: float) -> None:
        """This asker used so much."""
        with self._lock:
            self._used[asker] = (self.used(asker, now=now) + amount, now)
            self._used.move_to_end(asker)
            while len(self._used) > self.askers:
                self._used.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._used.clear()
