"""Days, times, durations and counts in the words of the active language."""

from collections.abc import Mapping
from datetime import date, datetime

from django.utils import formats, timezone
from django.utils.translation import get_language, ngettext

from jalon.core import assessment
from jalon.core.hours import in_words

FRENCH = "fr"


def short_language() -> str:
    """Return "fr" or "en", the key of a text in the language of the page."""
    return (get_language() or FRENCH)[:2]


def localised(text: Mapping[str, str] | str) -> str:
    """Return the text in the language of the page; a text of one language is returned as it is."""
    if isinstance(text, str):
        return text
    return text.get(short_language()) or text.get(FRENCH) or next(iter(text.values()), "")


def day(moment: date) -> str:
    """Return « 21 mars 2025 » or "March 21, 2025". A moment becomes a day in the time zone of the site.

    The first of a month is « 1er » in French.
    """
    on = timezone.localdate(moment) if isinstance(moment, datetime) else moment
    words = formats.date_format(on, "DATE_FORMAT")
    return f"1er{words[1:]}" if on.day == 1 and short_language() == FRENCH else words


def clock(moment: datetime) -> str:
    """Return « 15 h 19 », « 9 h » or "3:19 p.m.", in the time zone of the site."""
    words = formats.time_format(timezone.localtime(moment).time(), "TIME_FORMAT")
    return words.removesuffix("\xa000") if short_language() == FRENCH else words


def moment(at: datetime) -> str:
    """Return the day and the time: « 21 mars 2025, 15 h 19 »."""
    return f"{day(at)}, {clock(at)}"


def hours(minutes: int) -> str:
    """Return « 3 h », « 4,5 h », « 20 min »: whole and half hours as a number, others as « 1 h 20 »."""
    return in_words(minutes, short_language())


def number(value: float) -> str:
    """Return « 12 345,5 » or "12,345.5"."""
    return str(formats.number_format(value, force_grouping=True))


def count_words(text: str) -> int:
    """Return the number of words: what lies between white spaces and holds a letter or a digit."""
    return assessment.words(text)


def words(count: int) -> str:
    """Return « 118 mots »."""
    return ngettext("%(count)s word", "%(count)s words", count) % {"count": number(count)}
