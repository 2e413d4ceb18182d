from django.db import models

from jalon.accounts.models import Person
from jalon.core.ids import uuid7
from jalon.core.privacy import Privacy

KINDS = {"TRAINING": "training"}


class Entry(models.Model):
    """Recognized minutes of one person on one day, with the award that proves them."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="hours")
    kind = models.CharField(max_length=20, choices=KINDS)
    minutes = models.PositiveIntegerField()
    earned_on = models.DateField()
    title_fr = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    award = models.UUIDField(unique=True, help_text="The key of the award that proves them.")

    privacy = Privacy(personal={"person"}, keep="as long as the award")

    class Meta:
        ordering = ["earned_on", "id"]
        verbose_name_plural = "entries"
        constraints = [models.CheckConstraint(condition=models.Q(minutes__gt=0), name="hours_are_positive")]

    def __str__(self) -> str:
        return str(self.pk)
