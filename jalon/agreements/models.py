"""What police services signed, with the prosecutor or with a school body, and what became of it."""

from datetime import date
from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from jalon.accounts.models import Person
from jalon.core import agreements as core
from jalon.core.periods import Period
from jalon.core.privacy import Privacy
from jalon.places.models import Body, PoliceService

KINDS = {"PROSECUTOR": "prosecutor and police service", "SCHOOL_BODY": "school body and police service"}
ACTS = {"SUSPENDED": "suspended", "REINSTATED": "reinstated", "EXTENDED": "extended", "ENDED": "ended"}
# What an agreement of s. 214.1 lets pass between the school and the police.
FLOWS = {
    "REPORT": "report of an event",
    "FOLLOW_UP": "follow-up given by the police",
    "PREVENTION": "prevention activities",
    "EMERGENCY": "emergency measures",
}


class Coordinator(models.Model):
    """A person who keeps the agreements of one police service's territory true."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="coordinators")
    police_service = models.ForeignKey(PoliceService, models.PROTECT, related_name="coordinators")

    privacy = Privacy(personal={"person"}, keep="until the role is taken away; the journal keeps the act")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "police_service"], name="coordinator_once_per_territory")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def opening(self) -> Self:
        """Those that open a restricted program: signed by the prosecutor."""
        return self.filter(kind=core.Kind.PROSECUTOR)

    def of_the_same_parties(self, *, kind: str, police_service: PoliceService, body: Body | None) -> Self:
        return self.filter(kind=kind, police_service=police_service, body=body)

    def lasting(self) -> Self:
        """Those that hold a day: one that was ended on its first day was a mistake, and holds none."""
        return self.filter(closes_on__gt=F("starts_on"))

    def overlapping(self, period: Period) -> Self:
        """Those that hold a day of the period."""
        found = self.lasting().filter(closes_on__gt=period.starts_on)
        return found if period.ends_on is None else found.filter(starts_on__lt=period.ends_on)

    def ending_before(self, day: date, *, after: date) -> Self:
        """Those that hold on the day `after` and no longer on `day`."""
        return self.filter(starts_on__lte=after, closes_on__gt=after, closes_on__lte=day)

    def visible_to(self, person: Person) -> Self:
        """Those of the territories that this person coordinates; another's do not exist for them."""
        return self.filter(police_service__coordinators__person=person)


class Agreement(models.Model):
    """An agreement as it was signed; what became of it since is in its changes."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=KINDS)
    police_service = models.ForeignKey(PoliceService, models.PROTECT, related_name="agreements")
    body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="agreements")
    reference = models.CharField(max_length=60)
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="As signed; the last day is excluded.")
    closes_on = models.DateField(help_text="As signed, or earlier when it was ended; the last day is excluded.")
    places = models.JSONField(
        default=list, help_text="Codes of the municipalities and schools covered; none: the whole territory."
    )
    signatories = models.JSONField(default=list, help_text="The roles that signed, never names.")
    representatives = models.JSONField(default=list, help_text="The roles to turn to, never names.")
    flows = models.JSONField(default=list, help_text="What may pass between the school and the police.")
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the signed document, which is not kept.")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    objects = AgreementQuerySet.as_manager()
    privacy = Privacy(personal={"recorded_by"}, keep="10 years after the period")

    class Meta:
        ordering = ["-starts_on", "reference"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="agreement_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("starts_on"), closes_on__lte=F("ends_on")),
                name="agreement_closes_within_its_period",
            ),
            models.CheckConstraint(
                condition=Q(kind="PROSECUTOR", body=None) | Q(kind="SCHOOL_BODY", body__isnull=False),
                name="agreement_kinds_never_mix",
            ),
            models.UniqueConstraint(
                fields=["police_service", "reference"],
                condition=Q(closes_on__gt=F("starts_on")),
                name="agreement_reference_once_per_service",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("agreements:agreement", args=[self.pk])

    @property
    def term(self) -> core.Agreement:
        """Return the rule's view of it; one more query unless the changes were fetched."""
        changes = tuple(core.Change(core.Act(one.act), one.on, frozenset(one.places)) for one in self.changes.all())
        return core.Agreement(self.reference, Period(self.starts_on, self.ends_on), changes, frozenset(self.places))


class Change(models.Model):
    """An agreement was suspended, reinstated, extended or ended from a day on: why, by whom. Never written again."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="changes")
    number = models.PositiveSmallIntegerField()
    act = models.CharField(max_length=20, choices=ACTS)
    on = models.DateField(help_text="The first day on which it counts.")
    places = models.JSONField(default=list, help_text="Codes of what an extension adds.")
    reason = models.TextField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    privacy = Privacy(personal={"by"}, keep="as long as the agreement")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="change_has_its_number"),
            models.CheckConstraint(condition=~Q(reason=""), name="change_needs_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.number}"


class Report(models.Model):
    """The yearly joint report of a school body and a police service was made for a school year."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="reports")
    year = models.PositiveSmallIntegerField(help_text="The school year that begins on 1 July of this year.")
    filed_on = models.DateField()
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the report, which is not kept.")
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    privacy = Privacy(personal={"by"}, keep="as long as the agreement")

    class Meta:
        ordering = ["year"]
        constraints = [models.UniqueConstraint(fields=["agreement", "year"], name="report_once_a_year")]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.year}"

    @property
    def next_year(self) -> int:
        return self.year + 1


class Reminder(models.Model):
    """The coordinators were told that an agreement ends in so many days; once for each."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="reminders")
    days = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    privacy = Privacy(keep="as long as the agreement; no personal data")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "days"], name="reminder_once")]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.days}"
