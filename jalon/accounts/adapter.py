"""What django-allauth asks of us: where to go, what to write. Every mail of it goes through the outbox."""

from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.forms import BaseForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from jalon.accounts import addresses, kept, letters
from jalon.accounts.models import Person

LETTER_OF = {
    "account/email/login_code": "code",
    "account/email/email_confirmation": "verification",
    "account/email/email_confirmation_signup": "verification",
    "account/email/unknown_account": "no-account",
    "account/email/account_already_exists": "has-account",
    "mfa/email/totp_activated": "factor-changed",
    "mfa/email/totp_deactivated": "factor-changed",
    "mfa/email/webauthn_added": "factor-changed",
    "mfa/email/webauthn_removed": "factor-changed",
    "mfa/email/recovery_codes_generated": "factor-changed",
}
PAGE_OF = {"no-account": "account_signup", "has-account": "account_login"}
TAKEN = _(
    "This address already opens another account, so it was not added. Nothing was changed: sign in with it to see "
    "that account, or write to the person in charge of the site so that both become one."
)
SAID: dict[str | None, Promise] = {
    "account/messages/logged_out.txt": _("You are signed out."),
    "account/messages/email_confirmed.txt": _("This address is confirmed."),
    "account/messages/email_confirmation_failed.txt": TAKEN,
    "mfa/messages/totp_activated.txt": _("The app is set up. You are signed out everywhere else."),
    "mfa/messages/totp_deactivated.txt": _("The app is no longer used to sign in."),
    "mfa/messages/webauthn_added.txt": _("The passkey is set up. You are signed out everywhere else."),
    "mfa/messages/webauthn_removed.txt": _("The passkey is no longer used to sign in."),
}
ERRORS = {
    "account_inactive": _("This account is closed. What you obtained stays valid."),
    "duplicate_email": _("This address is already the one of your account."),
    "email_taken": TAKEN,
    "max_email_addresses": _("An account has %d addresses at most. Remove one of them, then add this one."),
    "incorrect_code": _("This is not the right code. Check each character, or ask for another code."),
    "invalid_login": _("Check the address, then try again."),
    "rate_limited": _("A code was just sent. Wait a few seconds before you ask for another one."),
    "too_many_login_attempts": _(
        "Too many tries. To protect the account, wait a few minutes, then ask for a new code."
    ),
}


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by a code sent by e-mail; an address that has no account is answered exactly like one that has."""

    error_messages = {**DefaultAccountAdapter.error_messages, **ERRORS}

    def get_login_stages(self) -> list[str]:
        """Every sign-in proves the address by a code: asking for another code to verify it would ask twice."""
        return [stage for stage in super().get_login_stages() if not stage.endswith("EmailVerificationStage")]

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """The letter waits in the outbox, in the language of the page that asked for it."""
        name = LETTER_OF[template_prefix]
        minutes = app_settings.LOGIN_BY_CODE_TIMEOUT // 60
        link = letters.link_to(PAGE_OF.get(name, "web:home"))
        letters.letter_to(email, name, {"code": context.get("code", ""), "minutes": minutes, "link": link}).send()

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """The address that was just proved is this person's, all or nothing; one of another account stays there."""
        try:
            with transaction.atomic():
                if addresses.free(address=email_address, at=timezone.now()):
                    return bool(super().confirm_email(request, email_address))
        except IntegrityError:
            pass  # proved by two people at the same moment: the first one has it
        self.add_message(request, messages.ERROR, "account/messages/email_confirmation_failed.txt")
        return False

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        return reverse("account_email")

    def send_account_already_exists_mail(self, email: str) -> None:
        self.send_mail("account/email/account_already_exists", email, {})

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """A message is shown when it says something that the next page does not; django-allauth has many more."""
        if text := message or SAID.get(message_template):
            messages.add_message(request, level, str(text), extra_tags=extra_tags)

    def save_user(self, request: HttpRequest, user: Person, form: BaseForm, commit: bool = True) -> Person:
        user.language = get_language() or user.language
        saved: Person = super().save_user(request, user, form, commit)
        return saved

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return the page where a kept text waits, when there is one."""
        return reverse("accounts:resend") if kept.kept(request) else super().get_login_redirect_url(request)

    def logout(self, request: HttpRequest) -> None:
        """The session is gone; a text kept for somebody who has not signed in yet stays."""
        text = None if request.user.is_authenticated else kept.kept(request)
        super().logout(request)
        kept.put_back(request, text)
