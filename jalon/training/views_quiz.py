"""Quizzes: every question on one sheet, then a page that explains every option. Each try is kept."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from jalon.accounts.access import SignedIn
from jalon.core.assessment import Judged, Result, judge
from jalon.core.packs import Option, Quiz
from jalon.training import actions
from jalon.training.finding import activity_or_404, follows, onward, why_not_doing
from jalon.training.forms import QuizForm
from jalon.training.models import Enrolment
from jalon.training.queries import Place
from jalon.training.record import record_of


@require_http_methods(["GET", "HEAD", "POST"])
@follows
def quiz(request: SignedIn, place: Place, enrolment: Enrolment, quiz: str) -> HttpResponse:
    """Show the sheet; a whole one becomes a try; with gaps, or closed today, it comes back with what was chosen."""
    chosen = activity_or_404(place, Quiz, quiz)
    form = QuizForm(chosen, request.POST if request.method == "POST" else None)
    reasons = why_not_doing(request.user, place, record_of(request.user))
    if form.is_valid() and not reasons:
        key, now = form.cleaned_data["form"], timezone.now()
        attempt = actions.answer_quiz(
            enrolment=enrolment, level=place.level, quiz=chosen, answers=form.answers(), form=key, at=now
        )
        return redirect("training:try", place.program.slug, place.level.id, quiz, attempt.number)
    context = {"place": place, "quiz": chosen, "form": form, "reasons": reasons}
    status = 409 if reasons else 422
    return render(request, "training/quiz.html", context, status=status if form.is_bound else 200)


@require_safe
@follows
def result(request: SignedIn, place: Place, enrolment: Enrolment, quiz: str, number: int) -> HttpResponse:
    """Show a try: every option with its reason, the score in words, and what comes next."""
    chosen = activity_or_404(place, Quiz, quiz)
    attempt = get_object_or_404(enrolment.tries, quiz=quiz, number=number)
    record = record_of(request.user)
    judged = judge(chosen, attempt.answers)
    context = {
        "place": place,
        "quiz": chosen,
        "attempt": attempt,
        "result": judged,
        "explained": explained(judged),
        "progress": record.progress(enrolment, place.pack, place.level),
        "code": record.obtained.get(place.key, ""),
        "onward": onward(place, record),
    }
    return render(request, "training/try.html", context)


def explained(result: Result) -> list[tuple[Judged, list[tuple[Option, bool]]]]:
    """Return every question with its options, each with whether it was chosen."""
    return [(one, [(option, option.id in one.chosen) for option in one.question.options]) for one in result.judged]
