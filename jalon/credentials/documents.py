"""The doors for machines: documents that never depend on who asks, with an ETag, and without a cookie.

What bears a name, and a status list, is asked for again each time (`keep=NEVER`; "not modified" costs little): a
revocation bites at once. The keys are kept for minutes: after a theft, nobody believes the former ones for long.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from http import HTTPStatus

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from jalon.core import codes
from jalon.core.openbadges.documents import CONTEXT, issuer_profile
from jalon.core.openbadges.documents import achievement as achievement_document
from jalon.core.openbadges.keys import NoKey
from jalon.core.refusals import insist
from jalon.credentials import access, actions, log, queries
from jalon.credentials.models import Award, Checkpoint, Credential, StatusList
from jalon.library.models import Release
from jalon.web.moderation import not_by_guessing

NEVER = timedelta(0)
MINUTES = timedelta(minutes=5)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
YEAR = timedelta(days=365)
LONGEST_ACCEPT = 1_000
JSON_LD = "application/ld+json"
# The first is the usual one; `application/vc+ld+json` is the name that Open Badges 3.0 gave it.
JSON_KINDS = (JSON_LD, "application/vc", "application/vc+ld+json", "application/json")
JWT_KINDS = ("application/jwt", "application/vc+jwt", "application/vc+ld+jwt")
FORMS = {
    "text/html": "html",
    **dict.fromkeys(JSON_KINDS, "json"),
    **dict.fromkeys(JWT_KINDS, "jwt"),
    "image/png": "png",
    "image/svg+xml": "svg",
}


def answer(
    request: HttpRequest, content: bytes, *, kind: str, keep: timedelta, name: str = ""
) -> HttpResponse | HttpResponseNotModified:
    """Answer with a document, or with "not modified"; anybody may read it from any site."""
    etag = f'"{queries.sha256(content)}"'
    response = get_conditional_response(request, etag=etag) or HttpResponse(content, content_type=kind)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = f"public, max-age={int(keep.total_seconds())}" if keep else "public, no-cache"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    if name:
        response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def as_json(document: Mapping[str, object]) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=2).encode()


def signed_or_404(code: str, language: str) -> Credential:
    """Return the signed credential of a code in a language, with what a badge needs.

    Raises:
        Refused: its holder closed it; or the award was revoked, which whoever has the file learns from the status list.
    """
    parsed = codes.parse(code)
    found = Credential.objects.exclude(signed_at=None).select_related("award__release", "status_list")
    found = found.defer("award__release__content", "status_list__bits", "status_list__signed")
    wanted = {"award__code": parsed.code if parsed else "", "language": queries.FULL[language].lower()}
    credential: Credential = get_object_or_404(found, **wanted)
    award = credential.award
    insist(access.why_not_open(None, holder=award.holder_id, is_closed=award.is_closed))
    insist(queries.why_not_use(award))
    return credential


def form_wanted(request: HttpRequest, *, default: str) -> str:
    """Return which form of a document the request prefers: html, json, jwt, png or svg. Anything goes: the default."""
    first = next(kind for kind, form in FORMS.items() if form == default)
    return FORMS[preferred(request, (first, *FORMS))]


def preferred(request: HttpRequest, kinds: Sequence[str]) -> str:
    """Return which of these media types the request prefers; the first when it takes none of them."""
    return _preferred(request.headers.get("Accept", "*/*")[:LONGEST_ACCEPT], tuple(kinds))


@lru_cache(100)
def _preferred(accept: str, kinds: tuple[str, ...]) -> str:
    """Parameters of a type are passed over: a profile of JSON-LD, say, which nobody need honour."""
    whole, plain = HttpRequest(), HttpRequest()
    whole.META["HTTP_ACCEPT"] = accept
    asked = (f"{one.main_type}/{one.sub_type};q={one.quality}" for one in whole.accepted_types)
    plain.META["HTTP_ACCEPT"] = ",".join(asked)
    return plain.get_preferred_type(kinds) or kinds[0]


def represent(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """Answer with a badge in a form for programs, in the language of its award."""
    language = queries.LANGUAGES.get(Award.objects.filter(code=code).values_list("language", flat=True).first() or "")
    if language is None:
        raise Http404
    return _in_form(request, codes.display(code), language, form)


def _in_form(request: HttpRequest, code: str, language: str, form: str) -> HttpResponse:
    if form in {"png", "svg"}:
        return redirect("files:baked", code=code, language=language, form=form)
    return _credential_jwt(request, code, language) if form == "jwt" else _credential_json(request, code, language)


@vary_on_headers("Accept")
@require_safe
@not_by_guessing
def credential(request: HttpRequest, code: str, language: str) -> HttpResponse:
    """The address that is the id of a credential: JSON-LD, or the form that is asked for."""
    form = form_wanted(request, default="json")
    return _in_form(request, code, language, "json" if form == "html" else form)


def _credential_json(request: HttpRequest, code: str, language: str) -> HttpResponse:
    found = signed_or_404(code, language)
    return answer(request, found.content, kind=preferred(request, JSON_KINDS), keep=NEVER, name="credential.json")


@vary_on_headers("Accept")
@require_safe
@not_by_guessing
def credential_jwt(request: HttpRequest, code: str, language: str) -> HttpResponse:
    return _credential_jwt(request, code, language)


def _credential_jwt(request: HttpRequest, code: str, language: str) -> HttpResponse:
    token = actions.state_as_jwt(credential=signed_or_404(code, language))
    kind = preferred(request, ("text/plain", *JWT_KINDS))
    return answer(request, token.encode(), kind=kind, keep=NEVER, name="credential.jwt")


@require_safe
def did(request: HttpRequest) -> HttpResponse:
    """Answer with the keys of the issuer; a site where none was made, or none is believed, says so."""
    try:
        document = queries.did_document()
    except NoKey:
        said = gettext(
            "This site has no key to publish yet: nothing signed in its name can be checked. Its operator makes one."
        )
        response = HttpResponse(said, status=HTTPStatus.SERVICE_UNAVAILABLE, content_type="text/plain; charset=utf-8")
        response.headers["Cache-Control"] = "no-store"
        return response
    return answer(request, as_json(document), kind="application/did+json", keep=MINUTES)


@vary_on_headers("Accept")
@require_safe
def status_list(request: HttpRequest, number: int) -> HttpResponse:
    """Answer with the signed list, as a token when that is asked for; it is signed again first when it has to be."""
    is_token = form_wanted(request, default="json") == "jwt"
    publish = actions.publish_status_as_jwt if is_token else actions.publish_status
    try:
        signed = publish(number=number, at=timezone.now())
    except StatusList.DoesNotExist as missing:
        raise Http404 from missing
    content = signed if isinstance(signed, bytes) else signed.encode()
    return answer(request, content, kind=preferred(request, JWT_KINDS if is_token else JSON_KINDS), keep=NEVER)


@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The last checkpoint of the issuance log, for whoever wants to keep it elsewhere."""
    last = Checkpoint.objects.first()
    if last is None:
        raise Http404
    return answer(request, log.as_file(last), kind="application/json", keep=MINUTES)


def achieved_or_404(slug: str, version: str, level: str) -> queries.Achieved:
    release = get_object_or_404(Release.objects.defer("content"), program__slug=slug, version=version)
    try:
        return queries.achieved(release, slug, level)
    except LookupError as missing:
        raise Http404 from missing


class SeeOther(HttpResponseRedirect):
    """The page that tells people what the asked address is."""

    status_code = 303


@vary_on_headers("Accept")
@require_safe
def achievement(request: HttpRequest, slug: str, version: str, level: str, language: str) -> HttpResponse:
    """The id of an achievement: JSON-LD; whoever prefers a page or a picture is led to it."""
    found = achieved_or_404(slug, version, level)
    form = form_wanted(request, default="json")
    if form == "html":
        return SeeOther(found.page(language))
    if form == "svg":
        return SeeOther(found.image())
    document = {"@context": list(CONTEXT), **achievement_document(queries.achievement(found, language=language))}
    return answer(request, as_json(document), kind=JSON_LD, keep=DAY)


def issuer_json(request: HttpRequest) -> HttpResponse:
    """Answer with the profile of the issuer, as programs read it."""
    profile = issuer_profile(queries.issuer_profile(settings.JALON_OPERATOR))
    return answer(request, as_json({"@context": list(CONTEXT), **profile}), kind=JSON_LD, keep=HOUR)


@require_safe
def achievement_image(request: HttpRequest, slug: str, version: str, level: str) -> HttpResponse:
    svg = achieved_or_404(slug, version, level).badge.svg
    return answer(request, svg.encode(), kind="image/svg+xml", keep=YEAR)
