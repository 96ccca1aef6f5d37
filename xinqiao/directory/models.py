"""Organisations, where they are, who works there and as what (机构、院区、科室、医务人员、岗位)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from xinqiao.accounts.rules import STAFF_ROLES

SENDING = [("locked", "锁定"), ("shadow", "影子运行"), ("open", "开放")]


class Organisation(models.Model):
    """A hospital or community centre, the tenant (机构)."""

    id = models.UUIDField(primary_key=True)
    code = models.SlugField(max_length=32, unique=True)
    name = models.CharField(max_length=80)
    short_name = models.CharField(max_length=20)
    kind = models.CharField(
        max_length=10, choices=[("public", "公立"), ("private", "民营"), ("community", "社区")]
    )
    zone = models.CharField(max_length=40, default="Asia/Shanghai")
    sms_signature = models.CharField(max_length=20)
    domain = models.CharField(max_length=100, blank=True, default="")
    phone = models.CharField(max_length=20, blank=True, default="")
    emergency_phone = models.CharField(max_length=20, blank=True, default="")
    sending = models.CharField(max_length=8, choices=SENDING, default="locked")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sending__in=[word for word, _ in SENDING]), name="organisation_sending"
            )
        ]


class Campus(models.Model):
    """One site of an organisation (院区)."""

    id = models.UUIDField(primary_key=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="campuses")
    code = models.CharField(max_length=32)
    name = models.CharField(max_length=80)
    address = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "code"], name="campus_code")]


class Department(models.Model):
    """A department, ward or desk (科室); `subject_code` is its 诊疗科目 of the national catalogue."""

    id = models.UUIDField(primary_key=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="departments")
    campus = models.ForeignKey(Campus, models.PROTECT, null=True, related_name="departments")
    code = models.CharField(max_length=32)
    name = models.CharField(max_length=80)
    subject_code = models.CharField(max_length=10, blank=True, default="")
    kind = models.CharField(
        max_length=10, choices=[("clinical", "临床"), ("ward", "病区"), ("desk", "服务台")]
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "code"], name="department_code")]
        indexes = [models.Index(fields=["organisation", "name"], name="department_name")]


class Practitioner(models.Model):
    """A doctor, nurse or technician as the organisation knows them (医务人员), with or without an account."""

    id = models.UUIDField(primary_key=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="practitioners")
    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="practitioners")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    staff_number = models.CharField(max_length=32)
    name = models.CharField(max_length=64)
    title = models.CharField(max_length=32, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "staff_number"], name="practitioner_number")
        ]


class Post(models.Model):
    """What an account does, where, from when to when (岗位).

    The three administrators (三员) exclude each other and every other role: an EXCLUDE constraint of the
    database (0002_walls) holds that, whoever writes the row.
    """

    id = models.UUIDField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="posts")
    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="posts")
    role = models.CharField(max_length=16)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user", "starts_at"], name="post_user")]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=sorted(STAFF_ROLES)), name="post_role"),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")), name="post_period"
            ),
        ]
