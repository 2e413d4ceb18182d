"""Awards made by the verbs themselves, with keys that sign: what the tests of proofs start from."""

from datetime import UTC, datetime

from jalon.core.dossier import Dossier
from jalon.credentials import actions
from jalon.credentials.models import KEY_KINDS, Award, Credential, Key
from tests.factories import AwardFactory, PersonFactory, ReleaseFactory, SubmissionFactory

MONDAY = datetime(2026, 3, 2, 15, 19, tzinfo=UTC)


def make_keys(at: datetime = MONDAY) -> dict[str, Key]:
    return {kind: actions.create_key(kind=kind, at=at) for kind in KEY_KINDS}


def wanted(**traits) -> dict[str, object]:
    """What `issue` is asked for: somebody obtained a level of the small pack on Monday."""
    holder = traits.pop("holder", None) or PersonFactory()
    release = traits.pop("release", None) or ReleaseFactory()
    if traits.pop("answered", False):
        sent = SubmissionFactory(enrolment__person=holder, enrolment__release=release)
        traits |= {"level_key": f"{release.pack.id}/second", "minutes": 120, "of_submission": sent}
    award = AwardFactory.build(holder=holder, release=release, **traits)
    return {
        "holder": holder,
        "level_key": award.level_key,
        "release": release,
        "facts": Dossier.from_json(award.facts),
        "language": award.language,
        "by": None,
        "at": MONDAY,
    }


def issued(**traits) -> Award:
    """An award that exists, whose credential is in preparation."""
    return actions.issue(**wanted(**traits))


def signed(**traits) -> Award:
    """An award whose credential is signed."""
    award = issued(**traits)
    actions.sign(credential_id=award.credentials.get().pk, at=MONDAY)
    return award


def credential_of(award: Award, language: str = "fr-ca") -> Credential:
    return Credential.objects.select_related("award", "status_list").get(award=award, language=language)
