"""The registrar's pages: who works in the schools of a body, one place of work, and files of people."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jalon.accounts import actions, leaves, people, queries, uploads
from jalon.accounts.access import SignedIn, registrar_only
from jalon.accounts.forms import LeaveForm, PeopleForm
from jalon.accounts.models import Affiliation, PeopleImport, Upload
from jalon.accounts.views_journal import about, shown
from jalon.web.wording import sentence
from jalon.web.words import day as day_in_words

MEMBERS_A_PAGE = 50
MOST_SHOWN = 200
LONGEST_SEARCH = 100


@require_safe
@registrar_only
def members(request: SignedIn) -> HttpResponse:
    words = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]
    state, today = request.GET.get("state", ""), timezone.localdate()
    found = queries.members_of(request.user, on=today, words=words, state=state)
    page = queries.page_of(found, number=request.GET.get("page"), size=MEMBERS_A_PAGE, is_search=bool(words))
    context = {"page": page, "today": today, "words": words, "state": state, "states": states(state)}
    return render(request, "accounts/members.html", context)


def states(chosen: str) -> list[dict[str, object]]:
    labels = {
        "": _("All"),
        "waiting": _("To confirm"),
        "confirmed": pgettext("several", "Confirmed"),
        "left": _("Left"),
    }
    return [{"key": key, "label": label, "is_chosen": key == chosen} for key, label in labels.items()]


@require_http_methods(["GET", "HEAD", "POST"])
@registrar_only
def member(request: SignedIn, pk: UUID) -> HttpResponse:
    """Show one place of work; a registrar writes the first day away, corrects it or takes it back."""
    seen = Affiliation.objects.visible_to(request.user).select_related("person", "school", "confirmed_by")
    affiliation = get_object_or_404(seen, pk=pk)
    form = LeaveForm(request.POST if request.method == "POST" else None, affiliation=affiliation)
    if not (form.is_bound and form.is_valid()):
        return member_page(request, affiliation, form)
    at = timezone.now()
    done = leaves.set_leave(affiliation=affiliation, seen=form.seen, **form.cleaned_data, by=request.user, at=at)
    if isinstance(done, leaves.Conflict):
        affiliation.ends_on = done.ends_on
        return member_page(request, affiliation, form, conflict=done)
    messages.success(request, leave_said(done.ends_on))
    return redirect("accounts:member", pk=pk)


def leave_said(ends_on: date | None) -> str:
    if ends_on is None:
        return _("There is no leave date any more. The person has been told.")
    return _("The leave date is noted. The register keeps the place of work.")


def member_page(
    request: SignedIn, affiliation: Affiliation, form: LeaveForm, *, conflict: leaves.Conflict | None = None
) -> HttpResponse:
    """Return the page of a place of work, with what was done about it; a refused form keeps what was typed."""
    context = {
        "affiliation": affiliation,
        "form": form,
        "conflict": conflict,
        "lines": [shown(entry) for entry in about(affiliation)],
        "today": timezone.localdate(),
    }
    status = 409 if conflict else 422 if form.is_bound else 200
    return render(request, "accounts/member_page.html", context, status=status)


@require_POST
@registrar_only
def confirmation(request: SignedIn, pk: UUID) -> HttpResponse:
    affiliation = get_object_or_404(Affiliation.objects.visible_to(request.user), pk=pk)
    actions.confirm_affiliation(affiliation=affiliation, by=request.user, at=timezone.now())
    messages.success(request, _("Confirmed. The person has been told."))
    return redirect("accounts:members")


@require_POST
@registrar_only
def end(request: SignedIn, pk: UUID) -> HttpResponse:
    affiliation = get_object_or_404(Affiliation.objects.visible_to(request.user), pk=pk)
    at, today = timezone.now(), timezone.localdate()
    ended = actions.end_affiliation(affiliation=affiliation, ends_on=today, by=request.user, at=at)
    if affiliation.ends_on:
        told = _("There was a leave date already, %(day)s. Nothing was changed; correct it here if it is wrong.")
        messages.warning(request, told % {"day": day_in_words(ended.ends_on or today)})
        return redirect("accounts:member", pk=pk)
    messages.success(request, _("Ended. The register keeps it."))
    return redirect("accounts:members")


@require_http_methods(["GET", "HEAD", "POST"])
@registrar_only
def imports(request: SignedIn) -> HttpResponse:
    """Choose files of people; and the imports made, with those that can still be undone."""
    form = PeopleForm(request.POST, request.FILES) if request.method == "POST" else PeopleForm()
    if form.is_bound and form.is_valid():
        upload = uploads.keep(files=form.cleaned_data["people"], by=request.user, at=timezone.now())
        return redirect("accounts:upload", pk=upload.pk)
    now = timezone.now()
    made = [(one, people.why_not_undo(one, request.user, at=now) is None) for one in request.user.people_imports.all()]
    context = {"form": form, "made": made[:MEMBERS_A_PAGE]}
    return render(request, "accounts/imports.html", context, status=422 if form.is_bound else 200)


@require_safe
@registrar_only
def upload(request: SignedIn, pk: UUID) -> HttpResponse:
    """Show what the files would change, line by line, before anything is changed."""
    kept = get_object_or_404(Upload, pk=pk, by=request.user)
    with uploads.opened(kept) as files:
        report = people.import_people(files=files, by=request.user, at=timezone.now())
    problems = [(told, sentence(told.problem.refusal)) for told in report.problems[:MOST_SHOWN]]
    context = {"upload": kept, "report": report, "problems": problems, "shown": report.differences[:MOST_SHOWN]}
    return render(request, "accounts/upload.html", context)


@require_POST
@registrar_only
def upload_confirmation(request: SignedIn, pk: UUID) -> HttpResponse:
    kept = get_object_or_404(Upload, pk=pk, by=request.user)
    with uploads.opened(kept) as files:
        report = people.import_people(files=files, by=request.user, at=timezone.now(), commit=True)
    if report.problems:
        return redirect("accounts:upload", pk=kept.pk)
    kept.delete()
    messages.success(request, _("The file is imported. You can undo it during 24 hours."))
    return redirect("accounts:imports")


@require_POST
@registrar_only
def undoing(request: SignedIn, pk: UUID) -> HttpResponse:
    batch = get_object_or_404(PeopleImport, pk=pk, by=request.user)
    done = people.undo_import(batch=batch, by=request.user, at=timezone.now())
    counts = {"undone": done.undone, "kept": done.kept}
    messages.success(request, _("Lines undone: %(undone)s. Changed since, and kept: %(kept)s.") % counts)
    return redirect("accounts:imports")
