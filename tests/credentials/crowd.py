"""Issue from as many lists as there are processes, all at once, and tell what came of it.

    python -m tests.credentials.crowd AWARDS

works on the database that the environment names, which is migrated and empty. Prints one JSON object.
"""

import json
import os
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

import django

PROCESSES = 8
LEVEL = "sexto/explorer"


def main(awards: int) -> int:
    """Return 0 when each process ended well."""
    from tests.credentials.kills import close_pools, prepare

    prepare(people=awards)
    lists = [begun(range(start, awards, PROCESSES)) for start in range(PROCESSES)]
    close_pools()
    children = [child(batch) for batch in lists]
    failed = sum(os.waitstatus_to_exitcode(os.waitpid(one, 0)[1]) != 0 for one in children)
    print(json.dumps(told()))
    return failed


def begun(numbers: range) -> object:
    """Return the key of a list of these people, begun and not gone on with."""
    from django.utils import timezone

    from jalon.credentials import batches

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "liste.csv"
        path.write_text("\n".join(["courriel", *(f"personne{one}@kill.example" for one in numbers)]))
        asked = batches.Asked(LEVEL)
        batch = batches.prepare(path=path, name=f"{numbers.start}.csv", asked=asked, by=None, at=timezone.now())
    batches.begin(batch=batch, by=None, at=timezone.now(), runs=False)
    return batch.pk


def child(batch: object) -> int:
    """Start a process that finishes the list; return its number."""
    from django.utils import timezone

    from jalon.credentials import batches

    started = os.fork()
    if started == 0:
        code = 1
        try:
            batches.go_on(batch_id=batch, at=timezone.now())
            code = 0
        finally:
            os._exit(code)
    return started


def told() -> dict[str, object]:
    from jalon.credentials.models import Award, Credential, Issuance
    from tests.credentials.kills import recover

    entries = list(Credential.objects.order_by("reserved_at", "id").values_list("status_list", "status_index"))
    return {
        "awards": Award.objects.count(),
        "codes": Award.objects.values("code").distinct().count(),
        "entries": len(set(entries)),
        "neighbours": sum(abs(one[1] - next_[1]) <= 1 for one, next_ in pairwise(entries)),
        "signed": Credential.objects.exclude(signed_at=None).count(),
        "log": Issuance.objects.count(),
        "left": recover(),
    }


if __name__ == "__main__":
    django.setup()
    sys.exit(1 if main(int(sys.argv[1])) else 0)
