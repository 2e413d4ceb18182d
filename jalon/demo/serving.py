"""The production server, in this process's place."""

import os
import subprocess
import sys

from django.conf import settings

THREADS = 4


def serve(*, port: int, demo: bool) -> None:
    """The site answers on this machine until the process is stopped; one process is enough for SQLite.

    A demonstration looks like a real site: its errors are the pages of Jalon, never those of a developer.
    """
    environment = {**os.environ, "JALON_DEMO": "no"}
    if demo:
        environment |= as_on_a_site()
        collect = [sys.executable, "-m", "django", "collectstatic", "--no-input", "--verbosity", "0"]
        subprocess.run(collect, env=environment, check=True)
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "jalon.wsgi:application"]
    options = ["--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--blocking-threads", str(THREADS)]
    quiet = ["--no-access-log", "--log-level", "warning"]
    os.execve(sys.executable, [*command, *options, *quiet], environment)  # noqa: S606 (our own words, no shell)


def as_on_a_site() -> dict[str, str]:
    """Return the settings of a demonstration that are those of a real site, each said aloud."""
    return {
        "JALON_DEMO": "yes",
        "DEBUG": "no",
        "SECRET_KEY": settings.SECRET_KEY,
        "JALON_ORIGIN": settings.JALON_ORIGIN,
        "JALON_OPERATOR": settings.JALON_OPERATOR,
        "JALON_CONTACT": settings.JALON_CONTACT,
    }
