"""The channels by which messages leave (渠道): one folder each, found by the registry."""

from collections.abc import Callable
from datetime import datetime

from xinqiao.kit.registry import Registry
from xinqiao.messaging.rules.outcomes import (
    Absent,
    BadCallback,
    Declined,
    Found,
    Message,
    ReceiptSaid,
    ReplySaid,
    Retry,
    Sent,
    Unsure,
)

Guard = Callable[[], None]


class Channel:
    """What a channel can do (渠道).

    `send` calls `guard` just before the message goes onto the wire; the guard raises when the worker comes too late.
    A channel without `has_query` is never asked, and what it lost is shown to staff.
    """

    code = title = contact_kind = ""
    has_query = False

    def send(self, message: Message, *, now: datetime, guard: Guard) -> Sent | Declined | Retry | Unsure:
        """This function will send one message (发送)."""
        raise NotImplementedError

    def query(self, key: str, to: str, attempted_at: datetime, *, now: datetime) -> Found | Absent | Retry:
        """This function will ask the provider for a message by our own key (反查)."""
        return Retry("no_query")

    def is_caller(self, word: str) -> bool:
        """This function will say whether a callback knows the agreed secret word; by default nobody does (核对口令)."""
        return False

    def parse_receipts(self, body: bytes) -> list[ReceiptSaid]:
        """This function will read what the provider pushes about messages, or raise BadCallback (识读回执)."""
        raise BadCallback(BadCallback.__doc__)

    def parse_replies(self, body: bytes) -> list[ReplySaid]:
        """This function will read what the provider pushes of replies, or raise BadCallback (识读上行)."""
        raise BadCallback(BadCallback.__doc__)


CHANNELS: Registry[Channel] = Registry("channel", "xinqiao.messaging.channels")
