from django.db import migrations

from jalon.web.postgres import never_overlap


class Migration(migrations.Migration):
    """On PostgreSQL, the same parties never have two agreements on one day. Where no body signed, the prosecutor did."""

    dependencies = [("agreements", "0001_initial"), ("places", "0002_one_at_a_time")]

    operations = [
        never_overlap(
            "agreements_agreement",
            name="agreement_periods_never_overlap",
            keys=("police_service_id", "coalesce(body_id, police_service_id)"),
            ends_on="closes_on",
        ),
    ]
