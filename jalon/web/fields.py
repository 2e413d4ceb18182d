"""How one field of a Django form is drawn: label, hint, error, control, count of words."""

from collections import Counter
from typing import Self

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from jalon.web.words import count_words, words

CHOICES = (forms.RadioSelect, forms.CheckboxSelectMultiple)
CONTROLS = {
    forms.CheckboxInput: "check",
    forms.Textarea: "area",
    forms.Select: "select",
    forms.FileInput: "file",
    forms.HiddenInput: "hidden",
}


class Hinted(str):
    """The label of a choice with a second line under it. Build it while a page is made: it is not lazy."""

    hint: str

    def __new__(cls, label: str, hint: str) -> Self:
        self = super().__new__(cls, label)
        self.hint = hint
        return self


def draw(bound: BoundField) -> SafeString:
    """Return the whole block of a field: fieldset of cards for choices, label and control for the others."""
    widget = bound.field.widget
    if widget.is_hidden:
        return bound.as_widget()
    if isinstance(widget, CHOICES):
        return cards(bound)
    return render_to_string(
        "web/blocks/field.html",
        {**described(bound), "control": control(bound), "kind": kind(widget), "count": count(bound)},
    )


def cards(bound: BoundField) -> SafeString:
    """Return the choices as large cards inside a fieldset; a label that is `Hinted` has a second line."""
    options = [
        {**option.data, "id": option.data["attrs"]["id"], "hint": getattr(option.data["label"], "hint", "")}
        for option in bound.subwidgets
    ]
    return render_to_string("web/blocks/cards.html", {**described(bound), "options": options})


def described(bound: BoundField) -> dict[str, object]:
    """Return what a template needs to name the field and to tie its hint and errors to the control."""
    return {
        "id": bound.id_for_label or bound.auto_id,
        "label": bound.label,
        "hint": bound.help_text,
        "errors": list(bound.errors),
        "required": bound.field.required,
        "describedby": describedby(bound),
    }


def describedby(bound: BoundField) -> str:
    """Return the ids of the hint, of the errors and of the count, in the order in which they are read."""
    own = bound.auto_id
    parts = [
        (bound.help_text, "hint"),
        (bound.errors, "error"),
        (isinstance(bound.field.widget, forms.Textarea), "count"),
    ]
    return " ".join(f"{own}-{suffix}" for present, suffix in parts if present)


def first_id(bound: BoundField) -> str:
    """Return the id of what takes the focus: the control, or the first of the choices."""
    return f"{bound.auto_id}_0" if isinstance(bound.field.widget, CHOICES) else bound.auto_id


def wrong(form: BaseForm) -> list[tuple[str, str, str]]:
    """Return each error: where it leads, the label of its field, the sentence.

    A sentence of ours, said of one field alone, tells which one: it has no label before it.
    """
    found = [(form[name], one) for name in form.fields for one in form.errors.as_data().get(name, [])]
    said = Counter(one.messages[0] for _, one in found)
    return [
        (
            first_id(bound),
            str(bound.label) if is_general(bound.field, one) or said[one.messages[0]] > 1 else "",
            one.messages[0],
        )
        for bound, one in found
    ]


def is_general(field: forms.Field, error: ValidationError) -> bool:
    """Tell whether the sentence is that of every field of this class, such as "This field is required."."""
    usual: dict[str, object] = {}
    for kind in reversed(type(field).__mro__):
        usual.update(getattr(kind, "default_error_messages", {}))
    code = error.code or ""
    return code != "" and field.error_messages.get(code) == usual.get(code)


def control(bound: BoundField) -> SafeString:
    """Return the control alone, described and marked invalid when it is."""
    attributes = {"class": "control", "aria-describedby": describedby(bound) or None}
    if bound.errors:
        attributes["aria-invalid"] = "true"
    return bound.as_widget(attrs={name: value for name, value in attributes.items() if value})


def kind(widget: forms.Widget) -> str:
    """Return the family of the control, which decides its look."""
    return next((name for family, name in CONTROLS.items() if isinstance(widget, family)), "line")


def count(bound: BoundField) -> dict[str, str]:
    """Return « 118 mots » for a long text, with the two forms that the script needs; nothing for the others."""
    if not isinstance(bound.field.widget, forms.Textarea):
        return {}
    one, other = (ngettext("{count} word", "{count} words", number) for number in (1, 5))
    return {"now": words(count_words(bound.value() or "")), "one": one, "other": other}
