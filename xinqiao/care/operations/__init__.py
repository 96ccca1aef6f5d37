"""All that changes the following of patients: enrolments, steps, calls, replies, alerts (随访操作)."""

from xinqiao.care.operations.alerting import (
    ack_alert,
    close_alerts_of_dead,
    contact_alert,
    raise_alert,
    resolve_alert,
    review_alert,
)
from xinqiao.care.operations.backfilling import approve_backfill, propose_backfill
from xinqiao.care.operations.calling import (
    AnswersIncomplete,
    Called,
    DispositionNeeded,
    confirm_death,
    record_call,
)
from xinqiao.care.operations.enrolling import apply_life_event, enrol_patient
from xinqiao.care.operations.load import load_history
from xinqiao.care.operations.publishing import PublishedAlready, publish_pathways
from xinqiao.care.operations.replying import take_reply
from xinqiao.care.operations.stepping import advance_due, bring_call_forward, complete_step, recall_patient

__all__ = [
    "AnswersIncomplete",
    "Called",
    "DispositionNeeded",
    "PublishedAlready",
    "ack_alert",
    "advance_due",
    "apply_life_event",
    "approve_backfill",
    "bring_call_forward",
    "close_alerts_of_dead",
    "complete_step",
    "confirm_death",
    "contact_alert",
    "enrol_patient",
    "load_history",
    "propose_backfill",
    "publish_pathways",
    "raise_alert",
    "recall_patient",
    "record_call",
    "resolve_alert",
    "review_alert",
    "take_reply",
]
