from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    """A reference is taken within its police service only, and not by an agreement that was ended on its first day."""

    dependencies = [("agreements", "0004_an_end_may_come_earlier")]

    operations = [
        migrations.AlterField("agreement", "reference", models.CharField(max_length=60)),
        migrations.AddConstraint(
            "agreement",
            models.UniqueConstraint(
                fields=["police_service", "reference"],
                condition=Q(closes_on__gt=F("starts_on")),
                name="agreement_reference_once_per_service",
            ),
        ),
    ]
