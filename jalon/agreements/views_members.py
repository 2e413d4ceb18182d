"""The registrar's table: who is trained and current, who is not covered and why; and the same as a file."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jalon.accounts.access import SignedIn, registrar_only
from jalon.agreements import readiness
from jalon.web.tables import download

A_PAGE = 50


@require_safe
@registrar_only
def staff(request: SignedIn) -> HttpResponse:
    asked = request.GET.get("page", "")
    number = max(int(asked), 1) if asked.isdecimal() and len(asked) < 7 else 1
    start = (number - 1) * A_PAGE
    found = readiness.staff_of(request.user, on=timezone.localdate(), start=start, count=A_PAGE + 1)
    pages = {"number": number, "before": number - 1, "after": number + 1 if len(found) > A_PAGE else 0}
    return render(request, "agreements/readiness.html", {"staff": found[:A_PAGE], "pages": pages})


@require_safe
@registrar_only
def staff_export(request: SignedIn, kind: str) -> HttpResponse:
    if kind not in ("csv", "xlsx"):
        raise Http404
    everybody = readiness.everybody(request.user, on=timezone.localdate())
    return download(_("staff"), kind=kind, headers=readiness.headers(), rows=readiness.rows(everybody))
