"""The files of an award: the paper, and the badge as an image that carries its credential."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from jalon.attestations import access, actions
from jalon.attestations.raster import badge_png
from jalon.core.openbadges import baking
from jalon.core.refusals import insist
from jalon.credentials import queries
from jalon.credentials.documents import NEVER, answer, signed_or_404
from jalon.web.moderation import not_by_guessing


@require_safe
@not_by_guessing
def baked(request: HttpRequest, code: str, language: str, form: str) -> HttpResponse:
    """Answer with the badge, its signed credential inside."""
    found = signed_or_404(code, language)
    svg = queries.badge_of(found.award.release, found.award.facts["level"]).svg.encode()
    signed = found.content.decode()
    if form == "svg":
        return answer(request, baking.bake_svg(svg, signed), kind="image/svg+xml", keep=NEVER, name="badge.svg")
    return answer(request, baking.bake_png(badge_png(svg), signed), kind="image/png", keep=NEVER, name="badge.png")


@require_safe
@not_by_guessing
def paper(request: HttpRequest, code: str, language: str) -> HttpResponse:
    """Answer with the PDF; with the answers only for those who may read them."""
    award = access.open_award_or_404(request.user, code)
    with_answers = request.GET.get("answers") == "1" and bool(award.facts["submission"])
    if with_answers:
        insist(access.why_not_read_answers(request.user, award))
    drawn = actions.draw_up(
        award=award, language=queries.FULL[language].lower(), with_answers=with_answers, at=timezone.now()
    )
    response = HttpResponse(bytes(drawn.pdf), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="attestation-{language}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
