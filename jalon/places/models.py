"""Where schools are and who polices those places, with days: school → address → municipality → police service."""

from datetime import date
from typing import Any, Self
from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from jalon.core.periods import Period
from jalon.core.privacy import Privacy
from jalon.core.typography import folded

KINDS = {"SERVICE_CENTRE": "service centre", "BOARD": "school board", "PRIVATE": "private body"}


class Region(models.Model):
    """An administrative region, with its two digits."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    code = models.CharField(max_length=2, unique=True)
    name = models.CharField(max_length=100)

    privacy = Privacy(keep="as long as the region exists; no personal data")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class Municipality(models.Model):
    """A municipality, with its five digits: the key from a school to a police service."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    code = models.CharField(max_length=5, unique=True)
    name = models.CharField(max_length=150)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="municipalities")

    privacy = Privacy(keep="as long as a school or a police service refers to it; no personal data")

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "municipalities"

    def __str__(self) -> str:
        return self.code


class PoliceService(models.Model):
    """A police service; its territory is the municipalities that it serves on a day."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    code = models.SlugField(unique=True)
    name = models.CharField(max_length=150)
    contact = models.CharField(max_length=200, blank=True, help_text="A public office, never a person.")

    privacy = Privacy(keep="as long as an agreement or an award refers to it; no personal data")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.code


class DatedQuerySet(models.QuerySet[Any]):
    def current(self, on: date) -> Self:
        """Those whose period holds the day."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=on), starts_on__lte=on)


class Serves(models.Model):
    """A police service serves a municipality during a period; one service at a time."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="services")
    police_service = models.ForeignKey(PoliceService, models.PROTECT, related_name="territory")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="The last day is excluded.")

    objects = DatedQuerySet.as_manager()
    privacy = Privacy(keep="as long as an award refers to the place; no personal data")

    class Meta:
        ordering = ["starts_on"]
        verbose_name_plural = "serves"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")), name="service_ends_after_it_starts"
            ),
            models.UniqueConstraint(fields=["municipality", "starts_on"], name="service_starts_once_a_day"),
            models.UniqueConstraint(fields=["municipality"], condition=Q(ends_on=None), name="service_open_once"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def period(self) -> Period:
        return Period(self.starts_on, self.ends_on)


class Body(models.Model):
    """A school body: service centre, school board or private body."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    code = models.CharField(max_length=6, unique=True)
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=20, choices=KINDS)

    privacy = Privacy(keep="as long as the body exists; no personal data")

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "bodies"

    def __str__(self) -> str:
        return self.code


class Shape(models.Model):
    """The outline of a school body on the map, simplified when it was imported."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    body = models.OneToOneField(Body, models.CASCADE, related_name="shape")
    rings = models.JSONField(help_text="Closed lines of [longitude, latitude].")

    privacy = Privacy(keep="as long as the body exists; no personal data")

    def __str__(self) -> str:
        return str(self.pk)


class SchoolQuerySet(models.QuerySet["School"]):
    def found_by(self, words: str) -> Self:
        """Those whose name, municipality or code holds every word, whatever the accents and the case."""
        found = self
        for word in folded(words).split():
            found = found.filter(search__contains=word)
        return found

    def existing(self, on: date) -> Self:
        """Those that are not closed that day."""
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=on))


class School(models.Model):
    """A school: its address decides who polices it, its body decides who may confirm its staff."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    code = models.CharField(max_length=6, unique=True)
    name = models.CharField(max_length=150)
    body = models.ForeignKey(Body, models.PROTECT, related_name="schools")
    closed_on = models.DateField(null=True, blank=True, help_text="The first day on which it is no longer a school.")
    search = models.TextField(editable=False, help_text="Folded words: no accents, lower case.")

    objects = SchoolQuerySet.as_manager()
    privacy = Privacy(keep="as long as an affiliation or an award refers to it; no personal data")

    class Meta:
        ordering = ["name", "code"]

    def __str__(self) -> str:
        return self.code

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search = self.search_words(*self.addresses.values_list("municipality__name", flat=True))
        super().save(*args, **kwargs)

    def search_words(self, *towns: str) -> str:
        """Return what a search compares with; `bulk_create` does not call `save`, so it must set `search` itself."""
        return folded(" ".join([self.name, *dict.fromkeys(towns), self.code]))

    @property
    def town(self) -> str:
        """The municipality of the present address, as the school was read with `addresses` of one day; else empty."""
        return next((address.municipality.name for address in self.addresses.all()), "")


class Address(models.Model):
    """Where a school is during a period; a school that moves has a new one."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    school = models.ForeignKey(School, models.CASCADE, related_name="addresses")
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="addresses")
    street = models.CharField(max_length=200, blank=True)
    postal_code = models.CharField(max_length=7, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="The last day is excluded.")

    objects = DatedQuerySet.as_manager()
    privacy = Privacy(keep="as long as the school; no personal data")

    class Meta:
        ordering = ["starts_on"]
        verbose_name_plural = "addresses"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")), name="address_ends_after_it_starts"
            ),
            models.UniqueConstraint(fields=["school", "starts_on"], name="address_starts_once_a_day"),
            models.UniqueConstraint(fields=["school"], condition=Q(ends_on=None), name="address_open_once"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def period(self) -> Period:
        return Period(self.starts_on, self.ends_on)


class Import(models.Model):
    """A file filled the register: each thing that it changed, and its digest. The file itself is not kept."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)
    added = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    retired = models.PositiveIntegerField()
    differences = models.JSONField(default=list, help_text="What each line changed: fields before and after.")
    at = models.DateTimeField()

    privacy = Privacy(keep="as long as the register; no personal data")

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return str(self.pk)
