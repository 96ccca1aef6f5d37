"""What care does when a room below announces something (随访反应). Done twice, each changes nothing."""

from datetime import datetime

from xinqiao.care.operations import (
    apply_life_event,
    bring_call_forward,
    close_alerts_of_dead,
    complete_step,
    enrol_patient,
    raise_alert,
    recall_patient,
    take_reply,
)
from xinqiao.care.queries import danger_code, step_of_subject
from xinqiao.kit.actor import Actor
from xinqiao.kit.events import reaction
from xinqiao.messaging.events import MessageFailed, ReplyReceived
from xinqiao.patients.events import PatientDied
from xinqiao.privacy.events import ConsentChanged
from xinqiao.privacy.queries import has_consent
from xinqiao.questionnaires.events import DangerAnswered, ResponseCompleted
from xinqiao.record.events import AdmissionCancelled, DischargeCancelled, PatientAdmitted, PatientDischarged
from xinqiao.worklist.events import ItemClosed
from xinqiao.worklist.queries import get_item, items_of


@reaction(PatientDischarged)
def start_follow_up(event: PatientDischarged, *, by: Actor, now: datetime) -> None:
    """This function will start the plans that a discharge calls for (出院后开始随访)."""
    enrol_patient(patient_id=event.patient_id, encounter_id=event.encounter_id, by=by, now=now)


@reaction(DischargeCancelled)
def withdraw_follow_up(event: DischargeCancelled, *, by: Actor, now: datetime) -> None:
    """This function will withdraw the plan of a discharge that was taken back (撤销出院随访)."""
    _apply(event, "discharge_cancelled", by, now)


@reaction(AdmissionCancelled)
def undo_admission(event: AdmissionCancelled, *, by: Actor, now: datetime) -> None:
    """This function will go on with what an admission had paused, and withdraw what its discharge began (取消入院)."""
    _apply(event, "readmission_cancelled", by, now)
    _apply(event, "discharge_cancelled", by, now)


@reaction(PatientAdmitted)
def pause_follow_up(event: PatientAdmitted, *, by: Actor, now: datetime) -> None:
    """This function will pause the plans of earlier discharges while the patient is in hospital (再入院暂停)."""
    _apply(event, "readmitted", by, now)


@reaction(PatientDied)
def stop_follow_up(event: PatientDied, *, by: Actor, now: datetime) -> None:
    """This function will stop everything about a patient who died (去世后终止)."""
    apply_life_event(patient_id=event.patient_id, event="died", by=by, now=now)
    close_alerts_of_dead(patient_id=event.patient_id, by=by, now=now)


@reaction(ConsentChanged)
def respect_consent(event: ConsentChanged, *, by: Actor, now: datetime) -> None:
    """This function will end the following of a patient who no longer consents to it (撤回同意)."""
    if event.purpose == "care" and not has_consent(event.patient_id, "care", viewer=by, now=now).ok:
        apply_life_event(patient_id=event.patient_id, event="consent_withdrawn", by=by, now=now)


@reaction(ResponseCompleted)
def finish_step(event: ResponseCompleted, *, by: Actor, now: datetime) -> None:
    """This function will finish the step that a response answers (答卷完成步骤)."""
    if step_of_subject(event.subject_id, viewer=by):
        complete_step(step_id=event.subject_id, response_id=event.response_id, by=by, now=now)


@reaction(DangerAnswered)
def alert_staff(event: DangerAnswered, *, by: Actor, now: datetime) -> None:
    """This function will raise an alert for an answer that must not wait (危险回答预警)."""
    step = step_of_subject(event.subject_id, viewer=by)
    raise_alert(
        patient_id=event.patient_id, level=event.level, subject_id=event.subject_id, evidence=event.response_id,
        code=danger_code(step.questionnaire if step else "form", viewer=by), by=by, now=now,
    )  # fmt: skip


@reaction(MessageFailed)
def call_instead(event: MessageFailed, *, by: Actor, now: datetime) -> None:
    """This function will have a patient called whom a message did not reach (消息未达转电话)."""
    if step := step_of_subject(event.subject_id, viewer=by):
        bring_call_forward(step_id=step.id, by=by, now=now)


@reaction(ReplyReceived)
def take_digits(event: ReplyReceived, *, by: Actor, now: datetime) -> None:
    """This function will take a reply by text message as the answer to a step's short question (数字作答)."""
    if step := step_of_subject(event.subject_id, viewer=by):
        take_reply(inbound_id=event.inbound_id, step_id=step.id, digits=event.digits, by=by, now=now)


@reaction(ItemClosed)
def call_again(event: ItemClosed, *, by: Actor, now: datetime) -> None:
    """This function will have a patient called again once a number works, and pause for a death heard of (恢复或暂停)."""
    row = get_item(event.item_id, viewer=by, now=now).row
    open_kinds = {one.kind for one in items_of(event.patient_id, viewer=by, now=now)}
    if row.outcome == "deceased" and "confirm_death" in open_kinds:
        apply_life_event(patient_id=event.patient_id, event="death_reported", by=by, now=now)
    elif row.kind == "contact_repair":
        recall_patient(patient_id=event.patient_id, by=by, now=now)


def _apply(event, name: str, by: Actor, now: datetime) -> None:
    apply_life_event(patient_id=event.patient_id, event=name, encounter_id=event.encounter_id, by=by, now=now)
