"""Pages under the production server: time at one client and under load, and queries of one request."""

import http.client
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jalon.accounts.models import Person
from jalon.core import codes
from jalon.credentials import queries
from jalon.demo.cast import SCHOOL
from jalon.demo.figures import Figure, median, milliseconds, percentile
from jalon.demo.serving import running
from jalon.demo.story import Story

CLIENTS = 8
REQUESTS = 1_500


def figures(story: Story) -> Iterator[Figure]:
    badge = urlsplit(queries.link(story.awards["architect"])).path
    with server() as port:
        alone = milliseconds(Visitor(port, badge).ask, times=300)
        yield Figure("badge page, one client, p50", median(alone), "ms", "≤ 4 ms", queries=asked(None, badge))
        yield Figure("badge page, one client, p99", percentile(alone, 99), "ms")
        rate, taken = under_load(port, badge)
        yield Figure(f"badge page, {CLIENTS} clients", rate, "/s")
        yield Figure(f"badge page, {CLIENTS} clients, p50", median(taken), "ms")
        yield Figure(f"badge page, {CLIENTS} clients, p99", percentile(taken, 99), "ms")
    for person, name, path in others(story):
        client = signed_in(person)
        taken = milliseconds(partial(opened, client, path), times=30)
        yield Figure(f"{name}, in process, p50", median(taken), "ms", "≤ 6 queries", queries=asked(person, path))


def others(story: Story) -> Iterator[tuple[Person | None, str, str]]:
    """Yield who asks, what the page is called in the table, and its address."""
    for who, pages in (("", visitor), ("learner", learner), ("reviewer", reviewer)):
        for name, path in pages(story):
            yield story.people.get(who), name, path
    for who, doors in PLAIN.items():
        for door in doors:
            yield story.people[who], door.replace(":", ", "), reverse(door)


def visitor(story: Story) -> Iterator[tuple[str, str]]:
    code = {"code": codes.display(story.awards["architect"].code)}
    yield "home", reverse("web:home")
    yield "programs", reverse("library:programs")
    yield "program", reverse("library:program", kwargs=PROGRAM)
    yield "protocol", reverse("library:protocol", kwargs=PROGRAM)
    yield "attestation", reverse("attestations:attestation", kwargs=code)
    yield "verify a code", reverse("attestations:verify") + f"?code={code['code']}"
    yield "is my school covered", reverse("agreements:school", kwargs={"code": SCHOOL})
    yield "state of issuing", reverse("credentials:state")


def learner(story: Story) -> Iterator[tuple[str, str]]:
    pack = story.following.release.pack
    for level in pack.levels:
        yield f"level {level.number}", reverse("training:level", kwargs={**PROGRAM, "level": level.id})
    first, second = ({**PROGRAM, "level": level.id} for level in pack.levels)
    lesson, quiz, case = next(iter(pack.lessons.values())), next(iter(pack.quizzes)), next(iter(pack.cases))
    part = {**first, "lesson": lesson.id, "part": lesson.parts[0].id}
    run = {**second, "case": case, "number": 2}
    yield "lesson", reverse("training:lesson", kwargs=part)
    yield "quiz", reverse("training:quiz", kwargs={**first, "quiz": quiz})
    yield "corrected quiz", reverse("training:try", kwargs={**first, "quiz": quiz, "number": 1})
    yield "case", reverse("training:case", kwargs={**second, "case": case})
    yield "step of a case", reverse("training:step", kwargs={**run, "step": 1})
    yield "result of a case", reverse("training:debrief", kwargs=run)
    for sent in story.following.submissions.all():
        yield f"request, round {sent.round}", reverse("training:request", args=[sent.pk])


def reviewer(story: Story) -> Iterator[tuple[str, str]]:
    for sent in story.following.submissions.all():
        yield f"desk, round {sent.round}", reverse("review:desk", args=[sent.pk])


PROGRAM = {"slug": "sexto"}
# The pages whose address names nothing.
PLAIN = {
    "learner": ["training:path", "credentials:mine", "accounts:account", "accounts:declare"],
    "reviewer": ["review:queue", "review:remarks", "review:choices"],
    "registrar": ["accounts:members", "accounts:imports", "agreements:readiness", "credentials:batches"],
    "coordinator": ["agreements:agreements", "agreements:new", "agreements:bodies"],
}


def signed_in(person: Person | None) -> Client:
    client = Client(headers={"host": "localhost"})
    if person:
        client.force_login(person)
    return client


def opened(client: Client, path: str) -> None:
    answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")


def asked(person: Person | None, path: str) -> int:
    """Return how many queries one request makes, session and person included."""
    client = signed_in(person)
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return len(captured)


class Visitor:
    """One browser that keeps its connection open."""

    def __init__(self, port: int, path: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        self.path = path

    def ask(self) -> None:
        self.connection.request("GET", self.path, headers={"Host": "localhost"})
        answer = self.connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{self.path} answered {answer.status}")


def under_load(port: int, path: str) -> tuple[float, list[float]]:
    """Return requests per second and the time of each, with all clients at work."""
    taken: list[float] = []

    def work() -> None:
        taken.extend(milliseconds(Visitor(port, path).ask, times=REQUESTS // CLIENTS))

    threads = [threading.Thread(target=work) for _ in range(CLIENTS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(taken) / (time.perf_counter() - began), taken


@contextmanager
def server() -> Iterator[int]:
    """Run the production server on a free port of this machine, with debugging off."""
    production = {"DEBUG": "no", "SECRET_KEY": "for-figures-only", "JALON_ORIGIN": settings.JALON_ORIGIN}
    names = {"JALON_OPERATOR": settings.JALON_OPERATOR, "JALON_CONTACT": settings.JALON_CONTACT}
    with running(environment={**os.environ, **production, **names}) as port:
        yield port
