"""The page of members finds its order in an index, without reading the row of every affiliation."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_ended_by_body")]
    operations = [
        migrations.AddIndex(
            "affiliation",
            models.Index(fields=["school", "person", "ends_on", "confirmed_at", "id"], name="affiliation_of_a_school"),
        ),
    ]
