from uuid import uuid4

from django.db import models

from jalon.accounts.models import LANGUAGES
from jalon.core.privacy import Privacy
from jalon.credentials.models import Award


class Attestation(models.Model):
    """One typeset file, kept as it was first made, and known by its SHA-256 for ever.

    The same form of an award has a second one when its credential was signed anew in between.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    award = models.ForeignKey(Award, models.PROTECT, related_name="attestations")
    language = models.CharField(max_length=5, choices=LANGUAGES)
    with_answers = models.BooleanField()
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64, unique=True)
    drawn_at = models.DateTimeField()

    privacy = Privacy(personal={"pdf"}, keep="as long as the award")

    def __str__(self) -> str:
        return str(self.pk)
