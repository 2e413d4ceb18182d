"""No address of a role that decides about others does anything before a second step of sign-in."""

import re

import pytest
from django.core.cache import cache

from jalon.agreements.models import Change, Report
from jalon.demo.matrix import DOORS, addresses
from tests.accounts.second_step import app_of, code_of, stop_the_clock
from tests.factories import AgreementFactory, CoordinatorFactory, PersonFactory, RegistrarFactory

pytestmark = pytest.mark.django_db
STEP = "/account/second-step/"
# Each word of the table of addresses that names a role that decides about others; authors only read.
ROLES = {
    "reviewer": lambda: PersonFactory(reviewer=True),
    "registrar": lambda: RegistrarFactory().person,
    "coordinator": lambda: CoordinatorFactory().person,
    "journal": lambda: PersonFactory(privacy_officer=True),
}


@pytest.fixture(autouse=True)
def roles_need_it(settings, monkeypatch):
    stop_the_clock(monkeypatch)
    settings.JALON_SECOND_FACTOR = "roles"
    cache.clear()


def asked(path, agreement):
    """Return an address that can be asked: of this agreement, else of an object that does not exist."""
    standing = str(agreement.pk) if path.startswith("agreements/") else "00000000-0000-4000-8000-000000000000"
    for kind, value in {"uuid": standing, "int": "7", "slug": "rien", "str": "csv"}.items():
        path = re.sub(rf"<{kind}:\w+>", value, path)
    return f"/{path}"


@pytest.mark.parametrize("who", ROLES)
class TestEveryAddressOfARoleThatDecidesAboutOthers:
    def test_does_nothing_before_a_second_step(self, client, who):
        person, agreement = ROLES[who](), AgreementFactory(school_body=True)
        if who == "coordinator":
            CoordinatorFactory(person=person, police_service=agreement.police_service)
        client.force_login(person)
        doors = [(path, DOORS[name]) for name, path in set(addresses()) if DOORS[name].who == who]
        assert doors
        let_in = []
        for path, door in doors:
            for method in door.methods.split(","):
                answer = getattr(client, method.lower())(asked(path, agreement))
                if (answer.status_code, answer.headers.get("Location")) != (302, STEP):
                    let_in.append((door.name, method, answer.status_code))
        assert let_in == []
        assert not Change.objects.exists()
        assert not Report.objects.exists()


class TestAnAgreementOfATerritory:
    def test_is_suspended_with_what_was_posted_once_the_second_step_was_shown(self, client):
        person, agreement = PersonFactory(), AgreementFactory()
        CoordinatorFactory(person=person, police_service=agreement.police_service)
        secret = app_of(person)
        client.force_login(person)
        said = {"seen": "0", "suspended-on": "2026-03-02", "suspended-reason": "Motif écrit avec soin"}
        answer = client.post(f"/agreements/{agreement.pk}/suspension/", said)
        assert answer.headers["Location"].startswith(f"{STEP}again/?next=")
        client.post(f"{STEP}again/", {"code": code_of(secret), "next": "/account/resend/"})
        assert "Motif écrit avec soin" in client.get("/account/resend/").content.decode()
        client.post(f"/agreements/{agreement.pk}/suspension/", said)
        assert Change.objects.get().reason == "Motif écrit avec soin"

    def test_of_another_coordinator_is_a_missing_one_before_any_step(self, client):
        client.force_login(CoordinatorFactory().person)
        assert client.get(f"/agreements/{AgreementFactory().pk}/").status_code == 404
