"""The list of what must be done: today's, one item, its numbers (待办查询)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from xinqiao.accounts.queries import names as staff_names
from xinqiao.accounts.queries import require
from xinqiao.accounts.rules import ROLES
from xinqiao.directory.queries import department_names, get_organisation
from xinqiao.kit.actor import Actor
from xinqiao.kit.crypto import unseal
from xinqiao.kit.errors import NotFound
from xinqiao.patients.queries import can_read
from xinqiao.patients.queries import names as patient_names
from xinqiao.worklist.models import Attempt, Item, Notice
from xinqiao.worklist.rules import KINDS, OUTCOMES

NOTE = "worklist.attempt"
ORDER = ("rank", "due_at", "id")


@dataclass(frozen=True, slots=True)
class Filters:
    """What of today's list is wanted (筛选)."""

    kinds: Collection[str] = ()
    department_id: UUID | None = None
    mine: bool = False
    late: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list (待办行). The name is empty when the viewer may not read the patient."""

    id: UUID
    patient_id: UUID
    patient_name: str
    kind: str
    kind_word: str
    subject_id: UUID
    level: int
    title: str
    department_id: UUID | None
    department: str
    assignee_id: UUID | None
    assignee: str
    open_at: datetime
    due_at: datetime
    next_at: datetime | None
    acked_at: datetime | None
    attempts: int
    is_late: bool
    state: str
    outcome: str
    version: int


@dataclass(frozen=True, slots=True)
class Try:
    """One call that was tried (联系尝试)."""

    at: datetime
    outcome: str
    word: str
    next_at: datetime | None
    note: str
    by: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One item with everything that was tried, the latest first (待办详情)."""

    row: Row
    tries: tuple[Try, ...]
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers above the list (今日计数): 今日任务, 已完成, 预警, 逾期, 待回复."""

    today: int
    done: int
    alerts: int
    late: int
    replies: int


def workable_items(*, viewer: Actor) -> QuerySet[Item]:
    """This function will give the items a viewer may work on, of any state (可处理的待办).

    As far as his right reaches; beside these his own, the alerts of which he was told on duty, and those that
    found nobody on duty at all: they are everybody's.
    """
    reach = require(viewer, "task.work").reach
    items = Item.objects.filter(organisation_id=viewer.organisation_id)
    if reach == "organisation":
        return items
    told = Notice.objects.filter(Q(user_id=viewer.user_id) | Q(user_id=None), item=OuterRef("id"))
    return items.filter(
        Q(department_id__in=list(viewer.department_ids)) | Q(assignee_id=viewer.user_id) | Exists(told)
    )


def today(
    *,
    viewer: Actor,
    now: datetime,
    filters: Filters | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Row]:
    """This function will list what is to be done today, gravest first, then the latest (今日待办).

    `after` is the last item of the page before. A constant number of queries, however many rows.
    """
    items = _listed(workable_items(viewer=viewer), viewer, now)
    items = _beyond(_filtered(items, filters or Filters(), viewer, now), after, viewer)
    return _rows(list(items.order_by(*ORDER)[:limit]), viewer, now)


def counts(*, viewer: Actor, now: datetime, filters: Filters | None = None) -> Counts:
    """This function will count what stands above today's list, in one query (今日计数)."""
    items = workable_items(viewer=viewer)
    begins, ends = _day(viewer, now)
    listed, late = _listed_now(now, ends), Q(due_at__lt=now)
    found = _filtered(items, filters or Filters(), viewer, now).aggregate(
        today=Count("id", filter=listed),
        done=Count("id", filter=Q(state="done", done_at__gte=begins, done_at__lt=ends)),
        alerts=Count("id", filter=Q(state="open", kind="alert")),
        late=Count("id", filter=listed & late),
        replies=Count("id", filter=listed & Q(kind="reply")),
    )
    return Counts(**found)


def get_item(item_id: UUID, *, viewer: Actor, now: datetime) -> Sheet:
    """This function will give one item with all that was tried (待办详情)."""
    item = find_in(item_id, among=workable_items(viewer=viewer), viewer=viewer)
    tries = list(Attempt.objects.filter(item=item).order_by("-at", "-id"))
    people = staff_names({each.by_id for each in tries if each.by_id}, viewer=viewer)
    told = tuple(
        Try(
            each.at,
            each.outcome,
            OUTCOMES[each.outcome].word,
            each.next_at,
            unseal(item.patient_id, each.note_sealed, NOTE) if each.note_sealed else "",
            people.get(each.by_id, ""),
        )
        for each in tries
    )
    return Sheet(_rows([item], viewer, now)[0], told, item.changed_at, who_changed(item, viewer=viewer))


def items_of(patient_id: UUID, *, viewer: Actor, now: datetime) -> list[Row]:
    """This function will list a patient's open items for whoever may read the patient (患者的待办)."""
    if not can_read(patient_id, viewer=viewer, now=now):
        return []
    items = Item.objects.filter(state="open", patient_id=patient_id, organisation_id=viewer.organisation_id)
    return _rows(list(items.order_by(*ORDER)), viewer, now)


def find_in(item_id: UUID, *, among: QuerySet[Item], viewer: Actor) -> Item:
    """This function will give one item among those that the viewer may work on, or refuse (取待办)."""
    item = among.filter(id=item_id).first()
    if item is None:
        raise NotFound("没有这条待办，或它不归您处理。")
    return item


def who_changed(item: Item, *, viewer: Actor) -> str:
    """This function will name who changed an item last, as in 陈静护士 (最近修改人)."""
    name = (
        staff_names([item.changed_by_id], viewer=viewer).get(item.changed_by_id) if item.changed_by_id else ""
    )
    return f"{name}{ROLES.get(item.changed_role, '')}" if name else "系统"


def latest_department(patient_id: UUID, *, viewer: Actor) -> UUID | None:
    """This function will name the department that last had something to do for a patient (最近负责科室)."""
    items = Item.objects.filter(
        patient_id=patient_id, organisation_id=viewer.organisation_id, department__isnull=False
    )
    return items.order_by("-open_at", "-id").values_list("department_id", flat=True).first()


def is_alert(subject_id: UUID, *, viewer: Actor) -> bool:
    """This function will say whether a subject is an alert that came onto the list (是否预警)."""
    items = Item.objects.filter(organisation_id=viewer.organisation_id, kind="alert", subject_id=subject_id)
    return items.exists()


def zone_of(*, viewer: Actor) -> ZoneInfo:
    """This function will give the time zone by which the viewer's organisation lives (机构时区)."""
    return ZoneInfo(get_organisation(viewer.organisation_id).zone)


def _listed(items: QuerySet[Item], viewer: Actor, now: datetime) -> QuerySet[Item]:
    return items.filter(_listed_now(now, _day(viewer, now)[1]))


def _listed_now(now: datetime, tomorrow: datetime) -> Q:
    return Q(state="open", open_at__lte=now) & (Q(next_at=None) | Q(next_at__lt=tomorrow))


def _day(viewer: Actor, now: datetime) -> tuple[datetime, datetime]:
    zone = zone_of(viewer=viewer)
    day = now.astimezone(zone).date()
    return datetime.combine(day, time(), zone), datetime.combine(day + timedelta(1), time(), zone)


def _filtered(items: QuerySet[Item], filters: Filters, viewer: Actor, now: datetime) -> QuerySet[Item]:
    if filters.kinds:
        items = items.filter(kind__in=list(filters.kinds))
    if filters.department_id:
        items = items.filter(department_id=filters.department_id)
    if filters.mine:
        items = items.filter(assignee_id=viewer.user_id)
    return items.filter(due_at__lt=now) if filters.late else items


def _beyond(items: QuerySet[Item], after: UUID | None, viewer: Actor) -> QuerySet[Item]:
    last = workable_items(viewer=viewer).filter(id=after).first() if after else None
    if last is None:
        return items
    later = Q(due_at__gt=last.due_at) | Q(due_at=last.due_at, id__gt=last.id)
    return items.filter(Q(rank__gt=last.rank) | (Q(rank=last.rank) & later))


def _rows(items: list[Item], viewer: Actor, now: datetime) -> list[Row]:
    patients = patient_names({item.patient_id for item in items}, viewer=viewer, now=now)
    places = department_names({item.department_id for item in items if item.department_id}, viewer)
    people = staff_names({item.assignee_id for item in items if item.assignee_id}, viewer=viewer)
    return [
        Row(
            id=item.id, patient_id=item.patient_id, patient_name=patients.get(item.patient_id, ""),
            kind=item.kind, kind_word=KINDS.get(item.kind, "待办"), subject_id=item.subject_id,
            level=item.level, title=item.title, department_id=item.department_id,
            department=places.get(item.department_id, ""), assignee_id=item.assignee_id,
            assignee=people.get(item.assignee_id, ""), open_at=item.open_at, due_at=item.due_at,
            next_at=item.next_at, acked_at=item.acked_at, attempts=item.attempts,
            is_late=item.state == "open" and item.due_at < now, state=item.state, outcome=item.outcome,
            version=item.version,
        )
        for item in items
    ]  # fmt: skip
