from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("credentials", "0007_failures_are_counted"),
    ]

    operations = [
        migrations.AddField(
            model_name="award",
            name="is_closed",
            field=models.BooleanField(default=False, help_text="Its holder alone opens its page and its files."),
        ),
    ]
