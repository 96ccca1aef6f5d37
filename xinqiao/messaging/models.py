"""Intents to send, what was reported of them, what came back, and whether this installation may send (消息)."""

from django.db import models
from django.db.models import F, Q

from xinqiao.messaging.rules.intents import LOST, RECEIPTS, WAITING, WORDS

KINDS = ("service", "education", "safety", "marketing", "staff")
LOGIN_LANE, URGENT_LANE, CARE_LANE, BULK_LANE = range(4)


class Intent(models.Model):
    """One message to one receiver, decided on, and what became of it (发送意图): the unit of sending.

    `business_key` makes a second request the same message. `lane` is the queue: login codes first. `fence` grows with
    each claim, so that a worker that wakes late commits nothing; `lease_ends_at` is by the machine's own clock, and for a
    lost answer the instant at which the provider is asked. `decision` holds codes only.
    """

    id = models.UUIDField(primary_key=True)
    organisation_id = models.UUIDField()
    patient = models.ForeignKey(
        "patients.Patient", models.PROTECT, null=True, related_name="+", db_index=False
    )
    template = models.CharField(max_length=60)
    template_version = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12)
    purpose = models.CharField(max_length=20)
    channel = models.CharField(max_length=12)
    contact_id = models.UUIDField(null=True)
    business_key = models.CharField(max_length=160)
    subject_id = models.UUIDField(null=True)
    expects = models.CharField(max_length=10, default="", blank=True)
    requested = models.BooleanField(default=False)
    lane = models.PositiveSmallIntegerField(default=CARE_LANE)
    state = models.CharField(max_length=12)
    send_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    decision = models.JSONField(default=dict)
    failure = models.CharField(max_length=60, default="", blank=True)
    to_blind = models.BinaryField(max_length=8, null=True)
    to_sealed = models.BinaryField(null=True)
    content_blind = models.BinaryField(max_length=8)
    body_sealed = models.BinaryField()
    values_sealed = models.BinaryField()
    attempt = models.PositiveSmallIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    lease_ends_at = models.DateTimeField(null=True)
    attempted_at = models.DateTimeField(null=True)
    provider_id = models.CharField(max_length=80, default="", blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation_id", "business_key"], name="intent_once"),
            models.CheckConstraint(condition=Q(state__in=list(WORDS)), name="intent_state"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="intent_kind"),
        ]
        indexes = [
            models.Index(
                fields=["organisation_id", "lane", "send_at"],
                name="intent_due",
                condition=Q(state__in=WAITING),
            ),
            models.Index(
                fields=["organisation_id", "lease_ends_at"], name="intent_lost", condition=Q(state__in=LOST)
            ),
            models.Index(F("patient"), F("created_at").desc(), name="intent_patient"),
            models.Index(F("organisation_id"), F("to_blind"), F("created_at").desc(), name="intent_address"),
            models.Index(
                fields=["organisation_id", "subject_id"],
                name="intent_subject",
                condition=Q(subject_id__isnull=False),
            ),
        ]


class Receipt(models.Model):
    """What a provider reported of a message, word for word and once (回执)."""

    id = models.UUIDField(primary_key=True)
    organisation_id = models.UUIDField()
    patient = models.ForeignKey(
        "patients.Patient", models.PROTECT, null=True, related_name="+", db_index=False
    )
    intent = models.ForeignKey(Intent, models.CASCADE, related_name="receipts", db_index=False)
    state = models.CharField(max_length=12)
    code = models.CharField(max_length=60, default="", blank=True)
    at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["intent", "state", "at", "code"], name="receipt_once"),
            models.CheckConstraint(condition=Q(state__in=RECEIPTS), name="receipt_state"),
        ]
        indexes = [
            models.Index(fields=["patient"], name="receipt_patient", condition=Q(patient__isnull=False))
        ]


class Inbound(models.Model):
    """What somebody sent back, bound to the message it answers where there is one (上行消息)."""

    id = models.UUIDField(primary_key=True)
    organisation_id = models.UUIDField()
    patient = models.ForeignKey(
        "patients.Patient", models.PROTECT, null=True, related_name="+", db_index=False
    )
    intent = models.ForeignKey(Intent, models.SET_NULL, null=True, related_name="replies", db_index=False)
    channel = models.CharField(max_length=12)
    reference = models.CharField(max_length=80)
    from_blind = models.BinaryField(max_length=8)
    text_sealed = models.BinaryField()
    digits = models.CharField(max_length=4, default="", blank=True)
    is_opt_out = models.BooleanField(default=False)
    sent_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation_id", "channel", "reference"], name="inbound_once")
        ]
        indexes = [
            models.Index(fields=["patient"], name="inbound_patient_row", condition=Q(patient__isnull=False)),
            models.Index(fields=["intent"], name="inbound_intent", condition=Q(intent__isnull=False)),
        ]


class SendingTestNumber(models.Model):
    """A number or mailbox of ours that a locked organisation may reach (测试号码)."""

    id = models.UUIDField(primary_key=True)
    organisation_id = models.UUIDField()
    address_blind = models.BinaryField(max_length=8)
    note = models.CharField(max_length=60, default="", blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation_id", "address_blind"], name="test_number_once")
        ]


class Installation(models.Model):
    """The one installation that may send from this database (获准发送的安装); a copy of the database is another."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    fingerprint = models.BinaryField(max_length=32)
    unlocked_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="installation_only_one")]
