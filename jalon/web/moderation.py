"""How much strangers may ask for: each network address has an allowance, which comes back with time.

A page that exists costs nothing of it, however often it is opened. A code that nobody was given costs a guess; a file
that is checked costs the processor time that it took. It is counted in this process alone and written nowhere: on a
site of N processes an address has up to N allowances.
"""

import ipaddress
import time
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Final, ParamSpec

from allauth.account.adapter import get_adapter
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from jalon.core.meter import Meter
from jalon.core.refusals import Refusal, insist

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

GUESS: Final = 1.0
# Two minutes of work, or 120 guesses, in ten minutes: two hundred scans of an honest clerk take less than one.
ASKED: Final = Meter(most=120.0, seconds=600.0)


def address_of(request: HttpRequest) -> str:
    """Return the network address of the visitor: of IPv6 the block of one household; empty where none is known."""
    try:
        address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    except (ValueError, PermissionDenied, ImproperlyConfigured):
        return ""
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network(f"{address}/64", strict=False))


def insist_on_measure(request: HttpRequest) -> None:
    """Go on while the address of the visitor has something left.

    Raises:
        Refused: it has not; after a minute it has again.
    """
    is_open = ASKED.is_open(address_of(request), now=time.monotonic())
    insist(None if is_open else Refusal("asked-too-much"))


def charge(request: HttpRequest, amount: float) -> None:
    """The address of the visitor used so much of its allowance."""
    ASKED.charge(address_of(request), amount, now=time.monotonic())


def not_by_guessing(view: View[P]) -> View[P]:
    """Of what stands behind a code: whoever tries many that nobody was given is asked to wait."""

    @wraps(view)
    def answered(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        insist_on_measure(request)
        try:
            response = view(request, *args, **kwargs)
        except Http404:
            charge(request, GUESS)
            raise
        if response.status_code == 404:
            charge(request, GUESS)
        return response

    return answered
