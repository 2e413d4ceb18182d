"""Days, times, durations and counts in the words of the active language."""

from collections.abc import Mapping
from datetime import date, datetime

from django.utils import formats, timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from jalon.core import assessment
from jalon.core.hours import in_words
from jalon.core.names import Stretch, mixed_in

FRENCH = "fr"
MOST_STRETCHES = 3  # enough to see what a name mixes


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


def mixed_name(name: str) -> str:
    """Return what to say of a name that mixes scripts, with the letters to look at; nothing of any other name."""
    found = mixed_in(name)
    if not found:
        return ""
    letters = ", ".join(map(_stretch, found[:MOST_STRETCHES]))
    return _(
        "This name mixes alphabets: %(letters)s. It may be right; when in doubt, compare it with another document."
    ) % {"letters": letters}


def _stretch(one: Stretch) -> str:
    from babel import Locale  # only such a name needs it

    script = Locale(short_language()).scripts.get(one.script, one.script)
    return _("“%(letters)s” (%(script)s)") % {"letters": one.letters, "script": script}
