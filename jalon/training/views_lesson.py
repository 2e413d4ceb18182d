"""Lessons: one part a page, open to all; who follows the program comes back where they were."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jalon.accounts.access import SignedIn
from jalon.core.packs import Lesson
from jalon.core.progress import minutes_left_in
from jalon.training import actions
from jalon.training.finding import activity_or_404, follows, place_or_404
from jalon.training.models import Enrolment
from jalon.training.queries import Place


@require_safe
def entrance(request: HttpRequest, slug: str, level: str, lesson: str) -> HttpResponse:
    """Lead to the part where this person was last, or to the first one."""
    place = place_or_404(request, slug, level)
    chosen = activity_or_404(place, Lesson, lesson)
    reading = place.enrolment.readings.filter(lesson=lesson, finished_at=None).first() if place.enrolment else None
    part = reading.part if reading and chosen.part(reading.part) else chosen.parts[0].id
    return redirect("training:lesson", slug, level, lesson, part)


def lesson_or_404(place: Place, lesson: str, part: str) -> Lesson:
    """Return the lesson of this level that has this part."""
    chosen = activity_or_404(place, Lesson, lesson)
    if chosen.part(part) is None:
        raise Http404
    return chosen


@require_safe
def lesson(request: HttpRequest, slug: str, level: str, lesson: str, part: str) -> HttpResponse:
    place = place_or_404(request, slug, level)
    chosen = lesson_or_404(place, lesson, part)
    ids = [one.id for one in chosen.parts]
    number = ids.index(part)
    context = {
        "place": place,
        "lesson": chosen,
        "part": chosen.parts[number],
        "number": number + 1,
        "previous": ids[number - 1] if number else "",
        "following": ids[number + 1] if number + 1 < len(ids) else "",
        "minutes": minutes_left_in(chosen, part),
    }
    return render(request, "training/lesson.html", context)


@require_POST
@follows
def reading(request: SignedIn, place: Place, enrolment: Enrolment, lesson: str, part: str) -> HttpResponse:
    """The part is read: go on to the next, or back to the level after the last."""
    chosen = lesson_or_404(place, lesson, part)
    reached = actions.finish_part(enrolment=enrolment, level=place.level, lesson=chosen, part=part, at=timezone.now())
    if part != chosen.parts[-1].id:
        return redirect("training:lesson", place.program.slug, place.level.id, lesson, reached.part)
    messages.success(request, _("Lesson completed."))
    return redirect("training:level", place.program.slug, place.level.id)
