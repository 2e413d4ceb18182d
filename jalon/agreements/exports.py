"""The columns of what a coordinator takes away."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from jalon.agreements.register import BodyCover, Entry
from jalon.core.agreements import State


def state_words() -> dict[str, str]:
    """Return what an agreement is, in words."""
    return {
        State.TO_COME: _("To come"),
        State.IN_FORCE: _("In force"),
        State.SUSPENDED: _("Suspended"),
        State.ENDED: _("Ended"),
    }


def agreement_headers() -> list[str]:
    return [
        _("Reference"),
        _("Police service"),
        _("School body"),
        _("First day"),
        _("End (excluded)"),
        _("State"),
        _("Suspended since"),
        _("Days left"),
        _("Only for some places"),
    ]


def agreement_rows(entries: Iterable[Entry]) -> Iterator[list[object]]:
    words = state_words()
    for entry in entries:
        one = entry.agreement
        left: object = max(entry.days_left, 0)
        yield [
            one.reference,
            one.police_service.name,
            one.body.name if one.body else "",
            one.starts_on,
            one.closes_on,
            words[entry.state],
            entry.suspended_on or "",
            left,
            ", ".join(sorted({*one.places, *(code for change in one.changes.all() for code in change.places)})),
        ]


def body_headers() -> list[str]:
    return [_("Code"), _("School body"), _("Schools"), _("Schools covered"), _("Share (%)"), _("Not covered")]


def body_rows(covers: Iterable[BodyCover]) -> Iterator[list[object]]:
    for cover in covers:
        one = cover.body
        yield [one.code, one.name, cover.schools, cover.covered, cover.share, ", ".join(cover.uncovered)]
