"""Pure decisions about what staff must do next, and when (待办规则)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from xinqiao.accounts.rules import ROLES
from xinqiao.kit.actor import Actor
from xinqiao.kit.errors import Refused

TRANSITIONS = {
    "open": {"postpone": "open", "finish": "done", "withdraw": "withdrawn"},
    "done": {},
    "withdrawn": {},
}
WORDS = {"open": "待处理", "done": "已完成", "withdrawn": "已撤销"}
KINDS = {
    "follow_up_call": "随访电话",
    "alert": "预警",
    "contact_repair": "核实联系方式",
    "reply": "待回复",
    "confirm_death": "核实去世",
    "service_recovery": "服务补救",
    "ask_phq9": "请本人填写情绪问卷",
    "mental_health": "安排心理或精神科就诊",
}


class BadMove(Refused):
    """这条待办现在不能这样处理，请刷新后再看。"""


class BadOutcome(Refused):
    """请选择一个通话结果。"""


class DispositionMissing(Refused):
    """关闭预警前请选择处置结论。"""


class OutcomeMissing(Refused):
    """请先选择处理结果，再完成这条待办。"""


def role_of(actor: Actor) -> str:
    """Name the role in which somebody acts, as a work item remembers who changed it (岗位)."""
    return next((role for role in ROLES if role in actor.roles), "")


def outcome_needed(kind: str, outcome: str) -> None:
    """Refuse to finish work without saying what it came to; an alert needs a disposition (处置结论)."""
    if not outcome.strip():
        raise DispositionMissing if kind == "alert" else OutcomeMissing


def move(state: str, event: str) -> str:
    """Move a work item to its next state, or refuse with its state in words (待办流转)."""
    if event not in TRANSITIONS[state]:
        raise BadMove(f"这条待办{WORDS[state]}，不能这样处理；请刷新后再看。")
    return TRANSITIONS[state][event]


# Levels 1…4 are those of an alert; work that no alert caused has level 0 and stands behind all of them.
LAST = 5


def priority(level: int, due_at: datetime) -> tuple[int, datetime]:
    """Order work by risk first, then by how late it is, the latest first; sort ascending (先危险，后逾期)."""
    return level or LAST, due_at


def graver(one: int, other: int) -> int:
    """Choose the graver of two levels (就高不就低)."""
    return min(one or LAST, other or LAST) % LAST


@dataclass(frozen=True)
class Outcome:
    """What a call came to, what the item does, and what must follow (通话结果)."""

    code: str
    word: str
    item: str
    follows: tuple[str, ...]
    needs: tuple[str, ...] = ()
    connected: bool = False


OUTCOMES = {
    outcome.code: outcome
    for outcome in (
        Outcome("connected", "已接通", "finish", ("fill_form",), connected=True),
        Outcome("no_answer", "无人接听", "postpone", ("count_attempt", "retry_other_time")),
        Outcome("wrong_number", "号码有误", "finish", ("mark_contact_failed", "repair_contact")),
        Outcome("call_later", "约时间再拨", "postpone", ("remind_at",), needs=("call_at",), connected=True),
        Outcome("refused", "拒绝", "finish", ("withdraw_enrolment", "record_refusal"), connected=True),
        Outcome("deceased", "已故", "finish", ("confirm_death", "stop_everything"), connected=True),
        Outcome("moved_away", "迁出", "finish", ("withdraw_enrolment", "offer_transfer"), connected=True),
    )
}


def outcome_of(code: str, call_at: datetime | None = None, now: datetime | None = None) -> Outcome:
    """Find what a call outcome does next, or refuse it when something is missing (通话结果处理)."""
    if code not in OUTCOMES:
        raise BadOutcome
    if "call_at" in OUTCOMES[code].needs and (call_at is None or (now is not None and call_at <= now)):
        raise BadOutcome("请填写约定的回拨时间，且要晚于现在。")
    return OUTCOMES[code]


@dataclass(frozen=True)
class DayPart:
    """A part of the day in which people are called, half-open (时段)."""

    code: str
    word: str
    start: time
    end: time


# Within the hours in which a service may disturb people, 08:00–21:00 (◇ 待临床复核).
DAY_PARTS = (
    DayPart("morning", "上午", time(8), time(12)),
    DayPart("afternoon", "下午", time(12), time(18)),
    DayPart("evening", "晚间", time(18), time(21)),
)


def part_of_day(at: datetime, zone: tzinfo) -> DayPart | None:
    """Tell in which part of the patient's day an instant lies; None at night (所在时段)."""
    clock = at.astimezone(zone).time()
    return next((part for part in DAY_PARTS if part.start <= clock < part.end), None)


def next_attempt_at(tried: Iterable[datetime], now: datetime, zone: tzinfo) -> datetime:
    """Choose when to call again: a later day, a part of the day not tried yet (换时段再拨).

    Three attempts therefore lie in three parts on three days.
    When nothing was tried, the answer is now, or the next hour in which people may be called.
    """
    tried = sorted(tried)
    if not tried:
        return _callable_from(now, zone)
    used = [part_of_day(at, zone) for at in tried]
    last_use = {part: max((i for i, p in enumerate(used) if p == part), default=-1) for part in DAY_PARTS}
    part = min(DAY_PARTS, key=lambda each: last_use[each])
    day = max(tried[-1].astimezone(zone).date() + timedelta(1), now.astimezone(zone).date())
    if day == now.astimezone(zone).date() and now.astimezone(zone).time() >= part.end:
        day += timedelta(1)
    return max(datetime.combine(day, part.start, zone), now)


def _callable_from(now: datetime, zone: tzinfo) -> datetime:
    if part_of_day(now, zone):
        return now
    local = now.astimezone(zone)
    day = local.date() + timedelta(local.time() >= DAY_PARTS[-1].end)
    return datetime.combine(day, DAY_PARTS[0].start, zone)


# An L1 alert that nobody acknowledges climbs one rung every five minutes, an engineering default (◇ 待临床复核).
LADDER = {
    "responsible_nurse": "责任护士",
    "duty_doctor": "值班医生",
    "department_head": "科主任",
    "duty_officer": "总值班",
}
RUNGS = tuple(LADDER)
RUNG_EVERY = timedelta(minutes=5)
LEVEL_WORDS = {1: "危急", 2: "高危", 3: "中危", 4: "提示"}


def rungs_to_tell(level: int, raised_at: datetime, now: datetime, staffed: Iterable[str]) -> list[str]:
    """List the rungs that must have been told by now, of those where somebody is on duty (逐级上报).

    A rung without anybody is passed over at once; the last one is 总值班.
    """
    climbed = max(0, (now - raised_at) // RUNG_EVERY) if level == 1 else 0
    held = set(staffed)
    return [rung for rung in RUNGS if rung in held][: climbed + 1]


def notice_text(level: int) -> str:
    """Write what somebody on duty is told outside the workbench: nothing of the patient (值班通知)."""
    return f"信桥提醒：有 1 条{LEVEL_WORDS.get(level, '')}预警等待确认，请登录工作台处理。"
