from django.db import migrations, models


def count(apps, editor):
    """A check of before this was kept names a hundred failures at most: there were no fewer."""
    checks = apps.get_model("credentials", "SelfCheck").objects.using(editor.connection.alias)
    for check in checks.exclude(failures=[]):
        check.failed = len(check.failures)
        check.save(update_fields=["failed"])


class Migration(migrations.Migration):
    dependencies = [
        ("credentials", "0006_batch_moved_at"),
    ]

    operations = [
        migrations.AddField(
            model_name="selfcheck",
            name="failed",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="selfcheck",
            name="failures",
            field=models.JSONField(default=list, help_text="credential, reason; the first hundred"),
        ),
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
