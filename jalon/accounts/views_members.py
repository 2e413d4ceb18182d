"""The registrar's pages: who works in the schools of a body, and one place of work."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jalon.accounts import actions, leaves, queries
from jalon.accounts.access import SignedIn, registrar_only
from jalon.accounts.forms import LeaveForm
from jalon.accounts.models import Affiliation
from jalon.accounts.views_journal import about, shown
from jalon.web.searching import words_searched
from jalon.web.words import day as day_in_words

MEMBERS_A_PAGE = 50


@require_safe
@registrar_only
def members(request: SignedIn) -> HttpResponse:
    words = words_searched(request)
    state, today = request.GET.get("state", ""), timezone.localdate()
    found = queries.members_of(request.user, on=today, words=words, state=state)
    number, is_search = request.GET.get("page"), bool(words)
    page = queries.page_of(found, on=today, number=number, size=MEMBERS_A_PAGE, is_search=is_search)
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
