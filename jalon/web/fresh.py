"""Pages for anybody that say how things stand today: a browser that keeps one asks each time whether it still holds."""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from jalon.web.middleware import knows_the_person

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def asked_again(view: View[P]) -> View[P]:
    """The page is never believed unasked; when it is the one that was sent before, "not modified" is the answer.

    One that is made for somebody is kept nowhere, and a document has its own rule.
    """

    @wraps(view)
    def answered(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if "Cache-Control" in response.headers or knows_the_person(request):
            return response
        response.headers["Cache-Control"] = "private, no-cache"
        if response.status_code != 200:
            return response
        etag = response.headers["ETag"] = f'"{sha256(response.content).hexdigest()}"'
        return get_conditional_response(request, etag=etag, response=response) or response

    return answered
