"""What the holder of a badge lets others read."""

from datetime import datetime

from django.db import transaction

from jalon.accounts.models import Person
from jalon.credentials import requests
from jalon.credentials.models import Award
from jalon.journal import actions as journal


@transaction.atomic
def close_page(*, award: Award, closes: bool, key: str = "", by: Person, at: datetime) -> Award:
    """Nobody but the holder opens the page and the files of the code, or whoever has the code may again.

    A file that was given stays what it is: whoever has it may have it checked. Asked again under its key, an earlier
    choice does not undo a later one.
    """
    request = requests.begin(key, "close", award.pk, closes, at=at)
    if not request.outcome and Award.objects.filter(pk=award.pk).exclude(is_closed=closes).update(is_closed=closes):
        journal.record("award.closed" if closes else "award.opened", by=by, at=at, about=award)
    return requests.end(request, award)


@transaction.atomic
def share_answers(*, award: Award, shares: bool, key: str = "", by: Person, at: datetime) -> Award:
    """Whoever has the code may open the attestation with the answers, or may no longer.

    Asked again under its key, an earlier choice does not undo a later one.
    """
    request = requests.begin(key, "share", award.pk, shares, at=at)
    if not request.outcome and Award.objects.filter(pk=award.pk).exclude(shares_answers=shares).update(
        shares_answers=shares
    ):
        journal.record("award.shared_answers" if shares else "award.hid_answers", by=by, at=at, about=award)
    return requests.end(request, award)
