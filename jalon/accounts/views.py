"""The pages of an account and of those who confirm where people work."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jalon.accounts import actions, factors, queries
from jalon.accounts.access import SignedIn, signed_in, why_not_read_journal
from jalon.accounts.forms import AffiliationForm, NameForm, SettingsForm
from jalon.accounts.kept import kept
from jalon.places.queries import schools_found_by
from jalon.web.searching import words_searched


def ours(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Return a page of django-allauth by GET and POST only, on our base page: its own `site` would hide ours."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def shown(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if isinstance(response, TemplateResponse) and response.context_data:
            response.context_data.pop("site", None)
        return response

    return shown


@require_safe
@signed_in
def account(request: SignedIn) -> HttpResponse:
    return account_page(request)


def account_page(
    request: SignedIn, *, name: NameForm | None = None, settings: SettingsForm | None = None
) -> HttpResponse:
    """Return the account, with the form that was refused in the place of a fresh one."""
    person, today = request.user, timezone.localdate()
    forms = {
        "name_form": name or NameForm(initial={"legal_name": person.legal_name}),
        "settings_form": settings or SettingsForm(person=person),
    }
    rest = {
        "affiliations": queries.affiliations_of(person, on=today),
        "is_registrar": person.registrars.exists(),
        "reads_journal": why_not_read_journal(person) is None,
        "former_names": list(person.name_changes.filter(withdrawn_at=None).exclude(before=person.legal_name)),
        "is_coordinator": person.coordinators.exists(),
        "has_second_step": factors.shown_on_account(request),
        "today": today,
    }
    return render(request, "accounts/account.html", forms | rest, status=422 if name or settings else 200)


@require_POST
@signed_in
def name(request: SignedIn) -> HttpResponse:
    form = NameForm(request.POST)
    if not form.is_valid():
        return account_page(request, name=form)
    actions.change_name(person=request.user, name=form.cleaned_data["legal_name"], at=timezone.now())
    messages.success(request, _("Your name is saved. Attestations made before keep the name that they had."))
    return redirect("accounts:account")


@require_POST
@signed_in
def name_withdrawal(request: SignedIn) -> HttpResponse:
    actions.withdraw_names(person=request.user, at=timezone.now())
    messages.success(request, _("Public pages show your present name from now on. Papers already made do not change."))
    return redirect("accounts:account")


@require_POST
@signed_in
def settings(request: SignedIn) -> HttpResponse:
    form = SettingsForm(request.POST, person=request.user)
    if not form.is_valid():
        return account_page(request, settings=form)
    person = actions.change_settings(person=request.user, at=timezone.now(), **form.cleaned_data)
    with override(person.language):
        messages.success(request, _("Your preferences are saved."))
        return redirect("accounts:account")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def declare(request: SignedIn) -> HttpResponse:
    """Search one's school, then say one's role there: two steps on one address."""
    words = words_searched(request)
    found = schools_found_by(words, on=timezone.localdate())
    form = AffiliationForm(request.POST or None, schools=found)
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        school, role = form.chosen, form.cleaned_data["role"]
        actions.declare_affiliation(
            person=request.user, school=school, role=role, starts_on=timezone.localdate(at), at=at
        )
        messages.success(request, _("Your school is noted. A person of your school body will confirm it."))
        return redirect("accounts:account")
    return render(request, "accounts/declare.html", {"form": form, "words": words, "found": found})


@require_POST
@signed_in
def departure(request: SignedIn, pk: UUID) -> HttpResponse:
    """A person leaves a school of theirs."""
    affiliation = get_object_or_404(request.user.affiliations, pk=pk)
    at = timezone.now()
    actions.end_affiliation(affiliation=affiliation, ends_on=timezone.localdate(at), by=request.user, at=at)
    messages.success(request, _("It is noted that you no longer work at this school."))
    return redirect("accounts:account")


@require_safe
@signed_in
def resend(request: SignedIn) -> HttpResponse:
    """What was posted after the session had ended is shown again, ready to be sent."""
    form = kept(request)
    return render(request, "accounts/resend.html", {"form": form}) if form else redirect("training:path")
