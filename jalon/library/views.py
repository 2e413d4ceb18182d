"""The pages of the catalogue: anybody may read them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from jalon.library import queries
from jalon.library.models import Program, Release
from jalon.web.searching import words_searched
from jalon.web.words import short_language


@require_safe
def programs(request: HttpRequest) -> HttpResponse:
    words = words_searched(request)
    return render(request, "library/programs.html", {"words": words, "cards": queries.catalogue(words)})


@require_safe
def program(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Program.objects.published(), slug=slug)
    return render(request, "library/program.html", {"page": queries.program_page(found)})


@require_safe
def protocol(request: HttpRequest, slug: str) -> HttpResponse:
    """The protocol of the current release, to be read: anybody may."""
    releases = _releases(slug)
    return _protocol(request, releases, [one for one in releases if one.pk == one.program.current_id])


@require_safe
def protocol_version(request: HttpRequest, slug: str, version: str) -> HttpResponse:
    """The protocol of any release, be it withdrawn: what was published stays readable."""
    releases = _releases(slug)
    return _protocol(request, releases, [one for one in releases if one.version == version])


def _releases(slug: str) -> list[Release]:
    return list(Release.objects.filter(program__slug=slug).select_related("program").defer("content"))


def _protocol(request: HttpRequest, releases: list[Release], chosen: list[Release]) -> HttpResponse:
    release = next(iter(chosen), None)
    rules = release.pack.protocol if release else None
    if release is None or rules is None:
        raise Http404
    context = {
        "release": release,
        "pack": release.pack,
        "page": queries.protocol_page(rules, short_language()),
        "withdrawal": release.withdrawal,
        "releases": releases,
    }
    return render(request, "library/protocol.html", context)


@require_safe
def badge(request: HttpRequest, slug: str, badge: str) -> HttpResponse:
    """The drawing of a badge, alone: it is safe to show, and a page shows it as an image."""
    found = get_object_or_404(Program.objects.published(), slug=slug)
    drawn = found.current.pack.badges.get(badge) if found.current else None
    if drawn is None:
        raise Http404
    answer = HttpResponse(drawn.svg, content_type="image/svg+xml")
    answer["Cache-Control"] = "public, max-age=3600"
    answer["Content-Security-Policy"] = "default-src 'none'; style-src 'none'; sandbox"
    return answer
