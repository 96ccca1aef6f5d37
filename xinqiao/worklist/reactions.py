"""What becomes work, or ceases to be, when a room below announces something (待办反应)."""

from datetime import datetime, timedelta

from xinqiao.kit.actor import Actor
from xinqiao.kit.events import reaction
from xinqiao.patients.events import ContactFailed, PatientDied
from xinqiao.worklist.operations import add_item, withdraw_items_of
from xinqiao.worklist.queries import latest_department

# An engineering default (◇): a number that reaches nobody is mended by the next day.
REPAIR_WITHIN = timedelta(days=1)


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
