"""How long one stays signed in: twelve hours in all, and sixty minutes without a page. The server decides."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.middleware import get_user
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from jalon.accounts import kept
from jalon.accounts.models import Person
from jalon.web.middleware import Handler

ABSOLUTE = timedelta(hours=12)
IDLE = timedelta(minutes=60)
# A session is written at most this often to say that somebody is there, so that a page costs no query more.
A_WHILE = timedelta(minutes=5)
BEGAN, SEEN = "began_at", "seen_at"


class LimitsMiddleware:
    """A session that has lasted too long, or stayed still too long, is over at the next request."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.user = SimpleLazyObject(lambda: person_of(request))  # type: ignore[assignment]
        response = self.get_response(request)
        if request.session.accessed:
            see(request.session, at=timezone.now())
        return response


def person_of(request: HttpRequest) -> Person | AnonymousUser:
    """Return who is here, as long as their session may last."""
    if SESSION_KEY in request.session and is_over(request.session, at=timezone.now()):
        end(request)
    return get_user(request)


def is_over(session: SessionBase, *, at: datetime) -> bool:
    """Whether twelve hours have passed since the sign-in, or sixty minutes since the last page."""
    began, seen = session.get(BEGAN), session.get(SEEN)
    if began is None or seen is None:  # one of before these limits: it begins now
        return False
    now = at.timestamp()
    return bool(now >= began + ABSOLUTE.total_seconds() or now >= seen + IDLE.total_seconds())


def end(request: HttpRequest) -> None:
    """The session is gone on the server; a text that waited in it waits in the next one."""
    text, whose = kept.kept(request), request.session[SESSION_KEY]
    request.session.flush()
    kept.put_back(request, text, whose=whose)


def see(session: SessionBase, *, at: datetime) -> None:
    """The session of somebody who is signed in says that they were here, give or take five minutes."""
    if SESSION_KEY not in session:
        return
    now = at.timestamp()
    if BEGAN not in session:
        session[BEGAN] = now
    if now - session.get(SEEN, 0) >= A_WHILE.total_seconds():
        session[SEEN] = now


def begin(request: HttpRequest, **rest: Any) -> None:
    """Both clocks start at the sign-in."""
    now = timezone.now().timestamp()
    request.session[BEGAN] = request.session[SEEN] = now


def connect() -> None:
    user_logged_in.connect(begin, dispatch_uid="jalon-session-begins")
