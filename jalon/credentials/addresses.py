"""What an address of ours says, read back as strictly as it is written."""

from dataclasses import dataclass

from django.conf import settings

from jalon.core import codes
from jalon.credentials.queries import FULL, credential_address


@dataclass(frozen=True)
class Address:
    """What the address of a credential says."""

    code: str
    language: str


def parse_address(text: str) -> Address | None:
    """Return what an address of ours says, written exactly as we write it; nothing for any other text."""
    code, _, ending = text.removeprefix(f"{settings.JALON_ORIGIN}/v/").partition("/")
    parsed, language = codes.parse(code), ending.removesuffix(".json")
    if parsed is None or language not in FULL or credential_address(parsed.code, language) != text:
        return None
    return Address(parsed.code, language)
