from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("credentials", "0005_keys_in_order"),
    ]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="moved_at",
            field=models.DateTimeField(blank=True, help_text="When the work last went on.", null=True),
        ),
    ]
