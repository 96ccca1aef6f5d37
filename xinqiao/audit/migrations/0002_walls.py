from django.db import migrations

# Anyone may write a line of his own; nobody but the owner may change or remove one.
WALLS = """
ALTER TABLE audit_line ENABLE ROW LEVEL SECURITY;
CREATE POLICY viewer ON audit_line FOR SELECT TO xinqiao_app, xinqiao_worker, xinqiao_auditor
  USING (organisation_id = ANY ((SELECT viewer_orgs())::uuid[]) OR patient_id IN (SELECT unnest(viewer_patients()))
    OR user_id = (SELECT nullif(current_setting('app.user', true), '')::uuid)
    OR id IN (SELECT l.line_id FROM audit_listed l WHERE l.patient_id IN (SELECT unnest(viewer_patients()))));
CREATE POLICY writer ON audit_line FOR INSERT TO xinqiao_app, xinqiao_worker WITH CHECK (true);
ALTER TABLE audit_listed ENABLE ROW LEVEL SECURITY;
CREATE POLICY viewer ON audit_listed FOR SELECT TO xinqiao_app, xinqiao_worker, xinqiao_auditor
  USING (organisation_id = ANY ((SELECT viewer_orgs())::uuid[]) OR patient_id IN (SELECT unnest(viewer_patients())));
CREATE POLICY writer ON audit_listed FOR INSERT TO xinqiao_app, xinqiao_worker WITH CHECK (true);
REVOKE UPDATE, DELETE ON audit_line, audit_listed, audit_seal FROM xinqiao_app, xinqiao_worker;
GRANT SELECT ON audit_line, audit_listed, audit_seal TO xinqiao_auditor;
CREATE FUNCTION audit_organisations() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT id FROM (WITH RECURSIVE one AS ((SELECT organisation_id AS id FROM audit_line WHERE organisation_id IS NOT NULL ORDER BY organisation_id LIMIT 1) UNION ALL SELECT (SELECT organisation_id FROM audit_line WHERE organisation_id > one.id ORDER BY organisation_id LIMIT 1) FROM one WHERE one.id IS NOT NULL) SELECT id FROM one WHERE id IS NOT NULL UNION ALL (SELECT NULL::uuid FROM audit_line WHERE organisation_id IS NULL LIMIT 1)) AS each $$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial"), ("kit", "0002_walls")]
    operations = [migrations.RunSQL(WALLS, migrations.RunSQL.noop)]
