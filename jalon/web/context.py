"""What the base page knows: who runs the site, where one can go, in which language and which light."""

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jalon.web.urlprefix import in_language

OTHER = {"fr-ca": ("en-ca", "English"), "en-ca": ("fr-ca", "Français")}
HTML_CODE = {"fr-ca": "fr-CA", "en-ca": "en-CA"}
# Under the address of a place, and not of it: the list of a registrar is not among their own badges.
OF_NO_PLACE = ("credentials:batches",)


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    is_here: bool = False
    lang: str = ""


@dataclass(frozen=True)
class Site:
    """Everything that the base page shows around a page."""

    lang: str
    operator: str
    contact: str
    is_demo: bool
    theme: str
    person: object | None
    language: Link
    canonical: str
    versions: tuple[Link, ...]
    places: tuple[Link, ...]
    roles: list[Link]


def site(request: HttpRequest) -> dict[str, object]:
    """Add `site` to every template; nothing is computed when a template does not use it."""
    return {"site": SimpleLazyObject(lambda: surroundings(request))}


def surroundings(request: HttpRequest) -> Site:
    user = getattr(request, "user", None)
    person = user if user is not None and user.is_authenticated else None
    language = get_language() or settings.LANGUAGE_CODE
    code, label = OTHER[language]
    addresses = {one: absolute(request, one) for one in HTML_CODE}
    return Site(
        lang=HTML_CODE[language],
        operator=settings.JALON_OPERATOR,
        contact=settings.JALON_CONTACT,
        is_demo=settings.JALON_DEMO,
        theme=getattr(person, "theme", "auto"),
        person=person,
        language=Link(label, in_language(request, code), lang=HTML_CODE[code]),
        canonical=addresses[language],
        versions=tuple(Link("", url, lang=HTML_CODE[one]) for one, url in addresses.items()),
        places=places(request, person),
        roles=roles(),
    )


def absolute(request: HttpRequest, language: str) -> str:
    """Return the address of this same page in a language, without its query."""
    return settings.JALON_ORIGIN.rstrip("/") + in_language(request, language).partition("?")[0]


def places(request: HttpRequest, person: object | None) -> tuple[Link, ...]:
    """Return the places of the main menu that this person may enter."""
    wanted = [("library:programs", _("Programs"))]
    if person is not None:
        wanted += [("training:path", _("My path")), ("credentials:mine", _("My badges"))]
    if getattr(person, "is_reviewer", False):
        wanted.append(("review:queue", _("Review")))
    if getattr(person, "is_registrar", False):
        wanted.append(("accounts:members", _("Members")))
    if getattr(person, "is_coordinator", False):
        wanted.append(("agreements:agreements", _("Agreements")))
    if getattr(person, "is_author", False):
        wanted.append(("library:contents", _("Content")))
    if getattr(person, "is_privacy_officer", False) or getattr(person, "is_operator", False):
        wanted.append(("accounts:journal", _("Journal")))
    wanted.append(("attestations:verify", _("Verify")))
    found = [(label, door(name)) for name, label in wanted]
    roots = [*(url for _label, url in found), *(door(name) for name in OF_NO_PLACE)]
    here = max((root for root in roots if request.path.startswith(root)), key=len, default="")
    return tuple(Link(label, url, is_here=url == here) for label, url in found)


def door(name: str) -> str:
    """Return the address of a place in the language of the page."""
    return _door(name, get_language(), get_script_prefix())


@lru_cache(100)
def _door(name: str, *depends_on: str | None) -> str:
    return reverse(name)


def roles() -> list[Link]:
    """Return the people of the demonstration, each one click away; none on a real site."""
    if not settings.JALON_DEMO:
        return []
    people = {
        "learner": _("Learner"),
        "uncovered": _("Learner, school not covered"),
        "reviewer": _("Reviewer"),
        "registrar": _("Registrar"),
        "coordinator": _("Coordinator"),
    }
    return [Link(label, reverse("demo:sign-in", args=[who])) for who, label in people.items()]
