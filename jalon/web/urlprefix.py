"""French at the root, English under /en/, although the code of its language is en-ca."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import LocalePrefixPattern, URLPattern, URLResolver, get_script_prefix
from django.utils.translation import get_language

PREFIXES = {"en-ca": "en/"}


class ShortPrefixPattern(LocalePrefixPattern):
    """The prefix of an address: nothing in French, `en/` in English."""

    @property
    def language_prefix(self) -> str:
        return PREFIXES.get(get_language() or settings.LANGUAGE_CODE, "")


def localized(*patterns: URLPattern | URLResolver) -> list[URLResolver]:
    """Return the addresses in both languages; for the root `urls.py` only."""
    return [URLResolver(ShortPrefixPattern(prefix_default_language=False), list(patterns))]


def in_language(request: HttpRequest, language: str) -> str:
    """Return the address of this same page, with its query, in the other language."""
    root = get_script_prefix()
    path = request.get_full_path().removeprefix(root).lstrip("/")
    for prefix in PREFIXES.values():
        if path == prefix.rstrip("/") or path.startswith(prefix):
            path = path.removeprefix(prefix.rstrip("/")).lstrip("/")
    return f"{root}{PREFIXES.get(language, '')}{path}"
