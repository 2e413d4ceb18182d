"""The settings of the tests: those of a development machine, with everything it writes in a temporary folder."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("DEBUG", "yes")
os.environ.setdefault("JALON_VAR", tempfile.mkdtemp(prefix="jalon-test-"))

from jalon.settings import *
from jalon.settings import DATABASES
from jalon.web.catalogues import compile_catalogues

Path(os.environ["JALON_VAR"], "static").mkdir(parents=True, exist_ok=True)
compile_catalogues()

PATIENCE = 120  # seconds until the database is free: eight hands at once on a busy machine are slow, not wrong

# A file, not memory: threads then have connections of their own, as in life. Nothing of it outlives the run.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(os.environ["JALON_VAR"], "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
    DATABASES["default"]["OPTIONS"]["timeout"] = PATIENCE
else:
    DATABASES["default"]["OPTIONS"]["pool"]["timeout"] = PATIENCE

# Most tests sign in people of every role at once; those of the second step turn its policy on.
JALON_SECOND_FACTOR = "off"
