from django.db import migrations

WALL = """
ALTER TABLE analytics_keptmeasure ENABLE ROW LEVEL SECURITY;
CREATE POLICY viewer ON analytics_keptmeasure TO xinqiao_app, xinqiao_worker
  USING (organisation_id = ANY ((SELECT viewer_orgs())::uuid[]));
"""
NO_WALL = """
DROP POLICY viewer ON analytics_keptmeasure;
ALTER TABLE analytics_keptmeasure DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("analytics", "0001_initial"), ("kit", "0002_walls")]
    operations = [migrations.RunSQL(WALL, NO_WALL)]
