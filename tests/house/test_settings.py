"""Every value that the environment gives is documented, and nothing is documented that does not exist."""

import os
import re

from django.conf import settings

PAGE = (settings.ROOT / "docs" / "how-to" / "configure.md").read_text()
SETTINGS = (settings.ROOT / "jalon" / "settings.py").read_text()
DEV = (settings.ROOT / "dev").read_text()
SITE, DEVELOPER = PAGE.split("## The machine of a developer")


def documented(text: str) -> dict[str, str]:
    """Return the names in the first column of the tables, with the last column."""
    rows = re.findall(r"^\| `(\w+)` \|.*\| (.+) \|$", text, re.MULTILINE)
    return dict(rows)


def test_the_settings_of_a_site_are_those_of_the_page():
    assert set(documented(SITE)) == set(re.findall(r'\benv\("(\w+)"', SETTINGS))


def test_those_without_a_default_are_called_required():
    asked = re.findall(r'\benv\("(\w+)", [^\n]*if DEBUG else None\)', SETTINGS)
    assert asked
    assert {name for name, default in documented(SITE).items() if "required" in default} == set(asked)


def test_the_settings_of_a_developer_are_those_that_dev_reads():
    read = set(re.findall(r'os\.environ\.get\("(\w+)"', DEV)) - set(documented(SITE))
    assert set(documented(DEVELOPER)) == read


def test_the_tests_run_under_settings_of_their_own():
    assert os.environ["DJANGO_SETTINGS_MODULE"] == "tests.settings"
