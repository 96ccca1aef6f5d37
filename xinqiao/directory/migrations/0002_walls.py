from django.db import migrations

# A person's posts at any one time are all of one kind: one administrator's, or none's (三员分立).
EXCLUDE = """
ALTER TABLE directory_post ADD CONSTRAINT post_administrators_apart EXCLUDE USING gist (
  user_id WITH =,
  tstzrange(starts_at, ends_at) WITH &&,
  (CASE role WHEN 'sysadmin' THEN 1 WHEN 'secadmin' THEN 2 WHEN 'auditor' THEN 3 ELSE 0 END) WITH <>
);
"""


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial")]
    operations = [
        migrations.RunSQL(EXCLUDE, "ALTER TABLE directory_post DROP CONSTRAINT post_administrators_apart")
    ]
