from datetime import datetime
from hashlib import sha256

from django.db import transaction

from jalon.attestations import paper, queries
from jalon.attestations.models import Attestation
from jalon.core.refusals import insist
from jalon.credentials import actions as credentials
from jalon.credentials import queries as credential_queries
from jalon.credentials.models import Award
from jalon.journal import actions as journal


def draw_up(*, award: Award, language: str, with_answers: bool, at: datetime) -> Attestation:
    """The attestation exists on paper in this form, typeset once and kept; asked again, it is the same file.

    Raises:
        Refused: the award was revoked.
        KeyUnavailable: a private key cannot be read; nothing was kept, and it can be asked again.
    """
    form = {"language": language, "with_answers": with_answers}
    insist(credential_queries.why_not_use(award))
    if kept := Attestation.objects.filter(award=award, **form).first():
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
        defaults = {"pdf": pdf, "sha256": sha256(pdf).hexdigest(), "drawn_at": at}
        kept, is_new = Attestation.objects.get_or_create(award=award, **form, defaults=defaults)
        if is_new:
            journal.record("attestation.drawn_up", by=None, at=at, about=kept, facts={"language": language})
    return kept
