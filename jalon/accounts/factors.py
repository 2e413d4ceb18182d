"""The second step of sign-in: what a session has shown, and what follows when a factor comes, is used or goes.

An e-mail never counts: the code of the first step came by e-mail already (ADR 16).
"""

from datetime import datetime
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_used
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.db.models.signals import post_save
from django.http import HttpRequest
from django.utils import timezone

from jalon.accounts import letters
from jalon.accounts.models import Person
from jalon.journal import actions as journal

# What somebody has or is. Recovery codes stand in for them, and never stand alone.
KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
SHOWN = "mfa"
WANTED = "wanted"


def has_shown(request: HttpRequest) -> bool:
    """Whether a second factor was shown in this session; no query, the session knows."""
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == SHOWN for record in records)


def shown_on_account(request: HttpRequest) -> bool | None:
    """Return what the account says of it: nothing on a site that asks nobody for it."""
    return None if settings.JALON_SECOND_FACTOR == "off" else has_shown(request)


def has_any(person: Person) -> bool:
    return bool(Authenticator.objects.filter(user=person, type__in=KINDS).exists())


def want(request: HttpRequest, page: str) -> None:
    """The page where the person was going waits until the second step is there."""
    request.session[WANTED] = page


def wanted(request: HttpRequest) -> str:
    page: str = request.session.get(WANTED, "")
    return page


def forget_wanted(request: HttpRequest) -> None:
    """The person has arrived."""
    if wanted(request):
        del request.session[WANTED]


@transaction.atomic
def reset(*, person: Person, by: Person | None, at: datetime) -> int:
    """The person has no second factor any more, and is signed out everywhere; return how many there were.

    Args:
        by: nobody at the command line; who operates the site has checked in person who asks.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    gone: int = Authenticator.objects.filter(user=person).delete()[0]
    if gone:
        change_seal(person)
        journal.record("factor.reset", by=by, at=at, about=person)
        letters.send(person, "factor-changed", "accounts:account")
    return gone


def change_seal(person: Person) -> None:
    """Every session of the person has ended: each carries a digest of the password, which nobody ever types here."""
    person.set_unusable_password()
    person.save(update_fields=["password"])


def connect() -> None:
    post_save.connect(journal_added, sender=Authenticator, dispatch_uid="jalon-factor-journal")
    authenticator_added.connect(added, dispatch_uid="jalon-factor-added")
    authenticator_removed.connect(removed, dispatch_uid="jalon-factor-removed")
    authenticator_used.connect(used, dispatch_uid="jalon-factor-used")


def journal_added(instance: Authenticator, created: bool, raw: bool = False, **rest: Any) -> None:
    """The line of the journal is written in the transaction that made the factor."""
    if created and not raw:
        facts = {"kind": str(instance.type).upper()}
        journal.record("factor.added", by=instance.user, at=timezone.now(), about=instance.user, facts=facts)


def added(request: HttpRequest, user: Person, authenticator: Authenticator, **rest: Any) -> None:
    """Who has just set up a factor has shown it here, and their other sessions, which have not, are over."""
    if authenticator.type not in KINDS:
        return
    end_other_sessions(request, user)
    known = {"id": authenticator.pk, "type": authenticator.type}
    record_authentication(request, user, SHOWN, reauthenticated=True, **known)


def removed(request: HttpRequest, user: Person, authenticator: Authenticator, **rest: Any) -> None:
    """A session that showed a factor which is gone counts as one that showed none."""
    facts = {"kind": str(authenticator.type).upper()}
    journal.record("factor.removed", by=user, at=timezone.now(), about=user, facts=facts)
    if authenticator.type in KINDS:
        end_other_sessions(request, user)
        if not has_any(user):
            forget_shown(request, user)


def used(request: HttpRequest, user: Person, reauthenticated: bool = False, **rest: Any) -> None:
    """The key of the session changes when a person shows a factor again in the middle of it."""
    if reauthenticated:
        request.session.cycle_key()


def forget_shown(request: HttpRequest, user: Person) -> None:
    from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY

    kept = [record for record in get_authentication_records(request, user) if record.get("method") != SHOWN]
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = kept


def end_other_sessions(request: HttpRequest, user: Person) -> None:
    """The person stays signed in here, under a new session key, and nowhere else."""
    person = Person.objects.get(pk=user.pk)
    change_seal(person)
    user.password = person.password
    update_session_auth_hash(request, user)
