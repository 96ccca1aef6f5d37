from django.db import migrations

from xinqiao.kit.rls import protect

# What clinicians published is what patients were followed by: nobody changes it, the tables' owner included.
IMMUTABLE = """
CREATE FUNCTION care_published() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'a published pathway never changes'; END $$;
CREATE TRIGGER published BEFORE UPDATE OR DELETE ON care_pathwayversion
  FOR EACH ROW EXECUTE FUNCTION care_published();
ALTER TABLE care_backfill ENABLE ROW LEVEL SECURITY;
CREATE POLICY viewer ON care_backfill TO xinqiao_app, xinqiao_worker
  USING (organisation_id = ANY ((SELECT viewer_orgs())::uuid[]));
"""
MUTABLE = """
DROP TRIGGER published ON care_pathwayversion;
DROP FUNCTION care_published();
DROP POLICY viewer ON care_backfill;
ALTER TABLE care_backfill DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("care", "0001_initial"), ("kit", "0002_walls")]
    operations = [
        protect("care_enrolment"),
        protect("care_step"),
        protect("care_contactattempt"),
        protect("care_alert"),
        protect("care_backfillcandidate"),
        migrations.RunSQL(IMMUTABLE, MUTABLE),
    ]
