"""How a test sets up and uses a second step of sign-in.

The clock of the codes stands still, so that no test falls between two of them.
"""

import re

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core import mail

NOW = 60_000_000


def stop_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth, "yield_hotp_counters_from_time", lambda: iter([NOW]))


def code_of(secret: str, *, later: int = 0) -> str:
    """Return what the app shows now, or some periods later."""
    return format_hotp_value(hotp_value(secret, NOW + later))


def wrong(secret: str) -> str:
    return f"{(int(code_of(secret)) + 1) % 1_000_000:06}"


def app_of(person) -> str:
    """Return the secret of an app that the person has set up, with recovery codes beside it."""
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    RecoveryCodes.activate(person)
    return secret


def first_step(client, person, *, back: str = ""):
    """The code that came by e-mail was typed; return the answer to it."""
    client.post("/account/sign-in/", {"login": person.email, "next": back})
    code = re.findall(r"^[A-Z]+-[A-Z]+$", mail.outbox[-1].body, re.MULTILINE)[-1]
    return client.post("/account/sign-in/code/", {"code": code, "next": back})


def sign_in(client, person, secret: str, *, back: str = ""):
    """Both steps were done; return the answer to the second."""
    first_step(client, person, back=back)
    return client.post("/account/sign-in/second-step/", {"code": code_of(secret), "next": back})
