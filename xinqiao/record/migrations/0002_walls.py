from django.db import migrations

from xinqiao.kit.rls import protect

FACTS = ("condition", "observation", "report", "procedure", "medication", "allergy", "immunization")
TABLES = ("encounter", "encountersnapshot", "latestobservation", *FACTS)

# A fact belongs to an encounter of the same patient: the key has both columns.
BELONGS = """
ALTER TABLE record_{table} ADD CONSTRAINT {table}_encounter FOREIGN KEY (patient_id, encounter_id)
  REFERENCES record_encounter (patient_id, id) DEFERRABLE INITIALLY DEFERRED;
"""
FILL = "ALTER TABLE record_latestobservation SET (fillfactor = 80)"


class Migration(migrations.Migration):
    dependencies = [("record", "0001_initial"), ("patients", "0002_walls")]
    operations = [
        *(protect(f"record_{table}") for table in TABLES),
        *(
            migrations.RunSQL(
                BELONGS.format(table=table), f"ALTER TABLE record_{table} DROP CONSTRAINT {table}_encounter"
            )
            for table in FACTS
        ),
        migrations.RunSQL(FILL, "ALTER TABLE record_latestobservation RESET (fillfactor)"),
    ]
