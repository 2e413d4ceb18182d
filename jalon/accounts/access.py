"""Who is here, and who may. A signed-out person loses nothing that was posted."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from jalon.accounts import factors, kept
from jalon.accounts.models import Person, Registrar
from jalon.core.refusals import Refusal, insist
from jalon.web.wording import sentence

P = ParamSpec("P")


class SignedIn(HttpRequest):
    """The request of somebody who is signed in."""

    user: Person
    htmx: HtmxDetails


Guarded = Callable[Concatenate[SignedIn, P], HttpResponse]
Open = Callable[Concatenate[HttpRequest, P], HttpResponse]


def signed_in(view: Guarded[P]) -> Open[P]:
    """Only a signed-in person sees the page; another is led to sign in, and what they had posted is kept."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return sign_in_first(request)
        if request.method == "POST":
            kept.forget_once_sent(request)
        return view(request, *args, **kwargs)  # type: ignore[arg-type]

    return guarded


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """Lead to the sign-in page and back here; a script gets 401 with the reason, and keeps its text itself."""
    if not request.accepts("text/html"):
        return JsonResponse({"reason": sentence(Refusal("sign-in-again"))}, status=401)
    return _led(request, f"{reverse('account_login')}?{urlencode({'next': _way_back(request)})}")


def second_step_first(request: SignedIn, reason: Refusal) -> HttpResponse:
    """Lead to the second step of sign-in and back here; what was posted is kept, and a script gets the reason."""
    if not request.accepts("text/html"):
        return JsonResponse({"reason": sentence(reason)}, status=403)
    back = _way_back(request)
    if factors.has_any(request.user):
        return _led(request, f"{reverse('mfa_reauthenticate')}?{urlencode({'next': back})}")
    factors.want(request, back)
    return _led(request, reverse("mfa_index"))


def _way_back(request: HttpRequest) -> str:
    """Return where the person goes afterwards; what they had posted waits there."""
    if request.method == "POST":
        kept.keep(request)
        return reverse("accounts:resend")
    return request.get_full_path()


def _led(request: HttpRequest, page: str) -> HttpResponse:
    return HttpResponseClientRedirect(page) if request.headers.get("HX-Request") else redirect(page)


def for_role(why_not: Callable[[Person], Refusal | None]) -> Callable[[Guarded[P]], Open[P]]:
    """Only somebody who has the role sees the page, and only after a second step; another reads why not."""

    def guard(view: Guarded[P]) -> Open[P]:
        @wraps(view)
        def guarded(request: SignedIn, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            insist(why_not(request.user))
            if reason := why_not_trusted(request):
                return second_step_first(request, reason)
            factors.forget_wanted(request)
            return view(request, *args, **kwargs)

        return signed_in(guarded)

    return guard


def why_not_trusted(request: HttpRequest) -> Refusal | None:
    """Say why a role that decides about others cannot be used in this session: nobody showed a second factor in it."""
    is_enough = settings.JALON_SECOND_FACTOR == "off" or factors.has_shown(request)
    return None if is_enough else Refusal("second-factor-first")


def why_not_read_journal(person: Person) -> Refusal | None:
    return None if person.is_privacy_officer or person.is_operator else Refusal("journal-readers-only")


def why_not_review(person: Person) -> Refusal | None:
    return None if person.is_reviewer else Refusal("reviewers-only")


def why_not_register(person: Person, body_id: UUID | None = None) -> Refusal | None:
    """Say why this person may not confirm the staff of this school body; without one, of any."""
    where = {"body_id": body_id} if body_id else {}
    is_registrar = Registrar.objects.filter(person=person, **where).exists()
    return None if is_registrar else Refusal("registrars-only")


reviewer_only = for_role(why_not_review)
registrar_only = for_role(why_not_register)
journal_reader_only = for_role(why_not_read_journal)
