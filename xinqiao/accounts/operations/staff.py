"""Accounts of staff and their passwords (职工账号与口令)."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction

from xinqiao.accounts.models import PasswordUsed, SessionRecord, User
from xinqiao.accounts.operations.attempts import Attempt
from xinqiao.accounts.queries import require
from xinqiao.accounts.rules.outcomes import StepOutcome
from xinqiao.accounts.rules.passwords import PROFILES, faults_of, normalised
from xinqiao.audit.operations import concerning, operation
from xinqiao.kit.actor import Actor
from xinqiao.kit.crypto import blind
from xinqiao.kit.errors import NotAllowed, NotFound, Refused
from xinqiao.kit.ids import new_id

OLD_IS_WRONG = "原密码不对，请核对后重试。"


class LoginTaken(Refused):
    """这个登录名已经有人使用，请换一个登录名。"""


class WeakPassword(Refused):
    """这个密码不符合要求，请按提示换一个。"""


@operation
def create_staff(
    *, login: str, name: str, password: str, by: Actor, now: datetime, must_change: bool = True
) -> UUID:
    """This function will make an account of a member of staff, who then changes the first password (新建职工账号)."""
    require(by, "users.manage")
    word = login.strip().lower()
    if not word or not name.strip():
        raise Refused("登录名和姓名都要填写。")
    hashed = _accepted(password, login=word, name=name)
    user = User(id=new_id(now), kind="staff", login=word, name=name.strip(), password=hashed, created_at=now)
    user.password_changed_at = None if must_change else now
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError:
        raise LoginTaken from None
    _remember(user.id, hashed, now)
    concerning(account=user.id)
    return user.id


@operation
def change_password(
    *,
    user_id: UUID,
    old: str,
    new: str,
    address: str,
    by: Actor,
    now: datetime,
    session_id: UUID | None = None,
) -> StepOutcome:
    """This function will change one's own password, given the old one, and end one's other sessions (修改口令).

    A wrong old password counts as an attempt and is returned, not raised. Raises WeakPassword.
    """
    if by.kind != "system" and by.user_id != user_id:
        raise NotAllowed("只能修改自己的密码。")
    user = _get(user_id)
    attempt = Attempt(blind("change", user.id, "password"), address, "", now)
    outcome = attempt.judge(
        lambda: StepOutcome(check_password(normalised(old), user.password), user_id=user_id), OLD_IS_WRONG
    )
    concerning(account=user_id, outcome=outcome.reason or "ok")
    if outcome.ok:
        _set_password(user, new, now, changed_at=now)
        _end_sessions(user_id, "password", now, but=session_id)
    return outcome


@operation
def reset_password(*, user_id: UUID, new: str, by: Actor, now: datetime) -> None:
    """This function will give a person a first password again and end his sessions (重置口令)."""
    require(by, "users.manage")
    _set_password(_get(user_id), new, now, changed_at=None)
    _end_sessions(user_id, "password", now)
    concerning(account=user_id)


@operation
def disable_user(*, user_id: UUID, by: Actor, now: datetime) -> None:
    """This function will shut an account and end its sessions at once (停用账号)."""
    _set_active(user_id, False, by)
    _end_sessions(user_id, "disabled", now)


@operation
def enable_user(*, user_id: UUID, by: Actor, now: datetime) -> None:
    """This function will open an account again (启用账号)."""
    _set_active(user_id, True, by)


def _set_active(user_id: UUID, is_active: bool, by: Actor) -> None:
    require(by, "users.manage")
    if user_id == by.user_id:
        raise NotAllowed("不能停用或启用自己的账号，请由另一位系统管理员办理。")
    _get(user_id)
    User.objects.filter(id=user_id).update(is_active=is_active)
    concerning(account=user_id)


def _get(user_id: UUID) -> User:
    user = User.objects.select_for_update().filter(id=user_id, kind="staff").first()
    if user is None:
        raise NotFound("没有这个账号，请核对。")
    return user


def _set_password(user: User, new: str, now: datetime, *, changed_at: datetime | None) -> None:
    remembered = PROFILES[settings.PASSWORD_PROFILE].remembers
    used = PasswordUsed.objects.filter(user=user).order_by("-at").values_list("password", flat=True)
    hashed = _accepted(new, login=user.login or "", name=user.name)
    if any(check_password(normalised(new), old) for old in [user.password, *used[:remembered]]):
        raise WeakPassword(f"新密码不能与最近 {max(remembered, 1)} 次用过的相同，请换一个。")
    User.objects.filter(id=user.id).update(password=hashed, password_changed_at=changed_at)
    _remember(user.id, hashed, now)


def _accepted(password: str, *, login: str, name: str) -> str:
    plain = normalised(password)
    faults = faults_of(plain, PROFILES[settings.PASSWORD_PROFILE], login=login, name=name)
    if faults:
        raise WeakPassword("".join(faults), faults=faults)
    return make_password(plain)


def _remember(user_id: UUID, hashed: str, now: datetime) -> None:
    PasswordUsed.objects.create(id=new_id(now), user_id=user_id, password=hashed, at=now)


def _end_sessions(user_id: UUID, reason: str, now: datetime, *, but: UUID | None = None) -> None:
    running = SessionRecord.objects.filter(user_id=user_id, ended_at=None).exclude(
        id__in=[but] if but else []
    )
    running.update(ended_at=now, end_reason=reason)
