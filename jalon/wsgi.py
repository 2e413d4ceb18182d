"""The door for the application server: granian --interface wsgi jalon.wsgi:application."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jalon.settings")
application = get_wsgi_application()

from jalon.library.queries import read_current  # noqa: E402 (after the site is ready)

read_current()
