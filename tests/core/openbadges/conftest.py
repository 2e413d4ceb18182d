"""Where the data published with the standards lies; a test that finds it absent says so by name."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def vectors() -> Path:
    """The folder of the standards' own vectors: JALON_VECTORS, or ../shared/vectors beside the repository."""
    root = Path(__file__).resolve().parents[3]
    folder = Path(os.environ.get("JALON_VECTORS", root.parent / "shared" / "vectors"))
    if not folder.is_dir():
        pytest.skip(f"the standards' vectors are absent: no folder {folder} (set JALON_VECTORS to name another)")
    return folder
