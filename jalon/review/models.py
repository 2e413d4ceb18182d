from datetime import timedelta
from uuid import uuid4

from django.db import models
from django.db.models import Q

from jalon.accounts.models import Person
from jalon.core.privacy import Privacy
from jalon.training.models import Submission

UNDOING = timedelta(minutes=10)


class Outcome(models.TextChoices):
    ACCEPTED = "ACCEPTED", "accepted"
    TO_REWORK = "TO_REWORK", "to rework"


class Claim(models.Model):
    """A reviewer reads a request now; others see who and until when. It lapses by itself."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    submission = models.OneToOneField(Submission, models.CASCADE, related_name="claim")
    reviewer = models.ForeignKey(Person, models.PROTECT, related_name="claims")
    until = models.DateTimeField()
    notes = models.TextField(blank=True, help_text="Private to the reviewer.")

    privacy = Privacy(personal={"reviewer", "notes"}, keep="until the decision")

    def __str__(self) -> str:
        return str(self.pk)


class Decision(models.Model):
    """A request was accepted, or goes back with advice. Who, when and whether can never disagree."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    submission = models.OneToOneField(Submission, models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    advice = models.TextField(blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="decisions")
    at = models.DateTimeField()
    notice = models.UUIDField(null=True, help_text="The key of the mail about it: undone, it never leaves.")
    award = models.UUIDField(null=True, unique=True, help_text="The key of the award that it made at once.")

    privacy = Privacy(personal={"by", "advice"}, keep="as long as the submission")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(outcome="ACCEPTED") | ~Q(advice=""), name="returning_needs_advice"),
            models.CheckConstraint(condition=Q(outcome="ACCEPTED") | Q(award=None), name="returning_makes_no_award"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class SecondReading(models.Model):
    """What another reviewer would have decided, without knowing the decision. It changes nothing for the person."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    submission = models.OneToOneField(Submission, models.PROTECT, related_name="second_reading")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    note = models.TextField(blank=True, help_text="For the first reviewer.")
    by = models.ForeignKey(Person, models.PROTECT, related_name="second_readings")
    at = models.DateTimeField()

    privacy = Privacy(personal={"by", "note"}, keep="as long as the submission")

    def __str__(self) -> str:
        return str(self.pk)


class Remark(models.Model):
    """A saved piece of advice, in both languages: it goes out in the language of the person who reads it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    text_fr = models.TextField()
    text_en = models.TextField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="remarks")
    added_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    privacy = Privacy(personal={"by"}, keep="as long as the account of the person who added it")

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text_fr="") & ~Q(text_en=""), name="remark_in_both_languages")
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def text_in(self, language: str) -> str:
        """Return the text in a language of accounts: fr-ca or en-ca."""
        return self.text_en if language.startswith("en") else self.text_fr
