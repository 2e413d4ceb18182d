from django.db import migrations

from jalon.web.appended import AppendOnly

LINES = AppendOnly(
    "credentials_issuance", name="issuance_line", said=("id", "credential", "digest", "kid", "at")
)


class Migration(migrations.Migration):
    """The database refuses to change or remove a line of the issuance log; a checkpoint gives it its number, once."""

    dependencies = [("credentials", "0002_issuing")]

    operations = [LINES.operation()]
