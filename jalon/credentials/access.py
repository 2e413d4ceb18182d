"""Who may award a level to many people, and until when a batch can be changed."""

from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from jalon.accounts.access import why_not_register
from jalon.accounts.models import Person
from jalon.core.refusals import Refusal
from jalon.credentials.models import LONGEST_REASON, Batch
from jalon.library.access import why_not_start
from jalon.library.models import Release
from jalon.places.models import Body


def why_not_open(person: Person | AnonymousUser | None, *, holder: UUID, is_closed: bool) -> Refusal | None:
    """Say why the page and the papers of a badge stay shut: its holder closed them to everybody else."""
    is_theirs = is_closed and isinstance(person, Person) and person.pk == holder
    return None if is_theirs or not is_closed else Refusal("badge-closed")


def why_not_batch(person: Person, body: Body | None, release: Release, level_key: str) -> Refusal | None:
    """Say why this person may not award this level to members of this body.

    A registrar confirms who works there, and may enter a level that a quiz decides; what a reviewer decides is never
    entered from a list.
    """
    if body is None or why_not_register(person, body.pk):
        return Refusal("registrars-only")
    level = release.pack.level(level_key.partition("/")[2])
    if level is None:
        return Refusal("level-unknown", {"level": level_key})
    return None if level.passing.is_automatic else Refusal("level-needs-reviewer", {"level": level.title})


def why_not_change(batch: Batch) -> Refusal | None:
    return Refusal("batch-begun") if batch.committed_at or batch.withdrawn_at else None


def why_not_begin(batch: Batch) -> Refusal | None:
    if batch.withdrawn_at:
        return Refusal("batch-withdrawn")
    if withdrawn := why_not_start(batch.release):
        return withdrawn
    return None if batch.rows.exclude(state="PROBLEM").exists() else Refusal("batch-empty")


def why_not_reason(reason: str) -> Refusal | None:
    if not reason.strip():
        return Refusal("revocation-needs-reason")
    if len(reason.strip()) > LONGEST_REASON:
        return Refusal("revocation-reason-too-long", {"longest": LONGEST_REASON})
    return None


def why_not_take_back(batch: Batch, reason: str) -> Refusal | None:
    if batch.withdrawn_at:
        return Refusal("batch-taken-back", {"reason": batch.reason.removesuffix(".")})
    return why_not_reason(reason)


def who_answers(batch: Batch) -> str:
    """Return the name of who answers for the levels of a batch: the school body, else the operator of the site."""
    return batch.body.name if batch.body else settings.JALON_OPERATOR
