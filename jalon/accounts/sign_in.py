"""The forms of sign-in: those of django-allauth in our words, with labels and hints instead of placeholders."""

from typing import Any

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from django import forms
from django.utils.translation import gettext_lazy as _

from jalon.accounts import addresses

ADDRESS = _("E-mail address")
CODE = _("Code received by e-mail")
CODE_HINT = _("Letters and digits; capitals do not matter.")


def put_in_words(field: forms.Field, label: Any, hint: Any = "") -> None:
    """The field has our label and hint, and no placeholder: it would vanish as soon as one types."""
    field.label, field.help_text = label, hint
    field.widget.attrs.pop("placeholder", None)


class LoginForm(allauth.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put_in_words(self.fields["login"], ADDRESS)


class SignupForm(allauth.SignupForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put_in_words(self.fields["email"], ADDRESS)


class AddEmailForm(allauth.AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put_in_words(self.fields["email"], _("New e-mail address"))


class ConfirmLoginCodeForm(allauth.ConfirmLoginCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put_in_words(self.fields["code"], CODE, CODE_HINT)


class ConfirmEmailVerificationCodeForm(allauth.ConfirmEmailVerificationCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put_in_words(self.fields["code"], CODE, CODE_HINT)

    def clean_code(self) -> str:
        """Only who typed the right code reads that the address opens another account."""
        code: str = super(allauth.ConfirmEmailVerificationCodeForm, self).clean_code()
        if self.user and addresses.opens_another(self.email, person=self.user):
            raise get_adapter().validation_error("email_taken")
        return code
