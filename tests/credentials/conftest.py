"""A level with its list of people."""

import pytest

from jalon.library.models import Program
from tests.factories import ReleaseFactory


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
