"""Who is on duty, and telling them of an alert until somebody answers (值班与逐级通知)."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from xinqiao.accounts.queries import require
from xinqiao.audit.operations import concerning, operation
from xinqiao.kit.actor import Actor
from xinqiao.kit.errors import NotFound, Refused
from xinqiao.kit.events import publish
from xinqiao.kit.ids import new_id
from xinqiao.worklist.events import DutyAlerted
from xinqiao.worklist.models import Duty, Item, Notice
from xinqiao.worklist.queries.duty import calls_due
from xinqiao.worklist.queries.items import find_in, workable_items
from xinqiao.worklist.rules import LADDER, role_of


class DutyOverlaps(Refused):
    """这个人在这段时间已经有排班，请改选人员或时间。"""


class BadDuty(Refused):
    """排班的结束时间要晚于开始时间，岗位要从责任护士、值班医生、科主任、总值班中选择。"""


class DutyOfficerApart(Refused):
    """总值班属于全院，不选科室；其他值班岗位请选择科室。"""


@operation
def set_duty(
    *, user_id: UUID, role: str, starts_at: datetime, ends_at: datetime, by: Actor, now: datetime,
    department_id: UUID | None = None, phone: str = "",
) -> UUID:  # fmt: skip
    """This function will put somebody on duty for a period, half-open (排班). 总值班 is the whole organisation's."""
    require(by, "task.work")
    if role not in LADDER or ends_at <= starts_at:
        raise BadDuty
    if (role == "duty_officer") is not (department_id is None):
        raise DutyOfficerApart
    duty_id = new_id(now)
    concerning(duty_id=duty_id, duty_user_id=user_id)
    try:
        with transaction.atomic():
            Duty.objects.create(
                id=duty_id, organisation_id=by.organisation_id, department_id=department_id, user_id=user_id,
                role=role, phone=phone.strip(), starts_at=starts_at, ends_at=ends_at,
            )  # fmt: skip
    except IntegrityError as clash:
        if "duty_one_place" not in str(clash):
            raise
        raise DutyOverlaps from None
    return duty_id


@operation
def tell_duty(*, item_id: UUID, by: Actor, now: datetime) -> list[UUID]:
    """This function will tell those on duty whose turn it is of an open alert (通知值班): the notices made.

    When nobody at all is on duty, one notice says so, that the workbench may show it to everyone.
    Told twice, nobody is told twice.
    """
    item = Item.objects.select_for_update().filter(id=item_id, state="open", acked_at=None).first()
    if item is None:
        return []
    concerning(item.patient_id, item_id=item.id)
    made = [
        Notice(
            id=new_id(now), organisation_id=item.organisation_id, patient_id=item.patient_id, item=item,
            user_id=call.user_id, rung=call.rung, channel=call.channel, told_at=now,
        )
        for call in calls_due([item], viewer=by, now=now)
    ]  # fmt: skip
    Notice.objects.bulk_create(made)
    publish(
        *(DutyAlerted(organisation_id=item.organisation_id, occurred_at=now, notice_id=n.id) for n in made),
        now=now,
    )
    return [notice.id for notice in made]


@operation
def acknowledge_alert(*, item_id: UUID, by: Actor, now: datetime) -> None:
    """This function will note that somebody has taken an alert up, so that it climbs no further (确认预警)."""
    require(by, "alert.handle")
    item = find_in(item_id, among=workable_items(viewer=by).select_for_update(of=("self",)), viewer=by)
    concerning(item.patient_id, item_id=item.id)
    if item.kind != "alert":
        raise NotFound("这条待办不是预警，不需要确认。")
    if item.acked_at is not None:
        return
    Notice.objects.filter(item=item, acked_at=None, user_id=by.user_id).update(acked_at=now)
    Item.objects.filter(id=item.id).update(
        acked_at=now, assignee_id=by.user_id or item.assignee_id, version=item.version + 1, changed_at=now,
        changed_by_id=by.user_id, changed_role=role_of(by),
    )  # fmt: skip
