"""What surrounds the desk: undoing, the second reading, the saved advice, what people choose in the cases."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jalon.accounts.access import SignedIn, reviewer_only
from jalon.core.refusals import insist
from jalon.review import access, actions, queries
from jalon.review.forms import RemarkForm, SecondReadingForm
from jalon.review.models import Remark
from jalon.review.views import readable_or_stop
from jalon.training import queries_case
from jalon.web import words

FORM = ["GET", "HEAD", "POST"]


@require_POST
@reviewer_only
def undoing(request: SignedIn, pk: UUID) -> HttpResponse:
    """Take a return back; where it was undone already, the desk shows it."""
    submission = readable_or_stop(request, pk)
    if hasattr(submission, "decision"):
        actions.undo(decision=submission.decision, by=request.user, at=timezone.now())
        messages.success(request, _("Undone: nobody was told. Your advice is among your private notes."))
    return redirect("review:desk", pk)


@require_http_methods(FORM)
@reviewer_only
def second_reading(request: SignedIn, pk: UUID) -> HttpResponse:
    """Read a drawn request without knowing its decision, and say what one would have decided."""
    submission = readable_or_stop(request, pk)
    if hasattr(submission, "second_reading"):
        return redirect("review:desk", pk)
    insist(access.why_not_read_again(request.user, submission, at=timezone.now()))
    form = SecondReadingForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.cleaned_data
        actions.read_again(submission=submission, **given, by=request.user, at=timezone.now())
        messages.success(request, _("Thank you. Here are both readings."))
        return redirect("review:desk", pk)
    context = {"desk": queries.desk(submission, at=timezone.now()), "form": form}
    return render(request, "review/second_reading.html", context, status=422 if form.is_bound else 200)


@require_http_methods(FORM)
@reviewer_only
def remarks(request: SignedIn) -> HttpResponse:
    """Show the saved advice, and add one."""
    form = RemarkForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.add_remark(**form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(request, _("Saved. Every reviewer can choose it at the desk."))
        return redirect("review:remarks")
    context = {"remarks": queries.remarks(), "form": form}
    return render(request, "review/remarks.html", context, status=422 if form.is_bound else 200)


@require_POST
@reviewer_only
def retirement(request: SignedIn, pk: UUID) -> HttpResponse:
    remark = get_object_or_404(Remark, pk=pk)
    actions.retire_remark(remark=remark, by=request.user, at=timezone.now())
    messages.success(request, _("Retired. What was sent with it stays."))
    return redirect("review:remarks")


@require_safe
@reviewer_only
def choices(request: SignedIn) -> HttpResponse:
    """Show, for each moment of each case, how many people chose what the first time they played."""
    programs = {one.slug: one for one in queries.programs() if one.current and one.current.pack.cases}
    slug = request.GET.get("program") or next(iter(programs), "")
    if programs and slug not in programs:
        raise Http404
    found = queries_case.choices_made(programs[slug], words.short_language()) if programs else []
    context = {"program": programs.get(slug), "others": programs.values(), "cases": found}
    return render(request, "review/choices.html", context)
