"""A prepared query answers as the plain one does, whatever its value, and is put into SQL once."""

import pytest
from django.db import connection, transaction

from jalon.credentials.models import Award
from jalon.web.prepared import KEY, Prepared
from tests.factories import AwardFactory

pytestmark = pytest.mark.django_db
COLUMNS = ("pk", "holder", "facts", "awarded_on", "awarded_at", "is_current", "minutes", "revocation__at")


def of_code(code):
    return Award.objects.filter(code=code, minutes__gt=0).values_list(*COLUMNS)


class TestAPreparedQuery:
    def test_answers_as_the_plain_one(self):
        prepared = Prepared(of_code)
        for award in AwardFactory.create_batch(2):
            assert prepared(award.code) == list(of_code(award.code))

    @pytest.mark.parametrize("text", ["", "%s", "' OR ''='", "Léa"])
    def test_takes_its_value_as_a_value(self, text):
        AwardFactory()
        assert Prepared(of_code)(text) == []

    def test_is_put_into_sql_once_and_asked_each_time(self, django_assert_num_queries):
        made = []
        prepared = Prepared(lambda code: made.append(code) or of_code(code))
        with django_assert_num_queries(2):
            assert prepared("x") == prepared("y") == []
        assert len(made) == 1

    def test_finds_a_row_by_its_key(self):
        prepared = Prepared(lambda key: Award.objects.filter(pk=key).values_list("code"), mark=KEY)
        for award in AwardFactory.create_batch(2):
            assert prepared(award.pk) == [(award.code,)]

    def test_holds_the_rows_of_one_table_alone(self, django_assert_num_queries):
        award = AwardFactory()
        prepared = Prepared(lambda code: Award.objects.filter(code=code).values_list("holder__email"), holds=Award)
        with transaction.atomic(), django_assert_num_queries(1):
            assert prepared(award.code) == [(award.holder.email,)]
        locks = connection.features.has_select_for_update_of
        assert prepared.statement(connection.vendor)[0].endswith('FOR UPDATE OF "credentials_award"') == locks
