"""From a message to what it says (报文释义); no database and no clock."""

from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Any

from .messages import MESSAGES
from .parse import Message, parse
from .pieces import Reading
from .reasons import Rejected
from .said import Said
from .times import read_instant


def read(raw: bytes, *, zone: tzinfo) -> tuple[Said, ...]:
    """Read the bytes of one message: one Said per patient (报文释义).

    `zone` is the source's, for times without offset. Raises Unreadable or Rejected with a reason code, nothing
    else. A message that is not for us is one Said of kind "ignored".
    """
    return read_message(parse(raw), zone=zone)


def read_message(message: Message, *, zone: tzinfo) -> tuple[Said, ...]:
    """Read a parsed message (报文释义); see `read`."""
    msh = message.header
    kind, trigger = msh.value(9, 1).strip().upper(), msh.value(9, 2).strip().upper()
    if not kind:
        raise Rejected("no_message_type")
    reading = Reading(message, zone, list(message.notes))
    reader = MESSAGES.find(f"{kind}^{trigger}")
    ignored = Said("ignored", f"{kind}^{trigger}", reason="not_for_us")
    said = reader(reading, trigger) if reader else (ignored,)
    recorded = _instant(reading, "EVN", 2) or _instant(reading, "MSH", 7)
    if recorded is None:
        reading.note("no_event_time")
    header: dict[str, Any] = {
        "control_id": msh.value(10).strip(),
        "sending_app": msh.value(3),
        "recorded_at": recorded,
        "event_at": _instant(reading, "EVN", 6) or recorded,
        "notes": tuple(reading.notes),
    }
    return tuple(replace(one, **header) for one in said)


def _instant(reading: Reading, name: str, number: int) -> datetime | None:
    segment = reading.message.segment(name)
    text = segment.value(number) if segment else ""
    at = read_instant(text, reading.zone) if text else None
    if text and at is None:
        reading.note("bad_time")
    return at
