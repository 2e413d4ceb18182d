"""What every test has: a fixed Monday, strict templates, and databases that are really there."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import settings as properties

from jalon.attestations import proofs, strangers
from jalon.library.queries import TITLES
from jalon.web.moderation import ASKED
from jalon.web.templatetags.kept import RENDERED
from tests import factories
from tests.appended import lines_can_be_changed

MONDAY = datetime(2026, 3, 2, 15, 19, tzinfo=UTC)

# A property says what holds, never how fast: a busy machine is slow, not wrong.
properties.register_profile("without time limits", deadline=None)
properties.load_profile("without time limits")


@pytest.fixture
def monday() -> datetime:
    """The moment at which most things happen: Monday 2 March 2026, 10:19 in Montréal."""
    return MONDAY


class Unknown(str):
    """An unknown template variable fails the test that renders it."""

    def __contains__(self, key: object) -> bool:
        return key == "%s"

    def __mod__(self, name: object) -> str:
        raise AssertionError(f"unknown template variable: {name}")


@pytest.fixture(autouse=True, scope="session")
def strict_templates() -> None:
    settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = Unknown("%s")


@pytest.fixture(autouse=True, scope="session")
def emptied_tables() -> None:
    """A test that commits empties every table afterwards, those whose lines stay in life and that of the cache too."""
    empty = TransactionTestCase._fixture_teardown

    def emptied(case: TransactionTestCase) -> None:
        with lines_can_be_changed():
            empty(case)
        cache.clear()  # no model has this table: limits of tries and used codes would stay for the next test

    TransactionTestCase._fixture_teardown = emptied


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The database can be removed at the end, though a thread that ended or a child that was killed still holds it."""
    yield
    if connection.vendor == "postgresql":
        others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_terminate_backend(pid, 5000) {others}")


@pytest.fixture(autouse=True)
def keys_of_its_own(settings, tmp_path_factory) -> None:
    """Private keys of tests live in a folder of their own, one for each worker."""
    settings.JALON_KEYS = tmp_path_factory.getbasetemp() / "keys"


@pytest.fixture(autouse=True)
def nothing_is_kept_of_the_last_test() -> None:
    """What a process keeps for as long as it runs is not what the next test knows."""
    for kept in (TITLES, RENDERED, ASKED, proofs.HELD, strangers.RECENT):
        kept.clear()


@pytest.fixture(autouse=True)
def first_of_their_kind() -> None:
    """The people and places of a test are numbered from the first: those of the tests before it change nothing.

    A number makes codes that files of tests name too, names that are sorted, and initials that come back every ten.
    """
    for name in factories.__all__:
        if name.endswith("Factory"):
            getattr(factories, name).reset_sequence(0, force=True)


@pytest.fixture(autouse=True)
def language_of_the_site() -> Iterator[None]:
    """The language that one test's last request chose is not the language of the next test."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


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


def pytest_report_header() -> str:
    return f"database: {connection.vendor}"
