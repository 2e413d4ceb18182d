"""Credentials at the rate of the machine: signing, issuing one and many, revoking; each beside its floor.

Two groups stand apart, by name, since they take minutes: `flat` issues 100 000 from one list, and `million` shows the
page of a badge beside a million of them.
"""

import resource
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils import timezone

from jalon.accounts.models import Person
from jalon.core.openbadges import dataintegrity, documents
from jalon.core.openbadges.template import Batch as Signing
from jalon.core.openbadges.template import badge_values
from jalon.credentials import actions, batches, compiled, queries
from jalon.credentials.contexts import contexts
from jalon.credentials.models import Award, Credential, StatusList
from jalon.demo.figures import Figure, per_second
from jalon.demo.figures.issuing import issue_one
from jalon.demo.story import Story

SIGNED = 5_000
MANY = 20_000
REVOKED = 100
NUMBER = count(1)


def figures(story: Story) -> Iterator[Figure]:
    award = story.awards["explorer"]
    yield from signing(award)
    yield from one(award, 300)
    yield from bulk(award.level_key, MANY)
    yield from revoking(award)


def one(like: Award, size: int) -> Iterator[Figure]:
    """Issue and sign, with standing, letter, log and journal, for people who have an account already."""
    people = iter(Person.objects.filter(email__in=make_people(size + 1)))
    processor = time.process_time()
    rate = per_second(lambda: issue_one(like, next(people)), times=size)
    note = f"one process; by its processor time alone: {(size + 1) / (time.process_time() - processor):.0f}/s"
    yield Figure("issue one, by the verb of the page", rate, "/s", "≥ 150/s", note=note)


def signing(award: Award) -> Iterator[Figure]:
    """The compiled template beside the bare signature, and beside the full algorithm."""
    key, message = Ed25519PrivateKey.generate(), bytes(64)
    floor = per_second(lambda: key.sign(message), times=SIGNED)
    yield Figure("floor: Ed25519 alone", floor, "/s", note="64 bytes, nothing else")
    credential = queries.with_all_to_sign().exclude(signed_at=None).get(award=award, language=award.language)
    awarded = queries.awarded(credential)
    document = documents.open_badge_credential(awarded)
    public, private = actions.signing_key("ED25519")
    options: dict[str, Any] = {
        "verification_method": queries.method_of(public),
        "created": timezone.now().replace(microsecond=0),
    }
    batch = Signing(compiled.template_of(document), key=private, **options)
    values = badge_values(awarded)
    rate = per_second(lambda: batch.sign(values), times=SIGNED)
    yield Figure("sign eddsa-rdfc-2022, compiled", rate, "/s", "≥ 10 000/s", note=f"{rate / floor:.0%} of the floor")

    def slowly() -> object:
        return dataintegrity.sign_eddsa(document, key=private, contexts=contexts(), **options)

    yield Figure("sign eddsa-rdfc-2022, full algorithm", per_second(slowly, times=100), "/s", note="peer: about 150/s")


def bulk(level_key: str, size: int) -> Iterator[Figure]:
    """A batch from its file to its last badge: rows, entries, signatures, log, standings, hours and letters."""
    emails = make_people(size)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        path.write_text("\n".join(["courriel", *emails]))
        began = time.perf_counter()
        asked = batches.Asked(level_key)
        batch = batches.prepare(path=path, name=path.name, asked=asked, by=None, at=timezone.now())
        yield Figure("read and check a list", size / (time.perf_counter() - began), "lines/s", note=f"{size} lines")
    batches.begin(batch=batch, by=None, at=timezone.now(), runs=False)
    before = memory()
    processor = time.process_time()
    marks = [(0, time.perf_counter())]
    batches.go_on(
        batch_id=batch.pk,
        at=timezone.now(),
        progress=lambda done: marks.append((marks[-1][0] + done, time.perf_counter())),
    )
    own = size / (time.process_time() - processor)
    note = f"{size} credentials, one process; by its processor time alone: {own:.0f}/s"
    yield Figure("issue many, from a list", rate_of(marks), "/s", "≥ 1 500/s", note=note)
    tenth = max(1, (len(marks) - 1) // 10)
    first, last = rate_of(marks[: tenth + 1]), rate_of(marks[-tenth - 1 :])
    yield Figure("… last tenth beside the first", 100 * last / first, "%", "≥ 90 %")
    yield Figure("… memory gained", memory() - before, "MB", "flat")


def make_people(size: int) -> list[str]:
    """Return the addresses of so many fictional people, who now exist."""
    run = next(NUMBER)
    emails = [f"personne-{run}-{number}@bench.example" for number in range(size)]
    for start in range(0, size, 5_000):
        Person.objects.bulk_create(
            Person(email=email, legal_name="Personne de la Mesure", password="!")  # noqa: S106 - nobody signs in
            for email in emails[start : start + 5_000]
        )
    return emails


def rate_of(marks: list[tuple[int, float]]) -> float:
    return (marks[-1][0] - marks[0][0]) / (marks[-1][1] - marks[0][1])


def memory() -> float:
    """Return the most that the process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def revoking(like: Award) -> Iterator[Figure]:
    """From the revocation to the list that says so, and how often it was signed for a hundred of them."""
    awards = [issue_one(like) for _ in range(REVOKED)]
    number = Credential.objects.filter(award=awards[0]).values_list("status_list__number", flat=True).get()
    before = actions.publish_status(number=number, at=timezone.now())
    began = time.perf_counter()
    served = {before}
    for award in awards:
        actions.revoke(award=award, reason="Mesure", by=None, at=timezone.now())
        served.add(actions.publish_status(number=number, at=timezone.now()))
    took = time.perf_counter() - began
    ended = time.perf_counter()
    while StatusList.objects.filter(number=number, is_stale=True).exists():
        served.add(actions.publish_status(number=number, at=timezone.now()))
    yield Figure("revoke → status list served", time.perf_counter() - ended, "s", "≤ 1 s", note="after the last of all")
    yield Figure("… list signed", len(served) - 1, "times", "once/s", note=f"{REVOKED} revocations in {took:.1f} s")
