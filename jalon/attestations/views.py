from collections import Counter
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from jalon.attestations import access, checking, cost, queries, verdicts
from jalon.attestations.checking import Finding
from jalon.attestations.forms import VerifyForm, is_document
from jalon.core import codes
from jalon.core.dossier import Dossier
from jalon.web import moderation


@dataclass(frozen=True)
class Shown:
    """A finding with its words, and our own dossier beside a valid one; `file`: its name, where a file was given."""

    finding: Finding
    file: str
    words: verdicts.Words
    dossier: Dossier | None


@require_safe
@moderation.not_by_guessing
def attestation(request: HttpRequest, code: str) -> HttpResponse:
    """The page of an attestation: what the paper says, and the choice of language and answers."""
    award = access.open_award_or_404(request.user, code)
    may_read = access.why_not_read_answers(request.user, award) is None
    shown = queries.page_of(award, language=get_language(), may_read=may_read, asked=request.GET.get("answers") == "1")
    if shown is None:
        return redirect("credentials:badge", code=codes.display(award.code))
    response = render(request, "attestations/attestation.html", {"page": shown})
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Anybody checks a code, a link or a file; nothing is kept of it, and a browser without cookies may ask."""
    asked = request.POST if request.method == "POST" else request.GET if "code" in request.GET else None
    form = VerifyForm(asked, request.FILES or None, announced=announced(request))
    found = in_measure(request, form) if form.is_bound and form.is_valid() else []
    response = render(request, "attestations/verify.html", {"form": form, "repaired": verdicts.REPAIRED, **told(found)})
    if form.is_bound:
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Cache-Control"] = "private, no-store"
    return response


def announced(request: HttpRequest) -> int:
    """Return the size of the request in bytes, as it says."""
    length = request.headers.get("Content-Length", "")
    return int(length) if length.isdecimal() else 0


def in_measure(request: HttpRequest, form: VerifyForm) -> list[Shown]:
    """Return what was found; the address of the visitor is charged for the work, and for a code that nobody was given.

    Raises:
        Refused: it asked for too much already.
    """
    moderation.insist_on_measure(request)
    before = cost.spent()
    found = look(form)
    guesses = sum(one.finding.reason == "code-unknown" for one in found)
    moderation.charge(request, cost.spent() - before + guesses * moderation.GUESS)
    return found


def look(form: VerifyForm) -> list[Shown]:
    """Return what was found, each with its words."""
    now = timezone.now()
    text = form.cleaned_data["code"]
    if file := form.cleaned_data["file"]:
        findings = checking.check_file(file.name or "", file.read(), now=now)
    elif is_document(text):
        findings = checking.check_text(text, now=now)
    else:
        findings = [checking.check_code(text, now=now)]
    dossiers = checking.dossiers_of(findings)
    return [Shown(one, one.source if file else "", words_of(one), dossiers.get(one.code)) for one in findings]


def told(found: list[Shown]) -> dict[str, object]:
    """Return what the page says of the findings: one whole; of several a table, then the words of those not valid."""
    if len(found) < 2:
        return {"found": found, "explained": found}
    totals = Counter(one.words.title for one in found).most_common()
    return {"found": found, "explained": [one for one in found if one.words.kind != "ok"], "totals": totals}


def words_of(found: Finding) -> verdicts.Words:
    return verdicts.words_of(found.verdict, found.reason, is_anothers=bool(found.issuer_name))
