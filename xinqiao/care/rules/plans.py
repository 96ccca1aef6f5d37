"""From a pathway and an anchor to dated steps, and what time and events make of them (随访计划)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import Protocol

from xinqiao.care.rules.pathways import Escalation, Pathway, Step
from xinqiao.care.rules.states import OPEN_STEPS, STEP, BadMove, advance_enrolment, advance_step, effect_of
from xinqiao.care.rules.windows import due_window
from xinqiao.kit.conditions import judge


class Dated(Protocol):
    """What the clock asks of a step, be it planned or stored (步骤时点)."""

    @property
    def open_at(self) -> datetime: ...
    @property
    def close_at(self) -> datetime: ...
    @property
    def miss_at(self) -> datetime: ...


@dataclass(frozen=True)
class PlannedStep:
    """One dated step of one patient's plan (计划步骤)."""

    code: str
    title: str
    open_at: datetime
    due_at: datetime
    close_at: datetime
    call_at: datetime
    miss_at: datetime
    channels: tuple[str, ...]
    questionnaire: str
    owner: str
    escalations: tuple[Escalation, ...]
    safety: bool


def plan(pathway: Pathway, anchor_at: datetime, facts: Mapping, zone: tzinfo) -> list[PlannedStep]:
    """Lay out the steps of a pathway for one patient; none when its entry does not hold (生成随访计划)."""
    if not judge(pathway.entry, facts).holds:
        return []
    return [_planned(pathway, step, anchor_at, facts, zone) for step in pathway.steps]


def clock_event(state: str, step: Dated, now: datetime) -> str | None:
    """Tell which event the passing of time causes to a step; None when it causes none (到期推进)."""
    if state == "planned" and step.open_at <= now:
        return "open"
    if state in ("due", "in_progress") and step.close_at <= now:
        return "lapse"
    if state == "overdue" and step.miss_at <= now:
        return "miss"
    return None


def catch_up(state: str, step: Dated, now: datetime) -> str:
    """Move a step by the clock until it stands where `now` puts it (补推进)."""
    while event := clock_event(state, step, now):
        state = advance_step(state, event)
    return state


def resume_step(state: str, step: Dated, now: datetime) -> tuple[str, str]:
    """Place an open step after a pause: one whose window has passed is cancelled, with the reason (恢复随访)."""
    if state in OPEN_STEPS and step.close_at <= now:
        reason = "再次入院期间时间窗已过"
        return advance_step(state, "cancel", reason), reason
    return catch_up(state, step, now), ""


@dataclass
class Course:
    """How one enrolment went: its state and that of each step (随访经过)."""

    enrolment: str
    planned: dict[str, PlannedStep]
    steps: dict[str, str] = field(default_factory=dict)


def follow(planned: Iterable[PlannedStep], events: Iterable[Mapping], until: datetime) -> Course:
    """Play events over a plan, without any store, as a preview does (推演随访).

    An event is {at, event} with an event of `EFFECTS`, or {at, event, step} with a move of the step.
    """
    course = Course("active", {step.code: step for step in planned})
    course.steps = dict.fromkeys(course.planned, "planned")
    for event in sorted(events, key=lambda each: each["at"]):
        _pass_time(course, event["at"])
        if "step" in event:
            _apply_to_step(course, event)
        else:
            _apply_effect(course, event["event"], event["at"])
    _pass_time(course, until)
    return course


def example_faults(pathway: Pathway, zone: tzinfo) -> list[str]:
    """Play every example of a pathway and list where it comes out otherwise than written (试算例子)."""
    return [fault for example in pathway.examples for fault in _example_faults(pathway, example, zone)]


def _planned(pathway: Pathway, step: Step, anchor_at: datetime, facts: Mapping, zone: tzinfo) -> PlannedStep:
    hurried = step.within_if is not None and judge(step.within_if, facts).holds
    window = due_window(anchor_at, step.offset, zone, step.within if hurried else None)
    return PlannedStep(
        code=step.code,
        title=step.title,
        open_at=window.open_at,
        due_at=window.due_at,
        close_at=window.close_at,
        call_at=min(window.open_at + step.call_after, window.close_at),
        miss_at=window.close_at + pathway.miss_after,
        channels=step.channels,
        questionnaire=step.questionnaire,
        owner=step.owner,
        escalations=step.escalations,
        safety=step.safety,
    )


def _pass_time(course: Course, now: datetime) -> None:
    if course.enrolment == "active":
        for code, step in course.planned.items():
            course.steps[code] = catch_up(course.steps[code], step, now)
        if course.steps and not set(course.steps.values()) & set(OPEN_STEPS):
            course.enrolment = advance_enrolment(course.enrolment, "complete")


def _apply_to_step(course: Course, event: Mapping) -> None:
    state = course.steps[event["step"]]
    if event["event"] == "finish" and "begin" in STEP[state]:
        state = advance_step(state, "begin")
    course.steps[event["step"]] = advance_step(state, event["event"], event.get("reason", ""))


def _apply_effect(course: Course, event: str, now: datetime) -> None:
    effect = effect_of(event, course.enrolment)
    if effect is None:
        return
    course.enrolment = advance_enrolment(course.enrolment, effect.enrolment)
    for code, state in course.steps.items():
        if effect.steps == "cancel" and state in OPEN_STEPS:
            course.steps[code] = advance_step(state, "cancel", effect.reason)
        elif effect.enrolment == "resume":
            course.steps[code], _ = resume_step(state, course.planned[code], now)


def _example_faults(pathway: Pathway, example: Mapping, zone: tzinfo) -> list[str]:
    planned = plan(pathway, example["anchor_at"], example["facts"], zone)
    try:
        course = follow(planned, example.get("events", ()), example["until"])
    except BadMove as refusal:
        return [f"{example['name']}：{refusal.message}"]
    found = {step.code: _dates(step, course.steps[step.code], zone) for step in planned}
    faults = []
    if set(found) != set(example["expect"]["steps"]):
        faults.append(f"{example['name']}：步骤应为 {list(example['expect']['steps'])}，实为 {list(found)}")
    if planned and course.enrolment != example["expect"]["enrolment"]:
        faults.append(
            f"{example['name']}：入组应为 {example['expect']['enrolment']}，实为 {course.enrolment}"
        )
    for code, wanted in example["expect"]["steps"].items():
        got = {key: found.get(code, {}).get(key) for key in wanted}
        if got != wanted:
            faults.append(f"{example['name']}：{code} 应为 {wanted}，实为 {got}")
    return faults


def _dates(step: PlannedStep, state: str, zone: tzinfo) -> dict[str, date | datetime | str]:
    """Say a step as an example does; the last day is the one that holds the window's last instant."""
    last_on = (step.close_at - timedelta(microseconds=1)).astimezone(zone).date()
    return {
        "open_on": step.open_at.astimezone(zone).date(),
        "due_on": step.due_at.astimezone(zone).date(),
        "last_on": last_on,
        "close_at": step.close_at,
        "state": state,
    }
