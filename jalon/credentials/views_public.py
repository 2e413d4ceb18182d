"""What anybody may read of who issues here, what is recognised, and the state of it."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from jalon.credentials import queries
from jalon.credentials.documents import form_wanted, issuer_json
from jalon.credentials.state import Recognised, recognised_today, state_of_issuing
from jalon.library.models import Release
from jalon.web.fresh import asked_again


@require_safe
@asked_again
def achievement(request: HttpRequest, slug: str, version: str, level: str) -> HttpResponse:
    """What a badge recognises, for people; the address inside a credential leads here."""
    found = Release.objects.select_related("program").defer("content")
    release = get_object_or_404(found, program__slug=slug, version=version)
    level_found = release.pack.level(level)
    if level_found is None:
        raise Http404
    page = Recognised(release.program, release, level_found)
    return render(request, "credentials/achievement.html", {"page": page, "issuer": settings.JALON_OPERATOR})


@vary_on_headers("Accept")
@require_safe
@asked_again
def issuer(request: HttpRequest) -> HttpResponse:
    """Who signs here and with which keys; for a program, the profile."""
    if form_wanted(request, default="html") == "json":
        return issuer_json(request)
    return render(request, "credentials/issuer.html", {"did": queries.issuer_did(), "achievements": recognised_today()})


@require_safe
def state(request: HttpRequest) -> HttpResponse:
    return render(request, "credentials/state.html", {"state": state_of_issuing(at=timezone.now())})
