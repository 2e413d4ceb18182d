"""What a badge says was done to obtain it, in both languages: counts and days, never a mark of somebody, never a name.

The words are frozen with the award, so that what was signed can be made again, whatever these words are by then.
"""

from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jalon.core.dossier import Evaluated
from jalon.core.packs import Activity, Level, Pack, Quiz, Reflection, activity_key
from jalon.core.typography import quebec
from jalon.web import words

TONGUES = {"fr": "fr-ca", "en": "en-ca"}


def evaluated(pack: Pack, level: Level, *, accepted_on: date) -> tuple[Evaluated, ...]:
    """Return what was passed to obtain a level.

    Args:
        accepted_on: the day on which a reviewer accepted the answers, where the level asks for some.
    """
    activities = pack.evaluated(level)
    told = [[_narrative(one, pack, level, accepted_on, tongue) for tongue in TONGUES] for one in activities]
    return tuple(
        Evaluated(activity_key(one), dict(zip(TONGUES, texts, strict=True)))
        for one, texts in zip(activities, told, strict=True)
    )


def _narrative(activity: Activity, pack: Pack, level: Level, accepted_on: date, tongue: str) -> str:
    with translation.override(TONGUES[tongue]):
        content = _("Published content: version %(version)s.") % {"version": pack.version}
        said = f"{_done(activity, level, accepted_on)} {content}"
    return quebec(said) if tongue == "fr" else said


def _done(activity: Activity, level: Level, accepted_on: date) -> str:
    if isinstance(activity, Quiz):
        count = len(activity.questions)
        said = ngettext(
            "Quiz of %(count)s question, passed with at least %(mark)s%% of right answers.",
            "Quiz of %(count)s questions, passed with at least %(mark)s%% of right answers.",
            count,
        )
        return said % {"count": count, "mark": level.passing.quiz}
    if isinstance(activity, Reflection):
        count = len(activity.questions)
        said = ngettext(
            "Written answer to %(count)s reflective question, read and accepted by a reviewer on %(on)s.",
            "Written answers to %(count)s reflective questions, read and accepted by a reviewer on %(on)s.",
            count,
        )
        return said % {"count": count, "on": words.day(accepted_on)}
    return _("Practice case, played until one run was without a fault.")
