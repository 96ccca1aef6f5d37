"""What may become of an enrolment and of each of its steps (状态与流转)."""

from collections.abc import Mapping
from dataclasses import dataclass

from xinqiao.kit.errors import Refused


class BadMove(Refused):
    """现在不能这样处理，请刷新后再看。"""


class ReasonMissing(Refused):
    """取消必须写明原因。"""


ENROLMENT = {
    "active": {"pause": "paused", "complete": "completed", "withdraw": "withdrawn", "stop": "stopped"},
    "paused": {"resume": "active", "withdraw": "withdrawn", "stop": "stopped"},
    "completed": {"withdraw": "withdrawn", "stop": "stopped"},
    "withdrawn": {"stop": "stopped"},
    "stopped": {},
}
ENROLMENT_WORDS = {
    "active": "随访中",
    "paused": "已暂停",
    "completed": "已完成",
    "withdrawn": "已退出",
    "stopped": "已终止",
}
STEP = {
    "planned": {"open": "due", "cancel": "cancelled"},
    "due": {"begin": "in_progress", "lapse": "overdue", "cancel": "cancelled"},
    "in_progress": {"finish": "done", "lapse": "overdue", "cancel": "cancelled"},
    "overdue": {"begin": "in_progress", "miss": "missed", "lose": "lost", "cancel": "cancelled"},
    "done": {},
    "missed": {},
    "lost": {},
    "cancelled": {},
}
STEP_WORDS = {
    "planned": "未到时间",
    "due": "待随访",
    "in_progress": "进行中",
    "overdue": "已逾期",
    "done": "已完成",
    "missed": "未完成",
    "lost": "失访",
    "cancelled": "已取消",
}
OPEN_STEPS = tuple(state for state, moves in STEP.items() if moves)


def advance_enrolment(state: str, event: str) -> str:
    """Move an enrolment to its next state, or refuse (入组流转)."""
    return _move(ENROLMENT, ENROLMENT_WORDS, state, event)


def advance_step(state: str, event: str, reason: str = "") -> str:
    """Move a step to its next state, or refuse; cancelling needs a reason (随访任务流转)."""
    if event == "cancel" and not reason.strip():
        raise ReasonMissing
    return _move(STEP, STEP_WORDS, state, event)


@dataclass(frozen=True)
class Effect:
    """What an event of the patient's life does to one enrolment and its open steps (事件的影响)."""

    enrolment: str
    steps: str  # keep | cancel
    reason: str
    may_contact: bool = False


EFFECTS = {
    "readmitted": Effect("pause", "keep", "再次入院，随访暂停"),
    "readmission_cancelled": Effect("resume", "keep", "入院已撤销，随访继续", may_contact=True),
    "discharged_again": Effect("withdraw", "cancel", "再次出院，按新的出院重新计划"),
    "discharge_cancelled": Effect("withdraw", "cancel", "出院已撤销"),
    "refused": Effect("withdraw", "cancel", "本人拒绝随访"),
    "moved_away": Effect("withdraw", "cancel", "已迁出，转当地机构"),
    "lost": Effect("withdraw", "cancel", "连续两次联系不上，失访"),
    "consent_withdrawn": Effect("withdraw", "cancel", "本人撤回同意"),
    "death_reported": Effect("pause", "keep", "去电得知患者去世，待核实"),
    "death_denied": Effect("resume", "keep", "核实后并未去世，随访继续", may_contact=True),
    "died": Effect("stop", "cancel", "患者去世"),
}
LATE_ENROLMENT, PAUSED_TOO_LONG = "late_enrolment", "paused_too_long"
REASONS = {event: effect.reason for event, effect in EFFECTS.items()} | {
    LATE_ENROLMENT: "入组时时间窗已过",
    PAUSED_TOO_LONG: "暂停期间时间窗已过",
}


def effect_of(event: str, state: str) -> Effect | None:
    """Tell what an event does to an enrolment in this state; None when it changes nothing (事件对入组的影响)."""
    effect = EFFECTS[event]
    return effect if effect.enrolment in ENROLMENT[state] else None


def _move(table: Mapping, words: Mapping[str, str], state: str, event: str) -> str:
    if event not in table[state]:
        raise BadMove(f"“{words[state]}”的随访不能这样处理，请刷新后再看。")
    return table[state][event]
