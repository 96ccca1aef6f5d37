"""What must be done about patients, what was tried, who is on duty and who was told (待办、联系尝试、值班、通知)."""

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When

from xinqiao.worklist.rules import LADDER, LAST, WORDS

OPEN = Q(state="open")
RANK = models.PositiveSmallIntegerField()


class Item(models.Model):
    """One thing that somebody must do about one patient (待办). `title` tells nothing of the patient.

    `rank` puts work without a level behind all alerts; `version` grows with each change, so that a page that was
    open meanwhile cannot overwrite it. `due_at` is by when it must be done, `next_at` when it is tried again.
    """

    id = models.UUIDField(primary_key=True)
    organisation_id = models.UUIDField()
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    level = models.PositiveSmallIntegerField(default=0)
    rank = models.GeneratedField(
        expression=Case(When(level=0, then=Value(LAST)), default=F("level"), output_field=RANK),
        output_field=RANK,
        db_persist=True,
    )
    title = models.CharField(max_length=120)
    department = models.ForeignKey("directory.Department", models.PROTECT, null=True, related_name="+")
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    open_at = models.DateTimeField()
    due_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    acked_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, default="open")
    outcome = models.CharField(max_length=40, default="", blank=True)
    done_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    changed_role = models.CharField(max_length=16, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject_id"], name="item_once", condition=OPEN),
            models.CheckConstraint(condition=Q(state__in=list(WORDS)), name="item_state"),
            models.CheckConstraint(condition=Q(level__lt=LAST), name="item_level"),
            models.CheckConstraint(condition=OPEN ^ Q(done_at__isnull=False), name="item_done"),
        ]
        indexes = [
            models.Index(
                fields=["organisation_id", "rank", "due_at", "id"], name="item_today", condition=OPEN
            ),
            models.Index(fields=["organisation_id", "done_at"], name="item_finished"),
            models.Index(fields=["subject_id"], name="item_subject"),
        ]


class Attempt(models.Model):
    """One try to reach a patient, and what came of it (联系尝试)."""

    id = models.UUIDField(primary_key=True)
    organisation_id = models.UUIDField()
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=40)
    next_at = models.DateTimeField(null=True)
    note_sealed = models.BinaryField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")


class Duty(models.Model):
    """Who is on duty, where, as what, from when to when (值班). No department means the whole organisation.

    Nobody is in two places at once: an EXCLUDE constraint of the database (0002_walls) holds that.
    `phone` is the duty phone of the ward, by which its holder is told without patient details.
    """

    id = models.UUIDField(primary_key=True)
    organisation = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="+")
    department = models.ForeignKey("directory.Department", models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    role = models.CharField(max_length=20)
    phone = models.CharField(max_length=20, default="", blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=list(LADDER)), name="duty_role"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="duty_period"),
        ]
        indexes = [models.Index(fields=["organisation", "starts_at"], name="duty_start")]


class Notice(models.Model):
    """That one person on duty was told of one alert (值班通知); without a user: nobody was on duty at all."""

    id = models.UUIDField(primary_key=True)
    organisation_id = models.UUIDField()
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, models.CASCADE, related_name="notices")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    rung = models.CharField(max_length=20)
    channel = models.CharField(max_length=10)
    told_at = models.DateTimeField()
    acked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "rung", "user"], name="notice_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(channel__in=["workbench", "sms"]), name="notice_channel"),
        ]
