"""Awards, credentials, batches, the log and the attestations."""

import secrets
from datetime import date
from hashlib import sha256
from uuid import uuid4

import factory
from factory.django import DjangoModelFactory

from jalon.attestations.models import Attestation
from jalon.core import codes
from jalon.core.dossier import Basis, Content, Dossier
from jalon.core.openbadges import status
from jalon.credentials.models import (
    Award,
    Batch,
    BatchRow,
    Checkpoint,
    Credential,
    Issuance,
    Key,
    Request,
    Revocation,
    SelfCheck,
    StatusList,
)
from jalon.training.evidence import evaluated
from tests.factories.accounts import PersonFactory
from tests.factories.library import ReleaseFactory
from tests.factories.moments import MONDAY
from tests.factories.training import SubmissionFactory


class KeyFactory(DjangoModelFactory):
    """The public half of a fictional key; `actions.create_key` makes one that signs."""

    class Meta:
        model = Key

    class Params:
        retired = factory.Trait(retired_at=MONDAY)

    kid = factory.Sequence(lambda number: f"ed25519-{number}")
    kind = "ED25519"
    public = "z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVd"
    created_at = MONDAY


class StatusListFactory(DjangoModelFactory):
    class Meta:
        model = StatusList

    number = factory.Sequence(lambda number: number + 1)
    bits = factory.LazyFunction(status.empty)


def dossier(award) -> dict[str, object]:
    """The frozen facts of an award: those of the second level bear a reviewer, those of the first a score."""
    level = award.release.pack.level(award.level_key.rpartition("/")[2])
    pack = award.release.pack
    by_person = not level.passing.is_automatic
    return Dossier(
        name=award.holder.legal_name,
        level=level.id,
        level_number=level.number,
        program_title=pack.title,
        level_title=level.title,
        badge_name=pack.badge_of(level).name,
        badge_description=pack.badge_of(level).description,
        minutes=level.minutes,
        awarded_on=award.awarded_on,
        awarded_at=award.awarded_at,
        zone="America/Toronto",
        issuer="Organisme fictif",
        issuer_url="http://localhost:8000",
        content=Content(pack.id, award.release.version, award.release.sha256),
        basis=Basis(
            school="École fictive de la Boussole",
            body="Centre de services fictif des Jalons",
            role="TEACHER",
            territory="Territoire fictif du Nord",
            police_service="Police fictive de Rivière-Inventée",
            confirmed_on=date(2026, 2, 3),
            checked_on=date(2026, 2, 27),
        ),
        decided_by="Noa Fictif" if by_person else "",
        score=None if by_person else 92,
        submission=str(award.of_submission.pk) if award.of_submission else "",
        partners=tuple(partner.name for partner in pack.partners),
        evaluated=evaluated(pack, level, accepted_on=award.awarded_on),
    ).as_json()


class AwardFactory(DjangoModelFactory):
    """The first level of the small pack; `answered` is its second level, with answers that a reviewer accepted."""

    class Meta:
        model = Award
        exclude = ("of_submission",)

    class Params:
        answered = factory.Trait(
            level_key=factory.LazyAttribute(lambda award: f"{award.release.pack.id}/second"),
            minutes=120,
            of_submission=factory.SubFactory(
                SubmissionFactory,
                enrolment__person=factory.SelfAttribute("...holder"),
                enrolment__release=factory.SelfAttribute("...release"),
            ),
        )

    of_submission = None
    code = factory.LazyFunction(lambda: codes.new(secrets.randbelow))
    holder = factory.SubFactory(PersonFactory)
    release = factory.SubFactory(ReleaseFactory)
    level_key = factory.LazyAttribute(lambda award: f"{award.release.pack.id}/first")
    minutes = 180
    awarded_on = MONDAY.date()
    awarded_at = MONDAY
    language = "fr-ca"
    facts = factory.LazyAttribute(dossier)


class CredentialFactory(DjangoModelFactory):
    """One in preparation; `actions.sign` signs it."""

    class Meta:
        model = Credential

    award = factory.SubFactory(AwardFactory)
    language = "fr-ca"
    status_list = factory.SubFactory(StatusListFactory)
    status_index = factory.LazyFunction(lambda: secrets.randbelow(status.ENTRIES))
    reserved_at = MONDAY


class RevocationFactory(DjangoModelFactory):
    class Meta:
        model = Revocation

    award = factory.SubFactory(AwardFactory, is_current=None)
    reason = "Erreur d’identité"
    by = factory.SubFactory(PersonFactory)
    at = MONDAY


class RequestFactory(DjangoModelFactory):
    class Meta:
        model = Request

    key = factory.Sequence(lambda number: f"demande-{number}")
    fingerprint = factory.Sequence(lambda number: f"{number:064x}")
    at = MONDAY


class IssuanceFactory(DjangoModelFactory):
    """A line of the log that no checkpoint has numbered yet."""

    class Meta:
        model = Issuance

    credential = factory.LazyFunction(uuid4)
    digest = factory.LazyFunction(lambda: secrets.token_hex(32))
    kid = "ed25519-fictive"
    at = MONDAY


class CheckpointFactory(DjangoModelFactory):
    """Of an empty log, by nobody's key; `actions.checkpoint` makes a true one."""

    class Meta:
        model = Checkpoint

    size = 0
    root = sha256(b"").hexdigest()
    frontier = ""
    kid = "log-fictive"
    signature = "00" * 64
    at = MONDAY


class BatchFactory(DjangoModelFactory):
    """One that was read and not yet begun; `batches.prepare` reads a true file."""

    class Meta:
        model = Batch

    release = factory.SubFactory(ReleaseFactory)
    level_key = factory.LazyAttribute(lambda batch: f"{batch.release.pack.id}/first")
    name = "liste.csv"
    fingerprint = factory.Sequence(lambda number: f"{number:064x}")
    headings = ["Courriel", "Nom"]
    columns = {"email": "Courriel", "name": "Nom"}
    at = MONDAY


class BatchRowFactory(DjangoModelFactory):
    class Meta:
        model = BatchRow

    batch = factory.SubFactory(BatchFactory)
    line = factory.Sequence(lambda number: number + 2)
    cells = factory.LazyAttribute(lambda row: {"Courriel": row.email, "Nom": row.name})
    email = factory.Sequence(lambda number: f"ligne{number}@ecole.example")
    name = "Camille Exemple"


class SelfCheckFactory(DjangoModelFactory):
    class Meta:
        model = SelfCheck

    at = MONDAY
    library = "openbadgeslib 0"
    checked = 3


class AttestationFactory(DjangoModelFactory):
    """A kept file that is no real PDF; `actions.draw_up` typesets one."""

    class Meta:
        model = Attestation

    award = factory.SubFactory(AwardFactory)
    language = "fr-ca"
    with_answers = False
    pdf = b"%PDF-1.7"
    sha256 = factory.Sequence(lambda number: f"{number:064x}")
    drawn_at = MONDAY
