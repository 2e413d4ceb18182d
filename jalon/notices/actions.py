"""Messages to people wait in the outbox, written in the transaction of the act that they speak of."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.utils.translation import override

from jalon.accounts import letters
from jalon.accounts.models import Person
from jalon.notices.models import Message
from jalon.web.rows import insert, insert_plain

# Each kind is a neutral letter and the page where the rest is read, after signing in.
KINDS = {
    "award": ("news", "credentials:mine"),
    "review": ("task", "review:queue"),
    "answer": ("task", "training:path"),
    "news": ("news", "training:path"),
    "agreement": ("task", "agreements:agreements"),
}


def queue(*, to: Person, kind: str, at: datetime, not_before: datetime | None = None) -> Message:
    """A neutral message waits for this person, in their language; it says that something waits, never what.

    Args:
        kind: "award" (something new among the badges), "review" (a request awaits this reviewer),
            "answer" (a request was answered), "news" (anything else on the person’s path),
            "agreement" (an agreement of this coordinator ends soon).
        not_before: when it may leave at the earliest, if what it speaks of can still be undone; at once else.
    Raises:
        KeyError: the kind is none of these.
    """
    subject, body = _letter(kind, to.language)
    message = Message(to=to, address=to.email, subject=subject, body=body, queued_at=at, next_try_at=not_before or at)
    insert([message])
    return message


def queue_many(people: Iterable[Person], *, kind: str, at: datetime) -> None:
    """A neutral message waits for each of these people, in their language; a letter is written once a language."""
    letters_by: dict[str, dict[str, str]] = {}
    waiting = []
    for to in people:
        if to.language not in letters_by:
            letters_by[to.language] = dict(zip(("subject", "body"), _letter(kind, to.language), strict=True))
        waiting.append({"to_id": to.pk, "address": to.email, **letters_by[to.language]})
    insert_plain(Message, waiting, queued_at=at, next_try_at=at)


def _letter(kind: str, language: str) -> tuple[str, str]:
    """Return subject and body: the same for everybody, since a letter names nobody."""
    return _written(kind, language, settings.JALON_ORIGIN, settings.JALON_OPERATOR, settings.JALON_CONTACT)


@lru_cache
def _written(kind: str, language: str, *settled: str) -> tuple[str, str]:
    """Write a letter once for these settings, which it quotes."""
    name, page = KINDS[kind]
    with override(language):
        mail = letters.letter_to("", name, {"link": letters.link_to(page)})
    return str(mail.subject), str(mail.body)


def take_back(message_id: UUID) -> bool:
    """The message never leaves; or it has already left, and nothing changes."""
    return Message.objects.filter(pk=message_id, sent_at=None, attempts=0).delete()[0] > 0
