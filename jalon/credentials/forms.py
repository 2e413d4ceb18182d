"""What a registrar fills in to award a level to several people."""

from collections.abc import Iterable, Mapping
from uuid import UUID, uuid4

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from jalon.accounts.models import Person
from jalon.credentials.models import LONGEST_REASON, Batch
from jalon.library.models import Program
from jalon.places.models import Body
from jalon.web.words import localised

DUPLICATE_WORDS = {
    "SKIP": _("Leave them as they are"),
    "REFUSE": _("Point them out as problems"),
}
COLUMN_WORDS = {"email": _("E-mail address"), "name": _("Full name"), "awarded_on": _("Date obtained")}


class FormKey(forms.Form):
    """The key of a form, drawn with its page: sent twice, by a double click or from the history, it acts once."""

    key = forms.CharField(widget=forms.HiddenInput, initial=uuid4, required=False)


def key_of(request: HttpRequest) -> str:
    """Return the key that a form carries; nothing when it carries none, or what is none."""
    try:
        return str(UUID(request.POST.get("key", "")))
    except ValueError:
        return ""


class BatchForm(FormKey):
    """The level, and the file of those who obtained it."""

    level = forms.ChoiceField(label=_("Level"))
    body = forms.ChoiceField(label=_("School body"))
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or XLSX, one person a line. The first line names the columns; the e-mail address is enough."),
    )
    duplicates = forms.ChoiceField(
        label=_("Those who have the level already"),
        choices=list(DUPLICATE_WORDS.items()),
        initial="SKIP",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: object, person: Person, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.bodies = {str(body.pk): body for body in Body.objects.filter(registrars__person=person)}
        self.fields["body"].choices = [(key, body.name) for key, body in self.bodies.items()]  # type: ignore[attr-defined]
        self.fields["level"].choices = list(levels())  # type: ignore[attr-defined]

    def body_chosen(self) -> Body:
        return self.bodies[self.cleaned_data["body"]]


def levels() -> Iterable[tuple[str, str]]:
    """Yield the levels that a quiz decides, with their titles: those that may be entered from a list."""
    for program in Program.objects.open():
        release = program.current
        for level in release.pack.levels if release else ():
            if release and level.passing.is_automatic:
                yield release.pack.level_key(level), f"{localised(release.pack.title)} – {localised(level.title)}"


class ColumnsForm(FormKey):
    """Which heading of the file is which column."""

    def __init__(self, *args: object, batch: Batch, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        found = [("", _("None"))] + [(heading, heading) for heading in batch.headings if heading]
        for column, label in COLUMN_WORDS.items():
            self.fields[column] = forms.ChoiceField(
                label=label, choices=found, required=column == "email", initial=batch.columns.get(column, "")
            )

    def columns(self) -> Mapping[str, str]:
        return {column: self.cleaned_data[column] for column in COLUMN_WORDS if self.cleaned_data[column]}


class WithdrawalForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        help_text=_("Whoever checks one of these badges will read it. Name nobody."),
    )
