"""How the outbox is emptied: a row is claimed before it is sent, so that nothing is lost and no two workers send it."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from jalon.notices.models import Message

BATCH = 100
MOST_TRIES = 12
CLAIM = timedelta(minutes=10)
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Sent:
    """What one pass over the outbox did."""

    sent: int = 0
    failed: int = 0


def server() -> EmailBackend:
    """Return the mail server of JALON_SMTP: smtp://user:password@host:587 (STARTTLS) or smtps://…:465 (TLS).

    Plain text is spoken only to this very machine, or with `?tls=no`.
    """
    parts = urlsplit(settings.JALON_SMTP)
    is_here = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    return EmailBackend(
        host=parts.hostname,
        port=parts.port or (465 if parts.scheme == "smtps" else 587),
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_ssl=parts.scheme == "smtps",
        use_tls=parts.scheme == "smtp" and not is_here and parts.query != "tls=no",
        timeout=20,
    )


def empty(*, at: datetime) -> Sent:
    """Every message that is due was handed to the server, or waits for its next try with the reason.

    Raises:
        OSError: the server cannot be reached, or does not know us; no try is counted, nothing is lost.
    """
    forget(at=at)
    due = Message.objects.filter(sent_at=None, next_try_at__lte=at, attempts__lt=MOST_TRIES)
    sent = failed = 0
    backend = server()
    try:
        for message in due.order_by("next_try_at", "id")[:BATCH]:
            backend.open()
            if not claim(message, at=at):
                continue
            is_sent = hand_over(message, backend, at=at)
            sent, failed = sent + is_sent, failed + (not is_sent)
    finally:
        close(backend)
    return Sent(sent, failed)


def forget(*, at: datetime) -> None:
    """What was sent, or could not be, is gone after thirty days: see the privacy line of the table."""
    done = Message.objects.exclude(sent_at=None) | Message.objects.filter(attempts__gte=MOST_TRIES)
    done.filter(queued_at__lt=at - KEPT).delete()


def claim(message: Message, *, at: datetime) -> bool:
    """This worker has the message for ten minutes; another worker, or this one after a crash, takes it up then."""
    mine = Message.objects.filter(pk=message.pk, sent_at=None, next_try_at=message.next_try_at)
    return mine.update(next_try_at=at + CLAIM, attempts=message.attempts + 1) == 1


def hand_over(message: Message, backend: EmailBackend, *, at: datetime) -> bool:
    """The message is with the server, or waits longer each time; one bad address holds up no other.

    A crash between the server's yes and ours sends it twice, with the same Message-ID, rather than never.
    """
    host = urlsplit(settings.JALON_ORIGIN).hostname
    headers = {"Message-ID": f"<{message.pk}@{host}>", "Auto-Submitted": "auto-generated"}
    sender = settings.DEFAULT_FROM_EMAIL
    mail = EmailMessage(message.subject, message.body, sender, [message.address], connection=backend, headers=headers)
    try:
        mail.send()
    except (OSError, ValueError) as problem:  # SMTPException is an OSError, a bad header a ValueError
        close(backend)
        wait = min(FIRST_WAIT * 2**message.attempts, LONGEST_WAIT)
        Message.objects.filter(pk=message.pk).update(next_try_at=at + wait, last_error=type(problem).__name__)
        return False
    Message.objects.filter(pk=message.pk).update(sent_at=at, last_error="")
    return True


def close(backend: EmailBackend) -> None:
    """The connection is closed, even when the other side has already gone."""
    with suppress(OSError):
        backend.close()
