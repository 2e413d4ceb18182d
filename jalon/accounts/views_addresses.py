"""The e-mail addresses of one's account: one page, a code to prove a new one, one button for each act."""

from allauth.account.models import EmailAddress
from allauth.decorators import rate_limit
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from jalon.accounts import addresses as verbs
from jalon.accounts.access import SignedIn, signed_in
from jalon.accounts.sign_in import AddEmailForm


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@rate_limit(action="manage_email")  # type: ignore[untyped-decorator]
def addresses(request: SignedIn) -> HttpResponse:
    """Show the addresses; a new one receives a code, and joins them when the code is typed."""
    form = AddEmailForm(request.user, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        form.save(request)
        return redirect("account_email_verification_sent")
    known = verbs.addresses_of(request.user)
    rows = [(one, verbs.why_not_remove(one, among=known) is None) for one in known]
    context = {"form": form, "rows": rows}
    return render(request, "accounts/addresses.html", context, status=422 if form.is_bound else 200)


@require_POST
@signed_in
def primary(request: SignedIn, pk: int) -> HttpResponse:
    address = get_object_or_404(EmailAddress, pk=pk, user=request.user)
    verbs.make_primary(address=address, at=timezone.now())
    messages.success(request, _("Letters go to this address from now on. Your other addresses still open the account."))
    return redirect("account_email")


@require_POST
@signed_in
def removal(request: SignedIn, pk: int) -> HttpResponse:
    address = get_object_or_404(EmailAddress, pk=pk, user=request.user)
    verbs.remove(address=address, at=timezone.now())
    messages.success(request, _("This address no longer opens your account. Everything else stays."))
    return redirect("account_email")
