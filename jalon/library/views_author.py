"""Every published version, whole, for authors: each activity as its readers meet it, with its answers and criteria."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from jalon.accounts.access import SignedIn, signed_in
from jalon.core.cases.pages import ScenePage, read_page
from jalon.core.packs import PracticeCase
from jalon.core.refusals import insist
from jalon.library.access import why_not_author
from jalon.library.models import Program, Release
from jalon.web.words import short_language


@dataclass(frozen=True)
class Scene:
    """A scene of a case as it is written: its words, and where each choice leads."""

    id: str
    role: str
    page: ScenePage
    leads: list[tuple[str, str]]


@require_safe
@signed_in
def contents(request: SignedIn) -> HttpResponse:
    insist(why_not_author(request.user))
    light = Prefetch("releases", Release.objects.defer("content").prefetch_related("withdrawals"))
    programs = Program.objects.published().prefetch_related(light)
    return render(request, "library/contents.html", {"programs": programs})


@require_safe
@signed_in
def content(request: SignedIn, slug: str, version: str) -> HttpResponse:
    found = release_or_stop(request, slug, version)
    levels = [(level, found.pack.activities(level)) for level in found.pack.levels]
    context = {"release": found, "pack": found.pack, "levels": levels, "withdrawal": found.withdrawal}
    return render(request, "library/content.html", context)


@require_safe
@signed_in
def activity(request: SignedIn, slug: str, version: str, kind: str, activity: str) -> HttpResponse:
    found = release_or_stop(request, slug, version)
    chosen = found.pack.activity(f"{kind}/{activity}")
    if chosen is None:
        raise Http404
    scenes = list(scenes_of(chosen, short_language())) if isinstance(chosen, PracticeCase) else []
    context = {"release": found, "pack": found.pack, "activity": chosen, "scenes": scenes}
    return render(request, "library/content_activity.html", context)


def release_or_stop(request: SignedIn, slug: str, version: str) -> Release:
    """Return this version of a program, when this person may read it whole."""
    insist(why_not_author(request.user))
    light = Release.objects.select_related("program").defer("content")
    return get_object_or_404(light, program__slug=slug, version=version)


def scenes_of(practice: PracticeCase, language: str) -> Iterator[Scene]:
    for scene in practice.case.scenes.values():
        page = read_page(practice.pages[scene.id][language])
        leads = [(choice.id, choice.to) for choice in scene.choices]
        yield Scene(scene.id, scene.you_are or "", page, leads)
