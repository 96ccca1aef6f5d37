"""Lines, whom they concern, and the seals that chain them (审计行、所涉患者、封条)."""

from typing import Any

from django.db import models


class Xid8Field(models.Field):
    """The transaction that wrote the row: 64 bits, given by the database (事务号)."""

    def db_type(self, connection: Any) -> str:
        return "xid8"


class Line(models.Model):
    """One operation, or one response that showed a patient (审计行). Never updated, never deleted."""

    id = models.BigAutoField(primary_key=True)
    organisation_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    action = models.CharField(max_length=80)
    user_id = models.UUIDField(null=True)
    patient_id = models.UUIDField(null=True)
    content = models.TextField()
    digest = models.BinaryField()
    xid = Xid8Field(
        db_default=models.Func(function="pg_current_xact_id", output_field=models.BigIntegerField())
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["patient_id", "-at"],
                name="line_patient",
                condition=models.Q(patient_id__isnull=False),
            ),
            models.Index(fields=["organisation_id", "xid", "id"], name="line_chain"),
        ]


class Listed(models.Model):
    """A patient who appeared in a list that one line speaks of (名单所涉患者)."""

    pk = models.CompositePrimaryKey("patient_id", "line_id")
    patient_id = models.UUIDField()
    line_id = models.BigIntegerField()
    organisation_id = models.UUIDField()
    at = models.DateTimeField()


class Seal(models.Model):
    """A block of committed lines, chained to the block before it (封条)."""

    id = models.BigAutoField(primary_key=True)
    organisation_id = models.UUIDField(null=True)
    block = models.PositiveIntegerField()
    lines = models.PositiveIntegerField()
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    last_xid = Xid8Field()
    cluster = models.CharField(max_length=24)
    digest = models.BinaryField()
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "block"], name="seal_block", nulls_distinct=False
            )
        ]
