"""Practice cases: the entrance, one moment a page, six questions to oneself, then the two paths side by side."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from jalon.accounts.access import SignedIn
from jalon.core.cases.player import Moment
from jalon.core.packs import PracticeCase
from jalon.core.protocols.sentences import Speaker
from jalon.core.refusals import Refusal
from jalon.training import actions_case, queries_case
from jalon.training.finding import activity_or_404, follows, why_not_doing, why_not_following
from jalon.training.forms import ChoiceForm, LookBackForm
from jalon.training.models import CaseRun, Enrolment
from jalon.training.queries import Place
from jalon.training.record import record_of
from jalon.web.wording import sentence
from jalon.web.words import short_language

FORM = ["GET", "HEAD", "POST"]


@require_safe
@follows
def case(request: SignedIn, place: Place, enrolment: Enrolment, case: str) -> HttpResponse:
    """Show what the case asks, whose roles it plays, and every run so far."""
    chosen = activity_or_404(place, PracticeCase, case)
    runs = queries_case.runs_of(enrolment, chosen)
    speaker = Speaker(queries_case.protocol_of(enrolment), short_language())
    roles = dict.fromkeys(scene.you_are for scene in chosen.case.scenes.values() if scene.you_are)
    context = {
        "place": place,
        "case": chosen,
        "roles": [speaker.text(f"role/{role}") for role in roles],
        "runs": runs,
        "last": runs[-1] if runs else None,
        "next": len(runs) + 1,
        "reasons": why_not_doing(request.user, place, record_of(request.user)),
    }
    return render(request, "training/case.html", context)


@require_http_methods(FORM)
@follows
def run(request: SignedIn, place: Place, enrolment: Enrolment, case: str, number: int) -> HttpResponse:
    """Begin a run by sending, or come back to where one stands."""
    chosen = activity_or_404(place, PracticeCase, case)
    if request.method == "POST":
        begun = actions_case.begin_case(
            enrolment=enrolment, level=place.level, case=chosen, number=number, at=timezone.now()
        )
        return redirect("training:step", place.program.slug, place.level.id, case, begun.number, 1)
    return where_it_stands(place, run_or_404(enrolment, chosen, number))


def run_or_404(enrolment: Enrolment, case: PracticeCase, number: int) -> CaseRun:
    found = queries_case.run_of(enrolment, case, number)
    if found is None:
        raise Http404
    return found


def where_it_stands(place: Place, run: CaseRun) -> HttpResponse:
    """Lead to the result of a run that was looked back on, else to the step that waits."""
    where = [place.program.slug, place.level.id, run.case, run.number]
    if run.debriefed_at:
        return redirect("training:debrief", *where)
    return redirect("training:step", *where, len(run.path) + 1)


@require_http_methods(FORM)
@follows
def step(request: SignedIn, place: Place, enrolment: Enrolment, case: str, number: int, step: int) -> HttpResponse:
    """Show a scene and its choices, and why it waits; answered, what followed; at an ending, the way to look back."""
    chosen = activity_or_404(place, PracticeCase, case)
    run = run_or_404(enrolment, chosen, number)
    if not 1 <= step <= len(run.path) + 1:
        return where_it_stands(place, run)
    moment = queries_case.moment_of(enrolment, chosen, run, number=step)
    form = ChoiceForm(moment, request.POST if request.method == "POST" else None)
    is_asked = not (moment.chosen or moment.is_ending)
    reasons = why_not_following(request.user, place) if is_asked else []
    if form.is_bound and not reasons and (form.is_valid() or not is_asked):
        return choose(request, place, chosen, run, moment)
    context = {"place": place, "case": chosen, "run": run, "moment": moment, "form": form, "reasons": reasons}
    status = 409 if reasons else 422
    return render(request, "training/case_step.html", context, status=status if form.is_bound else 200)


def choose(request: SignedIn, place: Place, case: PracticeCase, run: CaseRun, moment: Moment) -> HttpResponse:
    """Keep the choice and show what follows; one that does not count leads to where the person stands, with why."""
    made = actions_case.choose(
        run=run,
        level=place.level,
        case=case,
        position=moment.number,
        scene=request.POST.get("scene", ""),
        choice=request.POST.get("choice", ""),
        at=timezone.now(),
    )
    if isinstance(made, Refusal):
        messages.warning(request, sentence(made))
        return where_it_stands(place, run)
    return redirect("training:step", place.program.slug, place.level.id, run.case, run.number, moment.number)


@require_http_methods(FORM)
@follows
def look_back(request: SignedIn, place: Place, enrolment: Enrolment, case: str, number: int) -> HttpResponse:
    """Ask the six questions before any result; what was written comes back with a gap, or where closed today."""
    chosen = activity_or_404(place, PracticeCase, case)
    runs = queries_case.runs_of(enrolment, chosen)
    run = of_number(runs, number)
    if run.debriefed_at or not run.finished_at:
        return where_it_stands(place, run)
    before = queries_case.last_answers(runs) if request.method != "POST" else {}
    form = LookBackForm(request.POST if request.method == "POST" else None, initial=before)
    reasons = why_not_doing(request.user, place, record_of(request.user))
    if form.is_valid() and not reasons:
        actions_case.look_back(run=run, level=place.level, answers=form.cleaned_data, at=timezone.now())
        return redirect("training:debrief", place.program.slug, place.level.id, case, number)
    context = {"place": place, "case": chosen, "run": run, "form": form, "is_again": bool(before), "reasons": reasons}
    status = 409 if reasons else 422
    return render(request, "training/case_look_back.html", context, status=status if form.is_bound else 200)


def of_number(runs: list[CaseRun], number: int) -> CaseRun:
    found = next((one for one in runs if one.number == number), None)
    if found is None:
        raise Http404
    return found


def before_the_debrief(place: Place, run: CaseRun) -> HttpResponse:
    """Lead to the six questions, or to where the run stands."""
    where = [place.program.slug, place.level.id, run.case, run.number]
    return redirect("training:look-back", *where) if run.finished_at else where_it_stands(place, run)


@require_safe
@follows
def debrief(request: SignedIn, place: Place, enrolment: Enrolment, case: str, number: int) -> HttpResponse:
    """Show the learner's path beside the protocol's; before the six answers, lead to them."""
    chosen = activity_or_404(place, PracticeCase, case)
    run = run_or_404(enrolment, chosen, number)
    if not run.debriefed_at:
        return before_the_debrief(place, run)
    progress = record_of(request.user).progress(enrolment, place.pack, place.level)
    context = {
        "place": place,
        "case": chosen,
        "run": run,
        "compared": queries_case.compare(enrolment, chosen, run),
        "answers": queries_case.answers_of(run),
        "next": progress.step(chosen).trace.count + 1,
        "progress": progress,
    }
    return render(request, "training/case_debrief.html", context)
