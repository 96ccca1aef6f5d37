"""People who may enter, and how they entered (账号、登录尝试、验证码、会话)."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q


class User(AbstractBaseUser):
    """One account (账号): a member of staff by login name, or a phone user of one organisation by number."""

    last_login = None

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=8, choices=[("staff", "职工"), ("patient", "手机用户")])
    login = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001 unique, and phone users have none
    name = models.CharField(max_length=64, blank=True, default="")
    is_active = models.BooleanField(default=True)
    password_changed_at = models.DateTimeField(null=True)
    organisation_id = models.UUIDField(null=True)
    phone_blind = models.BinaryField(null=True)
    phone_sealed = models.BinaryField(null=True)
    created_at = models.DateTimeField()

    objects = BaseUserManager()

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation_id", "phone_blind"], name="user_phone"),
            models.CheckConstraint(
                name="user_kind",
                condition=Q(kind="staff", login__isnull=False, phone_blind=None)
                | Q(kind="patient", login=None, organisation_id__isnull=False),
            ),
        ]


class PasswordUsed(models.Model):
    """A password that an account had, as its hash (历史口令)."""

    id = models.UUIDField(primary_key=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    password = models.CharField(max_length=128)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user", "-at"], name="password_used")]


class LoginAttempt(models.Model):
    """One attempt that was judged (登录尝试), right or wrong, of an account that may not even exist.

    `lane` is the device for attempts from a device the account has signed in on, else "": strangers and the
    owner do not share a lock.
    """

    id = models.UUIDField(primary_key=True)
    account_blind = models.BinaryField()
    lane = models.CharField(max_length=64, blank=True, default="")
    device = models.CharField(max_length=64, blank=True, default="")
    address = models.CharField(max_length=64)
    ok = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["account_blind", "lane", "-at"], name="attempt_account"),
            models.Index(fields=["address", "-at"], name="attempt_address", condition=Q(ok=False)),
        ]


class LoginCode(models.Model):
    """A code sent to a phone number, known or not (短信验证码)."""

    id = models.UUIDField(primary_key=True)
    organisation_id = models.UUIDField()
    phone_blind = models.BinaryField()
    phone_sealed = models.BinaryField()
    code_sealed = models.BinaryField()
    address = models.CharField(max_length=64)
    device = models.CharField(max_length=64, blank=True, default="")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "phone_blind", "-created_at"], name="code_phone"),
            models.Index(fields=["organisation_id", "-created_at"], name="code_organisation"),
            models.Index(fields=["address", "-created_at"], name="code_address"),
            models.Index(fields=["device", "-created_at"], name="code_device"),
        ]
        constraints = [models.CheckConstraint(condition=Q(tries__lte=5), name="code_tries")]


class SessionRecord(models.Model):
    """One stay of one person, from signing in to leaving (会话): ended here, it is ended everywhere."""

    id = models.UUIDField(primary_key=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    organisation_id = models.UUIDField(null=True)
    post_id = models.UUIDField(null=True)
    device = models.CharField(max_length=64, blank=True, default="")
    address = models.CharField(max_length=64, blank=True, default="")
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    locked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=16, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["user"], name="session_open", condition=Q(ended_at=None))]
