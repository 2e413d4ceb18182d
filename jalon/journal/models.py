from datetime import UTC
from typing import Self

from django.conf import settings
from django.db import models

from jalon.core import chain
from jalon.core.ids import uuid7
from jalon.core.privacy import Privacy


class EntryQuerySet(models.QuerySet["Entry"]):
    def sealed(self) -> Self:
        """Those that have their number in the chain, in the order of the chain."""
        return self.exclude(number=None).order_by("number")

    def unsealed(self) -> Self:
        """Those that wait for their number, in the order that they will have."""
        return self.filter(number=None).order_by("at", "id")


class Entry(models.Model):
    """One act. `about` is a kind and a key, not a foreign key: the line stays when the row does not."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField()
    verb = models.CharField(max_length=60, help_text="kind.past_participle, for example submission.approved")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    about_kind = models.CharField(max_length=60)
    about_id = models.UUIDField()
    facts = models.JSONField(default=dict, help_text="Codes, numbers and dates only: never a name, never a text.")
    number = models.BigIntegerField(
        null=True, unique=True, help_text="Its place in the chain, given when it is sealed."
    )
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of this line and of the digest before it.")

    objects = EntryQuerySet.as_manager()
    privacy = Privacy(personal={"by"}, keep="as long as the record it speaks of")

    class Meta:
        ordering = ["at", "id"]
        verbose_name_plural = "entries"
        indexes = [
            models.Index(fields=["about_kind", "about_id"], name="journal_about"),
            models.Index(fields=["at", "id"], name="journal_in_order"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(verb__contains="."), name="journal_verb_has_kind_and_participle"),
            models.CheckConstraint(
                condition=models.Q(number=None, digest="") | (models.Q(number__gte=1) & ~models.Q(digest="")),
                name="journal_number_has_its_digest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.about_kind} {self.about_id}"

    def said(self) -> dict[str, object]:
        """Return everything that the line says, as the chain sees it."""
        return {
            "id": str(self.pk),
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "verb": self.verb,
            "by": str(self.by_id) if self.by_id else None,
            "about": [self.about_kind, str(self.about_id)],
            "facts": self.facts,
        }

    def as_line(self) -> chain.Line:
        """Return a sealed line for the rule that checks the chain."""
        return chain.Line(self.number or 0, self.at, self.said(), self.digest)
