"""What `manage check --deploy` says besides Django's own checks: each warning names what it costs people."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register

PAGE = "See docs/how-to/configure.md."
OF_ONE_PROCESS = ("locmem", "dummy")


def connect() -> None:
    register(deployment, Tags.security, deploy=True)


def deployment(app_configs: Sequence[AppConfig] | None, **rest: Any) -> list[CheckMessage]:
    """Return what is missing on a real site."""
    is_alone = str(settings.CACHES["default"]["BACKEND"]).split(".")[-2] in OF_ONE_PROCESS
    is_proxied = getattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 0) > 0
    is_plain = urlsplit(settings.JALON_SMTP).query == "tls=no"
    found = [
        ("jalon.W001", is_alone, "The cache belongs to one process: used codes pass again, limits of tries multiply."),
        ("jalon.W002", settings.SECURE and not is_proxied, "BEHIND_PROXY is no: limits of tries see one visitor only."),
        ("jalon.W003", not settings.JALON_SMTP, "JALON_SMTP is empty: nobody receives the code to sign in."),
        ("jalon.W004", is_plain, "JALON_SMTP says tls=no: codes to sign in travel in plain text."),
        (
            "jalon.W005",
            settings.JALON_SECOND_FACTOR == "off",
            "JALON_SECOND_FACTOR is off: who reads one mailbox can decide for others.",
        ),
    ]
    return [Warning(words, hint=PAGE, id=name) for name, is_missing, words in found if is_missing]
