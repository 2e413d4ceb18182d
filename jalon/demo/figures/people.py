"""A file of a hundred thousand people: seen, written, undone, and one where every line is wrong; by name only.

./dev bench people
./dev bench people --database postgresql

The memory is the most that this process ever held, in more than it held before the step: a step that holds no more than
an earlier one adds nothing.
"""

import resource
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from django.utils import timezone

from jalon.accounts import people, undoing
from jalon.accounts.models import Affiliation, PeopleImport, Person
from jalon.demo.figures import Figure
from jalon.demo.figures.places import a_body, spent, write
from jalon.demo.story import Story

SIZES = (10_000, 100_000)
HEADINGS = ["email", "name", "school", "role"]


def figures(story: Story) -> Iterator[Figure]:
    registrar, schools = a_body()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.csv"
        for size in SIZES:
            rows = ([f"p{at}@mesure.example", f"P {at}", schools[at % 50].code, "TEACHER"] for at in range(size))
            write(path, [HEADINGS], rows)
            yield from imported(path, registrar, size)
        write(path, [HEADINGS], (["nobody", "", "1", "KING"] for _ in range(size)))
        seen = partial(people.import_people, files=[path], by=registrar, at=timezone.now())
        yield step(f"file of {size:,} wrong lines, seen", lambda: told(seen(), size))


def imported(path: Path, registrar: Person, size: int) -> Iterator[Figure]:
    """Yield what a file takes to be seen, written and undone; nothing of it is left."""
    run = partial(people.import_people, files=[path], by=registrar, at=timezone.now())
    yield step(f"file of {size:,} people, seen", run)
    yield step(f"file of {size:,} people, written", partial(run, commit=True))
    assert Affiliation.objects.filter(confirmed_by=registrar).count() == size
    batch = PeopleImport.objects.get(by=registrar, undone_at=None)
    yield step(f"file of {size:,} people, undone", lambda: undoing.undo_import(batch=batch, by=registrar, at=batch.at))
    assert not Affiliation.objects.filter(confirmed_by=registrar).exists()


def told(report: people.Report, size: int) -> None:
    """Every wrong line is counted, and only the first ones are told."""
    assert report.wrong >= size > len(report.problems)


def step(name: str, work: Callable[[], object]) -> Figure:
    before = megabytes()
    taken = spent(work)
    note = f"CPU {taken.cpu / 1000:.1f} s, memory +{megabytes() - before:.0f} MB"
    return Figure(name, taken.wall / 1000, "s", note=note)


def megabytes() -> float:
    """Return the most memory that this process ever held; Linux counts kilobytes, macOS bytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1024 / (1024 if sys.platform == "darwin" else 1)
