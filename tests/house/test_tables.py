"""Each table says what it knows about people, has its factory and its word, and never names a person in a log."""

import re

import pytest
from django.apps import apps
from django.conf import settings
from factory.django import DjangoModelFactory

from jalon.core.privacy import Privacy
from tests import factories

OURS = [model for model in apps.get_models() if model.__module__.startswith("jalon.")]
GLOSSARY = (settings.ROOT / "docs" / "reference" / "glossary.md").read_text()
each_table = pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)


def factories_by_model() -> dict[type, type[DjangoModelFactory]]:
    made = [
        kind for kind in vars(factories).values() if isinstance(kind, type) and issubclass(kind, DjangoModelFactory)
    ]
    return {kind._meta.model: kind for kind in made if kind._meta.model}


@each_table
class TestEveryTable:
    def test_says_what_it_knows_about_people_and_for_how_long(self, model):
        privacy = getattr(model, "privacy", None)
        assert isinstance(privacy, Privacy), f"add `privacy = Privacy(...)` to {model.__name__}"
        assert not (privacy.personal | privacy.sensitive) - {field.name for field in model._meta.get_fields()}

    def test_calls_personal_what_leads_to_a_person(self, model):
        people = {
            field.name for field in model._meta.fields if field.related_model is apps.get_model("accounts.Person")
        }
        assert people <= model.privacy.personal | model.privacy.sensitive

    def test_has_one_factory(self, model):
        assert model in factories_by_model(), f"add {model.__name__}Factory to tests/factories"

    def test_has_its_row_in_the_glossary(self, model):
        assert f"| `{model._meta.app_label}.{model.__name__}` |" in GLOSSARY

    def test_is_keyed_by_a_random_number(self, model):
        assert model._meta.pk.get_internal_type() == "UUIDField"

    @pytest.mark.django_db
    def test_never_names_a_person_in_a_log(self, model):
        row = factories_by_model()[model]()
        people = apps.get_model("accounts.Person").objects.all()
        words = [word for person in people for word in (person.email, *person.legal_name.split()) if word]
        assert not [word for word in words if word in str(row)]


def test_every_kind_that_is_stored_is_written_in_capitals():
    stored = [
        (model._meta.label, field.name, value)
        for model in OURS
        for field in model._meta.fields
        for value, _ in field.choices or ()
        if field.name not in {"language", "theme"}
    ]
    assert [one for one in stored if not re.fullmatch(r"[A-Z][A-Z0-9_]*", one[2])] == []


def test_every_row_of_the_glossary_says_the_term_in_both_languages():
    rows = [line.strip("|").split("|") for line in GLOSSARY.splitlines() if line.startswith("| ")][1:]
    assert [row for row in rows if len(row) != 4 or not all(cell.strip() for cell in row)] == []
