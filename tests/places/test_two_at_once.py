"""Two imports at the same instant: the second waits, on an empty register too."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from jalon.places.actions import import_places
from jalon.places.models import Import, Municipality
from tests.factories import MONDAY

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_first_imports_of_one_file_write_it_once(tmp_path):
    path = tmp_path / "file.csv"
    path.write_text("code;name\n01023;Îles\n01042;Anse\n", encoding="utf-8")
    start = Barrier(2)

    def hand(_number):
        try:
            start.wait()
            return import_places(kind="municipalities", path=path, on=MONDAY.date(), at=MONDAY, commit=True).added
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(hand, range(2))) == [0, 2]
    assert (Municipality.objects.count(), Import.objects.count()) == (2, 2)
