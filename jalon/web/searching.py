"""What a person searches for."""

from django.http import HttpRequest

LONGEST = 100


def words_searched(request: HttpRequest) -> str:
    """Return the words of `?q=`: without a null character, which no database compares, and cut to what a name needs."""
    return request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
