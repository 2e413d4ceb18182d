"""Who may read what of an attestation: the facts by its code, the answers only by the holder's choice."""

from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.shortcuts import get_object_or_404

from jalon.accounts.models import Person
from jalon.core import codes
from jalon.core.refusals import Refusal, insist
from jalon.credentials.access import why_not_open
from jalon.credentials.models import Award


def award_or_404(code: str) -> Award:
    """Return the award of a code as it is printed; no other address answers."""
    parsed = codes.parse(code)
    if parsed is None:
        raise Http404
    awards = Award.objects.select_related("revocation", "release__program").defer("release__content")
    return get_object_or_404(awards, code=parsed.code)


def open_award_or_404(person: Person | AnonymousUser, code: str) -> Award:
    """Return the award of a code as it is printed.

    Raises:
        Refused: its holder closed it to everybody else.
    """
    award = award_or_404(code)
    insist(why_not_open(person if award.is_closed else None, holder=award.holder_id, is_closed=award.is_closed))
    return award


def why_not_read_answers(person: Person | AnonymousUser, award: Award) -> Refusal | None:
    """Say why the answers stay closed; nothing where they are the person's own, or shared. Reviewers have a desk."""
    is_theirs = isinstance(person, Person) and person.pk == award.holder_id
    return None if award.shares_answers or is_theirs else Refusal("answers-not-shared")
