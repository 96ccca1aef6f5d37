"""Consents as they were given and withdrawn, and what was erased at whose wish (同意与擦除记录)."""

from django.db import models
from django.db.models import F, Q

from xinqiao.privacy.rules import BY_WHOM, PURPOSES


class Consent(models.Model):
    """One word of a patient on one purpose, given or refused; superseded by the next, never overwritten (同意)."""

    id = models.UUIDField(primary_key=True)
    organisation_id = models.UUIDField()
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=20)
    granted = models.BooleanField()
    text_version = models.CharField(max_length=40)
    channel = models.CharField(max_length=20)
    evidence_sealed = models.BinaryField(null=True)
    by_whom = models.CharField(max_length=10)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "purpose"], name="consent_one_stands", condition=Q(ended_at=None)
            ),
            models.CheckConstraint(condition=Q(purpose__in=PURPOSES), name="consent_purpose"),
            models.CheckConstraint(condition=Q(by_whom__in=BY_WHOM), name="consent_by_whom"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("at")), name="consent_period"
            ),
        ]


class Erasure(models.Model):
    """What was erased of a patient, what a law keeps, and how many rows (擦除记录)."""

    id = models.UUIDField(primary_key=True)
    organisation_id = models.UUIDField()
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10)
    reason = models.CharField(max_length=200)
    deleted = models.JSONField()
    kept = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=("restricted", "erased")), name="erasure_outcome")
        ]
