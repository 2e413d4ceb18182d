"""The pages of a registrar who enters a level for several people, and the public page of the state."""

import tempfile
from pathlib import Path
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jalon.accounts.access import SignedIn, registrar_only
from jalon.credentials import batches, rows
from jalon.credentials.forms import BatchForm, ColumnsForm, WithdrawalForm, key_of
from jalon.credentials.models import Batch
from jalon.web.jobs import has_stopped


@require_http_methods(["GET", "HEAD", "POST"])
@registrar_only
def several(request: SignedIn) -> HttpResponse:
    """The batches of the registrar's school bodies, and the form that makes one; nothing is issued yet."""
    form = BatchForm(request.POST or None, request.FILES or None, person=request.user)
    if form.is_bound and form.is_valid():
        return redirect(_read(request, form))
    shown = Batch.objects.visible_to(request.user).select_related("by").distinct()[:50]
    return render(request, "credentials/batches.html", {"form": form, "batches": shown})


def _read(request: SignedIn, form: BatchForm) -> Batch:
    said = form.cleaned_data
    asked = batches.Asked(said["level"], said["duplicates"], "MEMBERS", form.body_chosen())
    file = said["file"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table"
        path.write_bytes(file.read())
        key, now = key_of(request), timezone.now()
        return batches.prepare(path=path, name=str(file.name), asked=asked, key=key, by=request.user, at=now)


def own_batch(request: SignedIn, pk: UUID) -> Batch:
    """Return a batch of a body of this registrar; another's is the same 404 as none."""
    joined = Batch.objects.visible_to(request.user).select_related("release__program", "body", "by")
    return get_object_or_404(joined.defer("release__content").distinct(), pk=pk)


@require_safe
@registrar_only
def one(request: SignedIn, pk: UUID) -> HttpResponse:
    found = own_batch(request, pk)
    shown, is_still = rows.shown(found), has_stopped(found.working_at, at=timezone.now())
    forms = {"columns": ColumnsForm(batch=found), "withdrawal": WithdrawalForm()}
    return render(request, "credentials/batch.html", {"batch": found, "shown": shown, "is_still": is_still, **forms})


@require_POST
@registrar_only
def columns(request: SignedIn, pk: UUID) -> HttpResponse:
    found = own_batch(request, pk)
    form = ColumnsForm(request.POST, batch=found)
    if form.is_valid():
        key, now = key_of(request), timezone.now()
        batches.map_columns(batch=found, columns=form.columns(), key=key, by=request.user, at=now)
        messages.success(request, _("The file was read again with these columns."))
    return redirect(found)


@require_POST
@registrar_only
def beginning(request: SignedIn, pk: UUID) -> HttpResponse:
    found = batches.begin(batch=own_batch(request, pk), by=request.user, at=timezone.now())
    messages.success(request, _("The badges are being issued. You may leave this page; it goes on without you."))
    return redirect(found)


@require_POST
@registrar_only
def resumption(request: SignedIn, pk: UUID) -> HttpResponse:
    """A batch whose work stopped goes on, where nothing moves any more; another is left to its job."""
    found = own_batch(request, pk)
    if has_stopped(found.working_at, at=timezone.now()):
        batches.resume(batch=found)
        messages.success(request, _("It goes on from where it was."))
    return redirect(found)


@require_POST
@registrar_only
def withdrawal(request: SignedIn, pk: UUID) -> HttpResponse:
    reason = request.POST.get("reason", "")
    found = batches.withdraw(batch=own_batch(request, pk), reason=reason, by=request.user, at=timezone.now())
    messages.success(request, _("The batch is being taken back. Whoever checks one of its badges reads the reason."))
    return redirect(found)
