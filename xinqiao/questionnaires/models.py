"""Forms that were sent out, and what was answered (问卷邀请、问卷答卷)."""

from django.db import models
from django.db.models import Q

from xinqiao.questionnaires.rules.tokens import TRIES


class Invitation(models.Model):
    """One form sent to one patient, with a link that is stored hashed only (问卷邀请)."""

    id = models.UUIDField(primary_key=True)
    organisation_id = models.UUIDField()
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    questionnaire = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField()
    subject_id = models.UUIDField()
    token_hash = models.BinaryField(max_length=32, unique=True)
    needs_verified_phone = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    voided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(tries__lte=TRIES), name="invitation_tries")]
        indexes = [models.Index(fields=["subject_id"], name="invitation_subject")]


class Response(models.Model):
    """What was answered to one form about one subject (问卷答卷): a draft, saved step by step, until it is completed.

    One per form and subject, whoever answers and by however many links. `answered_by` says who typed
    (本人、家属、医务人员), `told_by` whose answers they are. The sealed part also remembers which dangers were announced.
    """

    id = models.UUIDField(primary_key=True)
    organisation_id = models.UUIDField()
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    invitation = models.ForeignKey(Invitation, models.SET_NULL, null=True, related_name="responses")
    questionnaire = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField()
    subject_id = models.UUIDField()
    answers_sealed = models.BinaryField()
    state = models.CharField(max_length=10, default="draft")
    answered_by = models.CharField(max_length=5, default="self")
    told_by = models.CharField(max_length=5, default="self")
    started_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    danger_level = models.PositiveSmallIntegerField(default=0)
    core_filled = models.PositiveSmallIntegerField(default=0)
    core_total = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "subject_id"], name="response_once"),
            models.CheckConstraint(condition=Q(state__in=["draft", "completed"]), name="response_state"),
            models.CheckConstraint(
                condition=Q(state="draft") ^ Q(completed_at__isnull=False), name="response_completed"
            ),
            models.CheckConstraint(condition=Q(answered_by__in=["self", "kin", "staff"]), name="response_by"),
            models.CheckConstraint(condition=Q(told_by__in=["self", "kin"]), name="response_told"),
        ]
        indexes = [models.Index(fields=["subject_id"], name="response_subject")]
