"""What a learner fills in: the sheet of a quiz, an answer, the last check before sending."""

from collections.abc import Mapping
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jalon.core.cases.player import Moment
from jalon.core.cases.questions import QUESTIONS
from jalon.core.packs import Question, Quiz
from jalon.training.actions import LONGEST_ANSWER
from jalon.web.words import localised

PREFIX = "q-"


class QuizForm(forms.Form):
    """Every question of a quiz on one sheet, which has a name of its own: the same sheet is never two tries."""

    form = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, quiz: Quiz, data: Mapping[str, object] | None = None) -> None:
        super().__init__(data, use_required_attribute=False)
        for number, question in enumerate(quiz.questions, start=1):
            self.fields[f"{PREFIX}{question.id}"] = _field(question, number)

    def answers(self) -> dict[str, list[str]]:
        """Return the ids of the chosen options, by id of question."""
        chosen = {name.removeprefix(PREFIX): self.cleaned_data[name] for name in self.fields if name != "form"}
        return {question: [value] if isinstance(value, str) else value for question, value in chosen.items()}


def _field(question: Question, number: int) -> forms.Field:
    choices = [(option.id, localised(option.text)) for option in question.options]
    label = f"{number}. {localised(question.ask)}"
    missing = _("Question %(number)s has no answer yet.") % {"number": number}
    errors = {"required": missing, "invalid_choice": missing}
    if question.type == "multiple":
        return forms.MultipleChoiceField(
            choices=choices,
            label=label,
            help_text=_("Several answers may be right."),
            widget=forms.CheckboxSelectMultiple,
            error_messages=errors,
        )
    return forms.ChoiceField(choices=choices, label=label, widget=forms.RadioSelect, error_messages=errors)


class ChoiceForm(forms.Form):
    """What to do in a scene; the form names the scene that it was made for."""

    scene = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, moment: Moment, data: Mapping[str, object] | None = None) -> None:
        super().__init__(data, initial={"scene": moment.scene}, use_required_attribute=False)
        missing = _("Choose what you do, then go on.")
        self.fields["choice"] = forms.ChoiceField(
            choices=[(block.id, block.label) for block in moment.offered],
            label=_("What do you do?"),
            widget=forms.RadioSelect,
            error_messages={"required": missing, "invalid_choice": missing},
        )


class LookBackForm(forms.Form):
    """Six questions to oneself after a case; a few words are enough for each."""

    def __init__(self, data: Mapping[str, object] | None = None, *, initial: Mapping[str, str]) -> None:
        super().__init__(data, initial=dict(initial), use_required_attribute=False)
        for number, question in enumerate(QUESTIONS, start=1):
            self.fields[question.id] = forms.CharField(
                label=f"{number}. {localised(question.ask)}",
                max_length=LONGEST_ANSWER,
                widget=forms.Textarea(attrs={"rows": 2}),
                error_messages={
                    "required": _("Question %(number)s has no answer yet.") % {"number": number},
                    "max_length": _("This text is longer than %(longest)s signs. It is still here: shorten it.")
                    % {"longest": LONGEST_ANSWER},
                },
            )


class AnswerForm(forms.Form):
    """One answer of a reflection, and the revision that it changes."""

    text = forms.CharField(required=False, strip=False, widget=forms.Textarea(attrs={"rows": 14}))
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def clean_text(self) -> str:
        """Return the text with the line ends that the database keeps; a browser sends others."""
        text = str(self.cleaned_data["text"]).replace("\r\n", "\n")
        if len(text) > LONGEST_ANSWER:
            raise forms.ValidationError(
                _("This text is longer than %(longest)s signs. It is still here: shorten it, then save.")
                % {"longest": LONGEST_ANSWER}
            )
        return text


class SendForm(forms.Form):
    """The learner has read the answers again, in these revisions, and sends them."""

    round = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    revisions = forms.JSONField(widget=forms.HiddenInput)
    confirm = forms.BooleanField(
        label=gettext_lazy("My answers name no real person and tell no real event"),
        error_messages={"required": gettext_lazy("Confirm that your answers name no real person, then send.")},
    )
