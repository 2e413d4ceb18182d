"""The site, each of whose answers says which process gave it: only then is it known that several were at work."""

import os

from jalon.wsgi import application as site

PROCESS = "X-Process"


def application(environ, start_response):
    def start(status, headers, *rest):
        return start_response(status, [*headers, (PROCESS, str(os.getpid()))], *rest)

    return site(environ, start)
