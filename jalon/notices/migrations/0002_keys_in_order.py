from django.db import migrations, models

import jalon.core.ids


class Migration(migrations.Migration):
    """New keys sort after old ones."""

    dependencies = [
        ('notices', '0001_initial'),
    ]

    operations = [
        # A default is drawn by Python: the tables stay as they are.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='message',
                    name='id',
                    field=models.UUIDField(default=jalon.core.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
            ],
        ),
    ]
