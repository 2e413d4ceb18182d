"""A process that is killed at any moment loses nothing that it had said, and leaves nothing half done.

JALON_KILLS says how many times (12 unless it is set); see docs/how-to/keys.md.
"""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

pytestmark = pytest.mark.django_db(transaction=True)
KILLS = os.environ.get("JALON_KILLS", "12")


def test_killed_while_it_issues_and_takes_back_leaves_no_half_state(apart):
    command = [sys.executable, "-m", "tests.credentials.kills", KILLS]
    done = subprocess.run(command, env=apart, cwd=settings.ROOT, capture_output=True, text=True)
    assert "a child failed" not in done.stderr, done.stderr[-3000:]
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    told = json.loads(done.stdout)
    assert (told["kills"], told["left"]) == (int(KILLS), [])
    assert told["awards"] > 0
    assert told["log"] >= told["signed"] > 0
