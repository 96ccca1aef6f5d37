"""Sources, and the inbox of everything they sent (消息来源、收件箱)."""

from django.db import models
from django.db.models import F, Func, Q, Value

KINDS = ("hl7v2", "files", "devices", "fhir", "callbacks")
STATES = ("received", "applied", "ignored", "quarantined", "waiting", "discarded")


class Source(models.Model):
    """One system that sends to one organisation (消息来源).

    What happened before `go_live_at` is history: it neither sends messages to patients nor makes work. None means
    that the source has not gone live at all. A source that sends over the wire has a `line` (线路号): the listener
    serves it on its first port plus that number.
    """

    id = models.UUIDField(primary_key=True)
    organisation_id = models.UUIDField()
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)
    zone = models.CharField(max_length=60, default="Asia/Shanghai")
    charset = models.CharField(max_length=40, default="", blank=True)
    go_live_at = models.DateTimeField(null=True)
    reuses_ids = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    line = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation_id", "code"], name="source_code"),
            models.UniqueConstraint(fields=["line"], name="source_line"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="source_kind"),
        ]


class Inbox(models.Model):
    """One message as it came, sealed with a key of its own, and what became of it (收到的报文).

    `seq` is the order of arrival within a source. `order_key` is the blind index of the patient's identifier: the
    messages of one patient are applied one after the other. `repeats` counts the same message sent again.
    """

    id = models.UUIDField(primary_key=True)
    organisation_id = models.UUIDField()
    source = models.ForeignKey(Source, models.PROTECT, related_name="+", db_index=False)
    control_id = models.CharField(max_length=200)
    body_digest = models.BinaryField(max_length=32)
    body_sealed = models.BinaryField()
    kind = models.CharField(max_length=40, default="", blank=True)
    event_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    seq = models.BigIntegerField(db_default=Func(Value("intake_inbox_seq"), function="nextval"))
    order_key = models.BinaryField(max_length=8, null=True)
    state = models.CharField(max_length=12, default="received")
    reason = models.CharField(max_length=40, default="", blank=True)
    detail = models.CharField(max_length=500, default="", blank=True)
    patient = models.ForeignKey(
        "patients.Patient", models.PROTECT, null=True, related_name="+", db_index=False
    )
    settled_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    repeats = models.PositiveIntegerField(default=0)
    conflict = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "control_id", "body_digest"], name="inbox_once"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="inbox_state"),
        ]
        indexes = [
            models.Index(
                fields=["organisation_id", "seq"], name="inbox_queue", condition=Q(state="received")
            ),
            models.Index(
                fields=["organisation_id", "order_key", "seq"],
                name="inbox_turn",
                condition=Q(state="received"),
            ),
            models.Index(
                fields=["organisation_id", "order_key"], name="inbox_waiting", condition=Q(state="waiting")
            ),
            models.Index(
                fields=["organisation_id", "state", "reason", "seq"],
                name="inbox_open",
                condition=Q(state__in=("received", "quarantined", "waiting")),
            ),
            models.Index(F("source"), F("received_at").desc(), name="inbox_arrival"),
            models.Index(fields=["patient"], name="inbox_patient", condition=Q(patient__isnull=False)),
        ]
