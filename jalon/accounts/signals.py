"""What follows when django-allauth says that somebody has shown that an address is theirs."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import authentication_step_completed, email_confirmed
from django.db import transaction
from django.utils import timezone

from jalon.accounts import addresses
from jalon.accounts.models import Person
from jalon.accounts.roles import confirm_by_domain


def connect() -> None:
    authentication_step_completed.connect(know, dispatch_uid="jalon-know-the-address")
    email_confirmed.connect(confirm, dispatch_uid="jalon-confirm-by-domain")


def know(user: Person, email: str | None = None, **rest: Any) -> None:
    """The address that somebody signs in with has a row; django-allauth marks it as proved by the code right after."""
    if email and email.lower() == user.email:
        EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"primary": True})


@transaction.atomic
def confirm(email_address: EmailAddress, **rest: Any) -> None:
    """The places of work that this address speaks for are confirmed; the other addresses are told of it."""
    addresses.added(address=email_address, at=timezone.now())
    confirm_by_domain(person=email_address.user, at=timezone.now())
