"""Who is on duty, and who must be told of which alert by now (值班查询)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from xinqiao.accounts.queries import names as staff_names
from xinqiao.accounts.queries import require
from xinqiao.kit.actor import Actor
from xinqiao.kit.errors import NotFound
from xinqiao.worklist.models import Duty, Item, Notice
from xinqiao.worklist.rules import LADDER, RUNGS, notice_text, rungs_to_tell


@dataclass(frozen=True, slots=True)
class OnDuty:
    """One person on duty (值班人员)."""

    user_id: UUID
    name: str
    role: str
    word: str
    phone: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Call:
    """One person to be told of one alert; nobody when nobody is on duty (应通知)."""

    item_id: UUID
    user_id: UUID | None
    rung: str
    channel: str


@dataclass(frozen=True, slots=True)
class Told:
    """One notice as it goes out (通知): by which channel, to which number, in words without the patient."""

    id: UUID
    item_id: UUID
    user_id: UUID | None
    name: str
    rung: str
    word: str
    channel: str
    phone: str
    text: str
    told_at: datetime
    acked_at: datetime | None


def on_duty(department_id: UUID | None, *, viewer: Actor, now: datetime) -> list[OnDuty]:
    """This function will list who is on duty for a department, by the ladder, ending at 总值班 (在岗值班)."""
    duties = sorted(_duties([department_id], viewer, now), key=lambda duty: RUNGS.index(duty.role))
    people = staff_names({duty.user_id for duty in duties}, viewer=viewer)
    return [
        OnDuty(
            duty.user_id, people.get(duty.user_id, ""), duty.role, LADDER[duty.role], duty.phone, duty.ends_at
        )
        for duty in duties
    ]


def alerts_to_tell(*, viewer: Actor, now: datetime) -> list[UUID]:
    """This function will list the alerts of which somebody must be told now, in three queries (待通知的预警)."""
    waiting = Item.objects.filter(
        organisation_id=viewer.organisation_id, kind="alert", state="open", acked_at=None, open_at__lte=now
    )
    calls = calls_due(list(waiting.order_by("rank", "open_at", "id")), viewer=viewer, now=now)
    return list(dict.fromkeys(call.item_id for call in calls))


def calls_due(items: Collection[Item], *, viewer: Actor, now: datetime) -> list[Call]:
    """This function will work out who must be told of these alerts and was not yet (应通知的人员)."""
    told = set(Notice.objects.filter(item__in=items).values_list("item_id", "rung", "user_id"))
    duties = _duties({item.department_id for item in items}, viewer, now)
    due = [call for item in items for call in _calls(item, duties, now)]
    return [call for call in due if (call.item_id, call.rung, call.user_id) not in told]


def notices_of(item_id: UUID, *, viewer: Actor, now: datetime) -> list[Told]:
    """This function will list who was told of an alert, when, and who answered (通知记录)."""
    require(viewer, "task.work")
    notices = Notice.objects.filter(item_id=item_id, organisation_id=viewer.organisation_id)
    return _told(list(notices.select_related("item").order_by("told_at", "id")), viewer, now)


def get_notice(notice_id: UUID, *, viewer: Actor, now: datetime) -> Told:
    """This function will give one notice with the words that go out, which tell nothing of the patient (通知内容)."""
    require(viewer, "task.work")
    notices = Notice.objects.filter(id=notice_id, organisation_id=viewer.organisation_id)
    found = _told(list(notices.select_related("item")), viewer, now)
    if not found:
        raise NotFound
    return found[0]


def _duties(departments: Iterable[UUID | None], viewer: Actor, now: datetime) -> list[Duty]:
    places = [department for department in departments if department]
    here = Q(department=None) | Q(department_id__in=places)
    current = Q(starts_at__lte=now, ends_at__gt=now, organisation_id=viewer.organisation_id)
    return list(Duty.objects.filter(here, current).order_by("starts_at", "id"))


def _calls(item: Item, duties: list[Duty], now: datetime) -> list[Call]:
    ours = [duty for duty in duties if duty.department_id in (None, item.department_id)]
    if not ours:
        return [Call(item.id, None, RUNGS[-1], "workbench")]
    rungs = rungs_to_tell(item.level, item.open_at, now, {duty.role for duty in ours})
    return [
        Call(item.id, duty.user_id, rung, "sms" if duty.phone else "workbench")
        for rung in rungs
        for duty in ours
        if duty.role == rung
    ]


def _told(notices: list[Notice], viewer: Actor, now: datetime) -> list[Told]:
    people = staff_names({notice.user_id for notice in notices if notice.user_id}, viewer=viewer)
    phones: dict[UUID | None, str] = {
        duty.user_id: duty.phone for duty in _duties({n.item.department_id for n in notices}, viewer, now)
    }
    return [
        Told(
            notice.id,
            notice.item_id,
            notice.user_id,
            people.get(notice.user_id, "无人值班"),
            notice.rung,
            LADDER[notice.rung],
            notice.channel,
            phones.get(notice.user_id, ""),
            notice_text(notice.item.level),
            notice.told_at,
            notice.acked_at,
        )
        for notice in notices
    ]
