"""One call and everything that follows from it, in one step (电话随访)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from xinqiao.audit.operations import concerning, operation
from xinqiao.care.models import ContactAttempt, Step
from xinqiao.care.operations.alerting import raise_alert, settle_alert_in_call
from xinqiao.care.operations.enrolling import affect_enrolments, apply_life_event
from xinqiao.care.operations.planning import Steps
from xinqiao.care.operations.stepping import bring_call_forward, complete_step, confirm_answers
from xinqiao.care.queries.calls import danger_code, dangers_in
from xinqiao.care.rules.alerts import can_close_call
from xinqiao.care.rules.contact import Attempt, is_lost, is_unreachable
from xinqiao.kit.actor import Actor
from xinqiao.kit.errors import NotFound, Refused
from xinqiao.patients.operations import mark_contact, record_death
from xinqiao.patients.queries import contact_for
from xinqiao.questionnaires.operations import record_call_answers
from xinqiao.worklist.operations import close_item, record_attempt, withdraw_items
from xinqiao.worklist.queries import get_item, zone_of
from xinqiao.worklist.rules import OUTCOMES, outcome_of


class DispositionNeeded(Refused):
    """本次通话有危险回答，请先选择处置结论。"""


class AnswersIncomplete(Refused):
    """还有题目没有填好，请按提示补上；患者不便多说时，请选“约时间再拨”。"""


@dataclass(frozen=True, slots=True)
class Called:
    """What came of a call (通话结果): the step's state, when to call again, the alert raised, if any."""

    step_state: str
    next_at: datetime | None
    alert_id: UUID | None


@dataclass(frozen=True, slots=True)
class _Call:
    """One call while it is recorded."""

    step: Step
    item_id: UUID
    contact_id: UUID | None
    by: Actor
    now: datetime


@operation
def record_call(
    *, item_id: UUID, outcome: str, by: Actor, now: datetime, answers: Mapping[str, object] | None = None,
    who: str = "self", disposition: str = "", note: str = "", call_at: datetime | None = None,
    version: int | None = None,
) -> Called:  # fmt: skip
    """This function will record a call, its answers and all that must follow from its outcome (记录电话随访).

    `outcome` is a key of `worklist.rules.OUTCOMES`; `who` spoke: self or family. After a dangerous answer a
    `disposition` is needed (DispositionNeeded). A page opened before somebody else's change raises Conflict. Nothing
    is kept of a call that is refused.
    """
    outcome_of(outcome, call_at, now)
    call = _call_of(item_id, by, now)
    tried = record_attempt(
        item_id=item_id, outcome=outcome, next_at=call_at, note=note, version=version, by=by, now=now
    )
    _note_attempt(call, tried.attempt_id, outcome)
    alert_id = None
    if "fill_form" in tried.follows:
        alert_id = _take_answers(call, answers or {}, who, disposition)
    for name in tried.follows:
        if name in FOLLOWS:
            FOLLOWS[name](call, outcome)
    call.step.refresh_from_db()
    return Called(call.step.state, tried.next_at, alert_id)


@operation
def confirm_death(*, item_id: UUID, died_at: datetime | None, by: Actor, now: datetime) -> None:
    """This function will settle a death heard of on the phone: recorded, or, without `died_at`, denied (核实去世)."""
    row = get_item(item_id, viewer=by, now=now).row
    if row.kind != "confirm_death":
        raise NotFound
    concerning(row.patient_id, item_id=item_id)
    close_item(item_id=item_id, outcome="deceased" if died_at else "alive", by=by, now=now)
    if died_at:
        record_death(patient_id=row.patient_id, died_at=died_at, by=by, now=now)
    else:
        apply_life_event(patient_id=row.patient_id, event="death_denied", by=by, now=now)


def _call_of(item_id: UUID, by: Actor, now: datetime) -> _Call:
    row = get_item(item_id, viewer=by, now=now).row
    step = Step.objects.select_for_update().filter(id=row.subject_id).first()
    if row.kind != "follow_up_call" or step is None:
        raise NotFound("这条待办不是随访电话，请从待办里打开对应的页面。")
    reach = contact_for(step.patient_id, "phone", viewer=by, now=now)
    return _Call(step, item_id, reach.contact_id if reach else None, by, now)


def _note_attempt(call: _Call, attempt_id: UUID, outcome: str) -> None:
    concerning(call.step.patient_id, step_id=call.step.id)
    ContactAttempt.objects.create(
        id=attempt_id, organisation_id=call.step.organisation_id, patient_id=call.step.patient_id, step=call.step,
        item_id=call.item_id, at=call.now, outcome=outcome, reached=OUTCOMES[outcome].connected,
        by_id=call.by.user_id,
    )  # fmt: skip


def _take_answers(call: _Call, answers: Mapping, who: str, disposition: str) -> UUID | None:
    """A patient who had answered on his own is only talked with: his answers stand."""
    step, by, now = call.step, call.by, call.now
    if confirm_answers(step_id=step.id, by=by, now=now):
        return None
    level = dangers_in(step.questionnaire, answers, who, viewer=by)
    if not can_close_call(bool(level), disposition)[0]:
        raise DispositionNeeded
    saved = record_call_answers(
        patient_id=step.patient_id, questionnaire=step.questionnaire, subject_id=step.id, answers=answers, who=who,
        by=by, now=now,
    )  # fmt: skip
    if saved.state != "completed":
        raise AnswersIncomplete(errors=dict(saved.errors))
    complete_step(step_id=step.id, response_id=saved.response_id, by=by, now=now)
    return _settle_danger(call, level, saved.response_id, disposition) if level else None


def _settle_danger(call: _Call, level: int, response_id: UUID, disposition: str) -> UUID | None:
    alert_id = raise_alert(
        patient_id=call.step.patient_id, level=level, code=danger_code(call.step.questionnaire, viewer=call.by),
        subject_id=call.step.id, evidence=response_id, tell_patient=False, by=call.by, now=call.now,
    )  # fmt: skip
    if alert_id:
        settle_alert_in_call(alert_id=alert_id, disposition=disposition, by=call.by, now=call.now)
    return alert_id


def _count_attempt(call: _Call, outcome: str) -> None:
    """Enough tries in vain: the number must be looked into, and after two such steps the patient is lost."""
    step, by, now = call.step, call.by, call.now
    tried = [Attempt(each.at, each.reached) for each in ContactAttempt.objects.filter(step=step)]
    if not is_unreachable(tried, zone_of(viewer=by))[0]:
        return
    step.unreachable_at = now
    Steps.keep(step, now)
    withdraw_items(subject_ids=[step.id], reason="unreachable", by=by, now=now)
    if call.contact_id:
        mark_contact(contact_id=call.contact_id, state="failing", by=by, now=now)
    tried_steps = Step.objects.filter(
        enrolment_id=step.enrolment_id, due_at__lte=step.due_at, tries__isnull=False
    )
    reached = [each.unreachable_at is None for each in tried_steps.distinct().order_by("due_at", "id")]
    if is_lost(reached):
        affect_enrolments(enrolment_ids=[step.enrolment_id], event="lost", by=by, now=now)


def _mark_wrong(call: _Call, outcome: str) -> None:
    """The clock puts the call on the list again, by another number or when there is a new one."""
    if call.contact_id:
        mark_contact(contact_id=call.contact_id, state="wrong", by=call.by, now=call.now)
    if contact_for(call.step.patient_id, "phone", viewer=call.by, now=call.now):
        bring_call_forward(step_id=call.step.id, by=call.by, now=call.now)
    else:
        Step.objects.filter(id=call.step.id).update(called_for_at=None, wake_at=call.step.close_at)


def _end_enrolment(call: _Call, outcome: str) -> None:
    affect_enrolments(enrolment_ids=[call.step.enrolment_id], event=outcome, by=call.by, now=call.now)


def _pause_for_death(call: _Call, outcome: str) -> None:
    apply_life_event(patient_id=call.step.patient_id, event="death_reported", by=call.by, now=call.now)


# What care itself does; the next time, a new number, a death to be confirmed are the worklist's.
FOLLOWS = {
    "count_attempt": _count_attempt,
    "mark_contact_failed": _mark_wrong,
    "withdraw_enrolment": _end_enrolment,
    "confirm_death": _pause_for_death,
}
