from django.db import models

from jalon.accounts.models import Person
from jalon.core.ids import uuid7
from jalon.core.privacy import Privacy


class Message(models.Model):
    """One mail in the outbox. It says that something waits, never what: see docs/explanation/privacy.md."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    to = models.ForeignKey(Person, models.PROTECT, null=True, related_name="messages")
    address = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    last_error = models.CharField(max_length=200, blank=True)

    privacy = Privacy(
        personal={"to", "address", "body"}, keep="30 days after it was written; as long as it waits to be sent"
    )

    class Meta:
        ordering = ["queued_at", "id"]
        indexes = [
            models.Index(fields=["next_try_at"], condition=models.Q(sent_at=None), name="notices_waiting"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
