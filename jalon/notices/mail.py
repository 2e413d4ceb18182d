"""Every mail of Django becomes a row of the outbox: it leaves with the transaction that wrote it, or not at all."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from jalon.notices.models import Message


class OutboxBackend(BaseEmailBackend):
    """Mail written by Django and by django-allauth (codes of sign-in) waits in the outbox, one row for each address."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        at = timezone.now()
        rows = [
            Message(address=address, subject=mail.subject[:200], body=str(mail.body), queued_at=at, next_try_at=at)
            for mail in email_messages
            for address in mail.recipients()
        ]
        Message.objects.bulk_create(rows)
        return len(email_messages)
