from django.db import migrations

# Raw messages are for the organisation that received them, never for a patient's own reading.
WALLS = """
ALTER TABLE intake_{table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY viewer ON intake_{table} TO xinqiao_app, xinqiao_worker
  USING (organisation_id = ANY ((SELECT viewer_orgs())::uuid[]));
"""
UNDO = "DROP POLICY viewer ON intake_{table}; ALTER TABLE intake_{table} DISABLE ROW LEVEL SECURITY;"

# A worker that sees nothing asks in which organisations there is work.
WORK = """
CREATE FUNCTION intake_organisations(kinds text[]) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT DISTINCT s.organisation_id FROM intake_source s WHERE s.is_active AND s.kind = ANY (kinds)
   AND EXISTS (SELECT FROM intake_inbox i WHERE i.organisation_id = s.organisation_id AND i.state = 'received') $$;
"""


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]
    operations = [
        *(
            migrations.RunSQL(WALLS.format(table=table), UNDO.format(table=table))
            for table in ("source", "inbox")
        ),
        migrations.RunSQL(WORK, "DROP FUNCTION intake_organisations(text[])"),
    ]
