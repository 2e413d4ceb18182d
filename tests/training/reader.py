"""A learner of the small pack before a browser, for the tests of the pages."""

from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import translation


def address(name, *args, language="fr-ca"):
    with translation.override(language):
        return reverse(name, args=args)


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


def text_of(response):
    return " ".join(soup(response).get_text(" ").split())


class Learner:
    """A client that is signed in as somebody who follows the small pack."""

    def __init__(self, client, enrolment):
        self.client, self.enrolment = client, enrolment
        client.force_login(enrolment.person)

    def level(self, name, level, *more, language="fr-ca"):
        return address(f"training:{name}", self.enrolment.program.slug, level, *more, language=language)

    def get(self, name, level, *more, **options):
        return self.client.get(self.level(name, level, *more), **options)

    def post(self, name, level, *more, data=None, **options):
        return self.client.post(self.level(name, level, *more), data or {}, **options)


def form_of(response, selector="main form"):
    """Return what a browser would send: every named control of the form with its value."""
    form = soup(response).select_one(selector)
    return {
        control["name"]: control.get("value", control.get_text())
        for control in form.select("input[type=hidden][name], textarea[name]")
        if control["name"] != "csrfmiddlewaretoken"
    }
