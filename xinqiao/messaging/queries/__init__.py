"""All that is only asked about messages (消息查询)."""

from xinqiao.messaging.queries.deciding import Case, decision_on
from xinqiao.messaging.queries.history import (
    MessageRow,
    ReplyRow,
    counts,
    get_intent,
    messages_of,
    read_replies_of,
    state_of,
    unknown_messages,
)
from xinqiao.messaging.queries.installation import (
    current_fingerprint,
    installation_state,
    is_this_installation,
)
from xinqiao.messaging.queries.queue import has_lost, lanes_due, owners
from xinqiao.messaging.queries.receivers import Addressee, addressee_of
from xinqiao.messaging.queries.templates import find_template

__all__ = [
    "Addressee",
    "Case",
    "MessageRow",
    "ReplyRow",
    "addressee_of",
    "counts",
    "current_fingerprint",
    "decision_on",
    "find_template",
    "get_intent",
    "has_lost",
    "installation_state",
    "is_this_installation",
    "lanes_due",
    "messages_of",
    "owners",
    "read_replies_of",
    "state_of",
    "unknown_messages",
]
