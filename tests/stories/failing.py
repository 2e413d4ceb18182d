"""The addresses of the site, and one that fails as it is asked to: pages of errors are looked at like all others."""

from allauth.core.internal.ratelimit import respond_429
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from jalon.urls import handler400, handler403, handler404, handler500
from jalon.urls import urlpatterns as ours
from jalon.web.urlprefix import localized

FAILURES = {400: SuspiciousOperation, 403: PermissionDenied, 404: Http404, 500: RuntimeError, 503: OperationalError}


def failing(request: HttpRequest, code: int) -> HttpResponse:
    if code == 429:
        return respond_429(request)
    raise FAILURES[code]("as it was asked to")


urlpatterns = [*localized(path("failing/<int:code>/", failing, name="failing")), *ours]
__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
