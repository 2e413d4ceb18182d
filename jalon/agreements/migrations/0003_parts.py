from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agreements", "0002_never_overlap")]

    operations = [
        migrations.AddField(
            model_name="agreement",
            name="places",
            field=models.JSONField(
                default=list, help_text="Codes of the municipalities and schools covered; none: the whole territory."
            ),
        ),
        migrations.AddField(
            model_name="change",
            name="places",
            field=models.JSONField(default=list, help_text="Codes of what an extension adds."),
        ),
        migrations.AlterField(
            model_name="change",
            name="act",
            field=models.CharField(
                choices=[
                    ("SUSPENDED", "suspended"),
                    ("REINSTATED", "reinstated"),
                    ("EXTENDED", "extended"),
                    ("ENDED", "ended"),
                ],
                max_length=20,
            ),
        ),
    ]
