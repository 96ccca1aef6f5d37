from django.db import migrations

from xinqiao.kit.rls import FUNCTIONS, protect


class Migration(migrations.Migration):
    """Row security's functions, and the files behind it."""

    dependencies = [("kit", "0001_initial")]
    operations = [
        migrations.RunSQL(FUNCTIONS, "DROP FUNCTION viewer_patients(); DROP FUNCTION viewer_orgs();"),
        protect("kit_blob"),
    ]
