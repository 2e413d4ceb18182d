"""People who are already here can be found by their words."""

from django.db import migrations

from jalon.core.typography import folded


def fill_search(apps, schema_editor):
    """Each person has the words of their name and address. Running it again changes nothing."""
    Person = apps.get_model("accounts", "Person")
    while batch := list(Person.objects.filter(search="").order_by("pk")[:1_000]):
        for person in batch:
            person.search = folded(f"{person.legal_name} {person.email}")
        Person.objects.bulk_update(batch, ["search"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_people")]
    operations = [migrations.RunPython(fill_search, migrations.RunPython.noop, elidable=True)]
