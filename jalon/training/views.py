"""The pages of the path: my programs, a level, a request. Each kind of activity has a file of its own."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jalon.accounts.access import SignedIn, signed_in
from jalon.accounts.models import Person
from jalon.core.progress import Progress, State, Step
from jalon.library.models import Program
from jalon.training import access, actions, queries
from jalon.training.finding import address_of, follows, onward, place_or_404, why_closed
from jalon.training.models import Enrolment, Submission
from jalon.training.queries import LevelCard, Place
from jalon.training.record import Record, record_of
from jalon.web.next_steps import Reason, reason


@dataclass(frozen=True)
class Task:
    """One line of the task list, in words."""

    step: Step
    url: str
    look: str
    status: str


LOOKS = {State.LOCKED: "locked", State.TODO: "todo", State.DONE: "done"}


@require_safe
def level(request: HttpRequest, slug: str, level: str) -> HttpResponse:
    """Show the task list of a level, what is left, and why it is closed if it is."""
    place = place_or_404(request, slug, level)
    person = request.user if isinstance(request.user, Person) else None
    record = record_of(person) if person and place.enrolment else Record()
    progress = record.progress(place.enrolment, place.pack, place.level)
    context = {
        "place": place,
        "person": person,
        "progress": progress,
        "tasks": tasks(place, progress),
        "next": address_of(place, progress.next) if progress.next else "",
        "reasons": why_closed(person, place, record),
        "withdrawal": place.release.withdrawal,
        **badge_of(place, progress, record),
    }
    return render(request, "training/level.html", context)


def badge_of(place: Place, progress: Progress, record: Record) -> dict[str, object]:
    """Return the code of the badge that the person holds with the level that it opened, or of the one that ended."""
    if code := record.obtained.get(place.key, ""):
        return {"code": code, "onward": onward(place, record)}
    return {"ended": record.ended.get(place.key, "") if progress.is_complete else ""}


def tasks(place: Place, progress: Progress) -> list[Task]:
    words = {State.SENT: _("Sent"), State.TO_REWORK: _("To rework")}
    return [
        Task(step, address_of(place, step), LOOKS.get(step.state, "now"), words.get(step.state, ""))
        for step in progress.steps
    ]


@require_POST
@signed_in
def enrolment(request: SignedIn, slug: str) -> HttpResponse:
    program = get_object_or_404(Program.objects.published(), slug=slug)
    enrolment = actions.enrol(person=request.user, program=program, at=timezone.now())
    messages.success(request, _("You follow this program. Your progress is kept."))
    return redirect("training:level", slug, enrolment.release.pack.levels[0].id)


@require_POST
@follows
def award(request: SignedIn, place: Place, enrolment: Enrolment) -> HttpResponse:
    made = actions.obtain(enrolment=enrolment, level=place.level, at=timezone.now())
    return redirect(made) if made else redirect("training:level", place.program.slug, place.level.id)


@require_safe
@signed_in
def path(request: SignedIn) -> HttpResponse:
    """Show what to continue, what is in progress and what is obtained."""
    cards = queries.cards_of(request.user)
    current = next((card for card in cards if card.is_open and not card.is_obtained), None)
    context = {
        "current": current,
        **ahead(current),
        "others": [card for card in cards if not card.is_obtained and card is not current],
        "done": [card for card in cards if card.is_obtained],
    }
    return render(request, "training/path.html", context)


def ahead(current: LevelCard | None) -> dict[str, str]:
    """Return where the next step is done, and where the request that was sent is followed."""
    if current is None:
        return {}
    steps = {"next": current.progress.next, "sent": current.progress.sent}
    return {name: address_of(current.place, step) for name, step in steps.items() if step}


@require_safe
@signed_in
def request_page(request: SignedIn, pk: UUID) -> HttpResponse:
    """Show what became of a request: its dates, the advice, its answers."""
    submission = get_object_or_404(queries.requests_of(request.user), pk=pk)
    place, award = queries.place_of(submission), queries.award_of(submission)
    context = {
        "submission": submission,
        "place": place,
        "reasons": [] if award else why_it_waits(submission),
        "answers": queries.answers_of(submission),
        "decision": getattr(submission, "decision", None),
        "is_read": access.is_being_read(submission, at=timezone.now()),
        "days": queries.usual_days(place.program),
        "award": award,
        "is_withdrawable": access.why_not_withdraw(submission, at=timezone.now()) is None,
    }
    return render(request, "training/request.html", context)


def why_it_waits(submission: Submission) -> list[Reason]:
    """Say why an accepted request has no badge yet."""
    decision = getattr(submission, "decision", None)
    if decision is None or decision.outcome != "ACCEPTED":
        return []
    found = actions.why_no_award(submission.enrolment, submission=submission, at=timezone.now())
    return [reason(found)] if found else []


@require_POST
@signed_in
def withdrawal(request: SignedIn, pk: UUID) -> HttpResponse:
    submission = get_object_or_404(Submission.objects.sent_by(request.user), pk=pk)
    actions.withdraw(submission=submission, at=timezone.now())
    messages.success(request, _("Your request is taken back. Your answers are kept: change them, then send again."))
    return redirect(submission)
