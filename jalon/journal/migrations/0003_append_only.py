from django.db import migrations

from jalon.web.appended import AppendOnly

LINES = AppendOnly(
    "journal_entry", name="journal_line", said=("id", "at", "verb", "by_id", "about_kind", "about_id", "facts")
)


class Migration(migrations.Migration):
    """The database refuses to change or remove a line of the journal; sealing gives it its number, once."""

    dependencies = [("journal", "0002_chain")]

    operations = [LINES.operation()]
