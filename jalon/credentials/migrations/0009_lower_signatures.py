from contextlib import suppress

from django.db import migrations

from jalon.core.openbadges import jwt
from jalon.core.openbadges.problems import NotValid

CHUNK = 500


def lower(apps, schema_editor):
    """Tokens signed before have the lower of their two signatures too: the other is no longer believed of ours."""
    for model, column in (("Credential", "jwt"), ("StatusList", "token")):
        rows = apps.get_model("credentials", model).objects
        keys = list(rows.exclude(**{column: ""}).values_list("pk", flat=True))
        for start in range(0, len(keys), CHUNK):
            for pk, token in list(rows.filter(pk__in=keys[start : start + CHUNK]).values_list("pk", column)):
                with suppress(NotValid):
                    rows.filter(pk=pk).update(**{column: jwt.lowered(token)})


class Migration(migrations.Migration):
    dependencies = [
        ("credentials", "0008_closed_by_its_holder"),
    ]

    operations = [migrations.RunPython(lower, migrations.RunPython.noop)]
