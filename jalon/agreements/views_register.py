"""The register of agreements: what a coordinator keeps true, and the coverage of the school bodies."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial, wraps
from typing import TypeVar
from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jalon.accounts import factors
from jalon.accounts.access import SignedIn, second_step_first, signed_in, why_not_trusted
from jalon.accounts.models import Person
from jalon.agreements import actions, exports, register
from jalon.agreements.access import coordinator_only
from jalon.agreements.forms import FLOWS, ChangeForm, ExtensionForm, RecordForm, ReportForm
from jalon.agreements.models import Agreement, Change
from jalon.agreements.timeline import timeline_of
from jalon.core.agreements import HALTS, Act
from jalon.core.maps import drawn
from jalon.core.refusals import Refused
from jalon.web.tables import download
from jalon.web.wording import sentence

T = TypeVar("T")
VERBS: dict[Act, Callable[..., Change]] = {
    Act.SUSPENDED: actions.suspend,
    Act.REINSTATED: actions.reinstate,
    Act.EXTENDED: actions.extend,
    Act.ENDED: actions.end,
}
FORMS = {Act.EXTENDED: ExtensionForm}
# How a change is called, what it does, where its form goes and how its button looks.
CHANGES: Mapping[Act, tuple[Promise, Promise, str, str]] = {
    Act.SUSPENDED: (
        gettext_lazy("Suspend"),
        gettext_lazy("From that day it opens nothing. What people did is kept, and their badges stay valid."),
        "agreements:suspension",
        "danger",
    ),
    Act.REINSTATED: (
        gettext_lazy("Reinstate"),
        gettext_lazy("From that day it is in force again."),
        "agreements:reinstatement",
        "primary",
    ),
    Act.EXTENDED: (
        gettext_lazy("Extend to other places"),
        gettext_lazy("From that day it covers these municipalities or schools too."),
        "agreements:extension",
        "secondary",
    ),
    Act.ENDED: (
        gettext_lazy("End it"),
        gettext_lazy("From that day it no longer holds, for good. The same parties may then record another one."),
        "agreements:end",
        "danger",
    ),
}


@require_safe
@coordinator_only
def agreements(request: SignedIn) -> HttpResponse:
    soon = request.GET.get("soon") == "1"
    today = timezone.localdate()
    entries = register.entries_of(request.user, on=today, soon=soon)
    context = {"entries": entries, "soon": soon, "timeline": timeline_of(entries, on=today)}
    return render(request, "agreements/agreements.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@coordinator_only
def new(request: SignedIn) -> HttpResponse:
    """Record an agreement; what meets another one is refused with the two periods, and nothing written is lost."""
    form = RecordForm(request.POST if request.method == "POST" else None, coordinator=request.user)
    if form.is_bound and form.is_valid():
        record = partial(actions.record, terms=form.terms, by=request.user, at=timezone.now())
        if agreement := carried_out(form, record):
            messages.success(request, _("The agreement is recorded."))
            return redirect(agreement)
    return render(request, "agreements/new.html", {"form": form}, status=422 if form.is_bound else 200)


def carried_out(form: Form, verb: Callable[[], T]) -> T | None:
    """Return what the verb returns; nothing when it is refused, and the form says why and keeps what was written.

    The register may have changed since the form was checked, or while the verb waited for its turn.
    """
    try:
        return verb()
    except Refused as refused:
        form.add_error(None, sentence(refused.refusal))
        return None


def of_the_territory(
    view: Callable[[SignedIn, Agreement], HttpResponse],
) -> Callable[[HttpRequest, UUID], HttpResponse]:
    """Only who coordinates the territory of the agreement sees the page, and only after a second step of sign-in.

    Another's is a missing one, before anything else is asked.
    """

    @wraps(view)
    def guarded(request: SignedIn, pk: UUID) -> HttpResponse:
        found = found_or_404(request, pk)
        if reason := why_not_trusted(request):
            return second_step_first(request, reason)
        factors.forget_wanted(request)
        return view(request, found)

    return signed_in(guarded)


@require_safe
@of_the_territory
def agreement(request: SignedIn, found: Agreement) -> HttpResponse:
    return agreement_page(request, found)


def found_or_404(request: SignedIn, pk: UUID) -> Agreement:
    """Return the agreement of a territory that this person coordinates; another's is a missing one."""
    kept = Agreement.objects.visible_to(request.user).select_related("police_service", "body", "recorded_by")
    changes = Prefetch("changes", Change.objects.select_related("by"))
    return get_object_or_404(kept.prefetch_related(changes, "reports"), pk=pk)


def agreement_page(request: SignedIn, found: Agreement, refused: ChangeForm | ReportForm | None = None) -> HttpResponse:
    """Return the page of an agreement, with the form that was refused in the place of a fresh one."""
    today, covered = timezone.localdate(), register.places_of(found)
    context = {
        "entry": register.Entry(found, today),
        "towns": register.towns_of(found, on=today),
        "covered": covered,
        "flows": [FLOWS[flow] for flow in found.flows],
        "missing": [{"label": f"{year}-{year + 1}"} for year in register.missing_reports(found, on=today)],
        "history": register.history_of(found, covered),
        "changes": possible_changes(found, refused, by=request.user),
        "report_form": refused if isinstance(refused, ReportForm) else ReportForm(agreement=found, today=today),
    }
    return render(request, "agreements/agreement.html", context, status=422 if refused else 200)


@dataclass(frozen=True)
class PossibleChange:
    """What a coordinator may do to an agreement now: its form, its words and its address."""

    form: ChangeForm
    label: Promise
    effect: Promise
    url: str
    look: str


def possible_changes(found: Agreement, refused: object, *, by: Person) -> list[PossibleChange]:
    """Return the changes that the history of the agreement leaves open, and the one that was refused."""
    today = timezone.localdate()
    forms = {
        act: FORMS.get(act, ChangeForm)(agreement=found, act=act, today=today, by=by) for act in open_acts(found, today)
    }
    if isinstance(refused, ChangeForm):
        forms[refused.act] = refused
    return [possible_change(found, act, form) for act, form in forms.items()]


def open_acts(found: Agreement, today: date) -> list[Act]:
    """Return what may be done that day; what is planned may be replaced by an earlier act, or undone."""
    term = found.term
    if any(change.act is Act.ENDED and change.on <= today for change in term.changes):
        return []
    is_suspended = term.suspended_on(today) is not None
    is_planned = any(change.act in HALTS and change.on > today for change in term.counting)
    shown = {Act.EXTENDED: found.places, Act.REINSTATED: is_suspended or is_planned}
    shown[Act.SUSPENDED] = not is_suspended or is_planned
    return [act for act in (Act.EXTENDED, Act.REINSTATED, Act.SUSPENDED, Act.ENDED) if shown.get(act, True)]


def possible_change(found: Agreement, act: Act, form: ChangeForm) -> PossibleChange:
    label, effect, name, look = CHANGES[act]
    return PossibleChange(form, label, effect, reverse(name, args=[found.pk]), look)


def change(request: SignedIn, found: Agreement, act: Act) -> HttpResponse:
    form = FORMS.get(act, ChangeForm)(
        request.POST, agreement=found, act=act, today=timezone.localdate(), by=request.user
    )
    verb = partial(VERBS[act], agreement=found, by=request.user, at=timezone.now())
    if form.is_valid() and carried_out(form, lambda: verb(**form.cleaned_data)) is not None:
        messages.success(request, _("It is recorded. What people did is kept."))
        return redirect(found)
    return agreement_page(request, found_or_404(request, found.pk), form)


@require_POST
@of_the_territory
def suspension(request: SignedIn, found: Agreement) -> HttpResponse:
    return change(request, found, Act.SUSPENDED)


@require_POST
@of_the_territory
def reinstatement(request: SignedIn, found: Agreement) -> HttpResponse:
    return change(request, found, Act.REINSTATED)


@require_POST
@of_the_territory
def extension(request: SignedIn, found: Agreement) -> HttpResponse:
    return change(request, found, Act.EXTENDED)


@require_POST
@of_the_territory
def end(request: SignedIn, found: Agreement) -> HttpResponse:
    return change(request, found, Act.ENDED)


@require_POST
@of_the_territory
def report(request: SignedIn, found: Agreement) -> HttpResponse:
    form = ReportForm(request.POST, agreement=found, today=timezone.localdate())
    verb = partial(actions.file_report, agreement=found, by=request.user, at=timezone.now())
    if form.is_valid() and carried_out(form, lambda: verb(**form.cleaned_data)) is not None:
        messages.success(request, _("The joint report is filed."))
        return redirect(found)
    return agreement_page(request, found_or_404(request, found.pk), form)


@require_safe
@coordinator_only
def bodies(request: SignedIn) -> HttpResponse:
    """Show the coverage by school body: the table, and beside it the same on a map."""
    covers = register.body_covers(on=timezone.localdate())
    drawing = drawn([cover.rings for cover in covers])
    shapes = list(zip(covers, drawing.paths, strict=True))
    return render(request, "agreements/bodies.html", {"covers": covers, "drawing": drawing, "shapes": shapes})


@require_safe
@coordinator_only
def export(request: SignedIn, kind: str) -> HttpResponse:
    insist_on_kind(kind)
    entries = register.entries_of(request.user, on=timezone.localdate())
    return download(
        _("agreements"), kind=kind, headers=exports.agreement_headers(), rows=exports.agreement_rows(entries)
    )


@require_safe
@coordinator_only
def bodies_export(request: SignedIn, kind: str) -> HttpResponse:
    insist_on_kind(kind)
    covers = register.body_covers(on=timezone.localdate())
    return download(_("coverage"), kind=kind, headers=exports.body_headers(), rows=exports.body_rows(covers))


def insist_on_kind(kind: str) -> None:
    if kind not in ("csv", "xlsx"):
        raise Http404
