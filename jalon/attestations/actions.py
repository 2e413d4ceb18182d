from datetime import datetime
from hashlib import sha256

from django.db import transaction

from jalon.attestations import paper, queries
from jalon.attestations.models import Attestation
from jalon.core.refusals import insist
from jalon.credentials import actions as credentials
from jalon.credentials import queries as credential_queries
from jalon.credentials.models import Award, Credential
from jalon.journal import actions as journal


def draw_up(*, award: Award, language: str, with_answers: bool, at: datetime) -> Attestation:
    """The attestation exists on paper in this form, typeset once and kept; asked again, it is the same file.

    Once its credential was signed anew, a new file with the new signature is kept beside the former, which is still
    known by its SHA-256.

    Raises:
        Refused: the award was revoked.
        KeyUnavailable: a private key cannot be read; nothing was kept, and it can be asked again.
    """
    form = {"language": language, "with_answers": with_answers}
    insist(credential_queries.why_not_use(award))
    if kept := _up_to_date(award, language=language, with_answers=with_answers):
        return kept
    credential = credentials.offer(award=award, language=language, at=at)
    credential = credentials.sign(credential_id=credential.pk, at=at)
    typeset = paper.typeset(
        queries.sheet_for(award, language=language, with_answers=with_answers),
        badge_svg=credential_queries.badge_of(award.release, award.facts["level"]).svg.encode(),
        credential=credential.content,
        made_at=award.awarded_at,
    )
    pdf = credentials.seal(pdf=typeset, at=award.awarded_at)
    with transaction.atomic():
        drawn_at = max(at, credential.signed_at or at)
        defaults = {"award": award, **form, "pdf": pdf, "drawn_at": drawn_at}
        kept, is_new = Attestation.objects.get_or_create(sha256=sha256(pdf).hexdigest(), defaults=defaults)
        if is_new:
            journal.record("attestation.drawn_up", by=None, at=at, about=kept, facts={"language": language})
    return kept


def _up_to_date(award: Award, *, language: str, with_answers: bool) -> Attestation | None:
    """Return the last paper in this form, if its credential was not signed anew since."""
    kept = award.attestations.filter(language=language, with_answers=with_answers).order_by("drawn_at").last()
    signed_since = Credential.objects.filter(award=award, language=language)
    return kept if kept and not signed_since.filter(signed_at__gt=kept.drawn_at).exists() else None
