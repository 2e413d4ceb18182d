"""Kill a process again and again while it imports people and undoes it, then finish, and count.

    python -m tests.accounts.kills KILLS

works on the database that the environment names, which is migrated. Each child is made by `fork` and killed (SIGKILL)
at a moment drawn at random. Prints one JSON object.
"""

import json
import os
import random
import signal
import sys
import time
import traceback

import django

PEOPLE = 1_500
LONGEST = 1.5


def main(kills: int) -> int:
    """Return how many counts are wrong once everything is finished: nothing else than 0 is sound."""
    from jalon.accounts import people

    people.AT_ONCE = 100
    registrar = prepare()
    source = random.Random(20260302)
    left: list[str] = []
    stopped = 0
    for number in range(kills):
        batch = begin(registrar)
        stopped += killed(batch, source)
        assert people.go_on(batch=again(batch))
        left += [f"{number} imported: {one}" for one in wrong(batch, PEOPLE)]
        ask(batch, registrar)
        stopped += killed(again(batch), source)
        assert people.go_on(batch=again(batch))
        left += [f"{number} undone: {one}" for one in wrong(batch, 0)]
    print(json.dumps({"kills": kills, "left": left, "stopped": stopped}))
    return len(left)


def prepare() -> object:
    """A registrar and a school exist; the steps are small, so that a kill falls between and inside them."""
    from jalon.accounts import undoing
    from tests.factories import RegistrarFactory, SchoolFactory

    undoing.AT_ONCE = 100
    registrar = RegistrarFactory()
    SchoolFactory(code="912001", body=registrar.body)
    return registrar.person


def begin(by):
    """The import is committed; its job, which would run at once, is left to the children."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.utils import timezone

    from jalon.accounts import people, uploads

    people.after_commit = lambda job, key: None
    text = "".join(f"p{number}@kill.example;Personne Fictive;912001;teacher\n" for number in range(PEOPLE))
    file = SimpleUploadedFile("personnes.csv", f"courriel;nom complet;école;fonction\n{text}".encode())
    upload = uploads.keep(files=[file], by=by, at=timezone.now())
    return people.begin(upload=upload, by=by, at=timezone.now())


def ask(batch, by) -> None:
    from django.utils import timezone

    from jalon.accounts import people

    people.begin_undoing(batch=batch, by=by, at=timezone.now())


def again(batch):
    from jalon.accounts.models import PeopleImport

    return PeopleImport.objects.get(pk=batch.pk)


def killed(batch, source: random.Random) -> bool:
    """A child works on it until it is killed; return whether it had work left."""
    close_pools()
    child = os.fork()
    if child == 0:
        work(batch)
    time.sleep(source.uniform(0.05, LONGEST))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return again(batch).working_at is not None


def close_pools() -> None:
    """No connection is shared with a child."""
    from django.db import connection

    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()


def work(batch) -> None:
    from jalon.accounts import people

    try:
        people.go_on(batch=batch)
        time.sleep(60)
    except BaseException:
        traceback.print_exc()
    os._exit(1)


def wrong(batch, count: int) -> list[str]:
    """Return what is not as it should be: nobody twice, nobody missing, and one line of the journal for each act."""
    from jalon.accounts.models import Affiliation, ImportLine, Person, Upload
    from jalon.journal.models import Entry

    told = Entry.objects.filter(about_id=batch.pk)
    batch = again(batch)
    found = {
        "people": (Person.objects.filter(email__endswith="@kill.example").count(), count),
        "places of work": (Affiliation.objects.count(), count),
        "lines": (ImportLine.objects.filter(batch=batch).count(), count),
        "counted people": (batch.people, PEOPLE),
        "counted places": (batch.works, PEOPLE),
        "undone": (batch.undone, PEOPLE - count),
        "accounts gone": (batch.gone, PEOPLE - count),
        "begun": (told.filter(verb="people.import_begun").count(), 1),
        "imported": (told.filter(verb="people.imported").count(), 1),
        "undoings": (told.filter(verb="people.import_undone").count(), int(count == 0)),
        "each imported": (
            Entry.objects.filter(verb="affiliation.imported", facts__batch=str(batch.pk)).count(),
            PEOPLE,
        ),
        "files": (Upload.objects.count(), 0),
        "work left": (int(batch.working_at is not None), 0),
    }
    return [f"{name}: {have} instead of {wanted}" for name, (have, wanted) in found.items() if have != wanted]


if __name__ == "__main__":
    django.setup()
    sys.exit(1 if main(int(sys.argv[1])) else 0)
