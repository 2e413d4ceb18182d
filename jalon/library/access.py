"""Who may publish what: one function for each permission, which returns the reason or nothing."""

from django.utils.timezone import localdate

from jalon.accounts.models import Person
from jalon.core.refusals import Refusal
from jalon.library.models import LONGEST_REASON, Program, Release


def why_not_publish(program: Program, version: str) -> Refusal | None:
    """Say why this version cannot be published: it exists with other bytes, or a later one does."""
    published = list(program.releases.values_list("version", flat=True))
    if version in published:
        return Refusal("version-already-published", {"program": program.slug, "version": version})
    newest = max(published, key=numbers, default=version)
    if numbers(version) < numbers(newest):
        return Refusal("version-not-newer", {"version": version, "current": newest})
    return None


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split("."))


def why_not_start(release: Release) -> Refusal | None:
    """Say why nobody begins this release: it was withdrawn. Whoever has begun it is not asked."""
    found = release.withdrawal
    if found is None:
        return None
    return Refusal(
        "release-withdrawn",
        {"version": release.version, "withdrawn_on": localdate(found.at), "reason": clause(found.reason)},
    )


def why_not_withdraw(release: Release, reason: str) -> Refusal | None:
    if found := release.withdrawal:
        return Refusal("release-withdrawn-before", {"version": release.version, "reason": clause(found.reason)})
    if not reason.strip():
        return Refusal("withdrawal-needs-reason")
    if len(reason.strip()) > LONGEST_REASON:
        return Refusal("withdrawal-reason-too-long", {"longest": LONGEST_REASON})
    return None


def clause(reason: str) -> str:
    """Return a reason as it goes into a sentence, which ends it with its own full stop."""
    return reason.removesuffix(".")


def why_not_author(person: Person) -> Refusal | None:
    """Say why this person may not read every version whole, with its answers and its endings."""
    return None if person.is_author else Refusal("authors-only")
