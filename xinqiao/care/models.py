"""Pathways as published, who follows them, their dated steps, calls tried and alerts (随访路径、入组、步骤、预警)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from xinqiao.care.rules.alerts import LEVELS
from xinqiao.care.rules.alerts import WORDS as ALERT_WORDS
from xinqiao.care.rules.backfill import WORDS as BACKFILL_WORDS
from xinqiao.care.rules.states import ENROLMENT, OPEN_STEPS, STEP

STANDING = ~Q(state="withdrawn")
DONE = Q(state="done")


def staff() -> models.ForeignKey:
    """Name a member of staff, if one did it (经办人)."""
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")


class Held(models.Model):
    """A row about one patient of one organisation (患者名下的一行)."""

    id = models.UUIDField(primary_key=True)
    organisation_id = models.UUIDField()
    patient = models.ForeignKey("patients.Patient", models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class PathwayVersion(models.Model):
    """One published version of a pathway (已发布的随访路径). The database refuses to change it (0002_walls)."""

    id = models.UUIDField(primary_key=True)
    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=80)
    body = models.JSONField()
    digest = models.BinaryField(max_length=32)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="pathway_once")]


class Enrolment(Held):
    """One patient following one pathway after one encounter (入组).

    One stands at a time; after a discharge was taken back a new one may begin. `ended_by` is the event that ended or
    paused it, a key of `rules.states.EFFECTS`; `paused_for` the encounter that did.
    """

    pathway = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    encounter_id = models.UUIDField()
    department = models.ForeignKey("directory.Department", models.PROTECT, null=True, related_name="+")
    anchor_at = models.DateTimeField()
    enrolled_at = models.DateTimeField()
    state = models.CharField(max_length=12, default="active")
    ended_by = models.CharField(max_length=24, default="", blank=True)
    paused_for = models.UUIDField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pathway", "encounter_id"], name="enrolment_once", condition=STANDING
            ),
            models.CheckConstraint(condition=Q(state__in=list(ENROLMENT)), name="enrolment_state"),
        ]
        indexes = [models.Index(fields=["organisation_id", "anchor_at"], name="enrolment_anchor")]


class Step(Held):
    """One dated step of one enrolment (随访步骤). Half-open: it counts from `open_at` until before `close_at`.

    `wake_at` is when the clock next has something to do about it; none while it is finished or paused. It is done
    only by a response, never by a message that was sent.
    """

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="steps")
    department = models.ForeignKey("directory.Department", models.PROTECT, null=True, related_name="+")
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=80)
    questionnaire = models.CharField(max_length=40)
    channels = models.JSONField()
    owner = models.CharField(max_length=24)
    safety = models.BooleanField(default=False)
    open_at = models.DateTimeField()
    due_at = models.DateTimeField()
    call_at = models.DateTimeField()
    close_at = models.DateTimeField()
    miss_at = models.DateTimeField()
    wake_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=12, default="planned")
    reason = models.CharField(max_length=60, default="", blank=True)
    asked_at = models.DateTimeField(null=True)
    asked_via = models.CharField(max_length=10, default="", blank=True)
    called_for_at = models.DateTimeField(null=True)
    digits = models.CharField(max_length=1, default="", blank=True)
    unreachable_at = models.DateTimeField(null=True)
    response_id = models.UUIDField(null=True)
    completed_at = models.DateTimeField(null=True)
    completed_via = models.CharField(max_length=10, default="", blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "code"], name="step_once"),
            models.CheckConstraint(condition=Q(state__in=list(STEP)), name="step_state"),
            models.CheckConstraint(
                condition=Q(open_at__lt=F("close_at"), due_at__lte=F("close_at")), name="step_window"
            ),
            models.CheckConstraint(
                condition=~(DONE ^ Q(response_id__isnull=False, completed_at__isnull=False)),
                name="step_done_by_response",
            ),
            models.CheckConstraint(
                condition=Q(wake_at=None) | Q(state__in=OPEN_STEPS), name="step_wakes_while_open"
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation_id", "wake_at", "id"],
                name="step_wakes",
                condition=Q(wake_at__isnull=False),
            ),
            models.Index(fields=["organisation_id", "close_at"], name="step_closes"),
        ]


class ContactAttempt(Held):
    """One try to reach a patient for one step (联系尝试)."""

    step = models.ForeignKey(Step, models.CASCADE, related_name="tries")
    item_id = models.UUIDField()
    at = models.DateTimeField()
    outcome = models.CharField(max_length=20)
    reached = models.BooleanField()
    by = staff()


class Alert(Held):
    """Something about a patient that must not wait (预警): from raised to reviewed, each stage with its time.

    Repeats within the merging time add to `evidence` (ids of responses) and make no second alert.
    """

    level = models.CharField(max_length=2)
    code = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    department = models.ForeignKey("directory.Department", models.PROTECT, null=True, related_name="+")
    evidence = models.JSONField(default=list)
    state = models.CharField(max_length=12, default="open")
    raised_at = models.DateTimeField()
    respond_at = models.DateTimeField()
    acked_at = models.DateTimeField(null=True)
    acked_by = staff()
    contacted_at = models.DateTimeField(null=True)
    disposition = models.CharField(max_length=24, default="", blank=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = staff()
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = staff()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(level__in=list(LEVELS)), name="alert_level"),
            models.CheckConstraint(condition=Q(state__in=list(ALERT_WORDS)), name="alert_state"),
            models.CheckConstraint(
                condition=~(Q(state__in=["resolved", "reviewed"]) ^ ~Q(disposition="")),
                name="alert_disposition",
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "code", "raised_at"], name="alert_rule"),
            models.Index(fields=["organisation_id", "raised_at"], name="alert_raised"),
        ]


class Backfill(models.Model):
    """A proposal to enrol patients discharged before the source went live, and who approved it (补入组)."""

    id = models.UUIDField(primary_key=True)
    organisation_id = models.UUIDField()
    pathway = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="proposed")
    proposed_at = models.DateTimeField()
    proposed_by = staff()
    approved_at = models.DateTimeField(null=True)
    approved_by = staff()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(BACKFILL_WORDS)), name="backfill_state")
        ]


class BackfillCandidate(Held):
    """One older discharge that a proposal would enrol, or why not (补入组名单)."""

    backfill = models.ForeignKey(Backfill, models.CASCADE, related_name="candidates")
    encounter_id = models.UUIDField()
    discharged_at = models.DateTimeField()
    steps_left = models.PositiveSmallIntegerField()
    obstacle = models.CharField(max_length=20, default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["backfill", "encounter_id"], name="candidate_once")]
