from collections.abc import Iterable
from datetime import date

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from jalon.accounts.models import LANGUAGES, Affiliation, Person
from jalon.core.names import LONGEST, why_not_name
from jalon.core.refusals import Refusal
from jalon.core.tables import day
from jalon.places.models import School
from jalon.web.fields import Hinted
from jalon.web.wording import sentence

THEMES = {"auto": _("As on this device"), "light": _("Light"), "dark": _("Dark")}
ROLES = {
    "TEACHER": _("Teaching staff"),
    "PROFESSIONAL": _("Professional staff"),
    "SUPPORT": _("Support staff"),
    "MANAGEMENT": _("Management"),
}


class NameForm(forms.Form):
    """The name as it will be printed. What cannot be printed is refused with a sentence, and the text is kept."""

    legal_name = forms.CharField(
        label=_("Legal name"),
        help_text=_("As it must be printed on your attestations, with its accents: Émilie, for example."),
        widget=forms.TextInput(attrs={"autocomplete": "name", "maxlength": LONGEST * 2}),
        strip=False,
        required=False,
    )

    def clean_legal_name(self) -> str:
        name: str = self.cleaned_data["legal_name"]
        if reason := why_not_name(name):
            raise forms.ValidationError(sentence(reason))
        return name


class SettingsForm(forms.Form):
    language = forms.ChoiceField(label=_("Language of pages and messages"), choices=LANGUAGES, widget=forms.RadioSelect)
    theme = forms.ChoiceField(label=_("Appearance"), choices=THEMES, widget=forms.RadioSelect)

    def __init__(self, data: QueryDict | None = None, *, person: Person) -> None:
        super().__init__(data, initial={"language": person.language, "theme": person.theme})


LEAVE_REASONS = {
    "WRONG_DAY": _("The day was wrong"),
    "STAYS": _("The person stays, or has come back"),
    "WRONG_PERSON": _("It was another person, or another school"),
}


class LeaveForm(forms.Form):
    """The first day on which a person is no longer there; a date that is already noted is changed with a reason."""

    ends_on = forms.DateField(
        label=_("First day away"),
        help_text=_("The day after the last day of work, such as 2026-07-01 or 01/07/2026 (day first)."),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(format="%Y-%m-%d"),
    )
    reason = forms.ChoiceField(label=_("Why"), choices=LEAVE_REASONS, widget=forms.RadioSelect)

    def __init__(self, data: QueryDict | None = None, *, affiliation: Affiliation) -> None:
        super().__init__(data, initial={"ends_on": affiliation.ends_on})
        self.affiliation = affiliation
        self.is_withdrawal = bool(data and data.get("act") == "withdraw")
        self.fields["ends_on"].required = not self.is_withdrawal
        self.fields["reason"].required = bool(affiliation.ends_on) and self.seen == affiliation.ends_on

    def clean_ends_on(self) -> date | None:
        ends_on: date | None = None if self.is_withdrawal else self.cleaned_data["ends_on"]
        if ends_on and ends_on < self.affiliation.starts_on:
            raise forms.ValidationError(
                sentence(Refusal("leave-before-start", {"starts_on": self.affiliation.starts_on}))
            )
        return ends_on

    @property
    def seen(self) -> date | None:
        """The leave date that the page showed; one that cannot be read is never the present one."""
        read = day(self.data.get("seen", ""))
        return read.value if read else (date.min if self.data.get("seen") else None)


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, in the order in which they came."""

    widget = FilesInput

    def clean(self, data: object, initial: object = None) -> list[object]:
        one = super().clean
        return [one(each, initial) for each in data] if isinstance(data, list) and data else [one(None, initial)]


class PeopleForm(forms.Form):
    people = FilesField(
        label=_("File of people"),
        help_text=_(
            "CSV or XLSX with the columns: courriel, prénom, nom, école (code), fonction, depuis, jusqu’au. "
            "Or the files users and roles of a school register (OneRoster 1.2, School Data Sync v2.1), together."
        ),
        widget=FilesInput(attrs={"accept": ".csv,.xlsx"}),
    )


class AffiliationForm(forms.Form):
    """One school among those that the search found, and a role."""

    school = forms.ChoiceField(label=_("Your school"), widget=forms.RadioSelect)
    role = forms.ChoiceField(label=_("Your role"), choices=ROLES, widget=forms.RadioSelect)

    def __init__(self, data: QueryDict | None = None, *, schools: Iterable[School]) -> None:
        super().__init__(data)
        self.found = {str(school.pk): school for school in schools}
        self.fields["school"].choices = [  # type: ignore[attr-defined]
            (key, Hinted(school.name, " – ".join(filter(None, [school.town, school.body.name]))))
            for key, school in self.found.items()
        ]

    @property
    def chosen(self) -> School:
        return self.found[self.cleaned_data["school"]]
