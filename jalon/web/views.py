"""The pages that belong to no subject: home, texts, errors, health, and the page of the shared blocks."""

import sys
from datetime import UTC, timedelta

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.http import require_safe

from jalon.web import samples, words

A_MONTH = timedelta(days=30)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "web/home.html")


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return text_page(request, "about")


@require_safe
def help_(request: HttpRequest) -> HttpResponse:
    return text_page(request, "help")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return text_page(request, "accessibility")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return text_page(request, "privacy")


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Show every shared block in each state; nothing on it is kept."""
    return render(request, "web/components.html", samples.everything())


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("alive\n", content_type="text/plain; charset=utf-8")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Close a demonstration to search engines; elsewhere nothing, so that they can read which pages ask to stay out."""
    closed = " /" if settings.JALON_DEMO else ""
    return HttpResponse(f"User-agent: *\nDisallow:{closed}\n", content_type="text/plain; charset=utf-8")


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Say where to report a weakness, as RFC 9116 asks; whoever keeps a copy asks again within a month."""
    lines = {
        "Contact": f"mailto:{settings.JALON_CONTACT}",
        "Expires": f"{timezone.now().astimezone(UTC) + A_MONTH:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages": "fr, en",
        "Canonical": f"{settings.JALON_ORIGIN}{request.path}",
    }
    text = "".join(f"{name}: {value}\n" for name, value in lines.items())
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Answer the browsers that ask for it beside a document which is no page."""
    return redirect(static("web/mark.svg"))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def failure(request: HttpRequest) -> HttpResponse:
    """Answer without session, person or database: any of them may be what failed.

    A database that is full, locked or away is out of reach for now (503): its transaction left nothing behind.
    """
    code = 503 if isinstance(sys.exc_info()[1], OperationalError) else 500
    page = render_to_string(f"{code}.html", {"language": words.short_language()})
    return HttpResponse(page, status=code, headers={"Retry-After": "60"} if code == 503 else None)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Refuse a form whose seal is missing or old, and say how to get the text back."""
    return render(request, "403_csrf.html", status=403)


def text_page(request: HttpRequest, name: str) -> HttpResponse:
    """Return a long text, written once in each language."""
    return render(request, f"web/texts/{name}.{words.short_language()}.html")
