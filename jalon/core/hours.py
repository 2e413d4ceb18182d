"""Minutes in words, as a person of Quebec reads them."""

from jalon.core.typography import HARD

_DECIMAL = {"fr": ",", "en": "."}
_GROUPS = {"fr": HARD, "en": ","}


def in_words(minutes: int, language: str) -> str:
    """Return a length of time in words: `20 min`, `3 h`, `4,5 h` or `4.5 h`, `1 h 20` or `1 h 20 min`.

    Args:
        minutes: whole minutes, zero or more.
        language: `fr` or `en`, alone or with its country (`fr-ca`).
    Raises:
        ValueError: the length is negative.
    """
    if minutes < 0:
        raise ValueError(f"{minutes} minutes is no length of time.")
    whole, rest = divmod(minutes, 60)
    if rest and not whole:
        return f"{rest}{HARD}min"
    tongue = language[:2]
    number = f"{whole:,}".replace(",", _GROUPS[tongue])
    if rest == 30:
        return f"{number}{_DECIMAL[tongue]}5{HARD}h"
    if not rest:
        return f"{number}{HARD}h"
    return f"{number}{HARD}h{HARD}{rest:02d}" if tongue == "fr" else f"{number}{HARD}h{HARD}{rest}{HARD}min"
