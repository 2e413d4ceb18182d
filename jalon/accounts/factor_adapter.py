"""What django-allauth asks of us about second factors: names, a drawing, words, and a seal on what is stored."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from io import BytesIO
from secrets import token_bytes
from urllib.parse import urlsplit

import segno
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jalon.accounts.models import Person

PURPOSE = b"jalon second factor"
NONCE = 12
ERRORS = {
    "incorrect_code": _("This is not the right code, or it was already used. Wait for the next one, then try again."),
    "too_many_tries": _("Too many tries. To protect the account, wait a few minutes, then try again."),
    "cannot_generate_recovery_codes": _("Recovery codes stand in for an app or a passkey: set one up first."),
}


class FactorAdapter(DefaultMFAAdapter):
    """The site is named by its settings and never by a request; secrets are stored sealed."""

    error_messages = {**DefaultMFAAdapter.error_messages, **ERRORS}

    def get_totp_issuer(self) -> str:
        return f"Jalon ({host()})"

    def build_totp_svg(self, url: str) -> str:
        drawn = BytesIO()
        segno.make(url, error="m", micro=False).save(drawn, kind="svg", scale=5, border=4, dark="#000", light="#fff")
        return drawn.getvalue().decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": host(), "name": "Jalon"}

    def get_public_key_credential_user_entity(self, user: Person) -> dict[str, object]:
        """The key of the person in bytes, and the name that the device shows when it asks for the passkey."""
        return {"id": str(user.pk).encode(), "display_name": user.legal_name or user.email, "name": user.email}

    def generate_authenticator_name(self, user: Person, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Passkey %(number)s") % {"number": number}

    def encrypt(self, text: str) -> str:
        """A copy of the database alone opens nothing: the key comes from SECRET_KEY."""
        nonce = token_bytes(NONCE)
        sealed = AESGCM(key_of(settings.SECRET_KEY)).encrypt(nonce, text.encode(), PURPOSE)
        return urlsafe_b64encode(nonce + sealed).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret; under another SECRET_KEY, a secret that no code answers to."""
        sealed = urlsafe_b64decode(encrypted_text)
        try:
            return AESGCM(key_of(settings.SECRET_KEY)).decrypt(sealed[:NONCE], sealed[NONCE:], PURPOSE).decode()
        except InvalidTag:
            return token_bytes(20).hex().upper().translate(str.maketrans("0189", "ABCD"))


def host() -> str:
    return urlsplit(settings.JALON_ORIGIN).hostname or "localhost"


def key_of(secret: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())
