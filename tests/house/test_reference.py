import pytest

from jalon.demo.management.commands import reference


class TestTheGeneratedPages:
    @pytest.mark.parametrize("name", sorted(reference.pages()))
    def test_say_what_the_code_says(self, name):
        assert reference.read(reference.FOLDER / name) == reference.pages()[name], "./dev manage reference"
