"""What never was has no day: a place of work may end on its first day."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_search")]
    operations = [
        migrations.RemoveConstraint("affiliation", "affiliation_ends_after_it_starts"),
        migrations.AddConstraint(
            "affiliation",
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="affiliation_ends_not_before_start"
            ),
        ),
        migrations.AlterField(
            "affiliation",
            "ends_on",
            models.DateField(
                blank=True, null=True, help_text="The last day is excluded; the first day: no day at all."
            ),
        ),
    ]
