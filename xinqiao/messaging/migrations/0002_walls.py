from django.db import migrations

from xinqiao.kit.rls import protect

TEST_NUMBERS = """
ALTER TABLE messaging_sendingtestnumber ENABLE ROW LEVEL SECURITY;
CREATE POLICY viewer ON messaging_sendingtestnumber TO xinqiao_app, xinqiao_worker
  USING (organisation_id = ANY ((SELECT viewer_orgs())::uuid[]));
"""
UNDO = """
DROP POLICY viewer ON messaging_sendingtestnumber;
ALTER TABLE messaging_sendingtestnumber DISABLE ROW LEVEL SECURITY;
"""

# A provider names a message by our key alone; its receipt is then taken in as that organisation's own.
OWNERS = """
CREATE FUNCTION messaging_owners(intents uuid[]) RETURNS TABLE (intent uuid, organisation uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT i.id, i.organisation_id FROM messaging_intent i WHERE i.id = ANY (intents) $$;
"""


class Migration(migrations.Migration):
    dependencies = [("messaging", "0001_initial"), ("patients", "0002_walls")]
    operations = [
        *(protect(f"messaging_{table}") for table in ("intent", "receipt", "inbound")),
        migrations.RunSQL(TEST_NUMBERS, UNDO),
        migrations.RunSQL(OWNERS, "DROP FUNCTION messaging_owners(uuid[])"),
    ]
