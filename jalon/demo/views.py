from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from jalon.demo.cast import CAST, DOORS, known
from jalon.notices.models import Message


@require_POST
def sign_in(request: HttpRequest, who: str) -> HttpResponse:
    """One click makes the visitor one of the fictional people, on a demonstration only."""
    if not settings.JALON_DEMO or who not in CAST:
        raise Http404
    person = known(CAST[who])
    if person is None:
        raise Http404
    login(request, person)
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return redirect(wanted if is_ours and wanted else DOORS[who])


@require_safe
def mail(request: HttpRequest) -> HttpResponse:
    """Every mail that the demonstration would have sent."""
    if not settings.JALON_DEMO:
        raise Http404
    return render(request, "demo/mail.html", {"mails": Message.objects.order_by("-queued_at")[:50]})
