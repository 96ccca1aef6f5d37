"""What becomes of a sending intent, and what its receipts, late or doubled, come to (发送意图与回执)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce

from xinqiao.kit.errors import Refused

# An attempt whose answer was lost is `unknown` and is asked about before anything is sent again.
TRANSITIONS = {
    "held": {"release": "ready", "refuse": "refused", "cancel": "cancelled"},
    "ready": {"claim": "attempting", "hold": "held", "refuse": "refused", "cancel": "cancelled"},
    "attempting": {
        "accept": "sent",
        "reject": "failed",
        "not_taken": "ready",
        "lose_answer": "unknown",
        "report_delivered": "delivered",
        "report_failed": "failed",
    },
    "unknown": {
        "found_accepted": "sent",
        "found_rejected": "failed",
        "found_absent": "ready",
        "give_up": "failed",
        "report_delivered": "delivered",
        "report_failed": "failed",
    },
    "sent": {"report_delivered": "delivered", "report_failed": "failed"},
    "delivered": {},
    "failed": {"report_delivered": "delivered"},
    "refused": {},
    "cancelled": {},
}
WORDS = {
    "held": "等待发送",
    "ready": "待发送",
    "attempting": "发送中",
    "unknown": "结果待查",
    "sent": "已发送",
    "delivered": "已送达",
    "failed": "发送失败",
    "refused": "不发送",
    "cancelled": "已取消",
}
WAITING = ("held", "ready")
LOST = ("attempting", "unknown")
OUT = ("attempting", "unknown", "sent", "delivered")
# A later word is stronger: a message that was read was delivered, whatever else is reported.
RECEIPTS = ("sent", "failed", "delivered", "read")
RECEIPT_WORDS = {"sent": "已发送", "failed": "未送达", "delivered": "已送达", "read": "已读"}


class BadMove(Refused):
    """这条消息现在不能这样处理，请刷新后再看。"""


@dataclass(frozen=True)
class Receipt:
    """What a provider reports of one message, and when by its own clock (回执)."""

    state: str
    at: datetime


def move(state: str, event: str) -> str:
    """Move a sending intent to its next state, or refuse (发送意图流转)."""
    if event not in TRANSITIONS[state]:
        raise BadMove(f"消息“{WORDS[state]}”，不能这样处理；请刷新后再看。")
    return TRANSITIONS[state][event]


def merge_receipts(receipts: Iterable[Receipt]) -> Receipt | None:
    """Fold receipts into one, the same whatever their order and however often they came (合并回执)."""
    return reduce(_stronger, receipts, None)


def _stronger(one: Receipt | None, other: Receipt) -> Receipt:
    if one is None or RECEIPTS.index(other.state) > RECEIPTS.index(one.state):
        return other
    if other.state == one.state:
        return min(one, other, key=lambda receipt: receipt.at)
    return one
