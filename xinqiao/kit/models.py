"""The kit's own tables: what was announced, what reacted, and files."""

from django.db import models


class Outbox(models.Model):
    """An event that a room announced, until every reaction has taken effect (事件发件箱)."""

    id = models.BigAutoField(primary_key=True)
    event_id = models.UUIDField(unique=True)
    name = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField()
    organisation_id = models.UUIDField()
    occurred_at = models.DateTimeField()
    payload = models.JSONField()
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at", "id"], name="outbox_due", condition=models.Q(delivered_at=None))
        ]


class ReactionDone(models.Model):
    """One reaction that took effect for one event: commits with what it did (已生效的反应)."""

    pk = models.CompositePrimaryKey("event_id", "reaction")
    event_id = models.UUIDField()
    reaction = models.CharField(max_length=120)
    done_at = models.DateTimeField()


class Blob(models.Model):
    """A file of at most 20 MB, sealed with its subject's key (加密文件)."""

    id = models.UUIDField(primary_key=True)
    organisation_id = models.UUIDField(db_index=True)
    patient_id = models.UUIDField(null=True, db_index=True)
    name_sealed = models.BinaryField()
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    content_sealed = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(size__lte=20 * 1024 * 1024), name="blob_size")
        ]
