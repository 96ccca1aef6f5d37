"""How grave an alert is, by when it must be answered, and how it is closed (预警)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from xinqiao.kit.errors import Refused

# All times here are engineering defaults (◇), configurable; no national standard fixes them. 待临床复核.
DAY_STARTS, NIGHT_STARTS = time(8), time(21)


class BadMove(Refused):
    """这条预警现在不能这样处理，请刷新后再看。"""


class DispositionMissing(Refused):
    """关闭预警前请选择处置结论。"""


@dataclass(frozen=True)
class Level:
    """One level of alert: its word, colour and the time in which repeats are merged (预警级别)."""

    code: str
    word: str
    colour: str
    merge: timedelta


LEVELS = {
    level.code: level
    for level in (
        Level("L1", "危急", "red", timedelta(minutes=30)),
        Level("L2", "高危", "orange", timedelta(hours=6)),
        Level("L3", "中危", "yellow", timedelta(hours=24)),
        Level("L4", "提示", "blue", timedelta(days=7)),
    )
}
TRANSITIONS = {
    "open": {"acknowledge": "acked"},
    "acked": {"contact": "contacted", "resolve": "resolved"},
    "contacted": {"resolve": "resolved"},
    "resolved": {"review": "reviewed"},
    "reviewed": {},
}
WORDS = {
    "open": "待确认",
    "acked": "已确认",
    "contacted": "已联系",
    "resolved": "已处置",
    "reviewed": "已复核",
}


@dataclass(frozen=True)
class Disposition:
    """What was done about an alert; some may be said without having reached the patient (处置结论)."""

    word: str
    without_contact: bool = False


DISPOSITIONS = {
    "observe_at_home": Disposition("居家观察，已给建议"),
    "clinic_today": Disposition("当日门诊就诊"),
    "clinic_booked": Disposition("已约复诊"),
    "emergency": Disposition("已转急诊或拨打 120"),
    "doctor_informed": Disposition("已报告主管医生处理"),
    "already_in_care": Disposition("已在院或已就诊", without_contact=True),
    "false_alarm": Disposition("误报（测量或填写有误）"),
    "refused": Disposition("患者拒绝处理，已告知风险"),
    "unreachable": Disposition("多次联系不上，已转家属或社区", without_contact=True),
    "deceased": Disposition("患者已去世", without_contact=True),
}


def advance_alert(state: str, event: str, disposition: str = "") -> str:
    """Move an alert on; it is closed only with a disposition, and by contact unless that needs none (预警流转)."""
    if event not in TRANSITIONS[state]:
        raise BadMove(f"预警“{WORDS[state]}”，不能这样处理；请刷新后再看。")
    if event == "resolve" and disposition not in DISPOSITIONS:
        raise DispositionMissing
    if event == "resolve" and state == "acked" and not DISPOSITIONS[disposition].without_contact:
        raise BadMove(f"还没有联系患者，不能以“{DISPOSITIONS[disposition].word}”关闭预警。")
    return TRANSITIONS[state][event]


def can_close_call(found_danger: bool, disposition: str) -> tuple[bool, str]:
    """Judge whether a call may be closed: after a dangerous answer only with a disposition (能否结束通话)."""
    if found_danger and disposition not in DISPOSITIONS:
        return False, "本次通话有危险回答，请先选择处置结论。"
    return True, ""


def is_workday(day: date) -> bool:
    """Tell a working day by the week alone; an organisation puts its own calendar in its place (工作日)."""
    return day.weekday() < 5


def first_response_due(
    level: str, raised_at: datetime, zone: tzinfo, works: Callable[[date], bool] = is_workday
) -> datetime:
    """Compute by when somebody must have acknowledged an alert (首响时限).

    L1 15 min at any hour; L2 2 h, 4 h at night; L3 one working day, counted from 08:00 when raised in quiet
    hours or on a day off; L4 7 days.
    """
    if level == "L1":
        return raised_at + timedelta(minutes=15)
    if level == "L2":
        return raised_at + timedelta(hours=2 if _is_day(raised_at, zone) else 4)
    if level == "L3":
        start = _next_working_start(raised_at, zone, works)
        return datetime.combine(_workday_after(start.date(), works), start.timetz())
    return raised_at + timedelta(days=7)


def merges(level: str, at: datetime, open_level: str, open_since: datetime, open_state: str) -> bool:
    """Decide whether a repeat only adds evidence to an alert of the same patient and rule (去重合并).

    A graver one is always new, and so is one that comes after the other was resolved.
    """
    graver = level < open_level
    still_open = open_state not in ("resolved", "reviewed")
    return still_open and not graver and at - open_since < LEVELS[open_level].merge


def _is_day(at: datetime, zone: tzinfo) -> bool:
    return DAY_STARTS <= at.astimezone(zone).time() < NIGHT_STARTS


def _next_working_start(at: datetime, zone: tzinfo, works: Callable[[date], bool]) -> datetime:
    local = at.astimezone(zone)
    if works(local.date()) and _is_day(at, zone):
        return local
    early = works(local.date()) and local.time() < DAY_STARTS
    day = local.date() if early else _workday_after(local.date(), works)
    return datetime.combine(day, DAY_STARTS, zone)


def _workday_after(day: date, works: Callable[[date], bool]) -> date:
    for ahead in range(1, 31):
        if works(day + timedelta(ahead)):
            return day + timedelta(ahead)
    raise BadMove("工作日历有误：连续 30 天没有工作日，请管理员检查。")
