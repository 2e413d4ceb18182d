"""The verbs of the e-mail addresses of one person: proved by a code, one of them primary, any of them for signing in.

The primary address is the one that letters go to: it is `Person.email`. The others open the account too, and may show
where one works.
"""

from collections.abc import Iterable
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import override

from jalon.accounts import letters
from jalon.accounts.models import Affiliation, Person
from jalon.accounts.undoing import forget_unused
from jalon.core.refusals import Refusal, Refused, insist
from jalon.journal import actions as journal


def addresses_of(person: Person) -> list[EmailAddress]:
    """Return the addresses of the person, the primary one first; it is there even if nothing has proved it yet."""
    known = list(EmailAddress.objects.filter(user=person).order_by("email"))
    if not any(one.email == person.email for one in known):
        known.append(EmailAddress(user=person, email=person.email))
    for one in known:
        one.user = person
    return sorted(known, key=lambda one: one.email != person.email)


def why_not_remove(address: EmailAddress, *, among: Iterable[EmailAddress]) -> Refusal | None:
    """Say why this address stays: letters go to it, or no other one would open the account."""
    if address.email == address.user.email:
        return Refusal("address-primary")
    others = [one for one in among if one.verified and one.pk != address.pk]
    return None if others else Refusal("address-last")


def opens_another(email: str, *, person: Person) -> bool:
    """Tell whether somebody else signs in with this address."""
    proved = EmailAddress.objects.filter(email=email.lower(), verified=True).exclude(user=person)
    used = Person.objects.filter(email=email.lower()).exclude(pk=person.pk).exclude(last_login=None)
    return proved.exists() or used.exists()


@transaction.atomic
def remove(*, address: EmailAddress, at: datetime) -> None:
    """The address no longer opens the account, and says so itself; everything else stays as it was."""
    person, address = _locked(address)
    insist(why_not_remove(address, among=addresses_of(person)))
    told = _verified(person)
    address.delete()
    journal.record("person.address_removed", by=person, at=at, about=person)
    _tell(person, told)


@transaction.atomic
def make_primary(*, address: EmailAddress, at: datetime) -> Person:
    """Letters go to this address from now on; the others are told, and still open the account."""
    person, address = _locked(address)
    insist(None if address.verified else Refusal("address-unverified"))
    insist(Refusal("address-of-another") if _other(person, address.email) else None)
    if person.email == address.email:
        return person
    EmailAddress.objects.filter(user=person, primary=True).update(primary=False)
    EmailAddress.objects.filter(pk=address.pk).update(primary=True)
    person.email = address.email
    person.save(update_fields=["email"])
    journal.record("person.primary_address_chosen", by=person, at=at, about=person)
    _tell(person, [one for one in _verified(person) if one != address.email])
    return person


@transaction.atomic
def added(*, address: EmailAddress, at: datetime) -> None:
    """A proved address that joins others stands in the journal, and the others are told."""
    others = [one for one in _verified(address.user) if one != address.email]
    if others:
        journal.record("person.address_added", by=address.user, at=at, about=address.user)
        _tell(address.user, others)


@transaction.atomic
def free(*, address: EmailAddress, at: datetime) -> bool:
    """The address belongs to nobody else: an account that a file made for it and nobody used becomes this person's.

    Returns:
        False: somebody uses that account, or something was given to it; nothing was changed.
    """
    person, other = address.user, _other(address.user, address.email)
    if other is None:
        return True
    with transaction.atomic():
        works = _take_over(person, other)
        if not forget_unused([other.pk]):
            transaction.set_rollback(True)
            return False
    journal.record("person.joined", by=person, at=at, about=person, facts={"works": works})
    return True


def _take_over(person: Person, other: Person) -> int:
    """The other account's places of work are this person's; one that both have stays once, confirmed if either is."""
    own = {one.school_id: one for one in Affiliation.objects.select_for_update().filter(person=person, ends_on=None)}
    theirs = list(Affiliation.objects.select_for_update().filter(person=other))
    for work in theirs:
        same = own.get(work.school_id) if work.ends_on is None else None
        if same is None:
            work.person = person
            work.save(update_fields=["person"])
            continue
        work.delete()
        if same.confirmed_at is None:
            same.confirmed_at, same.confirmed_by = work.confirmed_at, work.confirmed_by
            same.confirmed_domain = work.confirmed_domain
            same.save(update_fields=["confirmed_at", "confirmed_by", "confirmed_domain"])
    return len(theirs)


def _other(person: Person, email: str) -> Person | None:
    return Person.objects.filter(email=email).exclude(pk=person.pk).first()


def _locked(address: EmailAddress) -> tuple[Person, EmailAddress]:
    """Return the person, locked, and the address as it is now: two changes of addresses never pass each other."""
    person = Person.objects.select_for_update().get(pk=address.user_id)
    present = EmailAddress.objects.filter(pk=address.pk, user=person).first()
    if present is None:
        raise Refused(Refusal("address-gone"))
    present.user = person
    return person, present


def _verified(person: Person) -> list[str]:
    return list(EmailAddress.objects.filter(user=person, verified=True).values_list("email", flat=True))


def _tell(person: Person, told: Iterable[str]) -> None:
    """A letter to each of these addresses waits: something changed, without a word of what."""
    with override(person.language):
        for email in told:
            letters.letter_to(email, "addresses-changed", {}).send()
