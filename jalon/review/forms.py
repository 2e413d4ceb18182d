"""What a reviewer fills in at the desk."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jalon.review.models import Remark

ROWS = {"rows": 8}


def clean_lines(text: str) -> str:
    """Return the text with the line ends that the database keeps; a browser sends others."""
    return text.replace("\r\n", "\n").strip()


class AcceptForm(forms.Form):
    """The level is obtained; a word to the person is welcome."""

    prefix = "accept"
    advice = forms.CharField(
        required=False,
        label=_("A word to the person (optional)"),
        help_text=_("It appears in the follow-up of the request, never on the attestation."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    confirm = forms.BooleanField(
        label=_("I have read every answer, and the criteria are met"),
        error_messages={"required": _("Confirm that the criteria are met, then accept.")},
    )

    def clean_advice(self) -> str:
        return clean_lines(self.cleaned_data["advice"])


class ReturnForm(forms.Form):
    """The request goes back with one to three ideas, of which some may come from the saved ones."""

    prefix = "return"
    MOST = 3
    advice = forms.CharField(
        required=False,
        label=_("Advice"),
        help_text=_("One idea, with the words that you would like to receive. The person reads it as it is."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    second = forms.CharField(required=False, label=_("A second idea"), widget=forms.Textarea(attrs={"rows": 2}))
    third = forms.CharField(required=False, label=_("A third idea"), widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, remarks: Iterable[Remark] = (), language: str = "fr-ca"
    ) -> None:
        super().__init__(data)
        self.saved = {str(remark.pk): remark.text_in(language) for remark in remarks}
        if self.saved:
            self.fields["remarks"] = forms.MultipleChoiceField(
                required=False,
                label=_("Saved advice"),
                help_text=_("It leaves in the language of the person."),
                choices=list(self.saved.items()),
                widget=forms.CheckboxSelectMultiple,
            )
            self.order_fields(["remarks", "advice", "second", "third"])

    def clean(self) -> dict[str, Any]:
        """One to three ideas, numbered when there are several."""
        given = self.cleaned_data
        written = [clean_lines(given.get(name, "")) for name in ("advice", "second", "third")]
        ideas = [self.saved[key] for key in given.get("remarks", ())] + [text for text in written if text]
        if not ideas:
            self.add_error("advice", _("Write what the person could change: a request never goes back without advice."))
        if len(ideas) > self.MOST:
            self.add_error("advice", _("Three ideas at most, so that the person can act on each. Keep the best ones."))
        numbered = [f"{number}. {idea}" for number, idea in enumerate(ideas, start=1)]
        return {**given, "advice": "\n\n".join(numbered) if len(ideas) > 1 else "".join(ideas)}


class SecondReadingForm(forms.Form):
    """What this reviewer would have decided, and a word for the first one."""

    prefix = "second"
    outcome = forms.ChoiceField(
        label=_("What would you have decided?"),
        choices=[("ACCEPTED", _("Accept")), ("TO_REWORK", _("To rework"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you would have decided.")},
    )
    note = forms.CharField(
        required=False,
        label=_("A word to the first reviewer (optional)"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_note(self) -> str:
        return clean_lines(self.cleaned_data["note"])


class RemarkForm(forms.Form):
    """A piece of advice in both languages."""

    prefix = "remark"
    text_fr = forms.CharField(label=_("In French"), widget=forms.Textarea(attrs={"rows": 3}))
    text_en = forms.CharField(label=_("In English"), widget=forms.Textarea(attrs={"rows": 3}))

    def clean(self) -> dict[str, Any]:
        return {name: clean_lines(text) for name, text in self.cleaned_data.items()}


class NotesForm(forms.Form):
    """Private notes: nobody else reads them, and they are gone after the decision."""

    prefix = "notes"
    notes = forms.CharField(
        required=False,
        label=_("Private notes"),
        help_text=_("You alone read them. They are erased at the decision."),
        widget=forms.Textarea(attrs=ROWS),
    )

    def clean_notes(self) -> str:
        return clean_lines(self.cleaned_data["notes"])


class QueueFilter(forms.Form):
    """What the queue shows: all, one program, one language, the oldest."""

    field_order = ["program", "language", "age"]
    age = forms.ChoiceField(
        required=False,
        label=_("Age"),
        choices=[("", _("All ages")), ("3", _("3 days or more")), ("7", _("7 days or more"))],
    )
    language = forms.ChoiceField(
        required=False,
        label=_("Language"),
        choices=[("", _("All languages")), ("fr-ca", _("French")), ("en-ca", _("English"))],
    )

    def __init__(self, data: Mapping[str, Any], *, programs: list[tuple[str, str]]) -> None:
        super().__init__(data)
        everything = [("", _("All programs")), *programs]
        self.fields["program"] = forms.ChoiceField(required=False, label=_("Program"), choices=everything)
        self.order_fields(self.field_order)
