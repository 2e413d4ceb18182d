"""The forms of the second step: those of django-allauth in our words."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from jalon.accounts.sign_in import put_in_words

LIMITS = {"rate_limited", "too_many_login_attempts"}


class CodeForm:
    """A code is typed; too many wrong ones are answered in words that suit a code of an app."""

    fields: dict[str, forms.Field]
    label: Any = _("Six-digit code of the app, or a recovery code")
    hint: Any = _("Spaces do not matter.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put_in_words(self.fields["code"], self.label, self.hint)
        self.fields["code"].widget.attrs.update({"inputmode": "numeric", "autocapitalize": "off"})

    def clean_code(self) -> str:
        try:
            code: str = super().clean_code()  # type: ignore[misc]
        except ValidationError as error:
            raise (get_adapter().validation_error("too_many_tries") if error.code in LIMITS else error) from error
        return code


class AuthenticateForm(CodeForm, base.AuthenticateForm):
    pass


class ReauthenticateForm(CodeForm, base.ReauthenticateForm):
    pass


class ActivateTOTPForm(CodeForm, totp.ActivateTOTPForm):
    label = _("Six-digit code that the app shows")

    def clean_code(self) -> str:
        """The code that set up the app is used: it opens nothing a second time."""
        code = super().clean_code()
        if not TOTP(Authenticator(user=self.user))._mark_code_used(code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class AddWebAuthnForm(webauthn.AddWebAuthnForm):
    """A name of our own when the person gives none; the device shows its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put_in_words(self.fields["name"], _("Name of this passkey"), _("To tell it apart: Phone, Computer at school."))
        self.fields["name"].max_length = 60
        self.fields["name"].widget.attrs["maxlength"] = 60
