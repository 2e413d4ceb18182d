"""« Am I covered? », by school: open to all, with one sentence, the next step and a letter that is ready."""

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jalon.agreements import letters, queries
from jalon.agreements.queries import Cover
from jalon.core.agreements import Agreement
from jalon.core.gating import Place
from jalon.core.refusals import Refusal
from jalon.library.queries import restricted_programs
from jalon.places.models import School
from jalon.places.queries import MOST_FOUND
from jalon.web.searching import words_searched
from jalon.web.wording import sentence
from jalon.web.words import day, localised


@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    words = words_searched(request)
    covers, programs = queries.covers_found_by(words, on=timezone.localdate(), most=MOST_FOUND + 1), named_programs()
    found, is_cut = [shown(cover, programs) for cover in covers[:MOST_FOUND]], len(covers) > MOST_FOUND
    return render(request, "agreements/coverage.html", {"words": words, "found": found, "is_cut": is_cut})


@require_safe
def school(request: HttpRequest, code: str) -> HttpResponse:
    context = {"cover": shown(cover_or_404(code), named_programs()), "programs": restricted_programs()}
    return render(request, "agreements/school.html", context)


@require_safe
def letter(request: HttpRequest, code: str) -> HttpResponse:
    """Show the letter, ready to be printed or copied."""
    cover, to = uncovered_or_404(code), addressee(request)
    written = letters.written(cover, to=to)
    return render(request, "agreements/letter.html", {"cover": cover, "to": to, "letter": written})


@require_safe
def letter_text(request: HttpRequest, code: str) -> HttpResponse:
    """Give the same letter as a text to keep."""
    written = letters.written(uncovered_or_404(code), to=addressee(request))
    answer = HttpResponse(written.as_text(), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{letters.FILE_NAMES[get_language() or "fr-ca"]}"'
    return answer


@dataclass(frozen=True)
class Shown:
    """The cover of a school in words."""

    school: School
    place: Place
    on: date
    reason: Refusal | None
    agreement: Agreement | None
    where: str
    sentences: tuple[str, ...]
    url: str


def named_programs() -> list[str]:
    """Return the words for each restricted program, to stand in a sentence."""
    titles = [localised(card.pack.title) for card in restricted_programs()]
    return [_("the program “%(title)s”") % {"title": title} for title in titles] or [_("a restricted program")]


def shown(cover: Cover, programs: list[str]) -> Shown:
    """Return the cover of a school with where it is, a sentence that says if it is covered, and its page.

    Args:
        programs: the words for each; where the school is not covered, each has its sentence.
    """
    where = " – ".join(filter(None, [cover.place.municipality, cover.school.body.name]))
    url = reverse("agreements:school", args=[cover.school.code])
    facts = {"police": cover.place.police_service, "on": day(cover.on)}
    said = _("This school is covered: the local police (%(police)s) and the DCPP have an agreement in force on %(on)s.")
    reason = cover.reason
    words = tuple(sentence(reason, program=one) for one in programs) if reason else (said % facts,)
    return Shown(cover.school, cover.place, cover.on, reason, cover.agreement, where, words, url)


def addressee(request: HttpRequest) -> str:
    return "police" if request.GET.get("to") == "police" else "superior"


def cover_or_404(code: str) -> Cover:
    cover = queries.cover_of(code, on=timezone.localdate())
    if cover is None:
        raise Http404
    return cover


def uncovered_or_404(code: str) -> Cover:
    """Return the cover of a school that has none: a letter asks for what is not there."""
    cover = cover_or_404(code)
    if cover.reason is None:
        raise Http404
    return cover
