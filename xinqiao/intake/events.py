"""What the intake announces (接收事件)."""

from dataclasses import dataclass
from uuid import UUID

from xinqiao.kit.events import Event


@dataclass(frozen=True, kw_only=True)
class ControlIdReused(Event):
    """A source sent another body under a message id that it had used before (消息号冲突)."""

    source_id: UUID
    inbox_id: UUID


@dataclass(frozen=True, kw_only=True)
class MessageQuarantined(Event):
    """A message could not be applied and waits for a person (报文进入异常区)."""

    source_id: UUID
    inbox_id: UUID
    reason: str
