"""What the time of an answer tells: how far apart the answers are to what exists and to what does not."""

import logging
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from secrets import randbelow
from uuid import uuid4

from django.core.cache import cache
from django.http import HttpResponseBase
from django.urls import reverse

from jalon.core import codes
from jalon.demo.figures import Figure, median
from jalon.demo.figures.pages import signed_in
from jalon.demo.story import Story
from jalon.training.models import Submission

TIMES = 200
AIM = "< 20 ms"


def figures(story: Story) -> Iterator[Figure]:
    logging.disable(logging.WARNING)  # each of these answers is a line of the log
    other, numbers = signed_in(story.people["registrar"]), count()
    award, request = story.awards["architect"], Submission.objects.values_list("pk", flat=True)[0]
    yield apart(
        "a request of another, beside none",
        lambda: answered(other.get(reverse("training:request", kwargs={"pk": request})), 404),
        lambda: answered(other.get(reverse("training:request", kwargs={"pk": uuid4()})), 404),
    )
    yield apart(
        "the badge of another, beside none",
        lambda: answered(other.post(closing(award.code), {"page": "closed"}), 404),
        lambda: answered(other.post(closing(codes.new(randbelow)), {"page": "closed"}), 404),
    )
    for name, field, words in (("account_login", "login", "sign in"), ("account_signup", "email", "sign up")):
        yield apart(
            f"{words}, an address with an account, beside none",
            partial(sent, name, field, lambda: award.holder.email),
            partial(sent, name, field, lambda: f"nobody-{next(numbers)}@jalon.example"),
        )


def apart(name: str, known: Callable[[], object], unknown: Callable[[], object]) -> Figure:
    """Return how far the medians of two hundred answers of each kind are apart, asked by turns."""
    pairs = [(once(known), once(unknown)) for _ in range(TIMES)]
    first, second = (median(list(times)) for times in zip(*pairs, strict=True))
    return Figure(name, abs(first - second), "ms", AIM, note=f"medians of {TIMES}: {first:.2f} and {second:.2f} ms")


def once(ask: Callable[[], object]) -> float:
    """Return how many milliseconds one answer takes; limits of tries are forgotten first."""
    cache.clear()
    began = time.perf_counter()
    ask()
    return (time.perf_counter() - began) * 1000


def sent(name: str, field: str, address: Callable[[], str]) -> None:
    answered(signed_in(None).post(reverse(name), {field: address()}), 302)


def closing(code: str) -> str:
    return reverse("credentials:closing", kwargs={"code": codes.display(code)})


def answered(answer: HttpResponseBase, status: int) -> None:
    if answer.status_code != status:
        raise RuntimeError(f"answered {answer.status_code}, not {status}")
