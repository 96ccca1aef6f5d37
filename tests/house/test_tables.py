"""Tables, keys and holdings: each rule bites."""

import pytest

from tests.house.checks.holdings import check_every_declaration_complete, check_every_table_declared
from tests.house.checks.tables import (
    check_foreign_keys,
    check_lookups,
    check_own_tables,
    check_raw_sql,
    check_reading_through,
)
from tests.house.conftest import Plant

PATIENT = """
    from django.db import models
    class Patient(models.Model):
        name = models.TextField()
"""
ENCOUNTER = """
    from django.db import models
    class Encounter(models.Model):
        patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    class Note(models.Model):
        encounter = models.ForeignKey(Encounter, models.CASCADE)
"""
HOUSE = {"xinqiao/patients/models.py": PATIENT, "xinqiao/record/models.py": ENCOUNTER}


@pytest.mark.parametrize(
    "line",
    [
        "from xinqiao.patients.models import Patient",
        "from xinqiao.patients import models",
        "import xinqiao.patients.models as them",
        "apps.get_model('patients', 'Patient')",
        "django.apps.apps.get_model('patients.Patient')",
    ],
)
def test_a_room_that_takes_anothers_table_is_found(plant: Plant, line: str) -> None:
    [found] = check_own_tables(plant({**HOUSE, "xinqiao/record/queries.py": line}))
    assert found.startswith("xinqiao/record/queries.py:1")


def test_a_room_may_take_its_own_tables(plant: Plant) -> None:
    assert (
        check_own_tables(
            plant({**HOUSE, "xinqiao/record/queries.py": "from xinqiao.record.models import Note"})
        )
        == []
    )


@pytest.mark.parametrize(
    "line",
    [
        "Encounter.objects.filter(patient__name='李桂兰')",
        "Encounter.objects.exclude(patient__name__startswith='李')",
        "Note.objects.filter(encounter__patient__name='李桂兰')",
        "Encounter.objects.filter(**{'patient__name': '李桂兰'})",
        "Encounter.objects.order_by('-patient__name')",
        "Encounter.objects.values('patient__name')",
        "Encounter.objects.values_list('patient__name', flat=True)",
        "Encounter.objects.annotate(name=F('patient__name'))",
        "Encounter.objects.filter(Q(patient__name='李桂兰'))",
        "Encounter.objects.select_related('patient')",
        "Note.objects.select_related('encounter__patient')",
        "Note.objects.select_related()",
        "Encounter.objects.prefetch_related('patient')",
        "Encounter.objects.prefetch_related(Prefetch('patient'))",
    ],
)
def test_a_lookup_into_another_rooms_table_is_found(plant: Plant, line: str) -> None:
    found = check_lookups(plant({**HOUSE, "xinqiao/record/queries.py": line}))
    assert found and all(each.startswith("xinqiao/record/queries.py:1") for each in found)


def test_a_lookup_from_a_door_is_found(plant: Plant) -> None:
    [found] = check_lookups(
        plant({**HOUSE, "xinqiao/portals/staff/views.py": "rows.filter(patient__name='李桂兰')"})
    )
    assert "looks into patients's table" in found


@pytest.mark.parametrize(
    "line",
    [
        "Encounter.objects.filter(patient__in=readable)",
        "Encounter.objects.filter(patient_id__in=keys)",
        "Encounter.objects.filter(patient__isnull=True)",
        "Note.objects.filter(encounter__patient__in=readable)",
        "Note.objects.select_related('encounter')",
        "Encounter.objects.values('patient')",
        "Encounter.objects.filter(class__startswith='I')",
    ],
)
def test_a_lookup_that_stays_at_home_is_left_in_peace(plant: Plant, line: str) -> None:
    assert check_lookups(plant({**HOUSE, "xinqiao/record/queries.py": line})) == []


def test_a_row_read_through_a_key_is_found(plant: Plant) -> None:
    [found] = check_reading_through(
        plant({**HOUSE, "xinqiao/record/queries.py": "name = encounter.patient.name"})
    )
    assert "`.patient.name` loads another room's row" in found


@pytest.mark.parametrize(
    "line", ["encounter.patient_id", "encounter.patient.pk", "note.encounter.id", "patient.name"]
)
def test_a_key_that_is_only_named_is_left_in_peace(plant: Plant, line: str) -> None:
    assert check_reading_through(plant({**HOUSE, "xinqiao/record/queries.py": line})) == []


@pytest.mark.parametrize(
    ("key", "complaint"),
    [
        ('models.ForeignKey("care.Enrolment", models.PROTECT, related_name="+")', "points up to care"),
        (
            'models.ForeignKey(to="care.Enrolment", on_delete=models.PROTECT, related_name="+")',
            "points up to care",
        ),
        ('models.OneToOneField("patients.Patient", models.PROTECT)', 'needs related_name="+"'),
        (
            'models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notes")',
            'needs related_name="+"',
        ),
    ],
)
def test_a_key_that_points_up_or_leaves_a_name_is_found(plant: Plant, key: str, complaint: str) -> None:
    table = f"class Note(models.Model):\n    about = {key}\n"
    [found] = check_foreign_keys(plant({"xinqiao/record/models/notes.py": table}))
    assert "about" in found and complaint in found


def test_rooms_on_one_floor_hold_no_keys_to_each_other(plant: Plant) -> None:
    table = 'class Sent(models.Model):\n    form = models.ForeignKey("questionnaires.Form", models.PROTECT, related_name="+")\n'
    [found] = check_foreign_keys(plant({"xinqiao/messaging/models.py": table}))
    assert "points up to questionnaires" in found


def test_keys_that_point_down_or_stay_at_home_are_left_in_peace(plant: Plant) -> None:
    assert check_foreign_keys(plant(HOUSE)) == []


def test_an_undeclared_table_is_found(plant: Plant) -> None:
    holdings = 'HOLDINGS = [Holding(model="record.Encounter", subject="patient_id")]'
    [found] = check_every_table_declared(
        plant({"xinqiao/record/models.py": ENCOUNTER, "xinqiao/record/holdings.py": holdings})
    )
    assert "record: the table Note declares no subject" in found


def test_abstract_tables_and_query_sets_need_no_declaration(plant: Plant) -> None:
    models = """
        class Held(models.Model):
            patient_id = models.UUIDField()
            class Meta:
                abstract = True
        class NoteQuerySet(models.QuerySet):
            pass
    """
    assert check_every_table_declared(plant({"xinqiao/record/models.py": models})) == []


@pytest.mark.parametrize(
    ("holding", "complaint"),
    [
        ('Holding(model="Note")', "names no subject"),
        ("Holding(model=Note, subject=None)", "does not say why"),
        ('Holding(model="record.Gone", subject="patient_id")', "a table that record does not have"),
    ],
)
def test_a_holding_that_says_too_little_is_found(plant: Plant, holding: str, complaint: str) -> None:
    root = plant(
        {"xinqiao/record/models.py": ENCOUNTER, "xinqiao/record/holdings.py": f"HOLDINGS = [{holding}]"}
    )
    [found] = check_every_declaration_complete(root)
    assert complaint in found


@pytest.mark.parametrize(
    "source",
    [
        "SQL = 'SELECT name FROM patients_patient'",
        "SQL = 'SELECT 1 FROM record_note n JOIN patients_patient p USING (id)'",
        "SQL = f'UPDATE patients_patient SET {columns}'",
        "SQL = 'INSERT INTO' ' patients_patient (id) VALUES (%s)'",
        "SQL = 'COPY \"patients_patient\" FROM STDIN'",
        "SQL = 'delete from django_session'",
    ],
)
def test_sql_by_hand_that_names_anothers_table_is_found(plant: Plant, source: str) -> None:
    assert check_raw_sql(plant({**HOUSE, "xinqiao/record/operations.py": source}))


@pytest.mark.parametrize(
    ("place", "source"),
    [
        (
            "record/operations.py",
            "SQL = 'SELECT text FROM record_note n JOIN unnest(%s) AS k (id) USING (id)'",
        ),
        ("record/queries.py", "SQL = f'SELECT value FROM {patients} AS p WHERE patient_id = %s'"),
        ("config/examination.py", "SQL = 'SELECT count(*) FROM patients_patient'"),
    ],
)
def test_sql_by_hand_over_ones_own_tables_is_left_in_peace(plant: Plant, place: str, source: str) -> None:
    assert check_raw_sql(plant({**HOUSE, f"xinqiao/{place}": source})) == []
