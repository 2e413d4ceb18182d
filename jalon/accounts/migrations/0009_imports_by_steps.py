"""An import of people says how far it is; those that are done have nothing left to do, as before."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_keys_in_order'),
    ]

    operations = [
        migrations.AddField(
            model_name='peopleimport',
            name='done',
            field=models.PositiveIntegerField(db_default=0, default=0, help_text='Lines that are written.'),
        ),
        migrations.AddField(
            model_name='peopleimport',
            name='gone',
            field=models.PositiveIntegerField(db_default=0, default=0, help_text='Accounts that went with the undoing.'),
        ),
        migrations.AddField(
            model_name='peopleimport',
            name='kept',
            field=models.PositiveIntegerField(db_default=0, default=0, help_text='Lines that changed since, and stay.'),
        ),
        migrations.AddField(
            model_name='peopleimport',
            name='total',
            field=models.PositiveIntegerField(db_default=0, default=0, help_text='Lines; 0 until they are checked.'),
        ),
        migrations.AddField(
            model_name='peopleimport',
            name='undone',
            field=models.PositiveIntegerField(db_default=0, default=0, help_text='Lines put back.'),
        ),
        migrations.AddField(
            model_name='peopleimport',
            name='working_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='peopleimport',
            name='wrong',
            field=models.PositiveIntegerField(db_default=0, default=0, help_text='Problems that stopped it.'),
        ),
    ]
