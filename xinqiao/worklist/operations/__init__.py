"""All that changes the worklist: items, calls tried, duty and who is told (待办操作)."""

from xinqiao.worklist.operations.duty import acknowledge_alert, set_duty, tell_duty
from xinqiao.worklist.operations.items import (
    add_item,
    claim_item,
    close_item,
    postpone_item,
    record_attempt,
    withdraw_items,
    withdraw_items_of,
)

__all__ = [
    "acknowledge_alert",
    "add_item",
    "claim_item",
    "close_item",
    "postpone_item",
    "record_attempt",
    "set_duty",
    "tell_duty",
    "withdraw_items",
    "withdraw_items_of",
]
