"""Role × address × method, over every address of the site: what the table does not list is denied."""

import re
from uuid import uuid4

import pytest

from jalon.demo.matrix import DOORS, WHO, addresses
from tests.factories import CoordinatorFactory, PersonFactory, RegistrarFactory
from tests.issuing import make_keys

pytestmark = pytest.mark.django_db
ADDRESSES = sorted(set(addresses()))
ROLES = {
    "visitor": lambda: None,
    "learner": PersonFactory,
    "reviewer": lambda: PersonFactory(reviewer=True),
    "author": lambda: PersonFactory(is_author=True),
    "registrar": lambda: RegistrarFactory().person,
    "coordinator": lambda: CoordinatorFactory().person,
    "privacy officer": lambda: PersonFactory(privacy_officer=True),
    "operator": lambda: PersonFactory(operator=True),
}
MAY = {
    "anyone": set(ROLES),
    "person": set(ROLES) - {"visitor"},
    "reviewer": {"reviewer"},
    "author": {"author"},
    "registrar": {"registrar"},
    "coordinator": {"coordinator"},
    "journal": {"privacy officer", "operator"},
    "operator": {"operator"},
    "demo": set(),
}
METHODS = ("get", "post", "put", "delete")
# What stands for each parameter: something that has the right form and does not exist.
PARAMETERS = {"uuid": lambda: str(uuid4()), "int": lambda: "7", "slug": lambda: "rien", "str": lambda: "rien"}
EXACT = [("(?P<code>[0-9A-Z-]{30,40})", "2" * 30), ("(?P<language>fr|en)", "fr"), ("(?P<form>svg|png)", "svg")]
REST = re.compile(r"\(\?P<\w+>\[[^\]]*\]\+\)")


def filled(path):
    """Return an address that can be asked, of an object that does not exist."""
    for group, value in EXACT:
        path = path.replace(group, value)
    path = REST.sub("1", path).replace("\\.", ".")
    return "/" + re.sub(r"<(\w+):\w+>", lambda found: PARAMETERS[found.group(1)](), path)


def is_denied(answer):
    to_sign_in = answer.status_code == 302 and "/account/sign-in/" in answer.url
    return to_sign_in or answer.status_code in {401, 403, 404, 405}


def is_open(answer, name):
    """Tell whether the role was let in: that the object is missing is not a question of role.

    A page of the sign-in itself may lead to its first step.
    """
    to_sign_in = answer.status_code == 302 and "/account/sign-in/" in answer.url
    return answer.status_code not in {401, 403, 405} and (not to_sign_in or name.startswith(("account_", "mfa_")))


class TestTheTable:
    def test_lists_every_address_and_no_other(self):
        assert {name for name, _ in ADDRESSES} == set(DOORS)

    def test_knows_every_word_that_it_uses(self):
        assert {door.who for door in DOORS.values()} <= set(WHO) == set(MAY)


@pytest.mark.parametrize("role", ROLES)
class TestEveryAddress:
    def test_lets_in_whom_the_table_lists_and_nobody_else(self, client, role):
        make_keys()
        person, wrong = ROLES[role](), []
        for name, path in ADDRESSES:
            door, address = DOORS.get(name), filled(path)
            for method in METHODS:
                if person and "_auth_user_id" not in client.session:
                    client.force_login(person)
                answer = getattr(client, method)(address)
                may = door and role in MAY[door.who] and method.upper() in door.methods.split(",")
                if not (is_open(answer, name) if may else is_denied(answer)):
                    wrong.append((name, method, answer.status_code))
        assert wrong == []
