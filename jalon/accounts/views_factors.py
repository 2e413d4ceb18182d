"""The pages of the second step of sign-in, and signing out: those of django-allauth, with what ours add."""

from collections.abc import Callable
from functools import wraps

from allauth.account import views as allauth
from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from jalon.accounts import factors
from jalon.accounts.access import SignedIn, signed_in
from jalon.accounts.views import ours

View = Callable[..., HttpResponse]


def page(view: View) -> View:
    """Return a page of the second step for a signed-in person, which knows where they wanted to go.

    One transaction: a factor and its line in the journal exist together or not at all.
    """

    @signed_in
    @wraps(view)
    def shown(request: SignedIn, /, *args: object, **kwargs: object) -> HttpResponse:
        with transaction.atomic():
            response = view(request, *args, **kwargs)
            if isinstance(response, TemplateResponse) and response.context_data is not None:
                response.context_data["wanted"] = factors.wanted(request)
        return response

    return ours(shown)


def once_set_up(view: View) -> View:
    """Who has no second factor cannot show it again: they are led to the page that says so."""

    @signed_in
    @wraps(view)
    def shown(request: SignedIn, /, *args: object, **kwargs: object) -> HttpResponse:
        return view(request, *args, **kwargs) if factors.has_any(request.user) else redirect("mfa_index")

    return ours(shown)


index = page(base.index)
activate_totp = page(totp.activate_totp)
deactivate_totp = page(totp.deactivate_totp)
add_webauthn = page(webauthn.add_webauthn)
remove_webauthn = page(webauthn.remove_webauthn)
view_recovery_codes = page(recovery.view_recovery_codes)
generate_recovery_codes = page(recovery.generate_recovery_codes)
authenticate = ours(base.authenticate)
reauthenticate = once_set_up(base.reauthenticate)
reauthenticate_webauthn = once_set_up(webauthn.reauthenticate_webauthn)


def sign_out(request: HttpRequest) -> HttpResponse:
    """The session is gone; on a shared computer, what the browser keeps of our pages goes too.

    Only the cache: texts on the device that the server has not confirmed must survive.
    """
    response = ours(allauth.logout)(request)
    if request.method == "POST" and request.POST.get("shared") == "yes":
        response.headers["Clear-Site-Data"] = '"cache"'
    return response
