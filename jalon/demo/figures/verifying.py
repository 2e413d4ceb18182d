"""Verifications per second: what a stranger submits, what the same costs without a known shape, our own by code."""

import io
import os
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test.utils import override_settings
from django.utils import timezone

from jalon.attestations import checking, proofs
from jalon.core.openbadges import dataintegrity, documents, jcs, jsonld, keys
from jalon.credentials.contexts import contexts
from jalon.demo.figures import Figure, median, milliseconds
from jalon.demo.story import Story

KEY = Ed25519PrivateKey.from_private_bytes(sha256(b"a fictional issuer that is only measured").digest())
DID = keys.did_key(KEY.public_key())
AT = datetime(2026, 3, 2, 15, 19, tzinfo=UTC)
TIMES = 600
WARM = 4  # the first files of a child make it meet their shape


def figures(story: Story) -> Iterator[Figure]:
    now = timezone.now()
    # As on a real site: in development each query is also written out, which costs more than the query.
    with override_settings(JALON_TRUSTED_ISSUERS=DID, DEBUG=False):
        full = 50 / cpu_seconds(lambda: [jsonld.digest(document(0), contexts()) for _ in range(50)])
        note = f"each different, in a child; expanding and canonicalizing alone, in full: {full:.0f}/s"
        same = rate([foreign(number) for number in range(TIMES + WARM)], now)
        yield Figure("verify a foreign JSON credential, one core", same, "/s", "≥ 300/s", note=note)
        unlike = rate([foreign(number, tags=number + 1) for number in range(60 + WARM)], now)
        yield Figure("… of a shape never met before", unlike, "/s")
        again = rate([foreign(0)] * (TIMES + WARM), now)
        yield Figure("… submitted again", again, "/s")
        poison = jcs.canonical(document(0, twins=12) | {"proof": dataintegrity.proof_of(signed(document(0)))})
        taken = milliseconds(lambda: checking.check_file("a.json", poison, now=now), times=5)
        yield Figure("refuse twelve blank nodes that look alike", median(taken), "ms", "≤ 2 000 ms")
        many = archive({f"{number}.json": poison for number in range(100)})
        taken = [cpu_seconds(lambda: checking.check_file("a.zip", many, now=now)) * 1000 for _ in range(5)]
        note = "processor time in all"
        yield Figure("… an archive of a hundred of them", median(taken), "ms", "≤ 2 000 ms", note=note)
        proofs.CREW.dismiss()
        code = story.awards["architect"].code
        checking.check_code(code, now=now)
        own = 2_000 / cpu_seconds(lambda: [checking.check_code(code, now=now) for _ in range(2_000)])
        note = "keys, status and replacement read each time"
        yield Figure("verify our own by code, one core", own, "/s", "≥ 2 000/s", note=note)


def rate(files: list[bytes], now: datetime) -> float:
    """Return how many files are found valid in a second of one core, the child's time included and its start not."""
    start = cpu_seconds(lambda: check_all(files[:WARM], now))
    return (len(files) - WARM) / (cpu_seconds(lambda: check_all(files, now)) - start)


def check_all(files: list[bytes], now: datetime) -> None:
    for file in files:
        (found,) = checking.check_file("a.json", file, now=now)
        assert found.verdict == "valid", found


def cpu_seconds(work: Callable[[], object]) -> float:
    """Return the processor time of some work, here and in the children, begun with none and with nothing remembered."""
    proofs.HELD.clear()
    proofs.CREW.dismiss()
    before = sum(os.times()[:4])
    work()
    proofs.CREW.dismiss()
    return sum(os.times()[:4]) - before


def archive(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return packed.getvalue()


def foreign(number: int, *, tags: int = 1) -> bytes:
    return jcs.canonical(signed(document(number, tags=tags)))


def signed(unsigned: dict[str, Any]) -> dict[str, Any]:
    method = f"{DID}#{DID.removeprefix('did:key:')}"
    return dataintegrity.sign_eddsa(unsigned, key=KEY, verification_method=method, created=AT, contexts=contexts())


def document(number: int, *, tags: int = 1, twins: int = 0) -> dict[str, Any]:
    """Return a credential of a fictional issuer, about as large as ours."""
    achievement = documents.Achievement(
        id="https://badges.example/achievements/1",
        name="Premiers pas",
        description="Un insigne fictif qui ne sert qu’à mesurer. " * 10,
        criteria="- Suivre les leçons\n- Réussir le questionnaire",
        language="fr-CA",
        tags=tuple(f"mot-{place}" for place in range(tags)),
        related=(documents.Related("https://badges.example/achievements/2", "en-CA"),),
        alignments=(documents.Alignment("Objectif", "https://badges.example/objectif"),) * twins,
    )
    awarded = documents.AwardedCredential(
        id=f"https://badges.example/credentials/{number}",
        issuer=documents.Profile(DID, "Émetteur fictif", "https://badges.example/"),
        achievement=achievement,
        subject_id=f"urn:uuid:00000000-0000-4000-8000-{number:012d}",
        valid_from=AT,
        awarded_on=date(2026, 3, 2),
        status=None,
        holder_name=f"Personne {number} de la Mesure",
        code=f"MESURE-{number}",
    )
    return documents.open_badge_credential(awarded)
