"""Work items and duties for the tests of the rooms above (测试待办与值班)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from xinqiao.kit.actor import Actor
from xinqiao.kit.ids import new_id
from xinqiao.worklist.operations import add_item, set_duty


def make_item(*, patient_id: UUID, by: Actor, now: datetime, **more) -> UUID:
    """This function will put one follow-up call onto the list; `more` as for `add_item` (新建待办)."""
    plain: dict[str, Any] = {
        "kind": "follow_up_call",
        "subject_id": new_id(now),
        "title": "出院后第1天随访",
        "due_at": now + timedelta(hours=4),
    }
    return add_item(patient_id=patient_id, by=by, now=now, **plain | more)


def make_duty(*, user_id: UUID, role: str, by: Actor, now: datetime, **more) -> UUID:
    """This function will put somebody on duty for the day around now (新建值班)."""
    day = {"starts_at": now - timedelta(hours=8), "ends_at": now + timedelta(hours=16)}
    return set_duty(user_id=user_id, role=role, by=by, now=now, **day | more)
