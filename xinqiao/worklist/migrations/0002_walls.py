from django.db import migrations

from xinqiao.kit.rls import protect

DUTY = """
ALTER TABLE worklist_duty ADD CONSTRAINT duty_one_place EXCLUDE USING gist (
  user_id WITH =,
  tstzrange(starts_at, ends_at) WITH &&
);
ALTER TABLE worklist_duty ENABLE ROW LEVEL SECURITY;
CREATE POLICY viewer ON worklist_duty TO xinqiao_app, xinqiao_worker
  USING (organisation_id = ANY ((SELECT viewer_orgs())::uuid[]));
"""
NO_DUTY = """
ALTER TABLE worklist_duty DROP CONSTRAINT duty_one_place;
DROP POLICY viewer ON worklist_duty;
ALTER TABLE worklist_duty DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("worklist", "0001_initial"), ("kit", "0002_walls")]
    operations = [
        protect("worklist_item"),
        protect("worklist_attempt"),
        protect("worklist_notice"),
        migrations.RunSQL(DUTY, NO_DUTY),
    ]
