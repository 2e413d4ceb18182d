"""Kill a process again and again while it issues and takes back, then finish by the one command, and audit.

    python -m tests.credentials.kills KILLS

works on the database that the environment names, which is migrated and may be empty. Each child is made by `fork`,
works until it is killed (SIGKILL) at a moment drawn at random, and leaves whatever it leaves. Prints one JSON object.
"""

import json
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from dataclasses import replace
from pathlib import Path

import django

PEOPLE = 400
LONGEST = 0.6
LEVEL = "sexto/explorer"


def main(kills: int) -> int:
    """Return how many half states are left after each recovery: nothing else than 0 is sound."""
    from jalon.credentials.models import Award

    prepare()
    source = random.Random(20260302)
    left: list[str] = []
    longest = LONGEST
    for number in range(kills):
        close_pools()
        child = os.fork()
        if child == 0:
            work(number)
        time.sleep(source.uniform(0.02, longest))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        if not Award.objects.exists():
            longest *= 2  # this machine is slower than most: killed before its first badge, a child shows nothing
        if number % 10 == 9 or number == kills - 1:
            left += recover()
    print(json.dumps({"kills": kills, "left": left, **counts()}))
    return len(left)


def close_pools() -> None:
    """No connection is shared with a child."""
    from django.db import connection

    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()


def prepare(*, people: int = PEOPLE) -> None:
    """People, a published level and keys exist; the chunks are small, so that a kill falls between and inside them."""
    from django.conf import settings
    from django.utils import timezone

    from jalon.accounts.models import Person
    from jalon.credentials import actions, batches
    from jalon.credentials.models import KEY_KINDS
    from jalon.library import actions as library
    from jalon.library.folder import read_folder

    batches.STEP = 40
    for kind in KEY_KINDS:
        actions.create_key(kind=kind, at=timezone.now())
    Person.objects.bulk_create(
        Person(email=f"personne{number}@kill.example", legal_name="Personne Fictive") for number in range(people)
    )
    library.publish(files=read_folder(settings.ROOT / "packs" / "sexto"), by=None, at=timezone.now())


def work(number: int) -> None:
    """Issue from lists, revoke, correct and take back, until the end."""
    from django.conf import settings

    try:
        source = random.Random(number)
        while True:
            for act in (issue_a_list, revoke_some, correct_some, issue_a_list, take_back_a_list):
                act(source)
    except BaseException:
        os.write(2, f"a child failed, for {settings.JALON_ORIGIN}\n".encode())
        traceback.print_exc()
    os._exit(1)


def issue_a_list(source: random.Random) -> None:
    from django.utils import timezone

    from jalon.credentials import batches

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "liste.csv"
        chosen = source.sample(range(PEOPLE), 150)
        path.write_text("\n".join(["courriel", *(f"personne{one}@kill.example" for one in chosen)]))
        asked = batches.Asked(LEVEL)
        batch = batches.prepare(path=path, name="liste.csv", asked=asked, by=None, at=timezone.now())
    batches.begin(batch=batch, by=None, at=timezone.now(), runs=False)
    batches.go_on(batch_id=batch.pk, at=timezone.now())


def revoke_some(source: random.Random) -> None:
    from django.utils import timezone

    from jalon.credentials import actions
    from jalon.credentials.models import Award

    for award in Award.objects.standing().order_by("?")[:20]:
        actions.revoke(award=award, reason="Essai", by=None, at=timezone.now())


def correct_some(source: random.Random) -> None:
    from django.utils import timezone

    from jalon.core.dossier import Dossier
    from jalon.credentials import actions
    from jalon.credentials.models import Award

    for award in Award.objects.standing().select_related("holder", "release").order_by("?")[:5]:
        facts = Dossier.from_json(award.facts)
        name = "Personne Corrigée" if "Corrigée" not in facts.name else "Personne Fictive"
        actions.correct(award=award, facts=replace(facts, name=name), by=None, at=timezone.now())


def take_back_a_list(source: random.Random) -> None:
    from django.utils import timezone

    from jalon.credentials import batches
    from jalon.credentials.models import Batch

    batch = Batch.objects.filter(withdrawn_at=None).exclude(committed_at=None).order_by("?").first()
    if batch:
        batches.withdraw(batch=batch, reason="Essai", by=None, at=timezone.now())
        batches.go_on(batch_id=batch.pk, at=timezone.now())


def recover() -> list[str]:
    """Finish everything; return what is then still half done."""
    from django.utils import timezone

    from jalon.credentials import actions, log, recovery

    recovery.recover(at=timezone.now())
    actions.checkpoint(at=timezone.now())
    found = [str(one) for one in recovery.audit()] + [str(one) for one in log.problems()]
    return found + [f"row {row}" for row in unequal()]


def unequal() -> list[str]:
    """Return the lines of lists that say something else than the tables."""
    from jalon.credentials.models import Award, BatchRow

    issued = set(BatchRow.objects.filter(state="ISSUED").values_list("award", flat=True))
    return [str(one) for one in issued - set(Award.objects.values_list("pk", flat=True))]


def counts() -> dict[str, int]:
    from jalon.credentials.models import Award, Batch, Credential, Issuance, Revocation

    return {
        "awards": Award.objects.count(),
        "signed": Credential.objects.exclude(signed_at=None).count(),  # one that ended before it was signed never is
        "revocations": Revocation.objects.count(),
        "log": Issuance.objects.count(),
        "batches": Batch.objects.count(),
    }


if __name__ == "__main__":
    django.setup()
    sys.exit(1 if main(int(sys.argv[1])) else 0)
