"""The verbs of the operator: who has which role, who confirms for which school body, and by which mail domain."""

import re
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.timezone import localdate

from jalon.accounts.models import Affiliation, Domain, Person, Registrar
from jalon.core.refusals import Refusal, insist
from jalon.journal import actions as journal
from jalon.places.models import Body

# The roles that hold everywhere, and their column. A registrar has a school body, a coordinator has a territory.
ROLES = {
    "REVIEWER": "is_reviewer",
    "AUTHOR": "is_author",
    "PRIVACY_OFFICER": "is_privacy_officer",
    "OPERATOR": "is_operator",
}
A_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")


@transaction.atomic
def set_role(*, person: Person, role: str, has_it: bool, by: Person | None, at: datetime) -> bool:
    """The person has the role, or no longer; return whether that changed anything.

    Args:
        role: a key of `ROLES`.
        by: nobody at the command line.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    column = ROLES[role]
    if getattr(person, column) == has_it:
        return False
    setattr(person, column, has_it)
    person.save(update_fields=[column])
    journal.record("role.granted" if has_it else "role.withdrawn", by=by, at=at, about=person, facts={"role": role})
    return True


@transaction.atomic
def appoint_registrar(*, person: Person, body: Body, by: Person | None, at: datetime) -> bool:
    """The person confirms who works in the schools of this body; return whether that is new."""
    registrar, is_new = Registrar.objects.get_or_create(person=person, body=body)
    if is_new:
        journal.record("registrar.appointed", by=by, at=at, about=registrar, facts={"body": body.code})
    return is_new


@transaction.atomic
def dismiss_registrar(*, person: Person, body: Body, by: Person | None, at: datetime) -> bool:
    """The person no longer confirms for this body; what they confirmed stays. Return whether that changed anything."""
    registrar = Registrar.objects.select_for_update().filter(person=person, body=body).first()
    if registrar is None:
        return False
    journal.record("registrar.dismissed", by=by, at=at, about=registrar, facts={"body": body.code})
    registrar.delete()
    return True


@transaction.atomic
def add_domain(*, body: Body, name: str, by: Person | None, at: datetime) -> Domain:
    """Who shows that an address of this domain is theirs is confirmed in the schools of the body, now and later.

    Raises:
        Refused: the name is no domain, or it belongs to another body.
    """
    name = name.strip().lower().removeprefix("@")
    insist(None if A_DOMAIN.fullmatch(name) else Refusal("domain-malformed"))
    known = Domain.objects.select_related("body").filter(name=name).first()
    insist(Refusal("domain-taken", {"body": known.body.code}) if known and known.body_id != body.pk else None)
    if known:
        return known
    domain = Domain.objects.create(body=body, name=name, added_at=at)
    journal.record("domain.added", by=by, at=at, about=domain, facts={"domain": name, "body": body.code})
    theirs = EmailAddress.objects.filter(verified=True, email__iendswith=f"@{name}").values("user")
    for person in Person.objects.filter(pk__in=theirs):
        confirm_by_domain(person=person, at=at)
    return domain


@transaction.atomic
def remove_domain(*, domain: Domain, by: Person | None, at: datetime) -> None:
    """Addresses of this domain confirm nobody from now on; what they confirmed stays."""
    facts = {"domain": domain.name, "body": domain.body.code}
    journal.record("domain.removed", by=by, at=at, about=domain, facts=facts)
    domain.delete()


def confirm_by_domain(*, person: Person, at: datetime) -> list[Affiliation]:
    """Where the person has a verified address of the school body, the places of work that wait are confirmed by it.

    Where the body once ended a place of work of this person, an address is not enough: it waits for somebody.
    """
    addresses = EmailAddress.objects.filter(user=person, verified=True).values_list("email", flat=True)
    names = {address.lower().rpartition("@")[2] for address in addresses}
    waiting = Affiliation.objects.select_for_update(of=("self",)).filter(person=person).waiting(localdate(at))
    confirmed = []
    domains = {domain.body_id: domain for domain in Domain.objects.filter(name__in=names)}
    ended = Affiliation.objects.filter(person=person, was_ended_by_body=True, ends_on__lte=localdate(at))
    waiting = waiting.exclude(school__body__in=ended.values("school__body"))
    for affiliation in waiting.filter(school__body__in=domains).select_related("school"):
        domain = domains[affiliation.school.body_id]
        affiliation.confirmed_at, affiliation.confirmed_domain = at, domain.name
        affiliation.save(update_fields=["confirmed_at", "confirmed_domain"])
        facts = {"domain": domain.name}
        journal.record("affiliation.confirmed", by=None, at=at, about=affiliation, facts=facts)
        confirmed.append(affiliation)
    return confirmed
