from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import jalon.core.ids

LINES = import_module("jalon.credentials.migrations.0003_append_only").LINES


class Migration(migrations.Migration):
    """New keys sort after old ones; an index that another one holds at its head is gone."""

    dependencies = [
        ('credentials', '0004_batch_withdrawn_by'),
        ('library', '0002_withdrawal'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # A default is drawn by Python: the tables stay as they are.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='award',
                    name='id',
                    field=models.UUIDField(default=jalon.core.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                migrations.AlterField(
                    model_name='batchrow',
                    name='award',
                    field=models.UUIDField(default=jalon.core.ids.uuid7, unique=True),
                ),
                migrations.AlterField(
                    model_name='batchrow',
                    name='id',
                    field=models.UUIDField(default=jalon.core.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                migrations.AlterField(
                    model_name='credential',
                    name='id',
                    field=models.UUIDField(default=jalon.core.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                migrations.AlterField(
                    model_name='issuance',
                    name='id',
                    field=models.UUIDField(default=jalon.core.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
            ],
        ),
        # SQLite builds the table of the log again, and loses its triggers.
        LINES.aside(),
        migrations.AlterField(
            model_name='issuance',
            name='digest',
            field=models.CharField(help_text='SHA-256 of the signed bytes.', max_length=64),
        ),
        LINES.operation(),
        migrations.AlterField(
            model_name='award',
            name='code',
            field=models.CharField(help_text='core.codes: the public address; says nothing of the person.', max_length=30),
        ),
        migrations.AlterField(
            model_name='award',
            name='holder',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='awards', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='batchrow',
            name='batch',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='credentials.batch'),
        ),
        migrations.AlterField(
            model_name='credential',
            name='award',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='credentials', to='credentials.award'),
        ),
        migrations.AlterField(
            model_name='credential',
            name='status_list',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='credentials', to='credentials.statuslist'),
        ),
        migrations.AddIndex(
            model_name='issuance',
            index=models.Index(fields=['digest'], name='issuance_by_digest'),
        ),
        migrations.AddConstraint(
            model_name='award',
            constraint=models.UniqueConstraint(fields=('code',), name='award_code_once'),
        ),
    ]
