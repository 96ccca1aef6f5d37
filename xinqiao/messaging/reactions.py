"""What messaging does when a room below announces something (消息反应)."""

from datetime import datetime

from xinqiao.accounts.events import LoginCodeRequested
from xinqiao.kit.actor import Actor
from xinqiao.kit.events import reaction
from xinqiao.messaging.operations import cancel_messages_of, request_login_message
from xinqiao.patients.events import PatientDied


@reaction(LoginCodeRequested)
def send_login_code(event: LoginCodeRequested, *, by: Actor, now: datetime) -> None:
    """This function will have a login code sent to the number that asked for it (发送验证码)."""
    request_login_message(code_id=event.code_id, by=by, now=now)


@reaction(PatientDied)
def stop_messages(event: PatientDied, *, by: Actor, now: datetime) -> None:
    """This function will take back whatever was still to be sent to the dead (停止消息)."""
    cancel_messages_of(patient_id=event.patient_id, by=by, now=now)
