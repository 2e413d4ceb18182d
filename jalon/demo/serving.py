"""The production server: in this process's place, or beside it for as long as somebody measures or tries it."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus

from django.conf import settings

SITE = "jalon.wsgi:application"
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
    os.execve(sys.executable, command(SITE, port=port, workers=1), environment)  # noqa: S606 (our own words, no shell)


def command(site: str, *, port: int, workers: int) -> list[str]:
    """Return what starts the server: so many processes, each with its threads, on this machine only."""
    server = [sys.executable, "-m", "granian", "--interface", "wsgi", site, "--host", "127.0.0.1", "--port", str(port)]
    hands = ["--workers", str(workers), "--blocking-threads", str(THREADS)]
    return [*server, *hands, "--no-access-log", "--log-level", "warning"]


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


@contextmanager
def running(site: str = SITE, *, environment: Mapping[str, str], workers: int = 1) -> Iterator[int]:
    """Run the server on a free port of this machine, which is yielded once it answers.

    Raises:
        RuntimeError: it ended before it answered, or it does not answer well; the standard error has its own words.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(command(site, port=port, workers=workers), env=environment, stdout=2)  # its log
    try:
        while not (status := answered(port)):
            if process.poll() is not None:
                raise RuntimeError(f"the server ended with {process.returncode} before it answered")
            time.sleep(0.1)
        if status != HTTPStatus.OK:
            raise RuntimeError(f"the server answers {status}")
        yield port
    finally:
        process.terminate()
        process.wait()


def answered(port: int) -> int:
    """Return the status of the answer of the server that listens there; 0 when there is none yet."""
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        asking.request("GET", "/healthz", headers={"Host": "localhost"})
        return asking.getresponse().status
    except OSError:
        return 0
    finally:
        asking.close()
