"""Reflections: one question a page that saves itself, its versions, the check, the sending."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jalon.accounts.access import SignedIn
from jalon.core.packs import Prompt, Reflection
from jalon.core.progress import State, Step
from jalon.core.refusals import Refusal, insist
from jalon.training import actions, queries
from jalon.training.finding import activity_or_404, follows, why_closed_today
from jalon.training.forms import AnswerForm, SendForm
from jalon.training.models import Draft, DraftVersion, Enrolment
from jalon.training.queries import Place
from jalon.training.queries_case import recalled
from jalon.training.record import Record, Written, record_of
from jalon.web import words

FORM = ["GET", "HEAD", "POST"]


@require_safe
@follows
def entrance(request: SignedIn, place: Place, enrolment: Enrolment, reflection: str) -> HttpResponse:
    """Lead to the first question without an answer, or to the check when all have one."""
    chosen = activity_or_404(place, Reflection, reflection)
    checked = queries.checked(chosen, record_of(request.user).answers(enrolment, chosen))
    blank = [one.prompt.id for one in checked if one.is_missing]
    where = [place.program.slug, place.level.id, reflection]
    return redirect("training:reflection", *where, blank[0]) if blank else redirect("training:check", *where)


@require_http_methods(FORM)
@follows
def question(request: SignedIn, place: Place, enrolment: Enrolment, reflection: str, question: str) -> HttpResponse:
    """Show one question with its present text; a plain form saves it, and two texts are shown side by side."""
    chosen, prompt = prompt_or_404(place, reflection, question)
    record = record_of(request.user)
    if elsewhere := sent_elsewhere(request, place, enrolment, chosen, record):
        return elsewhere
    present = record.answers(enrolment, chosen).get(question, Written())
    if request.method == "POST":
        return save(request, place, enrolment, prompt, chosen, present)
    form = AnswerForm(initial={"text": present.text, "revision": present.revision})
    return render(request, "training/question.html", page_of(place, enrolment, chosen, prompt, form, present))


def sent_elsewhere(
    request: SignedIn, place: Place, enrolment: Enrolment, reflection: Reflection, record: Record
) -> HttpResponse | None:
    """Lead to the request when the answers were sent; stop when it is not their turn; else nothing."""
    step = record.progress(enrolment, place.pack, place.level).step(reflection)
    insist(Refusal("activity-locked", {"level": place.url}) if step.state is State.LOCKED else None)
    if step.state in {State.SENT, State.DONE}:
        if request.method == "POST":  # from another tab: what was written there comes back with the reason
            insist(why_not_any_more(step))
        return redirect("training:request", step.trace.reached)
    if request.method != "POST":  # what was written is saved whatever happened meanwhile
        insist(why_closed_today(request.user, place, record))
    return None


def why_not_any_more(step: Step) -> Refusal:
    """Say why nothing is written any more: the answers were sent, or accepted."""
    if step.state is State.DONE or step.trace.at is None:
        return Refusal("request-accepted")
    return Refusal("request-waiting", {"submitted_on": localdate(step.trace.at)})


def prompt_or_404(place: Place, reflection: str, question: str) -> tuple[Reflection, Prompt]:
    chosen = activity_or_404(place, Reflection, reflection)
    prompt = chosen.question(question)
    if prompt is None:
        raise Http404
    return chosen, prompt


def neighbours(reflection: Reflection, prompt: Prompt) -> tuple[str, str]:
    """Return the questions before and after this one; nothing at the ends."""
    ids = ["", *(one.id for one in reflection.questions), ""]
    here = ids.index(prompt.id)
    return ids[here - 1], ids[here + 1]


def labelled(form: AnswerForm, prompt: Prompt) -> AnswerForm:
    """Return the form with the words of its question."""
    form.fields["text"].label = _("Your answer")
    form.fields["text"].help_text = words.localised(prompt.hint)
    return form


def page_of(
    place: Place,
    enrolment: Enrolment,
    reflection: Reflection,
    prompt: Prompt,
    form: AnswerForm | None,
    present: Written | Draft,
) -> dict[str, object]:
    """Return what every page of one question shows."""
    previous, following = neighbours(reflection, prompt)
    return {
        "place": place,
        "reflection": reflection,
        "prompt": prompt,
        "number": reflection.questions.index(prompt) + 1,
        "previous": previous,
        "following": following,
        "form": form and labelled(form, prompt),
        "recalled": recalled(enrolment, place.level) if form and prompt.quotes_cases else [],
        "draft": present,
        "saved_at": present.saved_at,
        "key": f"{enrolment.pk}:{reflection.id}:{prompt.id}",
    }


def save(
    request: SignedIn, place: Place, enrolment: Enrolment, prompt: Prompt, reflection: Reflection, present: Written
) -> HttpResponse:
    """Save without JavaScript, then stay or go on."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        page = page_of(place, enrolment, reflection, prompt, form, present)
        return render(request, "training/question.html", page, status=422)
    saved = write(place, enrolment, reflection, prompt, form)
    if isinstance(saved, actions.Conflict):
        page = page_of(place, enrolment, reflection, prompt, form, present)
        mine = AnswerForm(initial={"text": saved.mine, "revision": saved.revision})
        return render(request, "training/conflict.html", {**page, "form": mine, "conflict": saved}, status=409)
    messages.success(request, _("At %(time)s, your text was saved.") % {"time": words.clock(saved.saved_at)})
    following = neighbours(reflection, prompt)[1] if request.POST.get("go") == "next" else prompt.id
    where = [place.program.slug, place.level.id, reflection.id]
    return redirect("training:reflection", *where, following) if following else redirect("training:check", *where)


@require_POST
@follows
def draft(request: SignedIn, place: Place, enrolment: Enrolment, reflection: str, question: str) -> JsonResponse:
    """Save from the page that saves itself: the moment and the revision, or both texts."""
    chosen, prompt = prompt_or_404(place, reflection, question)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        reason = next(iter(form.errors.values()))[0]
        return JsonResponse({"reason": reason}, status=409)
    saved = write(place, enrolment, chosen, prompt, form)
    if isinstance(saved, actions.Conflict):
        return JsonResponse({"theirs": saved.theirs, "revision": saved.revision}, status=409)
    return JsonResponse({"saved_at": words.clock(saved.saved_at), "revision": saved.revision})


def write(
    place: Place, enrolment: Enrolment, reflection: Reflection, prompt: Prompt, form: AnswerForm
) -> Draft | actions.Conflict:
    return actions.save_draft(
        enrolment=enrolment,
        level=place.level,
        reflection=reflection,
        question=prompt.id,
        text=form.cleaned_data["text"],
        revision=form.cleaned_data["revision"],
        at=timezone.now(),
    )


@require_safe
@follows
def versions(request: SignedIn, place: Place, enrolment: Enrolment, reflection: str, question: str) -> HttpResponse:
    """Show the earlier texts of an answer, newest first, each with a button that brings it back."""
    chosen, prompt = prompt_or_404(place, reflection, question)
    draft = get_object_or_404(enrolment.drafts, reflection=reflection, question=question)
    page = page_of(place, enrolment, chosen, prompt, None, draft)
    return render(request, "training/versions.html", {**page, "versions": list(draft.versions.all())})


@require_POST
@follows
def restoration(
    request: SignedIn, place: Place, enrolment: Enrolment, reflection: str, question: str, revision: int
) -> HttpResponse:
    chosen, prompt = prompt_or_404(place, reflection, question)
    get_object_or_404(DraftVersion.objects.of(enrolment, reflection, question), revision=revision)
    actions.restore_version(
        enrolment=enrolment,
        level=place.level,
        reflection=chosen,
        question=prompt.id,
        revision=revision,
        at=timezone.now(),
    )
    messages.success(request, _("That version is your present text again; the other one is kept among the versions."))
    return redirect("training:reflection", place.program.slug, place.level.id, reflection, question)


@require_safe
@follows
def check(request: SignedIn, place: Place, enrolment: Enrolment, reflection: str) -> HttpResponse:
    """Show all answers, what they lack and what may name somebody, before they are sent."""
    chosen = activity_or_404(place, Reflection, reflection)
    record = record_of(request.user)
    if elsewhere := sent_elsewhere(request, place, enrolment, chosen, record):
        return elsewhere
    answers = record.answers(enrolment, chosen)
    revisions = {question: written.revision for question, written in answers.items()}
    form = SendForm(initial={"round": record.next_round(enrolment, chosen), "revisions": revisions})
    return check_page(request, place, chosen, form, answers)


def check_page(
    request: SignedIn, place: Place, reflection: Reflection, form: SendForm, answers: Mapping[str, Written]
) -> HttpResponse:
    checked = queries.checked(reflection, answers)
    context = {
        "place": place,
        "reflection": reflection,
        "checked": checked,
        "form": form,
        "is_whole": all(not one.is_missing for one in checked),
    }
    return render(request, "training/check.html", context, status=422 if form.is_bound else 200)


@require_http_methods(FORM)
@follows
def submission(request: SignedIn, place: Place, enrolment: Enrolment, reflection: str) -> HttpResponse:
    """Send the answers that were checked; without the confirmation, the check page comes back."""
    chosen = activity_or_404(place, Reflection, reflection)
    if request.method != "POST":
        return redirect("training:check", place.program.slug, place.level.id, reflection)
    form = SendForm(request.POST)
    if not form.is_valid():
        return check_page(request, place, chosen, form, record_of(request.user).answers(enrolment, chosen))
    said = {name: form.cleaned_data[name] for name in ("round", "revisions")}
    language, now = get_language() or enrolment.person.language, timezone.now()
    sent = actions.submit(enrolment=enrolment, level=place.level, reflection=chosen, **said, language=language, at=now)
    messages.success(request, _("Your answers are sent. You can read here what becomes of them."))
    return redirect(sent)
