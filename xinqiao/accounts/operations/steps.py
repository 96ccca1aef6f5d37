"""The two steps of signing in as staff (登录两步): password, then the code of the second factor.

Outcomes are returned and never raised, so that a failure commits and counts. `now` is the real time.
"""

import functools
from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password

from xinqiao.accounts.models import User
from xinqiao.accounts.operations.attempts import Attempt
from xinqiao.accounts.queries import has_totp
from xinqiao.accounts.rules.outcomes import StepOutcome
from xinqiao.accounts.rules.passwords import LONGEST, PROFILES, must_change, normalised
from xinqiao.accounts.rules.totp import matching_step
from xinqiao.audit.operations import concerning, operation
from xinqiao.kit.actor import Actor
from xinqiao.kit.crypto import blind

EVERYWHERE = UUID(int=0)  # accounts of staff belong to the installation, not to one organisation
WRONG_PASSWORD = "账号或密码不对，请核对后重试。"  # noqa: S105 a sentence
WRONG_CODE = "动态口令不对或已用过，请等下一个口令再试。"


@operation
def check_password_step(
    *, login: str, password: str, address: str, by: Actor, now: datetime, device: str = ""
) -> StepOutcome:
    """This function will judge login name and password, counting the attempt (第一步：口令).

    At most five wrong passwords in a row reach the hasher per account and lane, and twenty an hour per address.
    """
    name = login.strip().lower()
    key = blind("login", EVERYWHERE, name)
    attempt = Attempt(key, address, device, now)
    outcome = attempt.judge(lambda: _by_password(name, password, by, now), WRONG_PASSWORD)
    concerning(outcome=outcome.reason or "ok", signing_in=outcome.user_id)
    return outcome


@operation
def check_totp_step(
    *, user_id: UUID, code: str, address: str, by: Actor, now: datetime, device: str = ""
) -> StepOutcome:
    """This function will judge the code of the second factor; each code is good for once (第二步：动态口令)."""
    key = blind("totp", EVERYWHERE, str(user_id))
    outcome = Attempt(key, address, device, now).judge(lambda: _by_totp(user_id, code, now), WRONG_CODE)
    concerning(outcome=outcome.reason or "ok", signing_in=user_id)
    return outcome


def _by_password(login: str, password: str, by: Actor, now: datetime) -> StepOutcome:
    user = User.objects.filter(kind="staff", login=login).first()
    given = normalised(password[: LONGEST + 1])
    right = check_password(given, user.password if user else _nobodys_password())
    if user is None or not right or not user.is_active:
        return StepOutcome(False)
    enrolled = has_totp(user.id, viewer=by)
    return StepOutcome(True, user_id=user.id, must_change=_is_due(user, now), needs_enrolment=not enrolled)


def _by_totp(user_id: UUID, code: str, now: datetime) -> StepOutcome:
    user = User.objects.filter(id=user_id, kind="staff", is_active=True).first()
    if user is None or not _spend(user_id, code, now):
        return StepOutcome(False)
    return StepOutcome(True, user_id=user_id, must_change=_is_due(user, now))


def _spend(user_id: UUID, code: str, now: datetime) -> bool:
    """Keep the step of an accepted code, under a lock, so that it is never accepted again."""
    kept = Authenticator.objects.select_for_update().filter(user_id=user_id, type="totp").first()
    step = kept and matching_step(decrypt(kept.data["secret"]), code, now, kept.data["step"])
    if not step:
        return False
    accepted = kept.data | {"step": step, "confirmed": True}
    Authenticator.objects.filter(id=kept.id).update(data=accepted, last_used_at=now)
    return True


def _is_due(user: User, now: datetime) -> bool:
    return must_change(user.password_changed_at, PROFILES[settings.PASSWORD_PROFILE], now)


@functools.cache
def _nobodys_password() -> str:
    """A hash that costs as much as anyone's, so that time does not tell whether an account exists."""
    return make_password("nobody")
