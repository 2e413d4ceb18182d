from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from jalon.accounts.access import SignedIn, signed_in
from jalon.core import codes
from jalon.core.refusals import insist
from jalon.credentials import access, actions, shown
from jalon.credentials.documents import form_wanted, represent
from jalon.credentials.forms import key_of
from jalon.credentials.models import Award
from jalon.credentials.sharing import close_page, share_answers
from jalon.web.fresh import asked_again
from jalon.web.moderation import not_by_guessing


@vary_on_headers("Accept")
@require_safe
@asked_again
@not_by_guessing
def badge(request: HttpRequest, code: str) -> HttpResponse:
    """The public page of a badge: what a stranger who scans the paper wants to know; for a program, its credential."""
    parsed = codes.parse(code)
    if parsed and (form := form_wanted(request, default="html")) != "html":
        return represent(request, parsed.code, form)
    if parsed and code != codes.display(parsed.code):
        return redirect("credentials:badge", code=codes.display(parsed.code))
    found = shown.badge(parsed.code) if parsed else None
    if found is None:
        response = render(request, "credentials/unknown.html", {"code": code, "is_readable": bool(parsed)}, status=404)
    else:
        if found.is_closed:  # only then does the page ask who wants it
            insist(access.why_not_open(request.user, holder=found.holder, is_closed=True))
        context = {"badge": found, "origin": settings.JALON_ORIGIN, "today": timezone.localdate()}
        response = render(request, "credentials/badge.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@require_safe
@signed_in
def mine(request: SignedIn) -> HttpResponse:
    return render(request, "credentials/mine.html", {"badges": shown.badges_of(request.user)})


def own_award(request: SignedIn, code: str) -> Award:
    """Return the award of this code when it is the person's own; another's is the same 404 as none."""
    parsed = codes.parse(code)
    if parsed is None:
        raise Http404
    return get_object_or_404(Award.objects.held_by(request.user), code=parsed.code)


@require_POST
@signed_in
def sibling(request: SignedIn, code: str) -> HttpResponse:
    """The same badge in the other language."""
    award = own_award(request, code)
    other = "en-ca" if award.language == "fr-ca" else "fr-ca"
    actions.offer(award=award, language=other, key=key_of(request), at=timezone.now())
    messages.success(request, _("Your badge is available in both languages."))
    return redirect("credentials:mine")


@require_POST
@signed_in
def closing(request: SignedIn, code: str) -> HttpResponse:
    """The holder closes the page of a badge to others, or opens it again; it bites at the very next request."""
    closes = request.POST.get("page") == "closed"
    award, now = own_award(request, code), timezone.now()
    close_page(award=award, closes=closes, key=key_of(request), by=request.user, at=now)
    messages.success(request, _("Your choice is saved. It can be changed at any time."))
    return redirect("credentials:mine")


@require_POST
@signed_in
def sharing(request: SignedIn, code: str) -> HttpResponse:
    """The holder chooses whether the attestation that others open carries the answers."""
    shares = request.POST.get("answers") == "yes"
    award, now = own_award(request, code), timezone.now()
    share_answers(award=award, shares=shares, key=key_of(request), by=request.user, at=now)
    messages.success(request, _("Your choice is saved. It can be changed at any time."))
    return redirect("credentials:mine")
