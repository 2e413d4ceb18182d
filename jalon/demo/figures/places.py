"""Places, agreements and people at the size of a province: reasons, coverage, members, imports of places.

The made-up rows leave with their transaction. Beside each figure stands the CPU time of this process: on a machine that
does other work too, it says more than the clock.
"""

import csv
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse
from django.utils import timezone

from jalon.accounts.models import Affiliation, Person, Registrar
from jalon.agreements import queries
from jalon.core.gating import Situation, why_closed, why_not_covered
from jalon.demo.figures import Figure, median
from jalon.demo.figures.pages import signed_in
from jalon.demo.story import Story
from jalon.places import actions
from jalon.places.models import Body, PoliceService, School

SCHOOLS, TOWNS = 3_000, 1_100
MEMBERS = 10_000
BODY, FIRST_SCHOOL = "500000", 500_001


class Undone(Exception):
    """The measured rows leave with the transaction."""


@dataclass(frozen=True)
class Spent:
    """What a piece of work took, in milliseconds: by the clock, and of this processor."""

    wall: float
    cpu: float


def spent(work: Callable[[], object]) -> Spent:
    began, cpu = time.perf_counter(), time.process_time()
    work()
    return Spent((time.perf_counter() - began) * 1000, (time.process_time() - cpu) * 1000)


def figure(name: str, work: Callable[[], object], *, times: int, aim: str) -> Figure:
    """Return the median of so many runs, after one that warms up and one that counts the queries."""
    work()
    with CaptureQueriesContext(connection) as captured:
        work()
    asked = len(captured)
    taken = [spent(work) for _ in range(times)]
    cpu = median([one.cpu for one in taken])
    return Figure(name, median([one.wall for one in taken]), "ms", aim, queries=asked, note=f"CPU {cpu:.2f} ms")


def figures(story: Story) -> Iterator[Figure]:
    person, today = story.people["learner"], timezone.localdate()

    def reasons() -> object:
        return why_closed(Situation(today, True, True, queries.employments_of(person, on=today)))

    yield figure("why_closed of a person, from the database, p50", reasons, times=200, aim="≤ 2 ms")
    for measured in (province, members):
        yield from undone(measured, today)


def undone(measured: Callable[[date], Iterator[Figure]], today: date) -> list[Figure]:
    found: list[Figure] = []
    try:
        with transaction.atomic():
            found.extend(measured(today))
            raise Undone
    except Undone:
        return found


def province(today: date) -> Iterator[Figure]:
    """Yield the figures of a made-up province."""

    def load(folder: str) -> None:
        for kind, path in files(Path(folder)).items():
            report = actions.import_places(kind=kind, path=path, on=today, at=timezone.now(), commit=True)
            assert not report.problems

    with tempfile.TemporaryDirectory() as folder:
        taken = spent(partial(load, folder))
    name = f"import of {SCHOOLS} schools and {TOWNS} municipalities, with their police"
    yield Figure(name, taken.wall / 1000, "s", "≤ 10 s", note=f"CPU {taken.cpu / 1000:.1f} s")

    def covered() -> int:
        places = queries.all_places(on=today)
        return sum(why_not_covered(one.name, one.place, on=today) is None for one in places)

    yield figure(f"why_closed of {SCHOOLS} schools, p50", covered, times=10, aim="≤ 300 ms")


def members(today: date) -> Iterator[Figure]:
    """Yield the figures of the registrar's page where a body has ten thousand people."""
    registrar, schools = a_body()
    names = [(f"personne{at}@mesure.example", f"Personne Mesurée {at:05}") for at in range(MEMBERS)]
    staff = [Person(email=email, legal_name=name) for email, name in names]
    for person in staff:
        person.search = person.search_words()
    Person.objects.bulk_create(staff)
    now = timezone.now()
    Affiliation.objects.bulk_create(
        Affiliation(
            person=person,
            school=schools[at % len(schools)],
            role="TEACHER",
            starts_on=date(2024, 8, 20),
            declared_at=now,
            confirmed_at=now if at % 50 else None,
            confirmed_by=registrar if at % 50 else None,
        )
        for at, person in enumerate(staff)
    )
    if connection.vendor == "postgresql":  # which does so by itself some minutes after such a change
        connection.cursor().execute("ANALYZE")
    client, page = signed_in(registrar), reverse("accounts:members")

    def opened(query: str) -> None:
        if (status := client.get(page + query).status_code) != 200:
            raise RuntimeError(f"{page} answered {status}")

    asks = {"first page": "", "page 150": "?page=150", "search": "?q=mesuree+09999", "to confirm": "?state=waiting"}
    for name, query in asks.items():
        with override_settings(JALON_SECOND_FACTOR="off"):  # the second step is shown once, before this page
            measured = figure(
                f"members of {MEMBERS} people, {name}, p50", partial(opened, query), times=15, aim="≤ 40 ms"
            )
        yield measured


def a_body() -> tuple[Person, list[School]]:
    """Return a registrar of a made-up body, and its fifty schools."""
    body = Body.objects.create(code=BODY, name="Organisme mesuré", kind="SERVICE_CENTRE")
    schools = [School(code=f"{FIRST_SCHOOL + at}", name=f"École mesurée {at}", body=body) for at in range(50)]
    for school in schools:
        school.search = school.search_words()
    School.objects.bulk_create(schools)
    registrar = Person.objects.create_user("registraire@mesure.example", legal_name="Registraire Mesuré")
    Registrar.objects.create(person=registrar, body=body)
    return registrar, schools


def files(folder: Path) -> dict[str, Path]:
    """Write the files of a made-up province: every municipality has its police, every school its address."""
    towns = [f"{50_000 + number}" for number in range(TOWNS)]
    police = list(PoliceService.objects.order_by("code").values_list("code", "name"))
    tables: dict[str, tuple[list[str], Iterable[list[str]]]] = {
        "municipalities": (["code", "name"], ([town, f"Ville mesurée {town}"] for town in towns)),
        "police": (
            ["code", "name", "municipality", "from"],
            ([*police[at % len(police)], town, "2019-07-01"] for at, town in enumerate(towns)),
        ),
        "schools": (
            ["code", "name", "body", "body_name", "municipality", "from"],
            (
                [
                    f"{FIRST_SCHOOL + at}",
                    f"École mesurée {at}",
                    BODY,
                    "Organisme mesuré",
                    towns[at % TOWNS],
                    "2019-07-01",
                ]
                for at in range(SCHOOLS)
            ),
        ),
    }
    for kind, (heading, rows) in tables.items():
        write(folder / f"{kind}.csv", [heading], rows)
    return {kind: folder / f"{kind}.csv" for kind in tables}


def write(path: Path, *parts: Iterable[list[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        for rows in parts:
            csv.writer(file).writerows(rows)
