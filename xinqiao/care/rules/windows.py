"""When a step may be done: anchor, offset and window in the organisation's days (时间窗)."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from xinqiao.kit.errors import Refused

WRITTEN = re.compile(r"\+(\d{1,4})([dm])(?:\[([-+]?\d{1,3}),([-+]?\d{1,3})\])?")


class BadOffset(Refused):
    """时间窗应写成 +7d[-1,+2]：出院后第 7 天，前 1 天至后 2 天；d 为天，m 为月。"""


@dataclass(frozen=True)
class Offset:
    """How far from the anchor a step lies, and the days around it that are as good (偏移与窗口)."""

    count: int
    unit: str
    first: int = 0
    last: int = 0


@dataclass(frozen=True)
class Window:
    """The half-open time [open_at, close_at) in which a step counts, and the start of its day (时间窗)."""

    open_at: datetime
    due_at: datetime
    close_at: datetime

    def holds(self, at: datetime) -> bool:
        return self.open_at <= at < self.close_at


def read_offset(text: str) -> Offset:
    """Read an offset as clinicians write it, `+7d[-1,+2]` (识读时间窗)."""
    found = WRITTEN.fullmatch(str(text).replace(" ", ""))
    if not found:
        raise BadOffset
    offset = Offset(int(found[1]), found[2], int(found[3] or 0), int(found[4] or 0))
    if not offset.first <= 0 <= offset.last:
        raise BadOffset("时间窗的前端不能晚于应做日，后端不能早于应做日。")
    return offset


def add_months(day: date, months: int) -> date:
    """Add months, a day that does not exist becoming the month's last: 01-31 + 1 is 02-28 (月份加法)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def due_window(anchor_at: datetime, offset: Offset, zone: tzinfo, within: timedelta | None = None) -> Window:
    """Lay a step's window from its anchor, in whole days of the organisation's zone (计算时间窗).

    `within` closes it sooner, counted from the anchor's instant, and then it opens no later than the anchor.
    """
    day = anchor_at.astimezone(zone).date()
    due_on = add_months(day, offset.count) if offset.unit == "m" else day + timedelta(offset.count)
    open_at = _start_of(due_on + timedelta(offset.first), zone)
    close_at = _start_of(due_on + timedelta(offset.last + 1), zone)
    if within is None:
        return Window(open_at, _start_of(due_on, zone), close_at)
    close_at = min(close_at, anchor_at + within)
    open_at = open_at if open_at < close_at else anchor_at
    return Window(open_at, max(open_at, min(_start_of(due_on, zone), close_at)), close_at)


def _start_of(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone)
