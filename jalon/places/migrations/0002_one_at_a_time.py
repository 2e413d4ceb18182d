from django.db import migrations

from jalon.web.postgres import PostgresOnly, never_overlap


class Migration(migrations.Migration):
    """On PostgreSQL, no two rows of one owner hold the same day; `uuidrange` stands for the equality of a key."""

    dependencies = [("places", "0001_initial")]

    operations = [
        PostgresOnly("CREATE TYPE uuidrange AS RANGE (subtype = uuid)", reverse_sql="DROP TYPE uuidrange"),
        never_overlap("places_serves", name="served_by_one_at_a_time", keys=("municipality_id",)),
        never_overlap("places_address", name="at_one_address_at_a_time", keys=("school_id",)),
    ]
