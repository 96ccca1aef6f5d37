"""Sending opened, and messages, for the tests of the rooms above (测试消息)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from xinqiao.directory.operations import set_sending
from xinqiao.kit.actor import Actor
from xinqiao.kit.ids import new_id
from xinqiao.messaging.operations import Requested, request_message, unlock_installation


def open_sending(*, by: Actor, now: datetime) -> None:
    """This function will let the test installation send for the actor's organisation (开放发送)."""
    unlock_installation(by=by, now=now)
    set_sending(organisation_id=by.organisation_id, sending="open", by=by, now=now)


def make_message(*, patient_id: UUID, by: Actor, now: datetime, **more) -> Requested:
    """This function will ask for one neutral text message; `more` as for `request_message` (新建消息)."""
    plain: dict[str, Any] = {"template": "followup_digits", "values": {}, "subject_id": new_id(now)}
    asked = plain | more
    return request_message(
        patient_id=patient_id, by=by, now=now, **({"key": f"test:{asked['subject_id']}"} | asked)
    )
