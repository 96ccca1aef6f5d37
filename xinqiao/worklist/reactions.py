"""What becomes work, or ceases to be, when a room below announces something (待办反应)."""

from datetime import datetime, timedelta

from xinqiao.kit.actor import Actor
from xinqiao.kit.events import reaction
from xinqiao.messaging.events import ReplyReceived
from xinqiao.messaging.operations import request_staff_notice
from xinqiao.patients.events import ContactFailed, PatientDied
from xinqiao.worklist.events import DutyAlerted
from xinqiao.worklist.operations import add_item, withdraw_items_of
from xinqiao.worklist.queries import get_notice, is_alert, latest_department
from xinqiao.worklist.rules import RUNG_EVERY

# An engineering default (◇): a number that reaches nobody is mended by the next day.
REPAIR_WITHIN = timedelta(days=1)
# An engineering default (◇ 待临床复核): what a patient wrote back about an alert is read within two hours.
READ_WITHIN = timedelta(hours=2)


@reaction(ContactFailed)
def repair_contact(event: ContactFailed, *, by: Actor, now: datetime) -> None:
    """This function will ask for a number that works, of whoever had to do with the patient last (核实联系方式)."""
    add_item(
        patient_id=event.patient_id,
        kind="contact_repair",
        subject_id=event.contact_id,
        title="核实并更新联系方式",
        due_at=event.occurred_at + REPAIR_WITHIN,
        department_id=latest_department(event.patient_id, viewer=by),
        by=by,
        now=now,
    )


@reaction(PatientDied)
def stop_everything(event: PatientDied, *, by: Actor, now: datetime) -> None:
    """This function will take everything off the list that was to be done for the dead (停止全部待办)."""
    withdraw_items_of(patient_id=event.patient_id, reason="deceased", by=by, now=now)


@reaction(DutyAlerted)
def text_duty(event: DutyAlerted, *, by: Actor, now: datetime) -> None:
    """This function will text whoever is on duty that an alert waits, without a word of the patient (短信通知值班)."""
    notice = get_notice(event.notice_id, viewer=by, now=now)
    if notice.user_id and notice.phone:
        request_staff_notice(
            user_id=notice.user_id, phone=notice.phone, template="duty_alert",
            values={"minutes": str(int(RUNG_EVERY.total_seconds() // 60))}, subject_id=notice.item_id,
            key=f"duty:{event.notice_id}", by=by, now=now,
        )  # fmt: skip


@reaction(ReplyReceived)
def read_reply(event: ReplyReceived, *, by: Actor, now: datetime) -> None:
    """This function will have somebody read what a patient wrote back about an alert (待回复)."""
    if event.patient_id and event.subject_id and is_alert(event.subject_id, viewer=by):
        add_item(
            patient_id=event.patient_id, kind="reply", subject_id=event.subject_id, title="患者回复了预警短信，请看沟通记录",
            due_at=event.occurred_at + READ_WITHIN, by=by, now=now,
            department_id=latest_department(event.patient_id, viewer=by),
        )  # fmt: skip
