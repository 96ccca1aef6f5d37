"""Accounts for the tests of the rooms above (测试账号)."""

import functools
from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import make_password

from xinqiao.accounts.models import User
from xinqiao.accounts.operations import create_phone_user
from xinqiao.kit.actor import Actor, system
from xinqiao.kit.ids import new_id

PASSWORD = "Lianxin-2026-Qiao!"  # noqa: S105 of tests only


def make_user(*, now: datetime, login: str = "", name: str = "陈静", by: Actor | None = None) -> UUID:
    """This function will make an account of a member of staff, whose password is `PASSWORD` (测试职工账号)."""
    user_id = new_id(now)
    User.objects.create(
        id=user_id,
        kind="staff",
        login=login or f"staff-{user_id.hex[-12:]}",
        name=name,
        password=_hashed(),
        password_changed_at=now,
        created_at=now,
    )
    return user_id


def make_phone_user(
    *, organisation_id: UUID, now: datetime, phone: str = "13800000001", by: Actor | None = None
) -> UUID:
    """This function will make a phone user of one organisation (测试手机用户)."""
    by = by or system("test", organisation_id)
    return create_phone_user(organisation_id=organisation_id, phone=phone, by=by, now=now)


@functools.cache
def _hashed() -> str:
    return make_password(PASSWORD)
