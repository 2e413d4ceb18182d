"""A database that cannot write: nothing is said to be saved, reading goes on, and all is well once there is room."""

from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection

from jalon.training.models import Draft
from tests.training.reader import text_of

pytestmark = pytest.mark.django_db(transaction=True)
WRITES = ("INSERT", "UPDATE", "DELETE")


@contextmanager
def refused_writes():
    """Every write fails, as with a full or broken disk."""

    def refuse(execute, sql, *rest):
        if sql.lstrip().upper().startswith(WRITES):
            raise OperationalError("disk I/O error")
        return execute(sql, *rest)

    with connection.execute_wrapper(refuse):
        yield


@contextmanager
def no_room():
    """SQLite itself may take no further page."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # no page that another test freed is left
        (pages,) = cursor.execute("PRAGMA page_count").fetchone()
        cursor.execute(f"PRAGMA max_page_count={pages}")
        yield
        cursor.execute("PRAGMA max_page_count=1073741823")


@pytest.fixture(params=[refused_writes, no_room], ids=["broken", "full"])
def trouble(request):
    if request.param is no_room and connection.vendor != "sqlite":
        pytest.skip("how full a PostgreSQL is cannot be said from inside; its error is the one of the other case")
    return request.param


@pytest.fixture
def visitor(writer):
    writer.client.raise_request_exception = False
    return writer


def save(visitor, text):
    return visitor.post("draft", "second", "look-back", "steps", data={"text": text, "revision": 1})


LONG = "Je retiens une suite de gestes. " * 400


def test_what_cannot_be_saved_is_never_said_to_be(visitor, trouble):
    with trouble():
        response = save(visitor, LONG)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "60")
    assert "n’a pas été enregistré, même en partie" in text_of(response)
    assert Draft.objects.get(question="steps").text == "Texte de steps."


def test_reading_goes_on(visitor, trouble):
    with trouble():
        response = visitor.get("level", "second")
    assert response.status_code == 200


def test_once_there_is_room_the_same_form_is_saved_without_a_restart(visitor, trouble):
    with trouble():
        save(visitor, LONG)
    assert save(visitor, LONG).status_code in {200, 302}
    assert Draft.objects.get(question="steps").text == LONG
