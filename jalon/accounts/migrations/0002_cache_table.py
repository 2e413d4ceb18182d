"""The shared cache is a table of the database: sign-in counts its tries there, whatever process answers."""

from django.core.management import call_command
from django.db import migrations


def make_cache_table(apps, schema_editor):
    """The table exists. Running it again changes nothing."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(make_cache_table, migrations.RunPython.noop)]
