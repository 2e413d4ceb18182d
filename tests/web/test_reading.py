import pytest

from jalon.accounts.models import Person
from jalon.web.reading import in_pieces
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


class TestRowsInPieces:
    @pytest.mark.parametrize("size", [1, 2, 3, 6, 7, 100])
    def test_are_all_of_them_in_order_whatever_the_size(self, size):
        for _ in range(6):
            PersonFactory()
        expected = list(Person.objects.order_by("email"))
        assert list(in_pieces(Person.objects.all(), by="email", size=size)) == expected

    def test_are_none_where_there_are_none(self):
        assert list(in_pieces(Person.objects.none(), by="email", size=2)) == []

    def test_are_read_as_they_are_wanted(self, django_assert_num_queries):
        for _ in range(6):
            PersonFactory()
        rows = in_pieces(Person.objects.all(), by="email", size=2)
        with django_assert_num_queries(2):
            for _ in range(3):
                next(rows)
