"""Founding organisations, naming departments, giving posts (机构目录维护)."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from xinqiao.accounts.queries import require
from xinqiao.audit.operations import concerning, operation
from xinqiao.directory.models import SENDING, Campus, Department, Organisation, Post, Practitioner
from xinqiao.directory.queries import roles_held
from xinqiao.directory.rules import may_hold
from xinqiao.kit.actor import Actor
from xinqiao.kit.errors import NotAllowed, NotFound, Refused
from xinqiao.kit.ids import new_id


class AlreadyNamed(Refused):
    """这个代码已经用过，请换一个代码。"""


class PostRefused(Refused):
    """这个人不能担任这个岗位，请核对其现有岗位。"""


@operation
def create_organisation(
    *, code: str, name: str, by: Actor, now: datetime, short_name: str = "", kind: str = "public",
    zone: str = "Asia/Shanghai", sms_signature: str = "", domain: str = "", phone: str = "",
    emergency_phone: str = "",
) -> UUID:  # fmt: skip
    """This function will found an organisation; its sending begins locked (新建机构)."""
    if by.kind != "system":
        raise NotAllowed
    require(by, "rights.manage")
    short = short_name or name
    return _add(
        Organisation, now, code=code, name=name, short_name=short, kind=kind, zone=zone,
        sms_signature=sms_signature or short, domain=domain.lower(), phone=phone,
        emergency_phone=emergency_phone, created_at=now,
    )  # fmt: skip


@operation
def set_sending(*, organisation_id: UUID, sending: str, by: Actor, now: datetime) -> None:
    """This function will lock, shadow or open an organisation's sending of messages (设置发送锁)."""
    _at_home(by, organisation_id, "sources.manage")
    if sending not in dict(SENDING):
        raise Refused("发送状态只能是锁定、影子运行或开放。")
    concerning(sending=sending)
    if not Organisation.objects.filter(id=organisation_id).update(sending=sending):
        raise NotFound


@operation
def add_campus(
    *, organisation_id: UUID, code: str, name: str, by: Actor, now: datetime, address: str = ""
) -> UUID:
    """This function will add a campus to an organisation (新建院区)."""
    _at_home(by, organisation_id, "sources.manage")
    return _add(Campus, now, organisation_id=organisation_id, code=code, name=name, address=address)


@operation
def add_department(
    *, organisation_id: UUID, code: str, name: str, by: Actor, now: datetime, kind: str = "clinical",
    subject_code: str = "", campus_id: UUID | None = None,
) -> UUID:  # fmt: skip
    """This function will add a department, ward or desk to an organisation (新建科室)."""
    _at_home(by, organisation_id, "sources.manage")
    return _add(
        Department, now, organisation_id=organisation_id, code=code, name=name, kind=kind,
        subject_code=subject_code, campus_id=campus_id,
    )  # fmt: skip


@operation
def add_practitioner(
    *, organisation_id: UUID, staff_number: str, name: str, by: Actor, now: datetime, title: str = "",
    department_id: UUID | None = None, user_id: UUID | None = None,
) -> UUID:  # fmt: skip
    """This function will add a doctor or nurse, who may have no account (新建医务人员)."""
    _at_home(by, organisation_id, "sources.manage")
    return _add(
        Practitioner, now, organisation_id=organisation_id, staff_number=staff_number, name=name, title=title,
        department_id=department_id, user_id=user_id,
    )  # fmt: skip


@operation
def give_post(
    *, user_id: UUID, organisation_id: UUID, role: str, by: Actor, now: datetime,
    department_id: UUID | None = None, starts_at: datetime | None = None, ends_at: datetime | None = None,
) -> UUID:  # fmt: skip
    """This function will give a person a post from now, or from a later day (授予岗位).

    Nobody gives a post to himself; the three administrators exclude each other and every other role.
    """
    _at_home(by, organisation_id, "rights.manage")
    if user_id == by.user_id:
        raise NotAllowed("不能给自己授予岗位，请由另一位安全管理员办理。")
    verdict = may_hold(role, roles_held(user_id, viewer=by, now=now), department_id)
    if not verdict.ok:
        raise PostRefused(verdict.reason)
    if (
        department_id
        and not Department.objects.filter(id=department_id, organisation_id=organisation_id).exists()
    ):
        raise NotFound("这家机构没有这个科室，请重新选择。")
    post_id = new_id(now)
    concerning(post_id=post_id, given_to=user_id, role=role)
    try:
        with transaction.atomic():
            Post.objects.create(
                id=post_id, user_id=user_id, organisation_id=organisation_id, department_id=department_id,
                role=role, starts_at=starts_at or now, ends_at=ends_at,
            )  # fmt: skip
    except IntegrityError:
        raise PostRefused from None
    return post_id


@operation
def end_post(*, post_id: UUID, by: Actor, now: datetime) -> None:
    """This function will end a post at once; its holder's next request is without it (撤销岗位)."""
    post = Post.objects.filter(id=post_id).first()
    if post is None:
        raise NotFound
    _at_home(by, post.organisation_id, "rights.manage")
    concerning(post_id=post_id, taken_from=post.user_id, role=post.role)
    if post.starts_at >= now:
        post.delete()
    elif post.ends_at is None or post.ends_at > now:
        Post.objects.filter(id=post_id).update(ends_at=now)


def _at_home(by: Actor, organisation_id: UUID, action: str) -> None:
    require(by, action)
    if by.kind != "system" and by.organisation_id != organisation_id:
        raise NotFound


def _add(model, now: datetime, **columns) -> UUID:
    key = new_id(now)
    concerning(id=key)
    try:
        with transaction.atomic():
            model.objects.create(id=key, **columns)
    except IntegrityError as wrong:
        if "_code" in str(wrong) or "_number" in str(wrong):
            raise AlreadyNamed from None
        raise
    return key
