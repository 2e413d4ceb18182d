"""Ask for an award in a process of its own, as a server does that was started again: what comes back is the same.

    python -m tests.credentials.again KEY NAME

works on the database that the environment names, which is migrated. Prints one JSON object.
"""

import json
import sys
from dataclasses import replace
from datetime import UTC, datetime

import django

MONDAY = datetime(2026, 3, 2, 15, 19, tzinfo=UTC)


def main(key: str, name: str) -> dict[str, object]:
    from jalon.accounts.models import Person
    from jalon.core.refusals import Refused
    from jalon.credentials import actions, batches, bulk
    from jalon.credentials.models import Credential, Issuance
    from tests.credentials import kills

    if not Person.objects.exists():
        kills.prepare(people=1)
    release = batches.release_for(kills.LEVEL)
    level = release.pack.level(kills.LEVEL.partition("/")[2])
    facts = replace(bulk.dossier(bulk.Common(release, level, None, "", ""), at=MONDAY), name=name)
    asked = {"level_key": kills.LEVEL, "release": release, "facts": facts, "language": "fr-ca", "key": key}
    try:
        answer = actions.issue(holder=Person.objects.get(), by=None, at=MONDAY, **asked).code
    except Refused as refused:
        answer = refused.refusal.code
    return {"answer": answer, "made": [Credential.objects.count(), Issuance.objects.count()]}


if __name__ == "__main__":
    django.setup()
    print(json.dumps(main(*sys.argv[1:])))
