from django.db import migrations


class Migration(migrations.Migration):
    """An end that was planned may be replaced by an earlier one: the first day on which it no longer holds decides."""

    dependencies = [("agreements", "0003_parts")]

    operations = [migrations.RemoveConstraint(model_name="change", name="agreement_ends_once")]
