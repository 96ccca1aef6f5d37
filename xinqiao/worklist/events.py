"""What the worklist announces (待办事件)."""

from dataclasses import dataclass
from uuid import UUID

from xinqiao.kit.events import Event


@dataclass(frozen=True, kw_only=True)
class ItemClosed(Event):
    """Somebody finished a work item with an outcome (待办完成)."""

    item_id: UUID
    patient_id: UUID
    subject_id: UUID


@dataclass(frozen=True, kw_only=True)
class DutyAlerted(Event):
    """Somebody on duty, or nobody, was to be told of an alert (已通知值班人员)."""

    notice_id: UUID
