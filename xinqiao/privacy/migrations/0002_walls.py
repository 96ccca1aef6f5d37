from django.db import migrations

from xinqiao.kit.rls import protect

# A consent only ever ends; what was said stands as it was said.
IMMUTABLE = """
REVOKE UPDATE, DELETE ON privacy_consent, privacy_erasure FROM xinqiao_app, xinqiao_worker;
GRANT UPDATE (ended_at) ON privacy_consent TO xinqiao_app, xinqiao_worker;
"""


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_initial"), ("kit", "0002_walls")]
    operations = [
        protect("privacy_consent"),
        protect("privacy_erasure"),
        migrations.RunSQL(IMMUTABLE, migrations.RunSQL.noop),
    ]
