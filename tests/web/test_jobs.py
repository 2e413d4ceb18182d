import logging

import pytest
from django.db import transaction

from jalon.web.jobs import after_commit, task

done = []


@task()
def note(what):
    done.append(what)


@task()
def fail():
    raise ValueError("it went wrong")


class Unreachable:
    """A job whose queue does not answer."""

    module_path = "jobs.unreachable"

    def enqueue(self, *args):
        raise ConnectionError("no queue")


@pytest.fixture(autouse=True)
def nothing_done():
    done.clear()


@pytest.mark.django_db(transaction=True)
class TestAJob:
    def test_runs_once_the_transaction_has_committed(self):
        with transaction.atomic():
            after_commit(note, "signed")
            assert done == []
        assert done == ["signed"]

    def test_never_runs_when_the_transaction_is_rolled_back(self):
        with transaction.atomic():
            after_commit(note, "signed")
            transaction.set_rollback(True)
        assert done == []

    def test_that_fails_is_in_the_log_and_breaks_no_page(self, caplog):
        with caplog.at_level(logging.ERROR), transaction.atomic():
            after_commit(fail)
            after_commit(note, "the next one")
        assert "test_jobs.fail state=FAILED" in caplog.text
        assert done == ["the next one"]

    def test_that_cannot_be_queued_is_in_the_log_without_its_data(self, caplog):
        with caplog.at_level(logging.ERROR), transaction.atomic():
            after_commit(Unreachable(), "text of a person")
        assert "The job jobs.unreachable could not be queued." in caplog.text
        assert "text of a person" not in caplog.text
