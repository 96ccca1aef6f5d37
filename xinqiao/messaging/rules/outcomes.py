"""What a channel answers to a sending or to a question, each a value of its own (渠道答复)."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Sent:
    """The provider took the message (已受理)."""

    provider_id: str = ""


@dataclass(frozen=True)
class Declined:
    """The provider will never take it (被拒收)."""

    code: str


@dataclass(frozen=True)
class Retry:
    """It certainly was not taken, and may be tried again after a while (稍后再试)."""

    code: str
    after: timedelta = timedelta(0)


@dataclass(frozen=True)
class Unsure:
    """Nobody knows whether it was taken: ask before sending again (不知是否受理)."""

    code: str


@dataclass(frozen=True)
class NotTried:
    """The worker came too late to its own lease and let go without calling (未尝试)."""


@dataclass(frozen=True)
class Found:
    """The provider knows the message by our key: sent, delivered or failed (查到)."""

    state: str
    code: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Absent:
    """The provider has no message of our key (查无)."""


@dataclass(frozen=True)
class Message:
    """One message as its channel is given it; `key` is ours and the provider's way to find it again (待发消息)."""

    key: str
    organisation: str
    to: str
    template: str
    signature: str
    subject: str
    body: str
    values: dict[str, str]
    attempted_at: datetime

    def __repr__(self) -> str:
        """Name the message without the person, for logs and tracebacks (不含个人信息的表示)."""
        return f"Message({self.key})"


@dataclass(frozen=True)
class ReceiptSaid:
    """What a provider pushed about one message of ours (推送的回执)."""

    key: str
    state: str
    code: str
    at: datetime
    provider_id: str = ""


@dataclass(frozen=True)
class ReplySaid:
    """What somebody typed back; `reference` is the provider's own number of it (上行短信)."""

    phone: str
    text: str
    at: datetime
    signature: str
    reference: str

    def __repr__(self) -> str:
        """Name the reply without the person (不含个人信息的表示)."""
        return f"ReplySaid({self.reference})"


class BadCallback(ValueError):
    """推送内容不是约定的 JSON 数组，未受理。"""
