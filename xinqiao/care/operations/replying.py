"""What a patient says by a single digit, and what is answered (数字回复)."""

from datetime import datetime, timedelta
from uuid import UUID

from xinqiao.audit.operations import concerning, operation
from xinqiao.care.models import Step
from xinqiao.care.operations.planning import Steps
from xinqiao.care.operations.stepping import bring_call_forward
from xinqiao.care.rules.states import OPEN_STEPS
from xinqiao.kit.actor import Actor
from xinqiao.messaging.operations import request_message
from xinqiao.worklist.operations import add_item

ALL_WELL, CALL_ME = "1", "2"
THANKS, UNCLEAR = "digits_thanks_sms", "digits_unclear_sms"
# An engineering default (◇ 待临床复核): who asks to be called is called within two hours.
CALL_WITHIN = timedelta(hours=2)
REPLIED = "患者回复了短信，请看沟通记录后联系"


@operation
def take_reply(*, inbound_id: UUID, step_id: UUID, digits: str, by: Actor, now: datetime) -> str:
    """This function will take a digit as the answer to a step's short question, and thank for it (数字作答).

    1 is all well; 2, or what nobody can read, has the patient called soon, also when the step is over. A digit
    alone does not finish a step: that needs a structured result. What nobody can read is answered once a day: a
    telephone may answer by itself.
    """
    step = Step.objects.select_for_update().filter(id=step_id).first()
    if step is None:
        return ""
    concerning(step.patient_id, step_id=step.id, inbound_id=inbound_id)
    is_read = digits in (ALL_WELL, CALL_ME)
    if is_read:
        step.digits = digits
        Steps.keep(step, now)
    if digits != ALL_WELL:
        _call_soon(step, by, now)
    template = THANKS if is_read else UNCLEAR
    request_message(
        patient_id=step.patient_id, template=template, channels=["sms"], subject_id=step.id, values={}, purpose="care",
        key=f"care:reply:{inbound_id if is_read else f'{step.id}:{now:%Y%m%d}'}", requested=True, by=by, now=now,
    )  # fmt: skip
    return template


def _call_soon(step: Step, by: Actor, now: datetime) -> None:
    waits = step.state in OPEN_STEPS and step.wake_at is not None
    kind, title = ("follow_up_call", step.title.split("：")[0]) if waits else ("reply", REPLIED)
    add_item(
        patient_id=step.patient_id, kind=kind, subject_id=step.id, title=title,
        due_at=now + CALL_WITHIN, department_id=step.department_id, by=by, now=now,
    )  # fmt: skip
    if waits and step.called_for_at is None:
        bring_call_forward(step_id=step.id, by=by, now=now)
