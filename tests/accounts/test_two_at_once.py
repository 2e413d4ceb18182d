"""Two people, or two tabs, at the same instant: one act stands, the other is told; on every database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier, local

import pytest
from allauth.account.models import EmailAddress
from django.db import connection

from jalon.accounts import addresses, imports, people
from jalon.accounts.leaves import Conflict, set_leave
from jalon.accounts.models import Affiliation, PeopleImport
from jalon.core.refusals import Refused
from jalon.journal.models import Entry
from tests.factories import MONDAY, AffiliationFactory, PersonFactory, RegistrarFactory, SchoolFactory

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*verbs: Callable[[], object]) -> list[object]:
    """Return what each answered, or the code of its refusal."""
    start = Barrier(len(verbs))

    def hand(verb: Callable[[], object]) -> object:
        try:
            start.wait()
            return verb()
        except Refused as refused:
            return refused.refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(verbs)) as pool:
        return list(pool.map(hand, verbs))


def test_two_registrars_who_correct_one_leave_date_are_not_both_believed():
    registrar = RegistrarFactory()
    school = SchoolFactory(body=registrar.body)
    work = AffiliationFactory(school=school, ends_on=date(2026, 6, 30), confirmed_by=registrar.person)

    def correct(day):
        said = {"seen": date(2026, 6, 30), "reason": "WRONG_DAY", "by": registrar.person, "at": MONDAY}
        return lambda: set_leave(affiliation=work, ends_on=date(2026, 7, day), **said)

    answers = at_once(correct(1), correct(2))
    work.refresh_from_db()
    assert [answer for answer in answers if isinstance(answer, Conflict)] == [Conflict(work.ends_on)]
    assert Entry.objects.filter(verb="affiliation.end_corrected").count() == 1


def test_an_address_is_never_made_primary_and_removed_by_two_tabs():
    person = PersonFactory(email="lea@ecole.example")
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
    other = EmailAddress.objects.create(user=person, email="lea@maison.example", verified=True)

    def tab(verb):
        seen = EmailAddress.objects.get(pk=other.pk)  # both tabs show it before either button is pressed
        return lambda: verb(address=seen, at=MONDAY)

    at_once(tab(addresses.make_primary), tab(addresses.remove))
    person.refresh_from_db()
    assert EmailAddress.objects.filter(user=person, email=person.email, primary=True, verified=True).exists()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="elsewhere, the second one waits before it reads")
def test_two_imports_that_add_the_same_people_both_end(tmp_path, monkeypatch):
    registrar = RegistrarFactory()
    colleague = RegistrarFactory(body=registrar.body)
    SchoolFactory(code="912001", body=registrar.body)
    both, written, whole = Barrier(2), local(), imports.write

    def write(plan, batch):
        if not hasattr(written, "once"):
            written.once = both.wait()
        whole(plan, batch)

    def begin(who, name):
        path = tmp_path / f"{name}.csv"
        lines = "".join(f"p{number}@ecole.example;{name} Exemple;912001;teacher\n" for number in range(3))
        path.write_text("email;name;school;role\n" + lines)
        return lambda: people.import_people(files=[path], by=who.person, at=MONDAY, commit=True)

    monkeypatch.setattr(imports, "write", write)
    reports = at_once(begin(registrar, "Une"), begin(colleague, "Deux"))
    assert all(report.batch for report in reports)
    assert sorted(batch.people for batch in PeopleImport.objects.all()) == [0, 3]
    assert {batch.state for batch in PeopleImport.objects.all()} == {"DONE"}
    assert Affiliation.objects.count() == 3
