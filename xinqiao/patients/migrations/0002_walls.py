from django.db import migrations

from xinqiao.kit.rls import protect

# Runs as the tables' owner, so that the grants can be read before anything else is visible. A grant on one record
# reaches all that a merge has linked to it: they are the same person at the same organisation.
GRANTED = """
CREATE OR REPLACE FUNCTION viewer_patients() RETURNS uuid[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public AS $$
DECLARE
  viewer uuid := nullif(current_setting('app.user', true), '')::uuid;
  moment timestamptz := nullif(current_setting('app.now', true), '')::timestamptz;
BEGIN
  IF moment IS NULL THEN
    RETURN NULL;
  END IF;
  RETURN (
    WITH granted AS (
      SELECT a.patient_id FROM patients_access a
      WHERE (a.grantee_user_id = viewer OR a.grantee_organisation_id = ANY (viewer_orgs()))
        AND a.starts_at <= moment AND (a.ends_at IS NULL OR a.ends_at > moment)
    ), root AS (
      SELECT DISTINCT coalesce(p.index_id, p.id) AS id FROM patients_patient p JOIN granted g ON g.patient_id = p.id
    )
    SELECT array_agg(same.id) FROM (
      SELECT r.id FROM root r
      UNION SELECT p.id FROM patients_patient p JOIN root r ON p.index_id = r.id
    ) same
  );
END $$;
"""
NOBODY = """
CREATE OR REPLACE FUNCTION viewer_patients() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT NULL::uuid[] $$;
"""
# What a source said is never changed; it goes only with the patient.
IMMUTABLE = "REVOKE UPDATE ON patients_snapshot FROM xinqiao_app, xinqiao_worker;"


class Migration(migrations.Migration):
    dependencies = [("patients", "0001_initial"), ("kit", "0002_walls")]
    operations = [
        migrations.RunSQL(GRANTED, NOBODY),
        protect("patients_patient", column="id"),
        protect("patients_snapshot"),
        protect("patients_identifier"),
        protect("patients_contactpoint"),
        protect("patients_kin"),
        protect("patients_access"),
        migrations.RunSQL(IMMUTABLE, migrations.RunSQL.noop),
    ]
