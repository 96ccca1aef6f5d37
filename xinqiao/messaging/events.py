"""What messaging announces (消息事件)."""

from dataclasses import dataclass
from uuid import UUID

from xinqiao.kit.events import Event


@dataclass(frozen=True, kw_only=True)
class MessageFailed(Event):
    """A message could not be sent, or did not arrive (消息未送达)."""

    intent_id: UUID
    patient_id: UUID | None = None
    subject_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class MessageUnconfirmed(Event):
    """Nobody can say whether a message left, so it is not sent again: a person decides (消息结果未知)."""

    intent_id: UUID
    patient_id: UUID | None = None
    subject_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class ReplyReceived(Event):
    """Somebody answered by text message; `digits` is "" where words need a person (收到短信回复)."""

    inbound_id: UUID
    patient_id: UUID | None = None
    subject_id: UUID | None = None
    digits: str = ""
