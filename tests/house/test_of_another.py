"""What belongs to another person or organisation is answered, to every role, as if it did not exist: byte for byte.

Each address that names an object is asked, by every role and every method; then the object is made, for somebody else,
under that very name; then the address is asked again. Nothing of the answer may have changed, nor what the database was
asked meanwhile: the time that an answer takes says nothing either.
"""

import re
from dataclasses import dataclass
from uuid import UUID

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.urls import reverse

from jalon.demo.matrix import DOORS, addresses
from tests.factories import (
    AffiliationFactory,
    AgreementFactory,
    AwardFactory,
    BatchFactory,
    CaseChoiceFactory,
    CaseRunFactory,
    CoordinatorFactory,
    DecisionFactory,
    DraftFactory,
    DraftVersionFactory,
    EnrolmentFactory,
    PeopleImportFactory,
    PersonFactory,
    ProgramFactory,
    QuizTryFactory,
    RegistrarFactory,
    ReleaseFactory,
    RemarkFactory,
    SubmissionFactory,
    UploadFactory,
)
from tests.issuing import make_keys
from tests.small_pack import played_pack

pytestmark = pytest.mark.django_db
# An object is named by one of these; a program, a level or a lesson is content, the same for everybody.
SAVEPOINT = re.compile(r"\bs\d+_x\d+\b")
NAMING = re.compile(r"<(?:(?:uuid|int):\w+|str:code)>")
# Every reviewer reads every request: there is none that is another's.
SHARED = {"reviewer"}
# Who would be let in to an object of their own; a level that is not open yet is refused before anything is looked up.
INVITED = {"person": "learner", "registrar": "registrar", "coordinator": "coordinator", "reviewer": "nobody"}
OWNED = {name: path for name, path in addresses() if NAMING.search(path) and DOORS[name].who not in {"anyone", "demo"}}
KEY, NUMBER, CODE = UUID("5b0a3c5e-3f0e-4a52-9c39-5d4a6c5e2f10"), 4_000_001, "2" * 30


@dataclass(frozen=True)
class World:
    """A program that people follow, and one person of each role, of organisations of their own."""

    release: object
    people: dict[str, object]

    def another(self):
        return EnrolmentFactory(release=self.release)


def release():
    program = ProgramFactory()
    return ReleaseFactory(program=program, typed=played_pack(program.slug))


def submission(world):
    return SubmissionFactory(pk=KEY, enrolment=world.another())


def a_case(world):
    run = CaseRunFactory(enrolment=world.another(), number=1, over=True)
    CaseChoiceFactory(run=run, position=1)


def an_address(world):
    EmailAddress.objects.create(pk=NUMBER, user=PersonFactory(), email="autre@ecole.example", verified=True)


def a_passkey(world):
    from allauth.mfa.models import Authenticator

    Authenticator.objects.create(pk=NUMBER, user=PersonFactory(), type=Authenticator.Type.WEBAUTHN, data={})


MAKERS = {
    **{f"accounts:{name}": lambda world: AffiliationFactory(pk=KEY) for name in ("departure", "member", "end")},
    "accounts:confirmation": lambda world: AffiliationFactory(pk=KEY, waiting=True),
    **{f"accounts:{name}": lambda world: PeopleImportFactory(pk=KEY) for name in ("import", "resumption", "undoing")},
    **{f"accounts:{name}": lambda world: UploadFactory(pk=KEY) for name in ("upload", "upload-confirmation")},
    **{f"accounts:address-{name}": an_address for name in ("primary", "removal")},
    "mfa_remove_webauthn": a_passkey,
    **{
        f"agreements:{name}": lambda world: AgreementFactory(pk=KEY)
        for name in ("agreement", "suspension", "reinstatement", "end", "report", "extension")
    },
    **{
        f"credentials:{name}": lambda world: BatchFactory(
            pk=KEY, by=RegistrarFactory().person, body=RegistrarFactory().body, release=world.release
        )
        for name in ("batch", "columns", "beginning", "batch-resumption", "withdrawal")
    },
    **{
        f"credentials:{name}": lambda world: AwardFactory(code=CODE, release=world.release)
        for name in ("sibling", "sharing", "closing")
    },
    **{f"training:{name}": submission for name in ("request", "withdrawal")},
    "training:try": lambda world: QuizTryFactory(enrolment=world.another(), number=1),
    **{f"training:{name}": a_case for name in ("run", "step", "look-back", "debrief")},
    "training:restoration": lambda world: DraftVersionFactory(
        draft=DraftFactory(enrolment=world.another(), revision=2), revision=1
    ),
    **{f"review:{name}": submission for name in ("desk", "claim", "release", "notes", "acceptance", "return")},
    **{
        f"review:{name}": lambda world: DecisionFactory(submission=submission(world))
        for name in ("undoing", "second-reading")
    },
    "review:retirement": lambda world: RemarkFactory(pk=KEY),
}
NAMES = {
    "level": "second",
    "case": "group-chat",
    "quiz": "first-quiz",
    "reflection": "look-back",
    "question": "steps",
    "number": 1,
    "step": 1,
    "revision": 1,
    "code": CODE,
}


@pytest.fixture
def world():
    make_keys()
    followed = release()
    people = {
        "visitor": None,
        "learner": EnrolmentFactory(release=followed).person,
        "reviewer": PersonFactory(reviewer=True),
        "author": PersonFactory(is_author=True),
        "registrar": RegistrarFactory().person,
        "coordinator": CoordinatorFactory().person,
        "privacy officer": PersonFactory(privacy_officer=True),
        "operator": PersonFactory(operator=True),
    }
    return World(followed, people)


def address(name, world):
    values = {**NAMES, "slug": world.release.program.slug, "level": "first" if "quiz" in OWNED[name] else "second"}
    named = re.findall(r"<(\w+):(\w+)>", OWNED[name])
    keys = {"uuid": KEY, "int": NUMBER}
    return reverse(name, kwargs={word: keys[kind] if word == "pk" else values[word] for kind, word in named})


def asked(person, path, method):
    """Return everything that an answer says, but the token of a form and the cookies that carry it, and the work of it:
    what the database was asked, without the values.
    """
    client, work = Client(), []
    if person:
        client.force_login(person)

    def noted(execute, sql, values, many, context):
        work.append(SAVEPOINT.sub("", sql))
        return execute(sql, values, many, context)

    with connection.execute_wrapper(noted):
        answer = getattr(client, method)(path)
    body = re.sub(rb'value="\w{64}"', b"", answer.content)
    return answer.status_code, dict(answer.headers), body, work


def test_every_address_that_names_an_object_is_asked():
    assert set(OWNED) - set(MAKERS) == set()


@pytest.mark.parametrize("name", sorted(OWNED))
def test_what_is_of_another_is_answered_like_what_does_not_exist(world, name):
    door, path = DOORS[name], address(name, world)
    asks = [
        (role, method.lower())
        for role in world.people
        for method in door.methods.split(",")
        if not (role == door.who and role in SHARED)
    ]
    missing = {ask: asked(world.people[ask[0]], path, ask[1]) for ask in asks}
    MAKERS[name](world)
    assert {ask: asked(world.people[ask[0]], path, ask[1]) for ask in asks} == missing
    invited = [missing[ask] for ask in asks if ask[0] == INVITED[door.who]]
    assert {status for status, *_ in invited} <= {404, 409}
    assert all(work for *_, work in invited)
