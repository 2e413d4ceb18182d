from collections.abc import Iterable, Mapping
from datetime import date, datetime
from uuid import UUID

from jalon.accounts.models import Person
from jalon.hours.models import Entry
from jalon.journal import actions as journal
from jalon.web.rows import insert_plain, insert_unless_taken


def credit(
    *, person: Person, minutes: int, earned_on: date, award: UUID, title: Mapping[str, str], at: datetime
) -> Entry:
    """The person's register holds these minutes, once for each award; asked again, what it holds is the answer.

    Args:
        title: what was learned, by language: `fr` and `en`.
    """
    entry = Entry(
        person=person,
        kind="TRAINING",
        minutes=minutes,
        earned_on=earned_on,
        title_fr=title["fr"],
        title_en=title["en"],
        award=award,
    )
    if not insert_unless_taken(entry, "award"):
        return Entry.objects.get(award=award)
    journal.record("hours.credited", by=None, at=at, about=entry, facts={"minutes": minutes})
    return entry


def credit_many(earned: Iterable[tuple[Person, date, UUID]], *, minutes: int, title: Mapping[str, str]) -> None:
    """The register of each of these people holds these minutes; the journal line is that of their award.

    Args:
        earned: person, day, key of the award.
    """
    said = {"kind": "TRAINING", "minutes": minutes, "title_fr": title["fr"], "title_en": title["en"]}
    rows = [{"person_id": person.pk, "earned_on": day, "award": award} for person, day, award in earned]
    insert_plain(Entry, rows, **said)
