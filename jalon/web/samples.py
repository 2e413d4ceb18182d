"""The fictional material of the components page."""

from datetime import UTC, datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from jalon.web.fields import Hinted

SAVED_AT = datetime(2025, 3, 21, 19, 19, tzinfo=UTC)
SCHOOLS = [("school-1", "École de la Rive-Claire"), ("school-2", "École des Quatre-Vents")]


def next_steps() -> list[tuple[str, str]]:
    return [
        ("listen", Hinted(str(_("Welcome and listen")), str(_("Thank the young person for speaking.")))),
        ("warn", str(_("Tell the person in charge"))),
        ("unsure", str(_("I don’t know"))),
    ]


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=_("Name on the attestation"), help_text=_("As you want it printed, accents included."))
    email = forms.EmailField(label=_("Work e-mail"))
    school = forms.ChoiceField(label=_("School"), choices=SCHOOLS)
    next_step = forms.ChoiceField(
        label=_("What comes first?"),
        widget=forms.RadioSelect,
        choices=next_steps,
    )
    answer = forms.CharField(
        label=_("Which step do you find the most delicate?"),
        help_text=_("Name no real person. About 60 to 600 words."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    agreed = forms.BooleanField(label=_("My text names no real person."))


def everything() -> dict[str, object]:
    """Return what the components page shows."""
    return {
        "form": SampleForm(initial={"answer": _("The moment when one must listen without asking for details.")}),
        "wrong": SampleForm({"name": "", "email": "someone", "answer": ""}, prefix="wrong"),
        "saved_at": SAVED_AT,
        "headers": [_("Program"), _("Level"), _("Hours recognized"), _("Date")],
        "rows": [["Sexto", _("Explorer"), "3\xa0h", "2025-03-21"], ["Sexto", _("Architect"), "4,5\xa0h", "2025-04-02"]],
    }
