"""Sessions that the server itself can end (会话): opened after both steps, locked when idle, ended for good.

`now` is the real time.
"""

from datetime import datetime, timedelta
from uuid import UUID

from xinqiao.accounts.models import LoginAttempt, LoginCode, SessionRecord, User
from xinqiao.accounts.operations.steps import check_password_step, check_totp_step
from xinqiao.accounts.queries import find_session
from xinqiao.accounts.rules.outcomes import StepOutcome
from xinqiao.audit.operations import concerning, operation
from xinqiao.kit.actor import Actor
from xinqiao.kit.errors import NotFound, Refused
from xinqiao.kit.ids import new_id

KEEP_CODES, KEEP_ATTEMPTS, KEEP_SESSIONS = timedelta(days=2), timedelta(days=31), timedelta(days=180)


class SessionEnded(Refused):
    """本次登录已结束，请重新登录。"""


@operation
def open_session(
    *, user_id: UUID, by: Actor, now: datetime, organisation_id: UUID | None = None, post_id: UUID | None = None,
    device: str = "", address: str = "",
) -> UUID:  # fmt: skip
    """This function will begin a stay of a person who has passed every step (开始会话)."""
    user = User.objects.filter(id=user_id, is_active=True).first()
    if user is None:
        raise NotFound
    session_id = new_id(now)
    SessionRecord.objects.create(
        id=session_id, user_id=user_id, organisation_id=user.organisation_id or organisation_id, post_id=post_id,
        device=device, address=address, created_at=now, last_seen_at=now,
    )  # fmt: skip
    concerning(opened=session_id, account=user_id)
    return session_id


def touch_session(*, session_id: UUID, by: Actor, now: datetime) -> None:
    """This function will note that the person is still at work, which puts the idle lock off (续时).

    It has no audit line: each request that shows or changes something has its own.
    """
    running = SessionRecord.objects.filter(id=session_id, ended_at=None, locked_at=None)
    running.filter(last_seen_at__lt=now).update(last_seen_at=now)


@operation
def lock_session(*, session_id: UUID, by: Actor, now: datetime) -> None:
    """This function will lock a stay without ending it: what was typed stays on the page (锁屏)."""
    SessionRecord.objects.filter(id=session_id, ended_at=None, locked_at=None).update(locked_at=now)
    concerning(locked=session_id)


@operation
def unlock_session(
    *, session_id: UUID, by: Actor, now: datetime, password: str = "", code: str = "", address: str = "",
    device: str = "",
) -> StepOutcome:  # fmt: skip
    """This function will unlock a stay by its holder's password, or else by a code (解锁)."""
    stay = find_session(session_id, viewer=by, now=now)
    if stay is None or stay.state == "ended":
        raise SessionEnded
    if password:
        login = User.objects.values_list("login", flat=True).get(id=stay.user_id) or ""
        outcome = check_password_step(
            login=login, password=password, address=address, device=device, by=by, now=now
        )
    else:
        outcome = check_totp_step(
            user_id=stay.user_id, code=code, address=address, device=device, by=by, now=now
        )
    if outcome.ok:
        SessionRecord.objects.filter(id=session_id).update(locked_at=None, last_seen_at=now)
    concerning(unlocking=session_id, outcome=outcome.reason or "ok")
    return outcome


@operation
def switch_post(*, session_id: UUID, post_id: UUID, by: Actor, now: datetime) -> None:
    """This function will note the post a person chose; the directory says whether it is his (切换岗位)."""
    SessionRecord.objects.filter(id=session_id, user_id=by.user_id, ended_at=None).update(post_id=post_id)
    concerning(session_id=session_id, chosen=post_id)


@operation
def end_session(*, session_id: UUID, by: Actor, now: datetime, reason: str = "signed_out") -> None:
    """This function will end a stay, whoever holds its cookie (退出登录)."""
    SessionRecord.objects.filter(id=session_id, ended_at=None).update(ended_at=now, end_reason=reason)
    concerning(ended=session_id)


@operation
def end_sessions(*, user_id: UUID, by: Actor, now: datetime, reason: str = "revoked") -> int:
    """This function will end every stay of one person and say how many (结束全部会话)."""
    running = SessionRecord.objects.filter(user_id=user_id, ended_at=None)
    concerning(account=user_id)
    return running.update(ended_at=now, end_reason=reason)


@operation
def forget_old_sign_ins(*, by: Actor, now: datetime) -> None:
    """This function will delete codes, attempts and stays that no limit looks at any more (清理登录痕迹)."""
    LoginCode.objects.filter(created_at__lt=now - KEEP_CODES).delete()
    LoginAttempt.objects.filter(at__lt=now - KEEP_ATTEMPTS).delete()
    SessionRecord.objects.filter(created_at__lt=now - KEEP_SESSIONS).delete()
