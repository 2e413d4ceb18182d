"""The agreements of a territory on a line of time, to scale: what a table of dates makes hard to see."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from jalon.agreements.register import Entry
from jalon.core.agreements import Act, State

WIDTH, NAMES, HEAD, ROW = 960, 190, 26, 30
LOOKS = {
    State.TO_COME: "period-to-come",
    State.IN_FORCE: "period-in-force",
    State.SUSPENDED: "period-in-force",
    State.ENDED: "period-ended",
}


@dataclass(frozen=True)
class Bar:
    """One agreement: where it stands on the drawing, and where it was suspended."""

    reference: str
    look: str
    y: int
    x: int
    width: int
    suspended: tuple[tuple[int, int], ...]

    @property
    def middle(self) -> int:
        return self.y + ROW // 2


@dataclass(frozen=True)
class Timeline:
    """Bars under years; `today` is a place on the line."""

    bars: tuple[Bar, ...]
    years: tuple[tuple[int, int], ...]
    today: int

    @property
    def height(self) -> int:
        return HEAD + ROW * len(self.bars)


def timeline_of(entries: Sequence[Entry], *, on: date) -> Timeline | None:
    """Return the agreements in their order, on whole years; nothing where there is none."""
    if not entries:
        return None
    first = min(on, *(one.agreement.starts_on for one in entries)).year
    last = max(on, *(one.agreement.closes_on for one in entries)).year + 1
    start, days = date(first, 1, 1), (date(last, 1, 1) - date(first, 1, 1)).days

    def place(day: date) -> int:
        return NAMES + round((day - start).days * (WIDTH - NAMES) / days)

    bars = []
    for at, entry in enumerate(entries):
        x, end = place(entry.agreement.starts_on), place(entry.agreement.closes_on)
        stopped = tuple((place(since), place(until) - place(since)) for since, until in suspensions(entry))
        reference, look = entry.agreement.reference, LOOKS[entry.state]
        bars.append(Bar(reference, look, HEAD + ROW * at, x, max(end - x, 2), stopped))
    step = 1 if last - first <= 14 else 5
    years = tuple((place(date(year, 1, 1)), year) for year in range(first, last) if year % step == 0)
    return Timeline(tuple(bars), years, place(on))


def suspensions(entry: Entry) -> Iterator[tuple[date, date]]:
    """Yield each suspension, from its first day to the day on which it stopped or the agreement closes."""
    closes_on = entry.agreement.closes_on
    since: date | None = None
    for change in entry.agreement.term.counting:
        if change.act is Act.SUSPENDED:
            since = change.on
        elif change.act is Act.REINSTATED and since:
            yield since, min(change.on, closes_on)
            since = None
    if since and since < closes_on:
        yield since, closes_on
