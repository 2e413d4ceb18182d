"""The people and places of the demonstration: all of them fictional, and plainly so."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from jalon.accounts import actions as accounts
from jalon.accounts.models import Affiliation, Person, Registrar
from jalon.demo.ground import settle
from jalon.places.models import Body, School


@dataclass(frozen=True)
class Role:
    """One of the fictional people."""

    email: str
    name: str
    language: str = "fr-ca"
    is_reviewer: bool = False


CAST = {
    "learner": Role("camille.exemple@ecole.example", "Camille Exemple-Étoilée"),
    "reviewer": Role("noa.fictif@revision.example", "Noa Fictif", is_reviewer=True),
    "registrar": Role("dominique.modele@centre.example", "Dominique Modèle"),
    "colleague": Role("robin.sample@school.example", "Robin Sample", language="en-ca"),
    "uncovered": Role("sacha.invente@ecole.example", "Sacha Inventé"),
    "coordinator": Role("alix.repere@territoire.example", "Alix Repère"),
}
# People without a door: what they did waits for the others.
OTHERS = {
    "peer": Role("maxime.fictif@ecole.example", "Maxime Fictif-Laroche"),
    "newcomer": Role("eli.modele@ecole.example", "Éli Modèle-Savard"),
}
DOORS = {
    "learner": "training:path",
    "reviewer": "review:queue",
    "registrar": "accounts:members",
    "colleague": "training:path",
    "uncovered": "training:path",
    "coordinator": "agreements:agreements",
}
BODY = "991000"
SCHOOL = "991001"
ELSEWHERE = "991002"
UNCOVERED = "991016"
WORK = {"learner": SCHOOL, "colleague": SCHOOL, "uncovered": UNCOVERED, "peer": ELSEWHERE, "newcomer": ELSEWHERE}
CONFIRMED = ("learner", "uncovered", "peer")  # the others wait for the registrar
ARRIVED_ON = date(2026, 8, 24)


@transaction.atomic
def assemble(*, at: datetime) -> dict[str, Person]:
    """The fictional places and people exist, and some work where they say; doing it twice changes nothing.

    What somebody who visits did since then stands: a work that they ended is neither begun again nor confirmed.
    """
    people = {key: _person(role) for key, role in {**CAST, **OTHERS}.items()}
    settle(coordinator=people["coordinator"], at=at)
    Registrar.objects.get_or_create(person=people["registrar"], body=Body.objects.get(code=BODY))
    for key, code in WORK.items():
        arrived = arrive(people[key], School.objects.get(code=code), at=at)
        if arrived and key in CONFIRMED:
            accounts.confirm_affiliation(affiliation=arrived, by=people["registrar"], at=at)
    return people


def arrive(person: Person, school: School, *, at: datetime) -> Affiliation | None:
    """The person says that they work at the school; nothing when they said so before, whatever became of it."""
    if Affiliation.objects.filter(person=person, school=school).exists():
        return None
    return accounts.declare_affiliation(person=person, school=school, role="PROFESSIONAL", starts_on=ARRIVED_ON, at=at)


def known(role: Role) -> Person | None:
    """Return the one of this role, who may have taken another address as their main one since."""
    own = Person.objects.filter(email=role.email).first()
    return own or Person.objects.filter(emailaddress__email=role.email).first()


def _person(role: Role) -> Person:
    return known(role) or Person.objects.create_user(
        role.email, legal_name=role.name, language=role.language, is_reviewer=role.is_reviewer
    )
