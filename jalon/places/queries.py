"""Schools as people look for them, with where they are on a day."""

from datetime import date

from django.db.models import Prefetch

from jalon.places.models import Address, School, SchoolQuerySet, Serves

MOST_FOUND = 20


def served_by(school: School, *, on: date) -> Serves | None:
    """Return who polices the place of the school that day, with the municipality; nothing when either is unknown."""
    there = Address.objects.current(on).filter(school=school).values("municipality")
    services = Serves.objects.current(on).filter(municipality__in=there)
    return services.select_related("municipality", "police_service").first()


def schools_on(on: date) -> SchoolQuerySet:
    """Return the schools of that day; each has its body, and its address of that day as the only one."""
    where = Address.objects.current(on).select_related("municipality")
    return School.objects.existing(on).select_related("body").prefetch_related(Prefetch("addresses", where))


def schools_found_by(words: str, *, on: date, most: int = MOST_FOUND) -> list[School]:
    """Return the schools whose name, municipality or code holds every word, the first ones; none without a word."""
    if not words.strip():
        return []
    return list(schools_on(on).found_by(words)[:most])
