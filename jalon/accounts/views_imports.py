"""The registrar's pages of files of people: look, import, see how far it is, undo."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jalon.accounts import people, undoing, uploads
from jalon.accounts.access import SignedIn, registrar_only
from jalon.accounts.forms import PeopleForm
from jalon.accounts.models import PeopleImport, Upload
from jalon.web.jobs import has_stopped
from jalon.web.wording import sentence

IMPORTS_SHOWN = 50
MOST_SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
@registrar_only
def imports(request: SignedIn) -> HttpResponse:
    """Choose files of people; and the imports made, each with its page."""
    form = PeopleForm(request.POST, request.FILES) if request.method == "POST" else PeopleForm()
    if form.is_bound and form.is_valid():
        upload = uploads.keep(files=form.cleaned_data["people"], by=request.user, at=timezone.now())
        return redirect("accounts:upload", pk=upload.pk)
    context = {"form": form, "made": request.user.people_imports.all()[:IMPORTS_SHOWN]}
    return render(request, "accounts/imports.html", context, status=422 if form.is_bound else 200)


@require_safe
@registrar_only
def upload(request: SignedIn, pk: UUID) -> HttpResponse:
    """Show what the files would change, line by line, before anything is changed; once begun, the import itself."""
    if PeopleImport.objects.filter(pk=pk, by=request.user).exists():
        return redirect("accounts:import", pk=pk)
    kept = get_object_or_404(Upload, pk=pk, by=request.user)
    with uploads.opened(kept) as files:
        report = people.import_people(files=files, by=request.user, at=timezone.now())
    problems = [(told, sentence(told.problem.refusal)) for told in report.problems[:MOST_SHOWN]]
    context = {"upload": kept, "report": report, "problems": problems, "shown": report.differences[:MOST_SHOWN]}
    return render(request, "accounts/upload.html", context)


@require_POST
@registrar_only
def upload_confirmation(request: SignedIn, pk: UUID) -> HttpResponse:
    if not PeopleImport.objects.filter(pk=pk, by=request.user).exists():
        kept = get_object_or_404(Upload, pk=pk, by=request.user)
        people.begin(upload=kept, by=request.user, at=timezone.now())
    return redirect("accounts:import", pk=pk)


def how_far(batch: PeopleImport) -> dict[str, int]:
    """Return how many lines are done, of how many, by the import or by its undoing; and the quarters, in percent."""
    done, total = batch.done, batch.total
    if batch.state == "UNDOING":
        done = batch.undone + batch.kept
        total = done + batch.lines.count()
    return {"done": done, "total": total, "quarters": 4 * done // max(total, 1) * 25}


@require_safe
@registrar_only
def one(request: SignedIn, pk: UUID) -> HttpResponse:
    """Show one import: how far it is, what it did, and the way back."""
    batch, now = get_object_or_404(PeopleImport, pk=pk, by=request.user), timezone.now()
    far, is_still = how_far(batch), has_stopped(batch.working_at, at=now)
    context = {
        "batch": batch,
        **far,
        "is_still": is_still,
        "told": f"{batch.state} {far['quarters']} {is_still}",
        "can_go_on": batch.undone_at is not None or Upload.objects.filter(pk=pk).exists(),
        "can_undo": undoing.why_not_undo(batch, request.user, at=now) is None,
    }
    return render(request, "accounts/import.html", context)


@require_POST
@registrar_only
def resumption(request: SignedIn, pk: UUID) -> HttpResponse:
    batch = get_object_or_404(PeopleImport, pk=pk, by=request.user)
    if batch.working_at:
        people.resume(batch=batch)
        undoing_goes_on, import_goes_on = (
            _("The undoing goes on from where it was."),
            _("The import goes on from where it was."),
        )
        messages.success(request, undoing_goes_on if batch.undone_at else import_goes_on)
    return redirect("accounts:import", pk=pk)


@require_POST
@registrar_only
def undoing_(request: SignedIn, pk: UUID) -> HttpResponse:
    batch = get_object_or_404(PeopleImport, pk=pk, by=request.user)
    people.begin_undoing(batch=batch, by=request.user, at=timezone.now())
    return redirect("accounts:import", pk=pk)
