"""What a coordinator writes. Each form asks the same rule as its verb, so that nothing written is lost on a refusal."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from jalon.accounts.models import Person
from jalon.agreements import access, parts
from jalon.agreements.actions import Terms, recorded_already
from jalon.agreements.models import Agreement
from jalon.agreements.register import missing_reports, school_year
from jalon.core import agreements as core
from jalon.core.refusals import Refusal
from jalon.places.models import Body, PoliceService
from jalon.web.wording import sentence

KINDS = {
    "PROSECUTOR": _("Prosecutor (DCPP) and police service: opens the program"),
    "SCHOOL_BODY": _("School body and police service: how they work together (s. 214.1)"),
}
FLOWS = {
    "REPORT": _("Report of an event"),
    "FOLLOW_UP": _("Follow-up given by the police"),
    "PREVENTION": _("Prevention activities"),
    "EMERGENCY": _("Emergency measures"),
}
LONGEST_LIST = 2000


class Named(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice among rows that are shown by their names."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


def day_field(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def places_field(label: Any, help_text: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, help_text=help_text, widget=widget, max_length=LONGEST_LIST, required=False)


def refuse(reason: Refusal | None) -> None:
    """Turn a refusal into what a form shows."""
    if reason is not None:
        raise forms.ValidationError(sentence(reason))


class RecordForm(forms.Form):
    """A new agreement. Its document stays where it is: only its digest is written here."""

    kind = forms.ChoiceField(label=_("Parties"), choices=KINDS, widget=forms.RadioSelect)
    police_service = Named(label=_("Police service"), queryset=PoliceService.objects.none())
    body = Named(
        label=_("School body"),
        queryset=Body.objects.order_by("name"),
        required=False,
        help_text=_("Only where a school body signs."),
    )
    reference = forms.CharField(label=_("Reference"), max_length=60)
    starts_on = day_field(_("First day"))
    ends_on = day_field(_("End"), _("The first day on which it no longer holds: July 1 for an agreement to June 30."))
    places = places_field(
        _("Only for some places"),
        _("Where it is for a part of the territory: the municipalities or schools, one a line, by name or code."),
    )
    signatories = forms.CharField(
        label=_("Roles that signed"),
        help_text=_("One a line, without names: “Director of the police service”."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_LIST,
    )
    representatives = forms.CharField(
        label=_("Roles to turn to"),
        help_text=_("One a line, without names."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_LIST,
        required=False,
    )
    flows = forms.MultipleChoiceField(
        label=_("What may pass between them"), choices=FLOWS, widget=forms.CheckboxSelectMultiple, required=False
    )
    digest = forms.CharField(
        label=_("Digest of the signed document"),
        help_text=_("SHA-256, 64 digits and letters; the document itself is not kept here."),
        max_length=64,
        required=False,
    )

    def __init__(self, data: QueryDict | None = None, *, coordinator: Person) -> None:
        super().__init__(data)
        self.coordinator = coordinator
        kept = PoliceService.objects.filter(coordinators__person=coordinator)
        self.fields["police_service"].queryset = kept  # type: ignore[attr-defined]

    def clean_digest(self) -> str:
        return str(self.cleaned_data["digest"]).strip().lower()

    def clean(self) -> dict[str, Any]:
        if not self.errors:
            police, on = self.cleaned_data["police_service"], self.cleaned_data["starts_on"]
            self.codes = read_places(self.cleaned_data["places"], police=police, on=on)
            said = self.terms
            if recorded_already(said, by=self.coordinator):
                return self.cleaned_data
            refuse(
                access.why_not_described(
                    reference=said.reference, digest=said.digest, flows=list(said.flows), police_service=police
                )
            )
            refuse(
                access.why_not_record(
                    kind=said.kind, police_service=said.police_service, body=said.body, period=said.period
                )
            )
        return self.cleaned_data

    @property
    def terms(self) -> Terms:
        """Return what was written, once it is valid."""
        said = self.cleaned_data
        lists = {name: lines(said[name]) for name in ("signatories", "representatives")}
        return Terms(**{**said, **lists, "places": self.codes})


def lines(text: str) -> list[str]:
    """Return the lines that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def read_places(text: str, *, police: PoliceService, on: date) -> list[str]:
    """Return the codes of the places that are written.

    Raises:
        ValidationError: one is not in the territory that day, or its name is that of several.
    """
    found = parts.read(lines(text), police=police, on=on)
    if isinstance(found, Refusal):
        raise forms.ValidationError(sentence(found))
    return found


class ChangeForm(forms.Form):
    """From which day an agreement changes, and why."""

    on = day_field(_("From"))
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The register keeps it. No name of a person."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )

    def __init__(
        self, data: QueryDict | None = None, *, agreement: Agreement, act: core.Act, today: date, by: Person
    ) -> None:
        super().__init__(data, initial={"on": today}, prefix=act.lower())
        self.agreement, self.act, self.today, self.by = agreement, act, today, by

    def is_known(self, places: Sequence[str] = ()) -> bool:
        """Tell whether this person has just recorded this very change."""
        said = {name: self.cleaned_data[name] for name in ("on", "reason")}
        return access.said_already(self.agreement, self.act, **said, by=self.by, places=places) is not None

    @property
    def seen(self) -> int:
        """How many changes the page showed; a number that cannot be read is never the present one."""
        said = str(self.data.get("seen", ""))[:9]
        return int(said) if said.isascii() and said.isdecimal() else -1

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["seen"] = self.seen
        if not self.errors and not self.is_known():
            refuse(access.why_not_reason(self.cleaned_data["reason"]))
            refuse(core.why_not_change(self.agreement.term, self.act, on=self.cleaned_data["on"], today=self.today))
        return self.cleaned_data


class ExtensionForm(ChangeForm):
    """From which day an agreement for a part of a territory covers other places too."""

    places = places_field(_("Other places covered"), _("Municipalities or schools, one a line, by name or code."))
    field_order = ("on", "places", "reason")

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if not self.errors:
            police, on = self.agreement.police_service, said["on"]
            said["places"] = read_places(said["places"], police=police, on=on)
            if not self.is_known(said["places"]):
                refuse(parts.why_not_extend(self.agreement, said["places"], police=police, on=on))
        return said


class ReportForm(forms.Form):
    """The joint report of a school year."""

    year = forms.TypedChoiceField(label=_("School year"), coerce=int)
    filed_on = day_field(_("Filed on"))

    def __init__(self, data: QueryDict | None = None, *, agreement: Agreement, today: date) -> None:
        super().__init__(data, initial={"filed_on": today}, prefix="report")
        self.agreement, self.today = agreement, today
        waiting = dict.fromkeys([*missing_reports(agreement, on=today), school_year(today)])
        self.fields["year"].choices = [(year, f"{year}-{year + 1}") for year in waiting]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        if not self.errors:
            said = self.cleaned_data
            refuse(access.why_not_report(self.agreement, **said, today=self.today))
            if known := self.agreement.reports.filter(year=said["year"]).first():
                refuse(access.why_not_report_again(known, filed_on=said["filed_on"]))
        return self.cleaned_data
