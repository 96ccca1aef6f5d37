"""Signing in with a phone number (手机验证码登录).

A code goes to every number that asks, known or not: nothing that the asker, or the provider, can see differs,
and the limits and the organisation's budget hold for all. The account is made when the right code comes back;
what it may see is decided elsewhere, by the grants of its number.
"""

import hmac
import logging
import random
from datetime import datetime
from uuid import UUID

from django.db import connection

from xinqiao.accounts.events import LoginCodeRequested
from xinqiao.accounts.models import LoginCode, SessionRecord, User
from xinqiao.accounts.operations.attempts import Turn
from xinqiao.accounts.queries import CODE, PHONE
from xinqiao.accounts.rules.limits import CODE_LIMITS, CODE_LIVES, CODE_TRIES
from xinqiao.accounts.rules.outcomes import CodeOutcome
from xinqiao.accounts.rules.phones import NotAMobile, mobile
from xinqiao.audit.operations import concerning, operation
from xinqiao.kit.actor import Actor
from xinqiao.kit.crypto import blind, open_with, seal, seal_with, secret
from xinqiao.kit.events import publish
from xinqiao.kit.failpoints import fp
from xinqiao.kit.ids import RANDOM, new_id

log = logging.getLogger("xinqiao.accounts")
NO_PASSWORD = "!"  # noqa: S105 no hash is written so: nothing opens it
SENT = "验证码已发送，5 分钟内有效。"
TOO_OFTEN = "获取验证码太频繁，请在 {minutes} 分钟后再试。"
BUDGET_SPENT = "短信发送繁忙，请稍后再试，或拨打医院电话。"
WRONG_CODE = "验证码不对或已失效，请核对，或重新获取。"


@operation
def create_phone_user(*, organisation_id: UUID, phone: str, by: Actor, now: datetime) -> UUID:
    """This function will make the phone user of a number at one organisation, or find it (新建手机用户)."""
    number = mobile(phone)
    known = blind("phone", organisation_id, number)
    Turn.take(f"phone:{known.hex()}")
    user_id = User.objects.filter(organisation_id=organisation_id, phone_blind=known).values_list(
        "id", flat=True
    )
    if found := user_id.first():
        return found
    fresh = new_id(now)
    User.objects.create(
        id=fresh, kind="patient", organisation_id=organisation_id, password=NO_PASSWORD, phone_blind=known,
        phone_sealed=seal(fresh, number, PHONE), created_at=now,
    )  # fmt: skip
    concerning(account=fresh)
    return fresh


@operation
def request_login_code(
    *, organisation_id: UUID, phone: str, address: str, device: str, by: Actor, now: datetime,
    rng: random.Random | None = None,
) -> CodeOutcome:  # fmt: skip
    """This function will make a six-digit code for a number, within every limit, and void older ones (请求验证码).

    The outcome is returned, so that it commits whatever the page does. `now` is the business time, because the
    message is sent by it.
    """
    try:
        number = mobile(phone)
    except NotAMobile as wrong:
        return CodeOutcome(False, wrong.message)
    known = blind("phone", organisation_id, number)
    Turn.take(f"codes:{organisation_id}")
    scopes = {"phone_blind": known, "address": address, "device": device, "organisation_id": organisation_id}
    free, scope = _free_at(organisation_id, scopes, now)
    concerning(outcome=scope or "ok")
    if free:
        return _too_often(free, scope, organisation_id, now)
    LoginCode.objects.filter(
        organisation_id=organisation_id, phone_blind=known, used_at=None, voided_at=None
    ).update(voided_at=now)
    asked = _make_code(organisation_id, number, known, address, device, rng or RANDOM, now)
    publish(LoginCodeRequested(organisation_id=organisation_id, occurred_at=now, code_id=asked), now=now)
    return CodeOutcome(True, SENT)


@operation
def redeem_login_code(
    *, organisation_id: UUID, phone: str, code: str, address: str, device: str, by: Actor, now: datetime
) -> CodeOutcome:
    """This function will let a right code in once, and count a wrong one: after five it is void (核销验证码)."""
    refusal = CodeOutcome(False, WRONG_CODE)
    try:
        number = mobile(phone)
    except NotAMobile:
        return refusal
    known = blind("phone", organisation_id, number)
    live = LoginCode.objects.select_for_update().filter(
        organisation_id=organisation_id, phone_blind=known, used_at=None, voided_at=None, expires_at__gt=now
    )
    asked = live.order_by("-created_at").first()
    if asked is None:
        return refusal
    fp("accounts.redeeming")
    kept = open_with(secret(CODE), asked.code_sealed, f"{CODE}:{asked.id}")
    if not hmac.compare_digest(kept, "".join(code.split()).encode()):
        spent = {"tries": asked.tries + 1} | ({"voided_at": now} if asked.tries + 1 >= CODE_TRIES else {})
        LoginCode.objects.filter(id=asked.id).update(**spent)
        concerning(outcome="wrong", code_id=asked.id)
        return refusal
    LoginCode.objects.filter(id=asked.id).update(used_at=now)
    user_id = create_phone_user(organisation_id=organisation_id, phone=number, by=by, now=now)
    if not User.objects.filter(id=user_id, is_active=True).exists():
        return refusal
    concerning(outcome="ok", code_id=asked.id, signing_in=user_id)
    return CodeOutcome(True, "", user_id)


@operation
def forget_phone_user(*, user_id: UUID, by: Actor, now: datetime) -> None:
    """This function will shut a phone user and delete his number, when his data are erased (注销手机用户)."""
    User.objects.filter(id=user_id, kind="patient").update(
        is_active=False, phone_blind=None, phone_sealed=None
    )
    SessionRecord.objects.filter(user_id=user_id, ended_at=None).update(ended_at=now, end_reason="erased")
    concerning(account=user_id)


def _free_at(organisation_id: UUID, scopes: dict, now: datetime) -> tuple[datetime | None, str]:
    """The latest instant that any limit asks to wait for, and whose limit it is; one query for all limits."""
    asked = [(scope, limit) for scope, limit in CODE_LIMITS if scopes[scope]]
    nth = ", ".join(
        f"(SELECT created_at FROM accounts_logincode WHERE organisation_id = %s AND {scope} = %s"
        f" ORDER BY created_at DESC OFFSET {limit.count - 1} LIMIT 1)"
        for scope, limit in asked
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {nth}", [each for scope, _ in asked for each in (organisation_id, scopes[scope])]
        )
        found = cursor.fetchone()
    waits = [
        (free, scope)
        for (scope, limit), counted in zip(asked, found, strict=True)
        if (free := limit.free_at(counted, now))
    ]
    return max(waits, default=(None, ""))


def _too_often(free: datetime, scope: str, organisation_id: UUID, now: datetime) -> CodeOutcome:
    if scope == "organisation_id":
        log.warning("login code budget is spent", extra={"organisation_id": str(organisation_id)})
        return CodeOutcome(False, BUDGET_SPENT, retry_at=free)
    minutes = max(1, -int(-(free - now).total_seconds() // 60))
    return CodeOutcome(False, TOO_OFTEN.format(minutes=minutes), retry_at=free)


def _make_code(
    organisation_id: UUID,
    number: str,
    known: bytes,
    address: str,
    device: str,
    rng: random.Random,
    now: datetime,
) -> UUID:
    key, fresh = secret(CODE), new_id(now)
    LoginCode.objects.create(
        id=fresh,
        organisation_id=organisation_id,
        phone_blind=known,
        phone_sealed=seal_with(key, number.encode(), f"{PHONE}:{fresh}"),
        code_sealed=seal_with(key, f"{rng.randrange(1_000_000):06d}".encode(), f"{CODE}:{fresh}"),
        address=address,
        device=device,
        created_at=now,
        expires_at=now + CODE_LIVES,
    )
    return fresh
