"""The one door to background work: a task is written once, the setting JALON_JOBS says where it runs.

"inline" runs it right after the commit, in the same process; "worker" leaves a row for `./dev manage db_worker`.
"""

import logging
from datetime import datetime, timedelta
from functools import partial
from typing import ParamSpec, TypeVar

from django.db import transaction
from django_tasks import task
from django_tasks.base import Task

__all__ = ["after_commit", "has_stopped", "task"]
# A job that has said nothing for so long has stopped: its process was killed, or no worker runs.
STILL = timedelta(minutes=2)
log = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")


def after_commit(job: Task[P, T], *args: P.args, **kwargs: P.kwargs) -> None:
    """The job is queued once the transaction has committed, never when it is rolled back; a failure breaks no page.

    Args:
        job: a function decorated by `task`, at the level of its module.
        args: what JSON can carry: text, numbers, a UUID as text.
    """
    transaction.on_commit(partial(start, job, *args, **kwargs))


def has_stopped(moved_at: datetime | None, *, at: datetime) -> bool:
    """Tell whether work that is not finished last went on so long ago that nobody is at it any more."""
    return moved_at is not None and at - moved_at > STILL


def start(job: Task[P, T], *args: P.args, **kwargs: P.kwargs) -> None:
    """The job is queued; when it cannot be, the log has its name, without its data.

    A job that fails while it runs is logged by django_tasks and raises nothing here.
    """
    try:
        job.enqueue(*args, **kwargs)
    except Exception:
        log.exception("The job %s could not be queued.", job.module_path)
