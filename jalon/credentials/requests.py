"""Asked twice under one key, a verb answers twice with the same row, and acts once.

A verb takes a key where asking again, later, would be a second act: the award ended meanwhile, another choice was made.
Where the tables alone make it once, the verb says so and takes none. A form draws its key when its page is (`FormKey`).
"""

import hashlib
import json
from datetime import datetime
from typing import TypeVar

from django.db import models

from jalon.core.refusals import Refusal, insist
from jalon.credentials.models import Request
from jalon.web.rows import insert_unless_taken

Row = TypeVar("Row", bound=models.Model)


def begin(key: str, *asked: object, at: datetime) -> Request:
    """The request is known, inside the transaction of the verb: another one with the same key waits for its end.

    Args:
        key: drawn by whoever asks; empty when a second request is a second wish.
        asked: the verb and everything that it was asked for, as text.
    Raises:
        Refused: the key was used before, for something else.
    """
    fingerprint = hashlib.sha256(json.dumps([str(one) for one in asked]).encode()).hexdigest()
    request = Request(key=key, fingerprint=fingerprint, at=at)
    if key and not insert_unless_taken(request, "key"):
        request = Request.objects.get(key=key)
    insist(None if request.fingerprint == fingerprint else Refusal("request-key-used"))
    return request


def end(request: Request, row: Row) -> Row:
    """The outcome of the request is this row."""
    if request.key:
        request.outcome = row.pk
        request.save(update_fields=["outcome"])
    return row
