"""The operator says who keeps the agreements of a territory."""

import io

import pytest
from django.core.management import CommandError, call_command

from jalon.agreements.models import Coordinator
from jalon.journal.models import Entry
from tests.factories import PersonFactory, PoliceServiceFactory

pytestmark = pytest.mark.django_db


def run(*words):
    said = io.StringIO()
    call_command("coordinator", *words, stdout=said)
    return said.getvalue()


class TestACoordinator:
    def test_is_named_once_however_often_it_is_said(self):
        person, police = PersonFactory(), PoliceServiceFactory()
        for _ in range(2):
            assert "keeps the agreements" in run(person.email.upper(), police.code)
        assert Coordinator.objects.get().person == person
        assert [entry.verb for entry in Entry.objects.all()] == ["coordinator.appointed"]

    def test_is_withdrawn_from_that_territory_alone(self):
        person, police, other = PersonFactory(), PoliceServiceFactory(), PoliceServiceFactory()
        for one in (police, other):
            run(person.email, one.code)
        assert "no longer" in run(person.email, police.code, "--withdraw")
        assert Coordinator.objects.get().police_service == other
        assert "no longer" in run(person.email, police.code, "--withdraw")

    def test_of_an_unknown_address_or_police_service_changes_nothing(self):
        person, police = PersonFactory(), PoliceServiceFactory()
        for words, reason in (
            (("nobody@ecole.example", police.code), "Nobody has this"),
            ((person.email, "nowhere"), "No police service"),
        ):
            with pytest.raises(CommandError, match=reason):
                run(*words)
        assert not Coordinator.objects.exists()
