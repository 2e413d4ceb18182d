"""The sentences about people, their roles and the files that they come from."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    # files of people: what is wrong, as a whole and in one cell
    "people-files-mixed": _(
        "These files do not go together. Nothing was changed; give one file of people, or the files users and roles "
        "of a school register (and orgs, when it has one)."
    ),
    "people-file-missing": _("No file was chosen. Nothing was changed; choose a file, then look at what it would do."),
    "people-file-large": _(
        "Files of more than %(megabytes)s MB are not read here. Nothing was changed; give fewer lines at a time, or "
        "ask the person in charge of the site."
    ),
    "role-unknown": _("One of these roles is expected: teacher, professional, support, management."),
    "user-unknown": _("The file of users has no such person."),
    "email-malformed": _("An e-mail address is expected."),
    "school-missing": _("No school of your body has the code %(code)s."),
    "work-doubled": _("Line %(line)s already says something else of the same person at the same school."),
    # undoing
    "import-undone": _("This import was already undone (%(undone_at)s). Nothing more was changed."),
    "import-too-old": _(
        "An import can be undone during %(hours)s hours, and that time has passed. Nothing was changed; "
        "correct the places of work one by one, on the page of the members."
    ),
    "upload-gone": _("This file is no longer kept, so nothing was changed. Choose it again."),
    # a leave date
    "leave-reason-missing": _("A leave date is changed with its reason. Nothing was changed; choose the reason."),
    "leave-before-start": _(
        "The first day at this school is %(starts_on)s, so the person cannot be away before then. Nothing was changed; "
        "check the date."
    ),
    "affiliation-doubled": _(
        "This person already has a place of work without a leave date at this school. Nothing was changed; keep that "
        "one."
    ),
    # the addresses of one person
    "address-primary": _(
        "Letters go to this address, so it was not removed. Make another address primary first, then remove this one."
    ),
    "address-last": _("No other address opens this account, so this one was not removed. Add another one first."),
    "address-gone": _("This address was removed from your account meanwhile. Nothing more was changed."),
    "address-unverified": _(
        "Nothing has shown yet that this address is yours. Nothing was changed; sign in with it first."
    ),
    "address-of-another": _("This address already opens another account. Nothing was changed; choose another one."),
    # roles and domains
    "domain-malformed": _("A domain is what follows the @ of an address, such as ecole.example. Nothing was changed."),
    "domain-taken": _("This domain already belongs to school body %(body)s. Nothing was changed."),
    "second-factor-first": _(
        "This page asks for the second step of sign-in. Your text is kept; open the page again to do this step, "
        "then send it."
    ),
    "authors-only": _(
        "This page is for the people who write the content. Nothing was changed. If you should have access to it, "
        "write to the person in charge of the site."
    ),
    "journal-readers-only": _(
        "The journal is for the privacy officer and the people who operate the site. Nothing was changed. "
        "If you should have access to it, write to the person in charge of the site."
    ),
}
FORBIDDEN = frozenset({"authors-only", "second-factor-first", "journal-readers-only"})
