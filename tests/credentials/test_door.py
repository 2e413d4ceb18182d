"""The same form fifty times at once through the door of the production server, and five times more: one of everything.

Four processes answer, each with its threads. Whoever is told that the database is busy (503) sends it again.
"""

import json
import subprocess
import sys

import pytest
from django.conf import settings

pytestmark = pytest.mark.django_db(transaction=True)
A_SITE = {
    "DEBUG": "no",
    "SECRET_KEY": "of a site that is tried",
    "JALON_ORIGIN": "http://localhost",
    "JALON_OPERATOR": "Organisme d’essai",
    "JALON_CONTACT": "essai@jalon.example",
    "JALON_SECOND_FACTOR": "off",
}


def test_a_form_sent_fifty_times_at_once_and_five_times_more_gives_one_of_everything(apart):
    """A reviewer accepts a request; a learner passes the quiz of a level that asks for no reviewer."""

    def run(*words):
        command = [sys.executable, "-m", *words]
        return subprocess.run(command, env=apart | A_SITE, cwd=settings.ROOT, capture_output=True, text=True)

    done = run("tests.credentials.door")
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    found = json.loads(done.stdout)
    assert sorted(found) == ["desk", "quiz"]
    for form, told in found.items():
        assert told["statuses"] == {"302": 55}, (form, told)
        assert len(told["pages"]) == 1, (form, told)
        assert told["processes"] > 1, (form, told)
        assert set(told["made"].values()) == {1}, (form, told)
    audit = run("django", "credentials", "audit")
    assert audit.returncode == 0, audit.stderr
