"""The cast and their hospital for the tests of the rooms above (测试机构与人物)."""

from datetime import datetime
from uuid import UUID

from xinqiao.accounts.testing import make_user
from xinqiao.directory import operations
from xinqiao.directory.queries import actor_of, find_department
from xinqiao.directory.rules import DEPARTMENTAL
from xinqiao.kit.actor import Actor, system
from xinqiao.kit.ids import new_id

CAST = {
    "nurse": "陈静",
    "doctor": "张明远",
    "head": "刘建华",
    "manager": "孙丽",
    "sysadmin": "何伟",
    "auditor": "钱审",
    "secadmin": "安全员",
    "service_desk": "服务台",
    "guide": "导诊员",
}


def make_organisation(
    *, now: datetime, by: Actor | None = None, code: str = "jzyy", name: str = "江州市第一人民医院", **more
) -> UUID:
    """This function will make an organisation (测试机构)."""
    more = {"short_name": "江州一院", "sms_signature": "江州一院"} | more
    return operations.create_organisation(code=code, name=name, by=by or system("test"), now=now, **more)


def make_department(
    organisation_id: UUID,
    *,
    now: datetime,
    by: Actor | None = None,
    code: str = "0304",
    name: str = "心内科",
    **more,
) -> UUID:
    """This function will make a department (测试科室)."""
    return operations.add_department(
        organisation_id=organisation_id, code=code, name=name, by=by or system("test", organisation_id),
        now=now, **more,
    )  # fmt: skip


def make_staff(
    role: str, *, organisation_id: UUID, now: datetime, department_id: UUID | None = None, name: str = "",
    login: str = "", by: Actor | None = None,
) -> tuple[UUID, Actor]:  # fmt: skip
    """This function will make one of the cast with a post, and give (user, actor) (测试职工).

    A doctor, nurse or head without a department given works in 心内科.
    """
    by = by or system("test", organisation_id)
    if department_id is None and role in DEPARTMENTAL:
        known = find_department(organisation_id, "0304")
        department_id = known.id if known else make_department(organisation_id, now=now)
    user_id = make_user(now=now, login=login, name=name or CAST[role])
    operations.give_post(
        user_id=user_id,
        organisation_id=organisation_id,
        role=role,
        department_id=department_id,
        by=by,
        now=now,
    )
    actor = actor_of(user_id, now=now)
    assert actor is not None
    return user_id, actor


def make_stranger(*, now: datetime) -> Actor:
    """This function will make the one who may see nothing: staff of nowhere, without a role (陌生人)."""
    return Actor(kind="staff", organisation_id=new_id(now), user_id=new_id(now))
