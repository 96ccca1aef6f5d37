"""All that changes messages: asking for one, sending it, what is reported of it, what comes back (消息操作)."""

from xinqiao.messaging.operations.cancelling import cancel_messages, cancel_messages_of
from xinqiao.messaging.operations.claiming import Claimed, claim_due
from xinqiao.messaging.operations.receiving import receive_inbound, receive_receipts
from xinqiao.messaging.operations.recovering import (
    Lost,
    NotSettled,
    claim_lost,
    settle_answer,
    settle_unknown,
)
from xinqiao.messaging.operations.requesting import (
    NoTemplate,
    Requested,
    request_login_message,
    request_message,
    request_staff_notice,
)
from xinqiao.messaging.operations.settling import settle_attempt
from xinqiao.messaging.operations.unlocking import add_test_number, remove_test_number, unlock_installation

__all__ = [
    "Claimed",
    "Lost",
    "NoTemplate",
    "NotSettled",
    "Requested",
    "add_test_number",
    "cancel_messages",
    "cancel_messages_of",
    "claim_due",
    "claim_lost",
    "receive_inbound",
    "receive_receipts",
    "remove_test_number",
    "request_login_message",
    "request_message",
    "request_staff_notice",
    "settle_answer",
    "settle_attempt",
    "settle_unknown",
    "unlock_installation",
]
