"""Eight processes that issue at the same time: no code and no entry of a status list is given twice.

JALON_AWARDS says how many badges in all (400 unless it is set); 10 000 is the bar, see docs/how-to/keys.md.
"""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

from jalon.core.openbadges import status

pytestmark = pytest.mark.django_db(transaction=True)
AWARDS = os.environ.get("JALON_AWARDS", "400")


def test_eight_processes_share_no_entry_and_follow_no_order(apart):
    command = [sys.executable, "-m", "tests.credentials.crowd", AWARDS]
    done = subprocess.run(command, env=apart, cwd=settings.ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    told = json.loads(done.stdout)
    assert told["awards"] == told["codes"] == told["entries"] == int(AWARDS)
    assert told["neighbours"] < int(AWARDS) // 50
    assert told["signed"] == told["log"] == int(AWARDS)
    assert told["left"] == []
    assert status.ENTRIES >= 131_072
