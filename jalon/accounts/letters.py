"""The short letters of an account. They never say what waits, and their addresses come from the settings alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from jalon.accounts.models import Person


@dataclass(frozen=True)
class Letter:
    """A fixed subject and fixed sentences; `%(link)s`, `%(code)s` and `%(minutes)s` are the only blanks."""

    subject: Promise
    body: Promise


LETTERS = {
    "task": Letter(
        gettext_lazy("A task awaits you"),
        gettext_lazy("A task awaits you in Jalon. Sign in to see it:\n%(link)s"),
    ),
    "news": Letter(
        gettext_lazy("There is news in your account"),
        gettext_lazy("There is news in your Jalon account. Sign in to read it:\n%(link)s"),
    ),
    "code": Letter(
        gettext_lazy("Your sign-in code"),
        gettext_lazy(
            "Here is the code to type on the sign-in page:\n\n%(code)s\n\n"
            "It is valid for %(minutes)s minutes. If you did not ask for it, ignore this message: "
            "without the code, nobody can sign in."
        ),
    ),
    "verification": Letter(
        gettext_lazy("Your verification code"),
        gettext_lazy(
            "Here is the code that shows that this address is yours:\n\n%(code)s\n\n"
            "It is valid for %(minutes)s minutes. If you did not ask for it, ignore this message: nothing will change."
        ),
    ),
    "no-account": Letter(
        gettext_lazy("Signing in to Jalon"),
        gettext_lazy(
            "Somebody asked for a sign-in code for this address, but it has no account. "
            "If it was you, create an account, or try again with the address that you use at work:\n%(link)s\n\n"
            "If it was not you, ignore this message."
        ),
    ),
    "has-account": Letter(
        gettext_lazy("Signing in to Jalon"),
        gettext_lazy(
            "Somebody asked for an account for this address, but it already has one. "
            "If it was you, simply sign in; nothing was created twice:\n%(link)s\n\n"
            "If it was not you, ignore this message."
        ),
    ),
    "addresses-changed": Letter(
        gettext_lazy("The addresses of your account were changed"),
        gettext_lazy(
            "The e-mail addresses of your Jalon account were changed. If it was you, there is nothing to do. "
            "If it was not you, write to us at once: %(contact)s"
        ),
    ),
    "factor-changed": Letter(
        gettext_lazy("The sign-in of your account was changed"),
        gettext_lazy(
            "The second step of sign-in of your Jalon account was changed. "
            "If it was not you, write to us at once: %(contact)s"
        ),
    ),
}


def letter_to(to: str, name: str, facts: Mapping[str, object]) -> EmailMessage:
    """Return a letter in the active language, with greeting and signature."""
    letter = LETTERS[name]
    body = str(letter.body) % {"contact": settings.JALON_CONTACT, **facts}
    closing = _("This message was sent automatically. Please do not put personal information in a reply.")
    text = "\n\n".join([_("Hello,"), body, closing, f"{settings.JALON_OPERATOR}\n{settings.JALON_CONTACT}"])
    return EmailMessage(str(letter.subject), text, settings.DEFAULT_FROM_EMAIL, [to])


def link_to(page: str) -> str:
    """Return the full address of a page by its name, in the active language; the host is never that of a request."""
    return settings.JALON_ORIGIN + reverse(page)


def send(person: Person, name: str, page: str) -> None:
    """A letter to this person waits in the outbox, in their language, with the address of a page."""
    send_all([person], name, page)


def send_all(people: Iterable[Person], name: str, page: str) -> None:
    """A letter to each of these people waits in the outbox, each in their language, in one query."""
    letters = []
    for person in people:
        with override(person.language):
            letters.append(letter_to(person.email, name, {"link": link_to(page)}))
    get_connection().send_messages(letters)
