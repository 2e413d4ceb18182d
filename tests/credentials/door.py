"""Send forms to the production server, each fifty times at once and five times more, and tell what came of it.

    python -m tests.credentials.door

works on the database that the environment names, which is migrated and empty. Prints one JSON object.
"""

import http.client
import json
import os
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier
from urllib.parse import urlencode

import django

WORKERS = 4
AT_ONCE, AFTERWARDS = 50, 5
BUSY = 503
PATIENCE = 20  # how often somebody comes back who is told that the database is busy


@dataclass(frozen=True)
class Form:
    """Who fills in the form of which page, with what, and who obtains a level by it."""

    page: str
    target: str
    filled: list[tuple[str, str]]
    by: object
    holder: object


def main() -> dict[str, object]:
    """Return what came of each form."""
    from django.core.management import call_command

    from jalon.demo.serving import running
    from jalon.demo.story import Story
    from tests.credentials.kills import close_pools

    call_command("collectstatic", interactive=False, verbosity=0)
    with tempfile.TemporaryDirectory() as folder:
        story = Story(Path(folder))
        forms = {"desk": desk(story), "quiz": quiz(story)}
    cookies = {name: session_of(form.by) for name, form in forms.items()}
    close_pools()
    with running("tests.credentials.named:application", environment=os.environ, workers=WORKERS) as port:
        wait_for_all(port)
        return {name: told(port, form, cookie=cookies[name]) for name, form in forms.items()}


def desk(story):
    """Return the form that accepts: the request of the learner waits in the hands of its reviewer."""
    from django.urls import reverse
    from django.utils import timezone

    from jalon.review import actions as review

    for step in (story.make_keys, story.gather, story.publish, story.enrol, story.read_lessons):
        step()
    for step in (story.pass_quiz, story.play_cases, story.write_and_send):
        step()
    sent, reviewer = story.submission, story.people["reviewer"]
    review.claim(submission=sent, by=reviewer, at=timezone.now())
    page, target = (reverse(f"review:{name}", args=[sent.pk]) for name in ("desk", "acceptance"))
    return Form(
        page, target, [("accept-advice", "Merci."), ("accept-confirm", "on")], reviewer, story.people["learner"]
    )


def quiz(story):
    """Return the sheet of another learner, who has read every lesson and answers everything well."""
    from django.urls import reverse

    from jalon.core.packs import Quiz
    from jalon.demo.story import Story, right_answers

    peer = story.people["peer"]
    theirs = Story(story.out, story.now, {**story.people, "learner": peer}, story.release)
    for step in (theirs.enrol, theirs.read_lessons):
        step()
    activities = theirs.following.release.pack.activities(theirs.level("explorer"))
    sheet = next(one for one in activities if isinstance(one, Quiz))
    page = reverse("training:quiz", args=["sexto", "explorer", sheet.id])
    filled = [(f"q-{question}", one) for question, chosen in right_answers(sheet).items() for one in chosen]
    return Form(page, page, filled, peer, peer)


def session_of(person):
    """Return the cookie of somebody who has just signed in."""
    from django.conf import settings
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    client.force_login(person)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def ask(port, method, address, body="", **headers):
    """Return the answer to one request, on a connection of its own, and its text."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    try:
        connection.request(method, address, body, {"Host": "localhost", **headers})
        answer = connection.getresponse()
        return answer, answer.read().decode()
    finally:
        connection.close()


def wait_for_all(port):
    """Each process of the server has answered."""
    from tests.credentials.named import PROCESS

    found = set()
    while len(found) < WORKERS:
        found.add(ask(port, "GET", "/healthz")[0].headers[PROCESS])


def told(port, form, *, cookie):
    """Send the form all these times; return how it was answered, by how many processes, and what there is more of."""
    send = recorded(port, form, cookie=cookie)
    before = counts(form.holder)
    answers = at_once(send) + [send() for _ in range(AFTERWARDS)]
    after = counts(form.holder)
    return {
        "statuses": Counter(status for status, _, _ in answers),
        "pages": sorted({str(page) for _, page, _ in answers}),
        "processes": len({process for _, _, process in answers}),
        "made": {name: after[name] - before[name] for name in after},
    }


def recorded(port, form, *, cookie):
    """Return what sends the form as a browser would: at each call the very same bytes and cookies.

    It returns the status, where the answer leads and the process that gave it; it comes back when the server is busy.
    """
    from bs4 import BeautifulSoup
    from django.conf import settings

    from tests.credentials.named import PROCESS

    answer, text = ask(port, "GET", form.page, Cookie=cookie)
    found = BeautifulSoup(text, "html.parser").select("form[method=post]")
    shown = next(one for one in found if (one.get("action") or form.page) == form.target)
    hidden = [(one["name"], one["value"]) for one in shown.select("input[type=hidden]")]
    body = urlencode([*hidden, *form.filled])
    given = [one.partition(";")[0] for one in answer.headers.get_all("Set-Cookie")]
    seal = next(one for one in given if one.startswith(f"{settings.CSRF_COOKIE_NAME}="))
    headers = {"Cookie": f"{cookie}; {seal}", "Content-Type": "application/x-www-form-urlencoded"}

    def send():
        for _attempt in range(PATIENCE):
            answer, _ = ask(port, "POST", form.target, body, **headers)
            if answer.status != BUSY:
                break
        return answer.status, answer.headers["Location"], answer.headers[PROCESS]

    return send


def at_once(send):
    """Send from as many threads, which start together; return what each was answered."""
    start = Barrier(AT_ONCE)

    def hand(_number):
        start.wait()
        return send()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(hand, range(AT_ONCE)))


def counts(holder):
    """Return how many there are of everything that an award brings."""
    from django.urls import reverse

    from jalon.credentials.models import Award, Credential, Issuance
    from jalon.hours.models import Entry
    from jalon.notices.models import Message
    from jalon.review.models import Decision
    from jalon.training.models import QuizTry

    letters = Message.objects.filter(to=holder, body__contains=reverse("credentials:mine"))
    return {
        "acts": Decision.objects.count() + QuizTry.objects.count(),
        "awards": Award.objects.count(),
        "standing": Award.objects.standing().held_by(holder).count(),
        "codes": Award.objects.values("code").distinct().count(),
        "credentials": Credential.objects.count(),
        "signed": Credential.objects.exclude(signed_at=None).count(),
        "entries": Credential.objects.values("status_list", "status_index").distinct().count(),
        "log": Issuance.objects.count(),
        "letters": letters.count(),
        "messages": Message.objects.count(),
        "hours": Entry.objects.count(),
    }


if __name__ == "__main__":
    django.setup()
    print(json.dumps(main()))
