"""A level with its list of people; and a database apart, for what needs real processes."""

import os
import subprocess
import sys
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from jalon.library.models import Program
from tests.appended import lines_can_be_changed
from tests.factories import ReleaseFactory


@pytest.fixture
def apart(tmp_path):
    """The environment of a process that works on a database of its own, migrated and empty."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "jalon.settings",
        "DEBUG": "yes",
        "JALON_VAR": str(tmp_path),
        "JALON_KEYS": str(tmp_path / "keys"),
    }
    if connection.vendor == "sqlite":
        environment["DATABASE_URL"] = f"sqlite:///{tmp_path / 'kills.sqlite3'}"
        migrate = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, env=environment, cwd=settings.ROOT, check=True)
    else:
        one = connection.settings_dict
        environment["DATABASE_URL"] = (
            f"postgres://{quote(one['USER'])}:{quote(one['PASSWORD'])}@{quote(one['HOST'], safe='')}"
            f"{':' + one['PORT'] if one['PORT'] else ''}/{one['NAME']}"
        )
        with lines_can_be_changed():
            call_command("flush", interactive=False, verbosity=0)
        connection.close()
    return environment


@pytest.fixture
def level_key() -> str:
    release = ReleaseFactory()
    Program.objects.filter(pk=release.program_id).update(current=release)
    return f"{release.program.slug}/first"


@pytest.fixture
def table(tmp_path):
    """Write a CSV of these lines."""

    def write(*lines: str, heading: str = "Courriel;Nom;Date", name: str = "liste.csv"):
        path = tmp_path / name
        path.write_text("\n".join([heading, *lines]) + "\n")
        return path

    return write
