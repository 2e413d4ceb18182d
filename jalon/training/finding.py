"""What an address names: the level, the activity, the step; or the page that is not there."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from jalon.accounts.access import SignedIn, signed_in
from jalon.accounts.models import Person
from jalon.core.packs import Activity, activity_key
from jalon.core.progress import State, Step
from jalon.core.refusals import Refusal
from jalon.training import access
from jalon.training.queries import Place, place
from jalon.training.record import Record
from jalon.web.next_steps import Reason, reason

A = TypeVar("A", bound=Activity)
View = Callable[..., HttpResponse]

# The first page of each kind of activity.
ENTRANCES = {
    "lesson": "training:lesson-entrance",
    "quiz": "training:quiz",
    "case": "training:case",
    "reflection": "training:reflection-entrance",
}
OPEN_TO_ALL = {"lesson"}


def place_or_404(request: HttpRequest, slug: str, level: str) -> Place:
    """Return the level in the release that this visitor follows or would follow."""
    person = request.user if isinstance(request.user, Person) else None
    found = place(person, slug, level)
    if found is None:
        raise Http404
    return found


def activity_or_404(place: Place, kind: type[A], activity_id: str) -> A:
    """Return the activity of this level and of this kind."""
    found = place.pack.activity(f"{kind.kind}/{activity_id}")
    if not isinstance(found, kind) or activity_key(found) not in place.level.do:
        raise Http404
    return found


def follows(view: View) -> View:
    """Only who follows the program sees the page; another is led to the level.

    The view takes the request, the place and the enrolment, then what else the address names.
    """

    def guarded(request: SignedIn, slug: str, level: str, **rest: object) -> HttpResponse:
        place = place_or_404(request, slug, level)
        if place.enrolment is None:
            messages.info(request, _("Follow the program first. Only the lessons are open to all."))
            return redirect("training:level", slug, level)
        return view(request, place, place.enrolment, **rest)

    guarded.__name__ = view.__name__
    return signed_in(guarded)


def why_closed(person: Person | None, place: Place, record: Record) -> list[Reason]:
    """Say why this person may read the level but not obtain it; a visitor is not asked who they are."""
    return [] if person is None or place.key in record.obtained else why_not_doing(person, place, record)


def why_not_doing(person: Person, place: Place, record: Record) -> list[Reason]:
    """Say why nothing that this person does there is kept today, whether they hold the level or not."""
    today = localdate()
    if place.enrolment is None:
        reasons = access.why_not_enrol(person, place.pack, on=today)
    else:
        reasons = access.why_not_do(person, place.pack, place.level, on=today, obtained=record.obtained)
    return [reason(one) for one in reasons]


def why_not_following(person: Person, place: Place) -> list[Reason]:
    """Say why the whole program is closed to this person today; for a page that need not know what they obtained."""
    return [reason(one) for one in access.why_not_enrol(person, place.pack, on=localdate())]


def why_closed_today(person: Person, place: Place, record: Record) -> Refusal | None:
    """Say why the activities of this level are closed today to somebody who follows it; nothing once it is obtained."""
    if place.key in record.obtained:
        return None
    reasons = access.why_not_do(person, place.pack, place.level, on=localdate(), obtained=record.obtained)
    return next(iter(reasons), None)


def onward(place: Place, record: Record) -> Place | None:
    """Return the level that this one opened to the person and that they have not obtained; nothing before, or after."""
    if place.key not in record.obtained:
        return None
    opened = (replace(place, level=one) for one in place.pack.levels if one.unlock == place.level.id)
    return next((one for one in opened if one.key not in record.obtained), None)


def address_of(place: Place, step: Step) -> str:
    """Return where a step of the path is done; nothing while it is locked, or for a visitor who may only read."""
    activity = step.activity
    if step.state is State.LOCKED or (place.enrolment is None and activity.kind not in OPEN_TO_ALL):
        return ""
    if step.state is State.SENT:
        return reverse("training:request", args=[step.trace.reached])
    return reverse(ENTRANCES[activity.kind], args=[place.program.slug, place.level.id, activity.id])
