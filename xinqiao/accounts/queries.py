"""Who an account is, what it may do, and whether its stay still holds (账号查询)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.db.models import Q, QuerySet

from xinqiao.accounts.models import LoginCode, SessionRecord, User
from xinqiao.accounts.rules import Verdict, may
from xinqiao.accounts.rules.limits import TOUCH, session_state
from xinqiao.accounts.rules.totp import code_at, step_of
from xinqiao.kit.actor import Actor, MaybeNone
from xinqiao.kit.crypto import open_with, secret, unseal
from xinqiao.kit.errors import NotAllowed, NotFound

CODE = "accounts.login_code"
PHONE = "accounts.phone"


@dataclass(frozen=True, slots=True)
class Stay:
    """A session as a request finds it (当前会话): open, locked or ended."""

    id: UUID
    user_id: UUID
    kind: str
    name: str
    organisation_id: UUID | None
    post_id: UUID | None
    state: str
    is_stale: bool  # not touched for a while, so that a request by hand should touch it


def require(viewer: Actor, action: str) -> Verdict:
    """This function will refuse a viewer who may not do something, and say how far the right reaches (要求权限)."""
    verdict = may(viewer, action)
    if not verdict.ok:
        raise NotAllowed(verdict.reason)
    return verdict


def find_session(session_id: UUID, *, viewer: Actor, now: datetime) -> Stay | None:
    """This function will find a session and whether it is open, locked or ended (查会话). One query."""
    record = SessionRecord.objects.select_related("user").filter(id=session_id).first()
    if record is None:
        return None
    state = session_state(
        kind=record.user.kind,
        is_active=record.user.is_active,
        created_at=record.created_at,
        last_seen_at=record.last_seen_at,
        locked_at=record.locked_at,
        ended_at=record.ended_at,
        now=now,
    )
    return Stay(
        id=record.id,
        user_id=record.user_id,
        kind=record.user.kind,
        name=record.user.name,
        organisation_id=record.organisation_id,
        post_id=record.post_id,
        state=state,
        is_stale=now >= record.last_seen_at + TOUCH,
    )


def find_user(login: str, *, viewer: Actor) -> UUID | None:
    """This function will find a member of staff by login name (按登录名查账号)."""
    return User.objects.filter(kind="staff", login=login.strip().lower()).values_list("id", flat=True).first()


def names(user_ids: Iterable[UUID], *, viewer: Actor) -> dict[MaybeNone, str]:
    """This function will give the names of staff by their keys, in one query (职工姓名)."""
    found = User.objects.filter(id__in=list(user_ids), kind="staff")
    return dict(found.values_list("id", "name"))


def staff(viewer: Actor, *, text: str = "") -> QuerySet[User]:
    """This function will list the accounts of staff for whoever manages accounts or rights (账号列表)."""
    if not may(viewer, "users.manage").ok:
        require(viewer, "rights.manage")
    found = User.objects.filter(kind="staff").order_by("login")
    return found.filter(Q(login__startswith=text.lower()) | Q(name__startswith=text)) if text else found


def has_totp(user_id: UUID, *, viewer: Actor) -> bool:
    """This function will say whether a person has set up the second factor (是否已绑定动态口令)."""
    return Authenticator.objects.filter(user_id=user_id, type="totp", data__confirmed=True).exists()


def totp_now(user_id: UUID, *, viewer: Actor, now: datetime) -> str:
    """This function will give the current code of a person of the demo, and refuses anywhere else (演示动态口令)."""
    if not settings.DEMO:
        raise NotAllowed("只有演示环境可以显示动态口令。")
    kept = Authenticator.objects.filter(user_id=user_id, type="totp").first()
    if kept is None:
        raise NotFound("这个账号还没有绑定动态口令。")
    return code_at(decrypt(kept.data["secret"]), step_of(now))


def get_phone(user_id: UUID, *, viewer: Actor) -> tuple[UUID, str]:
    """This function will give a phone user's organisation and number (手机用户的号码)."""
    user = User.objects.filter(id=user_id, kind="patient", phone_sealed__isnull=False).first()
    if (
        user is None
        or user.organisation_id is None
        or user.phone_sealed is None
        or (viewer.kind != "system" and viewer.user_id != user_id)
    ):
        raise NotFound
    return user.organisation_id, unseal(user.id, user.phone_sealed, PHONE)


def get_login_code_message(code_id: UUID, *, viewer: Actor) -> tuple[UUID, str, str]:
    """This function will give organisation, phone and code of a code that still waits to be used (待发验证码)."""
    asked = LoginCode.objects.filter(id=code_id, used_at=None, voided_at=None).first()
    if asked is None or viewer.kind != "system" or viewer.organisation_id != asked.organisation_id:
        raise NotFound
    key = secret(CODE)
    phone = open_with(key, asked.phone_sealed, f"{PHONE}:{asked.id}").decode()
    return asked.organisation_id, phone, open_with(key, asked.code_sealed, f"{CODE}:{asked.id}").decode()
