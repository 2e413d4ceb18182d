"""Paper, credentials and verifications per second, by the verbs that the pages call."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

from django.db import transaction
from django.utils import timezone

from jalon.accounts.models import Person
from jalon.attestations import checking, paper, queries
from jalon.core.dossier import Dossier
from jalon.credentials import actions as credentials
from jalon.credentials import queries as credential_queries
from jalon.credentials.models import Award, Credential
from jalon.demo.figures import Figure, median, milliseconds, per_second
from jalon.demo.story import Story

NUMBER = count(1)


def figures(story: Story) -> Iterator[Figure]:
    award = story.awards["architect"]
    yield from paper_figures(award)
    yield Figure("issue and sign, one at a time", per_second(lambda: issue_one(award), times=200), "/s", "≥ 60/s")
    yield Figure("issue and sign, 200 in one transaction", bulk_rate(award, 200), "/s")
    signed = Credential.objects.exclude(signed_at=None).filter(award=award).first()
    assert signed is not None
    now, document = timezone.now(), signed.content
    rate = per_second(lambda: checking.check_file("credential.json", document, now=now), times=200)
    yield Figure("verify a JSON credential", rate, "/s", "≥ 300/s")
    code = credential_queries.link(award).rstrip("/").rpartition("/")[2]
    yield Figure("verify by code", per_second(lambda: checking.check_code(code, now=now), times=200), "/s")


def paper_figures(award: Award) -> Iterator[Figure]:
    """Typesetting apart from sealing: the first is the aim, both together are what a first request costs."""
    credential = Credential.objects.filter(award=award).exclude(signed_at=None).first()
    assert credential is not None
    sheet = queries.sheet_for(award, language="fr-ca", with_answers=False)
    svg = credential_queries.badge_of(award.release, award.facts["level"]).svg.encode()

    def typeset() -> bytes:
        return paper.typeset(sheet, badge_svg=svg, credential=credential.content, made_at=award.awarded_at)

    pdf = typeset()
    taken = milliseconds(typeset, times=50)
    yield Figure("typeset an attestation, one page", median(taken), "ms", "≤ 15 ms", note=f"{len(pdf) // 1024} kB")
    yield Figure("attestations typeset", 1000 / median(taken), "/s")
    sealed = milliseconds(lambda: credentials.seal(pdf=pdf, at=award.awarded_at), times=20)
    yield Figure("seal it (PAdES B-B)", median(sealed), "ms")


def issue_one(like: Award, holder: Person | None = None) -> Award:
    """One more fictional person has this award."""
    number = next(NUMBER)
    holder = holder or Person.objects.create_user(f"figure-{number}-{timezone.now().timestamp()}@bench.example")
    facts = replace(Dossier.from_json(like.facts), name=f"Personne {number} de la Mesure")
    return credentials.issue(
        holder=holder,
        level_key=like.level_key,
        release=like.release,
        facts=facts,
        language="fr-ca",
        by=None,
        at=timezone.now(),
    )


def bulk_rate(like: Award, size: int) -> float:
    began = timezone.now()
    with transaction.atomic():
        for _ in range(size):
            issue_one(like)
    return size / (timezone.now() - began).total_seconds()
