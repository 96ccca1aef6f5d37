"""Steps as rows: laid out, placed on the clock, put to sleep, cancelled (步骤入库)."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from xinqiao.care.models import Enrolment, Step
from xinqiao.care.rules.plans import PlannedStep, resume_step
from xinqiao.care.rules.states import (
    LATE_ENROLMENT,
    OPEN_STEPS,
    PAUSED_TOO_LONG,
    REASONS,
    advance_enrolment,
    advance_step,
)
from xinqiao.care.rules.waking import Timing, wakes_at
from xinqiao.kit.ids import new_id


class Steps:
    """The rows of steps as operations write them, inside their one step (步骤)."""

    @staticmethod
    def laid(enrolment: Enrolment, planned: PlannedStep, now: datetime) -> Step:
        """This function will lay one planned step out as a row; a window that has passed makes no work (新建步骤)."""
        fresh = Step(
            id=new_id(now), organisation_id=enrolment.organisation_id, patient_id=enrolment.patient_id,
            enrolment=enrolment, department_id=enrolment.department_id, code=planned.code, title=planned.title,
            questionnaire=planned.questionnaire, channels=list(planned.channels), owner=planned.owner,
            safety=planned.safety, open_at=planned.open_at, due_at=planned.due_at, call_at=planned.call_at,
            close_at=planned.close_at, miss_at=planned.miss_at, changed_at=now,
        )  # fmt: skip
        if planned.close_at <= now:
            fresh.state = advance_step(fresh.state, "cancel", REASONS[LATE_ENROLMENT])
            fresh.reason = LATE_ENROLMENT
        Steps.place(fresh)
        return fresh

    @staticmethod
    def timing(step: Step) -> Timing:
        """This function will give the instants of a step (步骤时刻)."""
        return Timing(step.open_at, step.call_at, step.close_at, step.miss_at)

    @staticmethod
    def place(step: Step) -> None:
        """This function will set when the clock next looks at a step (设定唤醒)."""
        step.wake_at = wakes_at(step.state, Steps.timing(step), step.called_for_at is not None)

    @staticmethod
    def keep(step: Step, now: datetime) -> None:
        """This function will save a changed step (保存步骤)."""
        step.version += 1
        step.changed_at = now
        step.save()

    @staticmethod
    def cancel(steps: Iterable[Step], event: str, now: datetime) -> None:
        """This function will cancel open steps because of an event, which is their reason (取消步骤)."""
        for step in steps:
            step.state, step.reason = advance_step(step.state, "cancel", REASONS[event]), event
            step.wake_at = None
            Steps.keep(step, now)

    @staticmethod
    def still(steps: Iterable[Step], now: datetime) -> None:
        """This function will put open steps to sleep, as they stand (暂停步骤)."""
        for step in steps:
            step.wake_at = None
            Steps.keep(step, now)

    @staticmethod
    def rouse(steps: Iterable[Step], now: datetime) -> None:
        """This function will put paused steps back on the clock; passed windows are cancelled (恢复步骤).

        One that was not opened yet stays so, for the clock to open and ask.
        """
        for step in steps:
            before = step.state
            step.state, reason = resume_step(before, step, now)
            if reason:
                step.reason = PAUSED_TOO_LONG
            elif before == "planned":
                step.state = before
            step.called_for_at = None
            Steps.place(step)
            Steps.keep(step, now)

    @staticmethod
    def open_of(enrolment_ids: Iterable[UUID]) -> list[Step]:
        """This function will give and lock the open steps of these enrolments, in order (锁定步骤)."""
        found = Step.objects.filter(enrolment_id__in=list(enrolment_ids), state__in=OPEN_STEPS)
        return list(found.select_for_update().order_by("due_at", "id"))

    @staticmethod
    def close(enrolment: Enrolment, now: datetime) -> None:
        """This function will complete an enrolment none of whose steps is open any more (完成随访)."""
        if enrolment.state == "active" and not Steps.open_of([enrolment.id]):
            enrolment.state, enrolment.changed_at = advance_enrolment(enrolment.state, "complete"), now
            enrolment.save()
