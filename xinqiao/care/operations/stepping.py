"""Steps moved by the clock and by answers: asked, called about, lapsed, done (步骤推进)."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from xinqiao.audit.operations import concerning, operation
from xinqiao.care.models import Enrolment, Step
from xinqiao.care.operations.planning import Steps
from xinqiao.care.queries.contacting import contact_obstacle_of, way_to_ask
from xinqiao.care.queries.pathways import get_pathway
from xinqiao.care.rules.plans import catch_up
from xinqiao.care.rules.states import OPEN_STEPS, advance_step
from xinqiao.care.rules.waking import ON_THE_WAY, TEMPLATES, wants_call
from xinqiao.kit.actor import Actor
from xinqiao.kit.conditions import judge
from xinqiao.kit.failpoints import fp
from xinqiao.messaging.operations import cancel_messages, request_message
from xinqiao.questionnaires.operations import invite
from xinqiao.questionnaires.queries import get_response
from xinqiao.questionnaires.rules.answers import Asked, check_answers, follow_ups
from xinqiao.questionnaires.rules.library import published_form
from xinqiao.worklist.operations import add_item, withdraw_items
from xinqiao.worklist.rules import KINDS

log = logging.getLogger("xinqiao.care")
BATCH = 50
WAITING = ("due", "in_progress", "overdue")
TRY_AGAIN = timedelta(minutes=10)
DIGITS = "followup_digits_sms"
# An installation that sends nothing decides as if it did: nobody is called for that.
HELD_BACK = {"shadow_run", "sending_locked"}
VIA = {"本人": "self", "家属代填": "kin", "电话代录": "staff"}


@operation
def advance_due(*, by: Actor, now: datetime, limit: int = BATCH) -> int:
    """This function will take up steps whose time has come, move each by the clock, and count them (推进到期步骤).

    Claimed in one batch that other workers pass over. One that fails is tried again later and holds nobody up.
    """
    due = Step.objects.filter(organisation_id=by.organisation_id, wake_at__lte=now).order_by("wake_at", "id")
    claimed = list(due.select_for_update(skip_locked=True)[:limit])
    fp("care.step.after_claim")
    concerning(*dict.fromkeys(step.patient_id for step in claimed))
    for step in claimed:
        _advance(step, by, now)
    fp("care.step.before_commit")
    return len(claimed)


@operation
def complete_step(*, step_id: UUID, response_id: UUID, by: Actor, now: datetime) -> str:
    """This function will finish a step by the response to it, and give its state (完成步骤).

    An answer that does not say what the step is about leaves it in progress, and it is called about. Finished or
    cancelled already, it stays as it is.
    """
    step = Step.objects.select_for_update().filter(id=step_id).first()
    if step is None or step.state not in OPEN_STEPS:
        return step.state if step else ""
    concerning(step.patient_id, step_id=step.id, response_id=response_id)
    answered = get_response(response_id, viewer=by, now=now)
    answers = {one.code: one.value for one in answered.answers}
    facts = {"form_complete": True} | {f"answer_{code}": value for code, value in answers.items()}
    for event in ON_THE_WAY[step.state]:
        step.state = advance_step(step.state, event)
    if judge(_done_when(step, by), facts).holds:
        _finish(step, response_id, VIA[answered.row.answered_by], by, now)
    else:
        step.response_id = response_id
        step.call_at = min(step.call_at, now)
        Steps.place(step)
        Steps.keep(step, now)
    _add_follow_ups(step, answers, by, now)
    return step.state


@operation
def confirm_answers(*, step_id: UUID, by: Actor, now: datetime) -> bool:
    """This function will finish a step whose patient had answered by himself and was now talked with (核实作答)."""
    answered = Step.objects.filter(id=step_id, state="in_progress", response_id__isnull=False)
    step = answered.select_for_update().first()
    if step is None or step.response_id is None:
        return False
    concerning(step.patient_id, step_id=step.id)
    _finish(step, step.response_id, "staff", by, now)
    return True


@operation
def bring_call_forward(*, step_id: UUID, by: Actor, now: datetime) -> bool:
    """This function will have an open step called about now, and say whether it was one (提前转电话)."""
    step = Step.objects.select_for_update().filter(id=step_id, state__in=WAITING).first()
    if step is None or step.wake_at is None:
        return False
    concerning(step.patient_id, step_id=step.id)
    step.called_for_at = step.unreachable_at = None
    step.call_at = min(step.call_at, now)
    Steps.place(step)
    step.wake_at = now
    Steps.keep(step, now)
    return True


@operation
def recall_patient(*, patient_id: UUID, by: Actor, now: datetime) -> int:
    """This function will have all that waits for a patient called about again, as there is a number now (恢复电话随访)."""
    waiting = Step.objects.filter(patient_id=patient_id, wake_at__isnull=False, state__in=WAITING)
    ids = list(waiting.order_by("due_at", "id").values_list("id", flat=True))
    return sum(bring_call_forward(step_id=step_id, by=by, now=now) for step_id in ids)


def _advance(step: Step, by: Actor, now: datetime) -> None:
    try:
        with transaction.atomic():
            _pass_time(step, by, now)
    except Exception as problem:
        log.exception("step failed", extra={"step_id": str(step.id), "problem": type(problem).__name__})
        Step.objects.filter(id=step.id).update(wake_at=now + TRY_AGAIN)


def _pass_time(step: Step, by: Actor, now: datetime) -> None:
    was = step.state
    step.state = catch_up(was, step, now)
    if not contact_obstacle_of(step.patient_id, viewer=by, now=now):
        if was == "planned" and step.state == "due":
            _ask(step, by, now)
        if wants_call(step.state, Steps.timing(step), step.called_for_at is not None, now):
            _remind(step, by, now)
            _call(step, by, now)
    else:
        step.called_for_at = step.called_for_at or now
    Steps.place(step)
    Steps.keep(step, now)
    if step.state not in OPEN_STEPS:
        _clear(step, by, now)
        Steps.close(_enrolment(step), now)


def _ask(step: Step, by: Actor, now: datetime) -> None:
    way = way_to_ask(step.patient_id, step.channels, viewer=by, now=now)
    step.asked_at, step.asked_via = now, way
    if way not in TEMPLATES:
        _call(step, by, now)
        return
    invited = invite(
        patient_id=step.patient_id, questionnaire=step.questionnaire, subject_id=step.id, expires_at=step.miss_at,
        by=by, now=now,
    )  # fmt: skip
    requested = request_message(
        patient_id=step.patient_id, template=TEMPLATES[way], channels=[way], subject_id=step.id, purpose="care",
        values={"token": invited.token}, key=_key(step, "invite"), by=by, now=now,
    )  # fmt: skip
    if not requested.will_be_sent and not HELD_BACK.issuperset(requested.reasons):
        _call(step, by, now)


def _remind(step: Step, by: Actor, now: datetime) -> None:
    """Who did not answer the link may answer by a digit while he waits for the call."""
    way = way_to_ask(step.patient_id, step.channels, viewer=by, now=now)
    if step.asked_via == "sms" and way == "sms" and step.state in ("due", "overdue"):
        request_message(
            patient_id=step.patient_id, template=DIGITS, channels=["sms"], subject_id=step.id, purpose="care",
            values={}, key=_key(step, "digits"), by=by, now=now,
        )  # fmt: skip


def _call(step: Step, by: Actor, now: datetime) -> None:
    """A patient without any number that works needs one before he can be called."""
    reachable = way_to_ask(step.patient_id, ["phone"], viewer=by, now=now)
    kind = "follow_up_call" if reachable else "contact_repair"
    add_item(
        patient_id=step.patient_id, kind=kind, subject_id=step.id,
        title=step.title.split("：")[0] if reachable else "核实并更新联系方式",
        due_at=max(step.close_at, now), department_id=step.department_id, by=by, now=now,
    )  # fmt: skip
    step.called_for_at = now


def _finish(step: Step, response_id: UUID, via: str, by: Actor, now: datetime) -> None:
    step.state = advance_step(step.state, "finish")
    step.response_id, step.completed_at, step.completed_via = response_id, now, via
    step.wake_at = None
    Steps.keep(step, now)
    _clear(step, by, now)
    Steps.close(_enrolment(step), now)


def _clear(step: Step, by: Actor, now: datetime) -> None:
    withdraw_items(subject_ids=[step.id], reason=step.state, by=by, now=now)
    cancel_messages(subject_ids=[step.id], by=by, now=now)


def _add_follow_ups(step: Step, answers: dict, by: Actor, now: datetime) -> None:
    form = published_form(step.questionnaire)
    for rule in follow_ups(form, check_answers(form, answers, Asked()).answers, Asked()):
        add_item(
            patient_id=step.patient_id, kind=rule.task, subject_id=step.id, title=KINDS[rule.task],
            due_at=now + timedelta(hours=rule.within_hours), department_id=step.department_id, by=by, now=now,
        )  # fmt: skip


def _done_when(step: Step, by: Actor) -> Mapping:
    enrolment = _enrolment(step)
    pathway = get_pathway(enrolment.pathway, enrolment.version, viewer=by)
    return next(each.done_when for each in pathway.steps if each.code == step.code)


def _enrolment(step: Step) -> Enrolment:
    return Enrolment.objects.select_for_update().get(id=step.enrolment_id)


def _key(step: Step, kind: str) -> str:
    return f"care:{step.enrolment_id}:{step.code}:{kind}"
