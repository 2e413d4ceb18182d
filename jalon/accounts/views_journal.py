"""The journal in words, for the privacy officer and the people who operate the site."""

from dataclasses import dataclass, replace
from datetime import date

from django.apps import apps
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jalon.accounts.access import SignedIn, journal_reader_only
from jalon.core.tables import day
from jalon.journal.models import Entry
from jalon.journal.wording import KINDS, SUBJECTS, sentence

A_PAGE = 50
# The one kind whose page is open to everybody; the others are for a registrar, a coordinator or a reviewer.
PUBLIC = "credentials.award"


@dataclass(frozen=True)
class Shown:
    """A line of the journal in words."""

    entry: Entry
    sentence: str
    by: str
    kind: str = ""
    page: str = ""


@require_safe
@journal_reader_only
def journal(request: SignedIn) -> HttpResponse:
    subject, about = request.GET.get("subject", ""), request.GET.get("about", "").strip()
    since, until = asked(request, "since"), asked(request, "until")
    entries = found(subject=subject, about=about, since=since, until=until)
    page = request.GET.get("page", "")
    number = max(int(page), 1) if page.isdecimal() and len(page) < 9 else 1
    some = list(entries[(number - 1) * A_PAGE : number * A_PAGE + 1])
    context = {
        "lines": with_pages([shown(entry) for entry in some[:A_PAGE]]),
        "subjects": [{"key": key, "label": label, "is_chosen": key == subject} for key, label in SUBJECTS.items()],
        "asked": {"about": about, "since": since, "until": until, "subject": subject},
        "pages": {"number": number, "before": number - 1, "after": number + 1 if len(some) > A_PAGE else 0},
    }
    return render(request, "accounts/journal.html", context)


def asked(request: SignedIn, name: str) -> date | None:
    read = day(request.GET.get(name, ""))
    return read.value if read else None


def found(*, subject: str, about: str, since: date | None, until: date | None) -> QuerySet[Entry]:
    """Return the lines asked for, the latest first; both days are included."""
    entries = Entry.objects.select_related("by").order_by("-at", "-id")
    if subject in SUBJECTS:
        entries = entries.filter(verb__startswith=f"{subject}.")
    if about:
        compact = about.replace("-", "").lower()
        is_key = len(compact) == 32 and not set(compact) - set("0123456789abcdef")
        entries = entries.filter(about_id=compact) if is_key else entries.none()
    if since:
        entries = entries.filter(at__date__gte=since)
    return entries.filter(at__date__lte=until) if until else entries


def about(row: Model) -> QuerySet[Entry]:
    """Return what was done about a row, the first act first."""
    return Entry.objects.filter(about_kind=row._meta.label_lower, about_id=row.pk).select_related("by")


def shown(entry: Entry) -> Shown:
    by = (entry.by.legal_name or entry.by.email) if entry.by else _("The site itself")
    return Shown(entry, sentence(entry.verb, entry.facts), by, str(KINDS.get(entry.about_kind, "")))


def with_pages(lines: list[Shown]) -> list[Shown]:
    """Return the lines with the page of what each is about, where whoever reads the journal may open it."""
    keys = [line.entry.about_id for line in lines if line.entry.about_kind == PUBLIC]
    found = apps.get_model(PUBLIC)._default_manager.in_bulk(keys) if keys else {}
    pages = {key: row.get_absolute_url() for key, row in found.items()}
    return [replace(line, page=pages.get(line.entry.about_id, "")) for line in lines]
