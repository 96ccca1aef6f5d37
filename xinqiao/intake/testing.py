"""Sources and messages for the tests of this room and those above (测试用来源与报文)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from xinqiao.intake.operations import save_source, store_messages
from xinqiao.intake.queries import order_key
from xinqiao.intake.rules import Incoming
from xinqiao.kit.actor import Actor


def make_source(*, by: Actor, now: datetime, code: str = "his", kind: str = "hl7v2", **more: Any) -> UUID:
    """This function will make a source of the actor's organisation (造一个来源)."""
    return save_source(code=code, name=f"来源 {code}", kind=kind, by=by, now=now, **more)


def make_message(
    *,
    source_id: UUID,
    by: Actor,
    now: datetime,
    control_id: str = "",
    body: bytes = b"MSH|",
    patient: str = "",
) -> UUID:
    """This function will store one message, of the patient with this identifier if given (造一条报文)."""
    key = order_key(by.organisation_id, patient, viewer=by) if patient else None
    incoming = Incoming(body=body, control_id=control_id, kind="ADT^A01", event_at=now, order_key=key)
    return store_messages(source_id=source_id, messages=[incoming], by=by, now=now)[0].inbox_id
