"""The only place where a refusal meets HTTP, and the headers that Django and django-csp leave out."""

from collections.abc import Callable
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_noop
from django_htmx.http import HttpResponseClientRefresh

from jalon.core.refusals import Refusal, Refused
from jalon.web.next_steps import reason
from jalon.web.wording import status

USUAL_TITLE = gettext_noop("This cannot be done")
ONLY_A_FORM = gettext_noop(
    "This address only takes a form, and nothing was sent to it. Nothing was changed; go back to the page that you "
    "came from, or begin again at the home page."
)
TITLES = {
    "badge-closed": gettext_noop("This page is closed"),
    "asked-too-much": gettext_noop("Please wait a minute"),
}
A_MINUTE = "60"
Handler = Callable[[HttpRequest], HttpResponse]
POWERS = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
)
POWERS_OFF = ", ".join(
    [*(f"{power}=()" for power in (*POWERS, "payment", "usb", "browsing-topics")), "fullscreen=(self)"]
)


class HeadersMiddleware:
    """Every answer says what the browser may not do; a page shown to a signed-in person is kept nowhere."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", POWERS_OFF)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if knows_the_person(request):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class RefusalMiddleware:
    """A `Refused` becomes a page with its sentence; for a part of a page, a message; for a script, JSON.

    The page gives back what was written; an address that only takes a form says so, instead of an empty page.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info:  # no address has it, and no database compares it
            raise Http404
        response = self.get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or response.content or not asks_for_a_page(request):
            return response
        told = {"reason": gettext(ONLY_A_FORM), "title": gettext(USUAL_TITLE)}
        page = render(request, "web/refused.html", told, status=response.status_code)
        page.headers["Allow"] = response.headers["Allow"]
        return page

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        why, code = reason(exception.refusal), status(exception.refusal)
        if getattr(request, "htmx", False):
            messages.error(request, why.sentence)
            return HttpResponseClientRefresh()
        if request.accepts("text/html"):
            page = "410.html" if code == 410 else "web/refused.html"
            told = {"reason": why.sentence, "next": why, "title": title(exception.refusal), "is_safe": code != 403}
            refused = render(request, page, {**told, "written": written(request)}, status=code)
        else:
            refused = JsonResponse({"reason": why.sentence}, status=code)
        if code in (429, 503):
            refused.headers["Retry-After"] = A_MINUTE
        return refused


def title(refusal: Refusal) -> str:
    """Return what the page of a refusal is called."""
    if refusal.code in TITLES:
        return gettext(TITLES[refusal.code])
    return gettext("This page is for certain roles") if refusal.code.endswith("-only") else gettext(USUAL_TITLE)


def asks_for_a_page(request: HttpRequest) -> bool:
    return request.method in ("GET", "HEAD") and request.accepts("text/html")


def written(request: HttpRequest) -> list[str]:
    """Return what a person wrote in the form that is refused: the values with a space in them."""
    return [value for _, values in request.POST.lists() for value in values if " " in value.strip()]


def knows_the_person(request: HttpRequest) -> bool:
    """Whether this answer was made for somebody: asked only when the session was read, so that it costs no query."""
    session = getattr(request, "session", None)
    return bool(session is not None and session.accessed and request.user.is_authenticated)
