"""The sentences about places, agreements and the tables that they come from."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    # gating: where a restricted program is open
    "school-unknown": _(
        "%(school)s: %(program)s is open school by school, and the register has no address for this school. You may "
        "read every lesson, and what you did is kept. Ask your school body to have the address added to the register."
    ),
    "police-unknown": _(
        "%(school)s: %(program)s is open by police territory, and the register names no police service for "
        "%(municipality)s on %(on)s. You may read every lesson, and what you did is kept. Your school body can ask "
        "the coordinator of the territory to complete the register."
    ),
    "agreement-missing": _(
        "%(school)s: %(program)s is not open there, because the local police (%(police_service)s) has no agreement "
        "with the prosecutor (DCPP). You may read every lesson; badges are not issued there. Speak of it to your "
        "superior or to the police service: a letter is ready on the page of the school."
    ),
    "agreement-elsewhere": _(
        "%(school)s: %(program)s is not open there, because agreement %(reference)s between the local police "
        "(%(police_service)s) and the prosecutor (DCPP) is for other places of the territory. "
        "You may read every lesson, and what you did is kept. "
        "Ask the coordinator of your territory, through your school body, whether it will be extended."
    ),
    "agreement-to-come": _(
        "%(school)s: %(program)s opens there on %(on)s, when the agreement between the local police "
        "(%(police_service)s) and the prosecutor (DCPP) comes into force. Until then you may read every lesson, and "
        "what you did is kept."
    ),
    "agreement-ended": _(
        "%(school)s: %(program)s is closed there, because the agreement between the local police "
        "(%(police_service)s) and the prosecutor (DCPP) ended on %(on)s. What you did is kept, and your badges stay "
        "valid. Ask the coordinator of your territory whether the agreement will be renewed."
    ),
    "agreement-suspended": _(
        "%(school)s: %(program)s is closed there for now, because the agreement between the local police "
        "(%(police_service)s) and the prosecutor (DCPP) has been suspended since %(on)s. What you did is kept, and "
        "your badges stay valid. You can go on as soon as it is in force again; the coordinator of your territory "
        "can tell you when."
    ),
    # agreements: what may be recorded
    "coordinators-only": _(
        "This page is for the people who keep the agreements of this territory. Nothing was changed. "
        "If you should have access to it, write to the person in charge of the site."
    ),
    "agreement-with-body": _(
        "An agreement with the prosecutor names no school body. Nothing was changed; "
        "choose the other kind, or remove the school body."
    ),
    "agreement-without-body": _(
        "This kind of agreement is signed by a school body. Nothing was changed; choose the school body."
    ),
    "agreement-term": _(
        "An agreement between a school body and a police service lasts %(least)s to %(most)s years. "
        "Nothing was changed; check the two dates."
    ),
    "agreement-overlap": _(
        "From %(starts_on)s to %(ends_on)s meets agreement %(reference)s of the same parties, from %(other_starts_on)s "
        "to %(other_ends_on)s (last day excluded). Nothing was changed; "
        "correct the dates, or end the other agreement first."
    ),
    "reference-missing": _("An agreement is recorded with its reference. Nothing was changed; write it."),
    "reference-taken": _(
        "Another agreement already has the reference %(reference)s. Nothing was changed; check the reference."
    ),
    "digest-malformed": _(
        "A digest is 64 digits and letters from a to f (SHA-256 of the signed document). "
        "Nothing was changed; check it, or leave it empty."
    ),
    "flow-unknown": _("One of the chosen exchanges does not exist. Nothing was changed; choose from the list."),
    "agreement-reason-missing": _(
        "What changes an agreement is recorded with its reason. Nothing was changed; write the reason."
    ),
    "agreement-reason-too-long": _(
        "The reason is longer than %(longest)s characters. Nothing was changed; shorten it."
    ),
    "agreement-changed": _(
        "This agreement changed since its page was shown to you; its history says how. Nothing of yours was recorded; "
        "read it, then send what you wrote again."
    ),
    "agreement-over": _(
        "This agreement was ended on %(ended_on)s, and its history stands. Nothing was changed; "
        "record a new agreement if there is one."
    ),
    "change-outside-period": _(
        "This date is outside the agreement, from %(starts_on)s to %(ends_on)s (last day excluded). "
        "Nothing was changed; check the date."
    ),
    "change-before-last": _(
        "The last change of this agreement counts from %(last_on)s, and history is not rewritten. "
        "Nothing was changed; choose that day or a later one."
    ),
    "already-suspended": _(
        "This agreement is already suspended since %(suspended_on)s. Nothing was changed; there is nothing more to do."
    ),
    "not-suspended": _("This agreement is not suspended. Nothing was changed; there is nothing to reinstate."),
    "place-elsewhere": _(
        "%(place)s is no municipality or school that this police service serves on that day. "
        "Nothing was changed; check the name or the code."
    ),
    "place-ambiguous": _(
        "Several places of this territory are named %(place)s. Nothing was changed; write the code instead."
    ),
    "extension-of-whole": _(
        "This agreement is for the whole territory of the police service. Nothing was changed; "
        "there is nothing to extend."
    ),
    "extension-known": _(
        "What is written adds no place to this agreement. Nothing was changed; "
        "write the municipalities or schools that it covers from now on too."
    ),
    "report-filed": _(
        "The joint report of this school year is already filed, on %(filed_on)s, and history is not rewritten. "
        "Nothing was changed."
    ),
    "report-of-another-kind": _(
        "The yearly joint report belongs to agreements between a school body and a police service. Nothing was changed."
    ),
    "report-outside-period": _(
        "The report is of a school year that the agreement holds, from %(starts_on)s to %(ends_on)s, and that has "
        "begun. Nothing was changed; check the year."
    ),
    "report-to-come": _("The day on which the report is filed is still to come. Nothing was changed; check the date."),
    # tables: files that come in
    "table-missing": _("The file %(file)s is not there. Nothing was changed; check its name."),
    "table-empty": _("The file %(file)s holds no table. Nothing was changed; its first line names the columns."),
    "table-too-large": _(
        "The file %(file)s is larger than %(megabytes)s MB. Nothing was changed; send it in several parts."
    ),
    "table-unreadable": _(
        "The file %(file)s cannot be read as CSV, XLSX or GeoJSON. Nothing was changed; "
        "save it again as CSV (UTF-8) or XLSX."
    ),
    "table-heading-doubled": _("Two columns are named %(column)s. Nothing was changed; name each column once."),
    "table-columns-missing": _("These columns are missing: %(columns)s. Nothing was changed; add them."),
    "table-has-problems": _(
        "The file has problems (%(count)s), so nothing was changed. Correct the lines that are named, then try again."
    ),
    "retirement-unavailable": _(
        "Municipalities are never closed by an import. Nothing was changed; import without closing what is absent."
    ),
    "cell-formula": _("This cell is a formula; write its value."),
    "row-too-long": _("This line has more cells than the %(columns)s columns of the heading."),
    "cell-missing": _("This cell is empty, and it is needed."),
    "cell-too-long": _("This cell is longer than %(longest)s characters."),
    "code-malformed": _("A code of %(digits)s digits is expected."),
    "day-malformed": _("A date such as 2025-03-21 or 21/03/2025 (day first) is expected."),
    "kind-unknown": _("One of these is expected: %(kinds)s."),
    "row-doubled": _("Line %(line)s already says something else of the same place."),
    "user-doubled": _("Line %(line)s already says something else of the same person."),
    "municipality-unknown": _("No municipality has the code %(code)s; import the municipalities first."),
    "body-unknown": _("No school body has the code %(code)s; add a column with its name, or import the bodies first."),
    "period-reversed": _("The period ends on %(ends_on)s, on or before the day it starts, %(starts_on)s."),
    "period-overlap": _(
        "From %(starts_on)s to %(ends_on)s meets what is known from %(other_starts_on)s to %(other_ends_on)s "
        "(last day excluded)."
    ),
}
FORBIDDEN: frozenset[str] = frozenset({"coordinators-only"})
