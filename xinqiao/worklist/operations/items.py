"""Adding, trying, postponing, finishing and withdrawing what must be done (待办增改)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F

from xinqiao.audit.operations import concerning, operation
from xinqiao.kit.actor import Actor
from xinqiao.kit.crypto import seal
from xinqiao.kit.errors import Conflict
from xinqiao.kit.events import publish
from xinqiao.kit.ids import new_id
from xinqiao.worklist.events import ItemClosed
from xinqiao.worklist.models import Attempt, Item
from xinqiao.worklist.queries.items import NOTE, find_in, who_changed, workable_items, zone_of
from xinqiao.worklist.rules import (
    BadOutcome,
    graver,
    move,
    next_attempt_at,
    outcome_needed,
    outcome_of,
    role_of,
)

# An engineering default (◇ 待临床复核): a death heard of is confirmed by the next day.
CONFIRM_WITHIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Attempted:
    """What became of the item after one call (一次通话的结果): `follows` names what must follow."""

    attempt_id: UUID
    state: str
    next_at: datetime | None
    follows: tuple[str, ...]


@operation
def add_item(
    *, patient_id: UUID, kind: str, subject_id: UUID, title: str, due_at: datetime, by: Actor, now: datetime,
    level: int = 0, department_id: UUID | None = None, assignee_id: UUID | None = None,
    open_at: datetime | None = None,
) -> UUID:  # fmt: skip
    """This function will put something onto the list, or find that it is there already (新增待办).

    While an item of this kind and subject is open there is one; asked again it takes the graver level and the
    earlier due time, and one put off until after it is back on the list. `title` tells nothing of the patient.
    """
    fresh = Item(
        id=new_id(now), organisation_id=by.organisation_id, patient_id=patient_id, kind=kind,
        subject_id=subject_id, title=title, level=level, department_id=department_id, assignee_id=assignee_id,
        open_at=open_at or now, due_at=due_at, changed_at=now, changed_by_id=by.user_id, changed_role=role_of(by),
    )  # fmt: skip
    item = _put(fresh)
    concerning(item_id=item.id)
    worse, sooner = graver(item.level, level), min(item.due_at, due_at)
    again = item.next_at if item.next_at and item.next_at <= due_at else None
    if (worse, sooner, again) != (item.level, item.due_at, item.next_at):
        _change(item, by, now, level=worse, due_at=sooner, next_at=again)
    return item.id


@operation
def claim_item(*, item_id: UUID, by: Actor, now: datetime, version: int | None = None) -> None:
    """This function will put the one who acts down as the one who does it (领取待办)."""
    item = _open_item(item_id, by, now, version)
    move(item.state, "postpone")
    _change(item, by, now, assignee_id=by.user_id)


@operation
def postpone_item(
    *, item_id: UUID, next_at: datetime, by: Actor, now: datetime, version: int | None = None
) -> None:
    """This function will put an item off until a time that is still to come (改期)."""
    item = _open_item(item_id, by, now, version)
    if next_at <= now:
        raise BadOutcome("改期的时间要晚于现在，请重新选择。")
    move(item.state, "postpone")
    _change(item, by, now, next_at=next_at)


@operation
def close_item(*, item_id: UUID, outcome: str, by: Actor, now: datetime, version: int | None = None) -> None:
    """This function will finish an item with its outcome; an alert needs a disposition (完成待办)."""
    _finish(_open_item(item_id, by, now, version), outcome, by, now)


@operation
def withdraw_items(
    *, subject_ids: Iterable[UUID], by: Actor, now: datetime, reason: str = "withdrawn"
) -> int:
    """This function will take open items of these subjects off the list, and say how many (撤销待办)."""
    return _withdraw(Item.objects.filter(subject_id__in=list(subject_ids)), reason, by, now)


@operation
def withdraw_items_of(*, patient_id: UUID, reason: str, by: Actor, now: datetime) -> int:
    """This function will take all open items of a patient off the list, and say how many (撤销患者全部待办)."""
    return _withdraw(Item.objects.filter(patient_id=patient_id), reason, by, now)


@operation
def record_attempt(
    *, item_id: UUID, outcome: str, by: Actor, now: datetime, next_at: datetime | None = None, note: str = "",
    version: int | None = None,
) -> Attempted:  # fmt: skip
    """This function will note one call and its outcome, and finish the item or set when to call again (记录通话).

    Without a time given, one that was not answered is tried on a later day in a part of the day not tried yet.
    """
    item = _open_item(item_id, by, now, version)
    chosen = outcome_of(outcome, next_at, now)
    again = None
    if chosen.item == "postpone":
        tried = [*Attempt.objects.filter(item=item).values_list("at", flat=True), now]
        again = next_at or next_attempt_at(tried, now, zone_of(viewer=by))
    attempt = Attempt.objects.create(
        id=new_id(now), organisation_id=item.organisation_id, patient_id=item.patient_id, item=item, at=now,
        outcome=outcome, next_at=again, by_id=by.user_id,
        note_sealed=seal(item.patient_id, note.strip(), NOTE) if note.strip() else None,
    )  # fmt: skip
    if chosen.item == "finish":
        _finish(item, outcome, by, now, attempts=item.attempts + 1)
    else:
        move(item.state, "postpone")
        _change(item, by, now, next_at=again, attempts=item.attempts + 1)
    return Attempted(attempt.id, item.state, again, chosen.follows)


def _put(fresh: Item) -> Item:
    """The one open item about this subject, locked; when another finished it meanwhile, ours is put again."""
    standing = Item.objects.filter(kind=fresh.kind, subject_id=fresh.subject_id, state="open")
    for _ in range(3):
        Item.objects.bulk_create([fresh], ignore_conflicts=True)
        if item := standing.select_for_update().first():
            return item
    raise Conflict


def _open_item(item_id: UUID, by: Actor, now: datetime, version: int | None) -> Item:
    item = find_in(item_id, among=workable_items(viewer=by).select_for_update(of=("self",)), viewer=by)
    concerning(item.patient_id, item_id=item.id)
    if version is not None and version != item.version:
        raise Conflict(
            f"{who_changed(item, viewer=by)}刚刚修改过这条记录，请核对后再保存。", version=item.version
        )
    return item


def _finish(item: Item, outcome: str, by: Actor, now: datetime, **more: object) -> None:
    """Whatever the work was about: a death heard of is never the end of it, somebody must confirm it."""
    state = move(item.state, "finish")
    outcome_needed(item.kind, outcome)
    _change(item, by, now, state=state, outcome=outcome, done_at=now, next_at=None, **more)
    if outcome == "deceased" and item.kind != "confirm_death":
        add_item(
            patient_id=item.patient_id, kind="confirm_death", subject_id=item.patient_id, title="核实去世",
            due_at=now + CONFIRM_WITHIN, department_id=item.department_id, by=by, now=now,
        )  # fmt: skip
    publish(
        ItemClosed(
            organisation_id=item.organisation_id,
            occurred_at=now,
            item_id=item.id,
            patient_id=item.patient_id,
            subject_id=item.subject_id,
        ),
        now=now,
    )


def _withdraw(items, reason: str, by: Actor, now: datetime) -> int:
    found = list(
        items.filter(state="open", organisation_id=by.organisation_id).select_for_update().order_by("id")
    )
    concerning(*(item.patient_id for item in found), item_ids=[item.id for item in found])
    Item.objects.filter(id__in=[item.id for item in found]).update(
        state=move("open", "withdraw"), outcome=reason, done_at=now, next_at=None, version=F("version") + 1,
        changed_at=now, changed_by_id=by.user_id, changed_role=role_of(by),
    )  # fmt: skip
    return len(found)


def _change(item: Item, by: Actor, now: datetime, **columns: object) -> None:
    columns |= {
        "version": item.version + 1,
        "changed_at": now,
        "changed_by_id": by.user_id,
        "changed_role": role_of(by),
    }
    Item.objects.filter(id=item.id).update(**columns)
    for column, value in columns.items():
        setattr(item, column, value)
