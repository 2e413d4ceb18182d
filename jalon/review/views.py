"""The pages of reviewers: the queue, the desk, and what is decided there."""

from datetime import timedelta
from math import ceil
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jalon.accounts.access import SignedIn, reviewer_only
from jalon.core.calibration import Turnaround
from jalon.core.refusals import insist
from jalon.review import access, actions, queries
from jalon.review.forms import AcceptForm, NotesForm, QueueFilter, ReturnForm
from jalon.review.models import UNDOING, Claim
from jalon.training.models import Submission
from jalon.web.words import hours, short_language

FORM = ["GET", "HEAD", "POST"]


@require_safe
@reviewer_only
def queue(request: SignedIn) -> HttpResponse:
    """Show what waits, the oldest first."""
    programs = [(one.slug, getattr(one, f"title_{short_language()}")) for one in queries.programs()]
    form = QueueFilter(request.GET, programs=programs)
    chosen = form.cleaned_data if form.is_valid() else {}
    figures = queries.figures_for(request.user, at=timezone.now())
    context = {
        "queue": queries.queue_of(request.user, at=timezone.now(), **chosen),
        "form": form,
        "is_filtered": any(chosen.values()),
        "figures": figures,
        "spans": spans(figures.turnaround),
        "undo_until": figures.undoable and figures.undoable.at + UNDOING,
    }
    return render(request, "review/queue.html", context)


def spans(found: Turnaround | None) -> dict[str, str]:
    """Return the two figures of the turnaround in words: hours up to two days, then days."""
    if found is None:
        return {"median": "", "ninetieth": ""}
    return {"median": lasting(found.median), "ninetieth": lasting(found.ninetieth)}


def lasting(span: timedelta) -> str:
    minutes = ceil(span / timedelta(minutes=1))
    if span < timedelta(days=2):
        return hours(minutes if minutes < 60 else 60 * ceil(minutes / 60))
    days = ceil(span / timedelta(days=1))
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": days}


@require_safe
@reviewer_only
def desk(request: SignedIn, pk: UUID) -> HttpResponse:
    """Show the desk; a decision that asks this reviewer for a second reading is not told before it is given."""
    submission = readable_or_stop(request, pk)
    if access.is_asked_again(request.user, submission):
        return redirect("review:second-reading", pk)
    return desk_page(request, submission, status=200)


def desk_page(request: SignedIn, submission: Submission, *, status: int, **forms: object) -> HttpResponse:
    """Show the answers, the criteria and what this reviewer may do now; a form with errors keeps its text."""
    found = queries.desk(submission, at=timezone.now())
    own = found.claim if found.claim and found.claim.reviewer_id == request.user.pk else None
    unfolded = {
        "accepting": "acceptance" in forms,
        "sending_back": "returning" in forms,
        "noting": bool(own and own.notes) or "notes" in forms,
    }
    context = {"desk": found, "is_mine": own is not None, "is_refused": bool(forms), **unfolded}
    context["is_undoable"] = found.decision and not access.why_not_undo(request.user, found.decision, at=timezone.now())
    return render(request, "review/desk.html", {**context, **blank_forms(submission, own), **forms}, status=status)


def blank_forms(submission: Submission, own: Claim | None) -> dict[str, Form]:
    """Return the forms of the desk; who does not hold the request fills in none of them."""
    return {
        "notes": NotesForm(initial={"notes": own.notes if own else ""}),
        "acceptance": AcceptForm(),
        "returning": return_form(submission) if own else ReturnForm(),
    }


def return_form(submission: Submission, data: QueryDict | None = None) -> ReturnForm:
    """Return the form that sends back, with the saved advice in the language of the person."""
    return ReturnForm(data, remarks=queries.remarks(), language=submission.language)


def readable_or_stop(request: SignedIn, pk: UUID) -> Submission:
    """Return the request, when this person may read it."""
    submission = queries.desk_of(pk)
    if submission is None:
        raise Http404
    insist(access.why_not_read(request.user, submission, at=timezone.now()))
    return submission


@require_POST
@reviewer_only
def claim(request: SignedIn, pk: UUID) -> HttpResponse:
    submission = readable_or_stop(request, pk)
    actions.claim(submission=submission, by=request.user, at=timezone.now())
    messages.success(request, _("This request is yours for an hour. Each act at the desk starts the hour again."))
    return redirect("review:desk", pk)


@require_POST
@reviewer_only
def release(request: SignedIn, pk: UUID) -> HttpResponse:
    submission = readable_or_stop(request, pk)
    actions.release_claim(submission=submission, by=request.user, at=timezone.now())
    messages.success(request, _("Another reviewer can take this request."))
    return redirect("review:queue")


@require_http_methods(FORM)
@reviewer_only
def notes(request: SignedIn, pk: UUID) -> HttpResponse:
    if request.method != "POST":
        return redirect("review:desk", pk)
    submission = readable_or_stop(request, pk)
    form = NotesForm(request.POST)
    if status := why_not_now(request, submission, form):
        return desk_page(request, submission, status=status, notes=form)
    actions.note(submission=submission, by=request.user, notes=form.cleaned_data["notes"], at=timezone.now())
    messages.success(request, _("Your notes are saved."))
    return redirect("review:desk", pk)


@require_http_methods(FORM)
@reviewer_only
def acceptance(request: SignedIn, pk: UUID) -> HttpResponse:
    """Accept; without the confirmation, the desk comes back with everything that was typed."""
    if request.method != "POST":
        return redirect("review:desk", pk)
    submission = readable_or_stop(request, pk)
    form = AcceptForm(request.POST)
    if status := why_not_now(request, submission, form):
        return desk_page(request, submission, status=status, acceptance=form)
    advice = form.cleaned_data["advice"]
    decision = actions.accept(submission=submission, by=request.user, advice=advice, at=timezone.now())
    if decision.award is None:
        return on_to_the_next(
            request,
            _("Accepted, and kept. The level is closed to the person today: its badge follows once it is open again."),
        )
    return on_to_the_next(request, _("Accepted. The level is obtained, and its badge is on its way to the person."))


@require_http_methods(FORM)
@reviewer_only
def return_(request: SignedIn, pk: UUID) -> HttpResponse:
    """Send back with advice; without advice, the desk comes back."""
    if request.method != "POST":
        return redirect("review:desk", pk)
    submission = readable_or_stop(request, pk)
    form = return_form(submission, request.POST)
    if status := why_not_now(request, submission, form):
        return desk_page(request, submission, status=status, returning=form)
    actions.return_(submission=submission, by=request.user, advice=form.cleaned_data["advice"], at=timezone.now())
    return on_to_the_next(
        request, _("To rework: the person is told in ten minutes. Until then, the queue lets you undo it.")
    )


def why_not_now(request: SignedIn, submission: Submission, form: Form) -> int:
    """Return the status of the desk that comes back with its text: a form to correct, or another reviewer's claim."""
    if not form.is_valid():
        return 422
    return 409 if access.claim_of_another(request.user, submission, at=timezone.now()) else 0


def on_to_the_next(request: SignedIn, said: str) -> HttpResponse:
    """Say what was done, then show the oldest request that nobody reads, or the queue."""
    following = queries.next_for(request.user, at=timezone.now())
    messages.success(request, " ".join([said, _("Here is the next request.")] if following else [said]))
    return redirect("review:desk", following.pk) if following else redirect("review:queue")
