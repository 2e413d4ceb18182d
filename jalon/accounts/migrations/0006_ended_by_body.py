"""What a school body ended is remembered, so that it does not come back by an address alone."""

from django.db import migrations, models


def hold_what_ended(apps, schema_editor):
    """Who ended a place of work before is not known here: each waits for somebody rather than come back by itself."""
    apps.get_model("accounts", "Affiliation").objects.exclude(ends_on=None).update(was_ended_by_body=True)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_empty_periods")]
    operations = [
        migrations.AddField(
            "affiliation",
            "was_ended_by_body",
            models.BooleanField(default=False, help_text="Somebody else than the person wrote the leave date."),
        ),
        migrations.RunPython(hold_what_ended, migrations.RunPython.noop, elidable=True),
    ]
