"""Numbers as they were reported (指标留存). They hold no patient."""

from django.db import models
from django.db.models import F, Q


class KeptMeasure(models.Model):
    """What a metric came to when it was reported, so that a later count can be compared with it (上报留存)."""

    id = models.UUIDField(primary_key=True)
    organisation_id = models.UUIDField()
    code = models.CharField(max_length=40)
    department_id = models.UUIDField(null=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    numerator = models.PositiveIntegerField()
    denominator = models.PositiveIntegerField()
    excluded = models.JSONField()
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(numerator__lte=F("denominator")), name="measure_part_of_whole"
            ),
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="measure_period"),
        ]
        indexes = [models.Index(fields=["organisation_id", "code", "starts_at"], name="measure_kept")]
