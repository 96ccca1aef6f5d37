"""Clinical facts as tables (临床数据表): superseded, never overwritten; not partitioned; asked by patient."""

from django.db import models
from django.db.models import F, Q

STATUSES = ("unknown", "planned", "in_progress", "finished", "cancelled")


class Encounter(models.Model):
    """One visit or stay (就诊): the fold of its snapshots, never written otherwise."""

    id = models.UUIDField(primary_key=True)
    organisation_id = models.UUIDField()
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+", db_index=False)
    source = models.CharField(max_length=60)
    source_key = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, default="", blank=True)
    status = models.CharField(max_length=12)
    department_id = models.UUIDField(null=True)
    department_text = models.CharField(max_length=120, default="", blank=True)
    ward = models.CharField(max_length=80, default="", blank=True)
    bed = models.CharField(max_length=40, default="", blank=True)
    attending_id = models.UUIDField(null=True)
    attending_name = models.CharField(max_length=80, default="", blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    disposition = models.CharField(max_length=120, default="", blank=True)
    reason_text = models.CharField(max_length=200, default="", blank=True)
    is_live = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "id"], name="encounter_of_patient"),
            models.UniqueConstraint(fields=["patient", "source", "source_key"], name="encounter_once"),
            models.CheckConstraint(condition=Q(status__in=STATUSES), name="encounter_status"),
        ]
        indexes = [
            models.Index(F("patient"), F("started_at").desc(), name="encounter_time"),
            models.Index(
                F("organisation_id"),
                F("ended_at").desc(),
                name="encounter_discharged",
                condition=Q(status="finished"),
            ),
        ]


class EncounterSnapshot(models.Model):
    """One word of a source about an encounter (就诊快照). Never changed."""

    id = models.UUIDField(primary_key=True)
    organisation_id = models.UUIDField()
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+", db_index=False)
    encounter = models.ForeignKey(Encounter, models.CASCADE, related_name="+", db_index=False)
    source_at = models.DateTimeField()
    received_at = models.DateTimeField()
    version = models.BinaryField(max_length=16)
    body = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["encounter", "source_at", "version"], name="snapshot_once")
        ]
        indexes = [models.Index(fields=["patient"], name="encountersnapshot_patient")]


class ClinicalFact(models.Model):
    """What every fact has (临床事实): whose, when, by whom, which version of what the source said.

    `version` is a keyed digest of the content; `concept` is the code by which it is asked for, the mapped one where
    there is one.
    """

    id = models.UUIDField(primary_key=True)
    organisation_id = models.UUIDField()
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+", db_index=False)
    encounter_id = models.UUIDField(null=True)
    source = models.CharField(max_length=60)
    source_key = models.CharField(max_length=200)
    source_at = models.DateTimeField()
    received_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)
    version = models.BinaryField(max_length=16)
    code_system = models.CharField(max_length=80, default="", blank=True)
    code = models.CharField(max_length=120, default="", blank=True)
    code_version = models.CharField(max_length=40, default="", blank=True)
    display = models.CharField(max_length=200, default="", blank=True)
    mapped_code = models.CharField(max_length=40, default="", blank=True)
    concept = models.CharField(max_length=120, default="", blank=True)
    status = models.CharField(max_length=20, default="", blank=True)
    is_valid = models.BooleanField(default=True)
    at = models.DateTimeField()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["patient", "id"], name="%(class)s_of_patient"),
            models.UniqueConstraint(
                fields=["patient", "source", "source_key"],
                name="%(class)s_once",
                condition=Q(superseded_at=None),
            ),
        ]
        indexes = [
            models.Index(F("patient"), F("at").desc(), name="%(class)s_time"),
            models.Index(F("patient"), F("concept"), F("at").desc(), name="%(class)s_code"),
            models.Index(
                fields=["patient", "source", "source_key"],
                name="%(class)s_past",
                condition=Q(superseded_at__isnull=False),
            ),
        ]


class Condition(ClinicalFact):
    """A diagnosis (诊断)."""

    role = models.CharField(max_length=20, default="", blank=True)
    onset_at = models.DateTimeField(null=True)

    class Meta(ClinicalFact.Meta):
        pass


class Observation(ClinicalFact):
    """One result (检验检查结果): the decimal and unit as received, and the canonical value to compare."""

    loinc = models.CharField(max_length=20, default="", blank=True)
    value_text = models.TextField(default="", blank=True)
    value = models.DecimalField(null=True)
    comparator = models.CharField(max_length=2, default="", blank=True)
    unit = models.CharField(max_length=60, default="", blank=True)
    canonical_value = models.DecimalField(null=True)
    canonical_unit = models.CharField(max_length=60, default="", blank=True)
    quality = models.CharField(max_length=12, default="", blank=True)
    reference_range = models.CharField(max_length=200, default="", blank=True)
    flag = models.CharField(max_length=40, default="", blank=True)
    report_key = models.CharField(max_length=200, default="", blank=True)

    class Meta(ClinicalFact.Meta):
        pass


class Report(ClinicalFact):
    """A report or clinical document; its text is sealed with the patient's key (报告、文书)."""

    title = models.CharField(max_length=200, default="", blank=True)
    text_sealed = models.BinaryField(null=True)
    issued_at = models.DateTimeField(null=True)
    author_name = models.CharField(max_length=80, default="", blank=True)

    class Meta(ClinicalFact.Meta):
        pass


class Procedure(ClinicalFact):
    """A procedure or operation (手术操作)."""

    performer_name = models.CharField(max_length=80, default="", blank=True)

    class Meta(ClinicalFact.Meta):
        pass


class Medication(ClinicalFact):
    """A medicine prescribed or given (用药)."""

    text = models.CharField(max_length=400, default="", blank=True)
    days = models.PositiveSmallIntegerField(null=True)

    class Meta(ClinicalFact.Meta):
        pass


class Allergy(ClinicalFact):
    """An allergy (过敏)."""

    kind = models.CharField(max_length=40, default="", blank=True)
    severity = models.CharField(max_length=40, default="", blank=True)
    reaction = models.CharField(max_length=200, default="", blank=True)

    class Meta(ClinicalFact.Meta):
        pass


class Immunization(ClinicalFact):
    """A vaccination (接种)."""

    dose_number = models.PositiveSmallIntegerField(null=True)

    class Meta(ClinicalFact.Meta):
        pass


class LatestObservation(models.Model):
    """The newest valid result of each concept of a patient (最新结果), kept for pages and cohorts."""

    pk = models.CompositePrimaryKey("patient_id", "code")
    patient_id = models.UUIDField()
    code = models.CharField(max_length=120)
    organisation_id = models.UUIDField()
    observation_id = models.UUIDField()
    at = models.DateTimeField()
    display = models.CharField(max_length=200, default="", blank=True)
    value = models.DecimalField(null=True)
    value_text = models.TextField(default="", blank=True)
    comparator = models.CharField(max_length=2, default="", blank=True)
    unit = models.CharField(max_length=60, default="", blank=True)
    reference_range = models.CharField(max_length=200, default="", blank=True)
    flag = models.CharField(max_length=40, default="", blank=True)
    quality = models.CharField(max_length=12, default="", blank=True)
