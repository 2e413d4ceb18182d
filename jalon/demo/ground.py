"""The fictional places of the demonstration, by the import verb; and what was signed there, by the verbs of agreements.

Every case is there: in force, ending soon, suspended, reinstated, to come, ended, none; a municipality that changed
police service (Anse-aux-Brumes, on 1 July 2025), and a school that moved (Grande-Ourse, on 25 August 2025).
"""

from datetime import date, datetime, timedelta
from pathlib import Path

from django.utils.timezone import localdate

from jalon.accounts.models import Person
from jalon.agreements import actions as agreements
from jalon.agreements.actions import Terms
from jalon.agreements.models import Agreement
from jalon.places import actions as places
from jalon.places.models import Body, Import, PoliceService

FOLDER = Path(__file__).parent / "places"
FILES = {
    "municipalities": "municipalities.csv",
    "bodies": "bodies.geojson",
    "police": "police.csv",
    "schools": "schools.csv",
}
SIGNED = ("Direction du service de police (fictive)", "Bureau de la poursuite (fictif)")


def settle(*, coordinator: Person, at: datetime) -> None:
    """The fictional places exist with their agreements, and somebody keeps them; doing it twice changes nothing."""
    if not Import.objects.exists():
        for kind, name in FILES.items():
            places.import_places(kind=kind, path=FOLDER / name, on=localdate(at), at=at, commit=True)
    for police in PoliceService.objects.all():
        agreements.appoint(person=coordinator, police_service=police, at=at)
    if not Agreement.objects.exists():
        sign(at=at)


def sign(*, at: datetime) -> None:
    """The agreements of the demonstration: one of each state, counted from today or from the year."""
    today = localdate(at)
    signed_on, five_years, six_years = (date(today.year + years, 7, 1) for years in (-2, 3, 4))
    periods = {
        "demo-north": (signed_on, five_years),
        "demo-river": (today - timedelta(days=1050), today + timedelta(days=45)),
        "demo-hills": (signed_on, six_years),
        "demo-metro": (today + timedelta(days=90), today + timedelta(days=1900)),
        "demo-coast": (date(today.year - 6, 7, 1), date(today.year - 1, 7, 1)),
    }
    made = {
        code: record(code, number, starts_on, ends_on, at=at)
        for number, (code, (starts_on, ends_on)) in enumerate(periods.items(), start=1)
    }
    paused_on, resumed_on = date(today.year - 1, 3, 3), date(today.year - 1, 3, 31)
    lapsed = [
        ("demo-hills", agreements.suspend, today - timedelta(days=20), "l’équipe du service est en formation."),
        ("demo-north", agreements.suspend, paused_on, "l’entente est suspendue le temps d’une formation."),
        ("demo-north", agreements.reinstate, resumed_on, "la formation est terminée, l’entente est rétablie."),
    ]
    for code, verb, on, reason in lapsed:
        verb(agreement=made[code], on=on, reason=f"Démonstration\u00a0: {reason}", by=None, at=at)
    police = made["demo-north"].police_service
    agreements.record(terms=with_school_body(police, year=today.year), by=None, at=at)


def record(code: str, number: int, starts_on: date, ends_on: date, *, at: datetime) -> Agreement:
    terms = Terms(
        kind="PROSECUTOR",
        police_service=PoliceService.objects.get(code=code),
        reference=f"ENT-FICTIVE-{number:02}",
        starts_on=starts_on,
        ends_on=ends_on,
        signatories=SIGNED,
    )
    return agreements.record(terms=terms, by=None, at=at)


def with_school_body(police: PoliceService, *, year: int) -> Terms:
    return Terms(
        kind="SCHOOL_BODY",
        police_service=police,
        body=Body.objects.get(code="991000"),
        reference="ENT-FICTIVE-214-1",
        starts_on=date(year - 2, 7, 1),
        ends_on=date(year + 2, 7, 1),
        signatories=("Direction générale (fictive)", "Direction du service de police (fictive)"),
        representatives=("Responsable du climat scolaire", "Relations avec la communauté"),
        flows=("REPORT", "FOLLOW_UP", "PREVENTION"),
    )
