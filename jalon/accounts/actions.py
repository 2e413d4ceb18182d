"""The verbs of an account: who works where, under which name, and what an award makes of a person."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.timezone import localdate

from jalon.accounts import letters
from jalon.accounts.access import why_not_register
from jalon.accounts.models import Affiliation, NameChange, Person, Standing
from jalon.accounts.roles import confirm_by_domain
from jalon.core.names import clean_name, why_not_name
from jalon.core.refusals import Refusal, insist
from jalon.journal import actions as journal
from jalon.places.models import School
from jalon.web.rows import insert, insert_plain


@transaction.atomic
def change_name(*, person: Person, name: str, at: datetime) -> Person:
    """The legal name is as the person wrote it; what was printed before keeps the former one, which is remembered."""
    insist(why_not_name(name))
    before, person.legal_name = person.legal_name, clean_name(name)
    person.save(update_fields=["legal_name"])
    if before and before != person.legal_name:
        NameChange.objects.create(person=person, before=before, after=person.legal_name, at=at)
    journal.record("person.renamed", by=person, at=at, about=person)
    return person


@transaction.atomic
def withdraw_names(*, person: Person, at: datetime) -> int:
    """No public page shows a former name of the person any more; return how many names that is.

    Signed files and papers keep the name of their day: nobody can change what is signed.
    """
    former = NameChange.objects.filter(person=person, withdrawn_at=None).exclude(before=person.legal_name)
    withdrawn = former.update(withdrawn_at=at)
    if withdrawn:
        journal.record("person.name_withdrawn", by=person, at=at, about=person)
    return withdrawn


@transaction.atomic
def change_settings(*, person: Person, language: str, theme: str, at: datetime) -> Person:
    """Pages open and mails are written in this language; the light is as chosen."""
    person.language, person.theme = language, theme
    person.save(update_fields=["language", "theme"])
    journal.record("person.set", by=person, at=at, about=person, facts={"language": language, "theme": theme})
    return person


@transaction.atomic
def declare_affiliation(*, person: Person, school: School, role: str, starts_on: date, at: datetime) -> Affiliation:
    """The person says that they work at this school; those who may confirm it are told.

    Declared again before anybody has confirmed it, it takes the new role: there is never a second one at a time.
    """
    Person.objects.select_for_update().get(pk=person.pk)
    known = Affiliation.objects.filter(person=person, school=school).lasting(starts_on).first()
    insist(Refusal("affiliation-known") if known and known.confirmed_at else None)
    if known:
        return _take_role(known, role, at=at)
    affiliation = Affiliation.objects.create(
        person=person, school=school, role=role, starts_on=starts_on, declared_at=at
    )
    journal.record("affiliation.declared", by=person, at=at, about=affiliation, facts={"school": school.code})
    if (confirmed := confirm_by_domain(person=person, at=at)) and affiliation in confirmed:
        return confirmed[confirmed.index(affiliation)]
    registrars = Person.objects.filter(registrars__body=school.body_id, is_active=True)
    letters.send_all(registrars, "task", "accounts:members")
    return affiliation


def _take_role(affiliation: Affiliation, role: str, *, at: datetime) -> Affiliation:
    """The person has this role there; the same one again is no act."""
    before, affiliation.role = affiliation.role, role
    if before != role:
        affiliation.save(update_fields=["role"])
        facts = {"before": before, "role": role}
        journal.record("affiliation.role_changed", by=affiliation.person, at=at, about=affiliation, facts=facts)
    return affiliation


@transaction.atomic
def confirm_affiliation(*, affiliation: Affiliation, by: Person, at: datetime) -> Affiliation:
    """Somebody answers for it: the person works at this school. Confirmed again, nothing changes."""
    locked = Affiliation.objects.select_for_update(of=("self",))
    affiliation = locked.select_related("school", "person").get(pk=affiliation.pk)
    insist(why_not_register(by, affiliation.school.body_id) or _why_not_confirm(affiliation, localdate(at)))
    if affiliation.confirmed_at:
        return affiliation
    affiliation.confirmed_at, affiliation.confirmed_by = at, by
    affiliation.save(update_fields=["confirmed_at", "confirmed_by"])
    journal.record("affiliation.confirmed", by=by, at=at, about=affiliation)
    letters.send(affiliation.person, "news", "accounts:account")
    return affiliation


def _why_not_confirm(affiliation: Affiliation, on: date) -> Refusal | None:
    if affiliation.ends_on and affiliation.ends_on <= on:
        return Refusal("affiliation-ended", {"ended_on": affiliation.ends_on})
    return None


@transaction.atomic
def end_affiliation(*, affiliation: Affiliation, ends_on: date, by: Person, at: datetime) -> Affiliation:
    """The affiliation has a last day, and stays in the register. Ended again, the first end stands.

    Args:
        ends_on: the first day on which the person is no longer there; before the first day of work, no day of it
            counts. A registrar who ends what nobody has confirmed refuses it: no day of it counts either.
        by: the person, or a registrar of the school body.
    """
    affiliation = Affiliation.objects.select_for_update(of=("self",)).select_related("school").get(pk=affiliation.pk)
    if by.pk != affiliation.person_id:
        insist(why_not_register(by, affiliation.school.body_id))
    if affiliation.ends_on is None:
        affiliation.was_ended_by_body = by.pk != affiliation.person_id
        is_refused = affiliation.was_ended_by_body and affiliation.confirmed_at is None
        affiliation.ends_on = affiliation.starts_on if is_refused else max(ends_on, affiliation.starts_on)
        affiliation.save(update_fields=["ends_on", "was_ended_by_body"])
        facts = {"ends_on": str(affiliation.ends_on)}
        journal.record(
            "affiliation.refused" if is_refused else "affiliation.ended", by=by, at=at, about=affiliation, facts=facts
        )
    return affiliation


def stand(*, person: Person, kind: str, since_on: date, source: UUID, at: datetime) -> Standing:
    """The person has this standing from that day, by that award; in the transaction of the verb that gave it.

    Args:
        kind: program/level, for example `sexto/explorer`.
        source: the key of the award.
    """
    standing = Standing(person=person, kind=kind, since_on=since_on, source=source)
    insert([standing])
    journal.record("standing.given", by=None, at=at, about=standing, facts={"kind": kind})
    return standing


def stand_many(given: Iterable[tuple[Person, date, UUID]], *, kind: str) -> None:
    """Each of these people has this standing from their day, by their award; the journal line is that of the award.

    Args:
        given: person, day, key of the award.
    """
    rows = [{"person_id": person.pk, "since_on": day, "source": award} for person, day, award in given]
    insert_plain(Standing, rows, kind=kind)


def end_standings(*, sources: Collection[UUID], until_on: date) -> None:
    """The standings that these awards gave have ended; the journal line is that of the awards."""
    begun = Standing.objects.filter(source__in=sources, until_on=None)
    begun.filter(since_on__lte=until_on).update(until_on=until_on)
    begun.filter(since_on__gt=until_on).update(until_on=F("since_on"))


@transaction.atomic
def end_standing(*, source: UUID, until_on: date, at: datetime) -> None:
    """The standing that this award gave has ended; without one, nothing changes."""
    for standing in Standing.objects.select_for_update().filter(source=source, until_on=None):
        standing.until_on = max(until_on, standing.since_on)
        standing.save(update_fields=["until_on"])
        journal.record("standing.ended", by=None, at=at, about=standing, facts={"kind": standing.kind})
